"""Kept cells are a faster way to the same figure: never another figure, never an old one."""

from datetime import date

import pytest
from django.db import connection

from hangshi.activities.models import Activity, Attendance
from hangshi.indicators import cells, queries
from hangshi.indicators.models import Cell
from hangshi.indicators.plan import Place, measured
from hangshi.indicators.queries import Period
from hangshi.registry.models import Person

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
