"""For every shipped indicator: the figure is what its rows list, wherever one stands and whatever one may see."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from tests.proof.small import KEYS, SHIPPED, date, everything_at, places

YEAR = Period(date(2017, 1, 1), date(2017, 10, 31))  # whole months: kept cells
WHOLE = Period(date(2017, 1, 1), date(2017, 12, 31))  # incomes are booked on the last day of the year
SPRING = Period(date(2017, 3, 10), date(2017, 5, 20))  # broken months: read live
NODES = ("city", "county", "other_county", "township", "other_township", "village", "beside", "far")
SCOPES = ("city", "county", "township")
SIZE = 2000
pytestmark = pytest.mark.usefixtures("ankang", "db")


@pytest.fixture
def at(ankang, db):
    with acting(EVERYTHING):
        return places()


def counted_by(key):
    """The definition whose rows are listed: a ratio lists its numerator, a change the present period."""
    it = SHIPPED[key]
    while not it.fact:
        it = SHIPPED[it.change_of or it.numerator]
    return it


def all_rows(key, unit, when):
    first = queries.rows(key, unit, when, page=1, size=SIZE)
    found = list(first.rows)
    for page in range(2, -(-first.total // SIZE) + 1):
        found += queries.rows(key, unit, when, page=page, size=SIZE).rows
    return first.columns, found, first.total


def said_by(key, columns, found):
    """The figure, from nothing but the rows; None stands for nothing to add."""
    measure = counted_by(key).measure
    if measure.startswith("sum"):
        at = columns.index(measure[4:-1])
        return sum((row[at] for row in found), Decimal(0))
    if "distinct" in measure:
        at = columns.index(measure.split()[-1][:-1])
        assert len({row[at] for row in found}) == len(found), f"{key} lists a thing twice"
    else:
        at = columns.index("row_id")
        assert len({row[at] for row in found}) == len(found), f"{key} lists a row twice"
    return len(found)


@pytest.mark.parametrize("when", [YEAR, SPRING, WHOLE], ids=["ten months", "spring", "whole year"])
@pytest.mark.parametrize("scope", SCOPES)
def test_the_figure_is_what_its_rows_list(at, scope, when):
    with acting(Scope.below(getattr(at, scope).path)):
        for node in NODES:
            unit = getattr(at, node)
            figures = everything_at(unit, when)
            for key in KEYS:
                columns, found, total = all_rows(key, unit, when)
                wanted = figures[counted_by(key).key] or 0
                assert len(found) == total, (key, node)
                assert said_by(key, columns, found) == wanted, (key, node)


def test_the_sample_has_something_of_every_fact(at):
    with acting(EVERYTHING):
        figures = everything_at(at.city, WHOLE)
    assert {SHIPPED[key].fact for key in KEYS if figures[key]} >= {
        "units", "members", "households", "duties", "activities", "attendances", "cases", "entries", "incomes",
    }  # fmt: skip  # the registers of other places have rows there: tests/scenarios


@pytest.mark.parametrize("scope", ["county", "township", "village"])
def test_a_figure_is_the_same_for_all_who_see_the_whole_of_it(at, scope):
    inside = getattr(at, scope)
    for node in ("county", "township", "village"):
        unit = getattr(at, node)
        if not unit.path.startswith(inside.path):
            continue
        with acting(EVERYTHING):
            wide = everything_at(unit, YEAR)
        with acting(
            replace(Scope.below(inside.path), within=inside.path)
        ):  # as under a grant: what is asked from above is shown
            assert everything_at(unit, YEAR) == wide, node


@pytest.mark.parametrize("key", KEYS)
def test_outside_the_scope_there_is_nothing(at, key):
    with acting(Scope.below(at.other_township.path)):
        for node in ("county", "township", "village", "beside"):
            assert not queries.value(key, getattr(at, node), YEAR).value
            rows = queries.rows(key, getattr(at, node), YEAR)
            assert (rows.rows, rows.total) == ([], 0)


def adds_up(key):
    return SHIPPED[key].fact and SHIPPED[key].home == "row"


@pytest.mark.parametrize("when", [YEAR, WHOLE], ids=["ten months", "whole year"])
@pytest.mark.parametrize("node", ["city", "county", "township", "village"])
def test_the_parts_add_up_to_the_whole(at, node, when):
    unit = getattr(at, node)
    with acting(EVERYTHING):
        figures = everything_at(unit, when)
        for key in filter(adds_up, KEYS):
            parts = sum((it.value or 0 for _, it in queries.children(key, unit, when)), Decimal(0))
            columns, found, _ = all_rows(key, unit, when)
            home = columns.index("unit_id")
            own = said_by(key, columns, [row for row in found if row[home] == unit.pk])
            assert parts + own == (figures[key] or 0), key
