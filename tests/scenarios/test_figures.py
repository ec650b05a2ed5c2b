"""The figures of the report, checked by pack definitions."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connections

from hangshi.scenarios.figures import FigureResult, check
from hangshi.scenarios.load import load
from tests.committed import emptied


def execute(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own type
        load("ankang", 0.02)
        yield
        emptied()


def figure(key: str) -> FigureResult:
    return next(it for it in check("ankang") if it.key == key)


def test_there_are_thirty_and_each_has_a_value(loaded: None) -> None:
    results = check("ankang")
    assert len(results) == 30
    assert [it.key for it in results if it.computed is None] == []


def test_shares_and_standards_hold_at_every_scale(loaded: None) -> None:
    inside = {it.key for it in check("ankang") if it.inside}
    assert inside >= {"banquets_fall_percent", "gift_burden_fall_percent", "party_work_fund", "member_training_fund"}


def test_a_figure_moves_with_its_records(loaded: None) -> None:
    before = figure("paired_households").computed
    execute(
        "UPDATE duty SET until = '2017-10-30' WHERE id = (SELECT id FROM duty WHERE kind = 'pairing' AND until IS NULL ORDER BY id LIMIT 1)"
    )
    assert (before, figure("paired_households").computed) == (Decimal(1252), Decimal(1251))
