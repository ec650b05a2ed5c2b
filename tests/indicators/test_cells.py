"""Kept cells are a faster way to the same figure: never another figure, never an old one."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity, Attendance
from hangshi.indicators import cells, queries
from hangshi.indicators.models import Cell
from hangshi.indicators.plan import Place, measured
from hangshi.indicators.queries import Period
from hangshi.packs.models import Pack
from hangshi.registry.models import Person
from tests.committed import committed
from tests.indicators.conftest import stand

__all__ = ["committed"]
JULY = Period(date(2024, 7, 1), date(2024, 7, 31))
SUMMER = Period(date(2024, 7, 1), date(2024, 8, 31))
KEPT = {
    "visits": {"where": "kind = 'visit'"},
    "people": {"measure": "sum(present)"},
    "reached": {"measure": "count(distinct household)"},
    "there": {"fact": "attendances", "where": "state = 'present'"},
}


def live(key, unit, when):
    asks = list(queries.asks_of(key, when))
    return queries.said(key, when, measured(asks, Place(unit.path)).get("", {}))


def agree(tree):
    for key in KEPT:
        for when in (JULY, SUMMER):
            for unit in tree.values():
                assert queries.value(key, unit, when).value == live(key, unit, when), (key, unit, when)


def test_cells_equal_the_live_figure_at_every_node_through_inserts_updates_and_deletes(define, visit, tree):
    define(**KEPT)
    first = visit("东湾", "h1", date(2024, 7, 3), present=3)
    visit("西沟", "h2", date(2024, 8, 31), present=2)
    person = Person.objects.create(name="甲", unit=tree["东湾"], path=tree["东湾"].path)
    Attendance.objects.create(activity=first, person=person, unit=first.unit, path=first.path, day=first.day)
    queries.fold()
    assert cells.dirty() == 0
    agree(tree)
    visit("东湾支部", "h3", date(2024, 7, 5))
    Activity.objects.filter(pk=first.pk).update(day=date(2024, 8, 1), present=5)
    agree(tree)  # dirty: read live
    queries.fold()
    agree(tree)
    Attendance.objects.all().delete()
    Activity.objects.all().delete()
    queries.fold()
    agree(tree)
    assert set(Cell.objects.values_list("own", flat=True)) == {0}


def test_a_folded_month_is_read_from_the_cells_alone(define, visit, tree):
    define(**KEPT)
    visit("东湾", "h1", date(2024, 7, 3))
    queries.fold()
    Cell.objects.update(total=77)  # a lie that only a reader of the cells can repeat
    assert queries.value("visits", tree["某市"], JULY).value == 77
    assert queries.value("visits", tree["某市"], Period(date(2024, 7, 2), date(2024, 7, 31))).value == 1
    assert [it.value for _, it in queries.children("visits", tree["河口镇"], JULY)] == [77, 0]


def test_a_row_not_yet_folded_shows_at_once_at_every_level(define, visit, tree):
    define(**KEPT)
    queries.fold()
    visit("东湾", "h1", date(2024, 7, 3))
    assert [queries.value("visits", tree[name], JULY).value for name in ("东湾", "河口镇", "某县", "某市")] == [
        1,
        1,
        1,
        1,
    ]


def test_a_fold_keeps_the_scope_of_its_caller(define, tree):
    define(**KEPT)
    queries.fold()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hangshi.lo'), current_setting('hangshi.hi')")
        assert cursor.fetchone() == ("0", ":")


def test_a_unit_that_moves_makes_the_cells_be_built_anew(define, visit, tree):
    define(**KEPT)
    visit("西沟", "h2", date(2024, 7, 3))
    queries.fold()
    moved = tree["西沟"]
    moved.path = f"{tree['某县'].path}{moved.pk}/"
    moved.save()
    Activity.objects.filter(unit=moved).update(path=moved.path)
    for _ in range(2):
        assert queries.value("visits", tree["河口镇"], JULY).value == 0
        assert queries.value("visits", tree["某县"], JULY).value == 1
        queries.fold()


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [((2024, 2, 1), (2024, 2, 29), True), ((2023, 2, 1), (2024, 2, 28), False), ((2024, 7, 2), (2024, 7, 31), False)],
)
def test_whole_months(first, last, whole):
    assert bool(cells.whole_months(Period(date(*first), date(*last)))) == whole


@pytest.mark.parametrize(
    ("first", "last", "pieces"),
    [
        ((2024, 1, 1), (2024, 3, 31), ["2024-01-01 2024-03-31"]),
        ((2024, 1, 1), (2024, 3, 30), ["2024-01-01 2024-02-29", "2024-03-01 2024-03-30"]),
        ((2023, 12, 31), (2024, 2, 1), ["2024-01-01 2024-01-31", "2023-12-31 2023-12-31", "2024-02-01 2024-02-01"]),
        ((2024, 1, 2), (2024, 2, 28), []),
        ((2024, 1, 5), (2024, 1, 9), []),
    ],
)
def test_a_period_is_its_whole_months_and_its_ends(first, last, pieces):
    found = cells.split(Period(date(*first), date(*last)))
    assert [f"{it.first} {it.last}" for it in found] == pieces


BROKEN = Period(date(2024, 6, 29), date(2024, 8, 2))


@pytest.fixture
def about_july(define, visit):
    """On each side of both ends of BROKEN, and in the whole month between them."""
    define(**KEPT)
    for day in ((6, 28), (6, 29), (7, 1), (7, 31), (8, 2), (8, 3)):
        visit("东湾", "h1", date(2024, *day), present=day[0])
    queries.fold()


def test_the_ends_of_a_broken_period_are_read_live_and_added(about_july, tree):
    assert queries.value("visits", tree["某市"], BROKEN).value == 4
    assert queries.value("people", tree["某市"], BROKEN).value == 6 + 7 + 7 + 8
    assert queries.value("reached", tree["某市"], BROKEN).value == 1
    assert {unit.name: it.value for unit, it in queries.children("visits", tree["河口镇"], BROKEN)} == {
        "东湾": 4,
        "西沟": 0,
    }


def test_the_whole_months_of_a_broken_period_come_from_the_cells(about_july, tree):
    Cell.objects.update(total=100)
    assert queries.value("visits", tree["某市"], BROKEN).value == 102


def test_a_dirty_month_makes_the_whole_period_live(about_july, visit, tree):
    Cell.objects.update(total=100)
    visit("东湾", "h1", date(2024, 7, 8))
    assert queries.value("visits", tree["某市"], BROKEN).value == 5


def test_writers_and_folds_beside_each_other_lose_nothing(define, committed):
    define(**KEPT)
    with acting(EVERYTHING):
        city = stand("某市", "city")
        villages = [stand(name, "village", city) for name in ("东湾", "西沟")]
    queries.fold()

    def write(unit):
        try:
            for day in range(1, 9):
                with acting(EVERYTHING):
                    Activity.objects.create(kind="visit", unit=unit, path=unit.path, day=date(2024, 7, day))
                queries.fold()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(unit,)) for unit in (*villages, villages[0])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with acting(EVERYTHING, read_only=True):
        assert cells.dirty() == 0
        kept = dict(Cell.objects.filter(version=queries.base("visits").version).values_list("unit__name", "total"))
    assert kept == {"某市": 24, "东湾": 16, "西沟": 8}


def test_a_fold_is_three_statements_when_one_fact_has_changed(define, visit, tree):
    define(**KEPT)
    queries.fold()
    visit("东湾", "h1", date(2024, 7, 3))
    with CaptureQueriesContext(connection) as seen:
        queries.fold()
    said = [it["sql"] for it in seen if "set_config" not in it["sql"] and "current_setting" not in it["sql"]]
    assert len([it for it in said if "SAVEPOINT" not in it]) == 3, said  # wait for others, take the changes, recount


def test_definitions_are_compiled_once(define, tree, monkeypatch):
    define(**KEPT)
    queries.fold()
    monkeypatch.setattr(Pack, "definition_version", lambda *_: pytest.fail("digested again"))
    queries.fold()
    assert queries.value("visits", tree["某市"], JULY).value == 0
