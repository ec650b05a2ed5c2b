"""What is prepared on the server answers as a statement written anew, and the rows stay those of whoever asks."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from hangshi.access import prepared
from hangshi.access.scope import EVERYTHING, NOWHERE, Scope, acting, enter
from hangshi.registry.models import Unit

NAMES = "SELECT name FROM unit WHERE id = ANY(%s::bigint[]) ORDER BY path"


@pytest.fixture
def units(db: None) -> list[Unit]:
    """A county with one village, and another county."""
    with acting(EVERYTHING):
        made = [
            Unit(pk=900 + number, kind=kind, name=name, path=path, code=str(number), since="2016-01-01")
            for number, (kind, name, path) in enumerate(
                [("county", "甲县", "901/"), ("village", "甲村", "901/902/"), ("county", "乙县", "903/")], 1
            )
        ]
        return Unit.objects.bulk_create(made)


def names(units: list[Unit]) -> list[str]:
    return [name for (name,) in prepared.fetch(NAMES, [prepared.numbers([it.pk for it in units])])]


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT name FROM unit%'")
        [found] = cursor.fetchone()
        return int(found)


def test_one_statement_is_kept_however_often_and_for_whatever_it_is_asked(units: list[Unit]) -> None:
    with acting(EVERYTHING):
        before = kept()
        answers = [names(units[:count]) for count in (1, 2, 3, 0) for _ in range(3)]
    assert answers[::3] == [["甲县"], ["甲县", "甲村"], ["甲县", "甲村", "乙县"], []]
    assert (before, kept()) == (0, 1)


def test_what_is_prepared_under_one_scope_shows_another_its_own_rows(units: list[Unit]) -> None:
    seen = []
    for scope in (EVERYTHING, Scope.below("901/"), NOWHERE, Scope.below("903/"), EVERYTHING):
        with acting(scope):
            seen += [names(units) for _ in range(7)][-1:]  # more often than the server plans for the values
    every = ["甲县", "甲村", "乙县"]
    assert seen == [every, ["甲县", "甲村"], [], ["乙县"], every]


def test_it_follows_a_scope_that_changes_within_one_transaction(units: list[Unit]) -> None:
    with acting(NOWHERE):
        first = names(units)
        enter(Scope.below("903/"))
        assert (first, names(units)) == ([], ["乙县"])


def test_a_fault_is_one_of_djangos_and_the_query_is_seen_by_who_counts_queries(units: list[Unit]) -> None:
    with acting(EVERYTHING), CaptureQueriesContext(connection) as seen:
        names(units)
    assert [it["sql"] for it in seen if "FROM unit" in it["sql"]] == [
        "SELECT name FROM unit WHERE id = ANY('{901,902,903}'::bigint[]) ORDER BY path"
    ]
    with pytest.raises(ProgrammingError), acting(EVERYTHING):
        prepared.fetch("SELECT no_such_column FROM unit WHERE id = %s", ["1"])


def test_behind_a_pooler_nothing_is_kept_and_the_answer_is_the_same(units: list[Unit]) -> None:
    with acting(EVERYTHING):
        connection.connection.prepare_threshold = None  # as the settings say with HANGSHI_PREPARE=0
        try:
            assert [names(units[:2]) for _ in range(3)] == [["甲县", "甲村"]] * 3
        finally:
            connection.connection.prepare_threshold = 5
        assert kept() == 0
