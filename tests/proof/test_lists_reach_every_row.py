"""A list shows what its address asks for, from the first row to the last, and says how many there are when it knows."""

import pytest
from django.http import QueryDict

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.cases.models import Case
from hangshi.web import lists
from hangshi.web.registers import REGISTERS
from tests.proof.small import places

pytestmark = pytest.mark.usefixtures("ankang", "db")
COUNTED_BEFORE = 2000  # a list longer than this once had no way to its last pages


@pytest.fixture
def city(ankang, db):
    with acting(EVERYTHING):
        yield places().city


def asked(key, text, unit):
    return lists.asked(REGISTERS[key], QueryDict(text), unit)


def listed(key, text, unit, *, restricted=True):
    return lists.listed(asked(key, text, unit), restricted=restricted)


def walked(key, unit):
    """Every row that the pages show, from one to the next."""
    number, page = 1, listed(key, "", unit)
    rows = list(page.rows)
    while page.more:
        number += 1
        page = listed(key, f"page={number}", unit)
        rows += page.rows
    return rows, page


@pytest.mark.parametrize("key", ["activities", "entries", "households"])
def test_every_row_is_reached_once_by_going_on(city, key):
    rows, last = walked(key, city)
    there = set(REGISTERS[key].model._default_manager.values_list("pk", flat=True))
    assert len(rows) == len(there)
    assert {row[0] for row in rows} == there
    assert last.total == len(rows), "the last page knows how many there are"


def test_the_sample_is_longer_than_what_was_once_reached(city):
    assert REGISTERS["activities"].model._default_manager.count() > COUNTED_BEFORE


ADDRESSES = [
    *((key, "") for key in REGISTERS),
    ("activities", "kind=visit"),
    ("activities", "from=2017-03-01&to=2017-03-31"),
    ("activities", "from=2017-03-01&kind=theme_day&sort=-day"),
    ("activities", "sort=present"),
    ("activities", "to=2017-02-28&sort=day"),
    ("duties", "kind=pairing&open=1"),
    ("members", "category=rural&status=full&open=1"),
    ("cases", "sort=-due_on"),
    ("units", "kind=village&sort=-name"),
    ("entries", "kind=benefit&from=2017-01-01"),
]


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize(("key", "text"), ADDRESSES)
def test_the_prepared_first_page_is_the_one_that_the_filters_describe(city, key, text, restricted):
    ask = asked(key, text, city)
    wanted = list(lists.cells(ask.register, lists.records(ask, restricted=restricted))[:50])
    assert wanted, "nothing to compare"
    for _ in range(2):  # written, and taken from what was written
        assert listed(key, text, city, restricted=restricted).rows == wanted


def test_a_prepared_page_is_filled_for_each_unit_and_day_anew(city):
    at = places()
    for unit in (at.county, at.other_county, at.village):
        for day in ("2017-05-01", "2017-09-01"):
            ask = asked("activities", f"from={day}", unit)
            wanted = list(lists.cells(ask.register, lists.records(ask, restricted=True))[:50])
            assert lists.listed(ask, restricted=True).rows == wanted


@pytest.mark.parametrize("key", ["activities", "entries", "duties", "persons"])
@pytest.mark.parametrize("at", ["city", "county", "township", "village", "far"])
def test_a_whole_list_begins_alike_however_wide_its_unit_is(city, key, at):
    """A county's is read in the order of the list, a village's by place: two statements, one page."""
    ask = asked(key, "", getattr(places(), at))
    wanted = list(lists.cells(ask.register, lists.records(ask, restricted=True))[:50])
    assert wanted, "nothing to compare"
    assert lists.listed(ask, restricted=True).rows == wanted


def test_restricted_kinds_stay_out_for_those_who_may_not_read_them(city):
    hidden = set(Case.objects.filter(kind="discipline").values_list("pk", flat=True))
    assert hidden & {row[0] for row in listed("cases", "kind=discipline", city).rows}
    assert listed("cases", "kind=discipline", city, restricted=False).rows == []


def test_a_page_within_a_scope_shows_the_scope_only(ankang, db):
    with acting(EVERYTHING):
        at = places()
    with acting(Scope.below(at.township.path)):
        inside = listed("households", "", at.city).rows
        assert inside
        assert {row[0] for row in inside} <= set(
            REGISTERS["households"].model._default_manager.values_list("pk", flat=True)
        )


def test_how_many_there_are_is_said_where_it_is_known(city):
    village = places().village
    count = REGISTERS["activities"].model._default_manager.count()
    long, short = listed("activities", "", city), listed("units", "", village)
    assert (long.total, long.more) == (None, True)
    assert (short.total, short.more) == (len(short.rows), False)
    assert listed("activities", "count=1", city).total == count
    assert listed("activities", "count=1&page=3", city).last == -(-count // 50)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999999"])
def test_a_page_number_that_is_none_is_the_first(city, page):
    assert listed("units", f"page={page}", city).number == 1


def test_a_page_after_the_last_is_empty(city):
    page = listed("activities", "page=9999999", city)
    assert (page.rows, page.more, page.total) == ([], False, None)


@pytest.mark.parametrize(
    ("number", "total", "more", "offered"),
    [
        (1, None, True, [1, 2]),
        (7, None, True, [1, None, 6, 7, 8]),
        (7, 350, False, [1, None, 6, 7]),
        (3, 5000, True, [1, 2, 3, 4, None, 100]),
        (1, 0, False, [1]),
    ],
)
def test_which_pages_are_offered(number, total, more, offered):
    assert lists.Page([], number, total, more).numbers == offered
