"""Two villages become one in the middle of 2017: their past stays theirs, and nothing of it is lost above or left behind."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import Count

from hangshi import packs
from hangshi.activities import services as activities
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.ledger import services as ledger
from hangshi.refusal import Refused
from hangshi.registry import services, tree
from hangshi.registry.models import Household, HouseholdStatus, Membership, Unit
from hangshi.registry.people import join, register_household, register_person
from tests.refusals import refusal_of

KINDS = packs.load("base", "ankang").kinds
START, MERGED = date(2015, 1, 1), date(2017, 7, 1)
LAST_YEAR, THIS_YEAR = Period(date(2016, 1, 1), date(2016, 12, 31)), Period(date(2017, 1, 1), date(2017, 12, 31))
LAST_DAY = LAST_YEAR.last
VISITS = """
    东湾村 2016-03-01
    东湾村 2016-12-31
    东坡村 2016-05-01
    西沟村 2016-05-01
    东湾村 2017-02-01
    东坡村 2017-02-01
    东坡村 2017-06-30
    西沟村 2017-02-01
"""
PLACES = ("东湾村", "东坡村", "西沟村", "东镇", "西镇", "示例市")


def make(kind, name, parent, on=START, **extra):
    return services.create(KINDS.unit[kind], name=name, parent=parent, on=on, actor=None, extra=extra)


@pytest.fixture
def town(everything):
    """Each village has a household paired with its cadre, a branch with a member, a land contract, and the visits above."""
    city = make("city", "示例市", None)
    county = make("county", "示例县", city)
    east, west = make("township", "东镇", county), make("township", "西镇", county)
    at = {"示例市": city, "示例县": county, "东镇": east, "西镇": west}
    for name, parent in (("东湾村", east), ("东坡村", east), ("西沟村", west)):
        at[name] = village = make("village", name, parent)
        at[f"{name}支部"] = branch = make("branch", f"{name}支部", village, field="rural")
        cadre = register_person(village, name=f"{name}干部", on=START, actor=None)
        home = register_household(village, number=name, head="赵大山", status="registered", on=START, actor=None)
        join(cadre, branch, on=START, actor=None, status="full", category="rural")
        duties.assign(KINDS.duty["pairing"], bearer=cadre, target=home, on=START, actor=None)
        dates = {"on": START, "since": START, "until": date(2020, 12, 31)}
        ledger.book(KINDS.entry["land_contract"], unit=village, amount=Decimal(100), actor=None, **dates)
    for line in VISITS.split("\n")[1:-1]:
        name, day = line.split()
        visit(at[name], date.fromisoformat(day))
    queries.fold()
    return SimpleNamespace(**at, at=at)


def visit(village, day, number=""):
    home = Household.objects.get(number=number or village.name)
    leader = home.duties.first().bearer
    activities.record(KINDS.activity["visit"], unit=village, on=day, leader=leader, household=home, actor=None)


@pytest.fixture
def merged(town):
    new = make("village", "新湾村", town.东镇, on=date(2017, 6, 1))
    services.merge([town.东湾村, town.东坡村], into=new, on=MERGED, actor=None)
    town.at["新湾村"] = Unit.objects.get(pk=new.pk)
    for it in ("东湾村", "东坡村"):
        visit(town.at["新湾村"], date(2017, 8, 1), number=it)
    return town


def figures(town, key, when, day=None, places=PLACES):
    units = Unit.objects.in_bulk([town.at[it].pk for it in places])
    return {it: queries.value(key, units[town.at[it].pk], when, tree=day).value for it in places}


@pytest.mark.parametrize("fold", [False, True], ids=["live", "folded"])
def test_last_years_visits_stay_on_last_years_tree(merged, fold):
    if fold:
        queries.fold()
    assert figures(merged, "visits", LAST_YEAR, LAST_DAY) == {
        "东湾村": 2, "东坡村": 1, "西沟村": 1, "东镇": 3, "西镇": 1, "示例市": 4,
    }  # fmt: skip


@pytest.mark.parametrize("fold", [False, True], ids=["live", "folded"])
def test_todays_tree_adds_both_up_in_the_successor(merged, fold):
    if fold:
        queries.fold()
    places = ("新湾村", "西沟村", "东镇", "西镇", "示例市")
    assert figures(merged, "visits", LAST_YEAR, places=places) == {
        "新湾村": 3, "西沟村": 1, "东镇": 3, "西镇": 1, "示例市": 4,
    }  # fmt: skip
    assert figures(merged, "visits", THIS_YEAR, places=places) == {
        "新湾村": 5, "西沟村": 1, "东镇": 5, "西镇": 1, "示例市": 6,
    }  # fmt: skip


STOCKS = {"registered_households": 1, "rural_members": 1, "paired_households": 1, "paired_bearers": 1, "branches": 1,
          "land_mu": Decimal(100), "villages": 1}  # fmt: skip


@pytest.mark.parametrize("key", STOCKS)
@pytest.mark.parametrize("merge", [False, True], ids=["before", "after"])
def test_what_stood_last_year_stays_where_it_stood(request, town, key, merge):
    if merge:
        request.getfixturevalue("merged")
    each = STOCKS[key]
    assert figures(town, key, LAST_DAY, LAST_DAY) == {
        "东湾村": each, "东坡村": each, "西沟村": each, "东镇": 2 * each, "西镇": each, "示例市": 3 * each,
    }  # fmt: skip


@pytest.mark.parametrize("key", [it for it in STOCKS if it != "villages"])
def test_what_stands_today_stands_in_the_successor(merged, key):
    each = STOCKS[key]
    assert figures(merged, key, MERGED, places=("新湾村", "东镇", "示例市")) == {
        "新湾村": 2 * each, "东镇": 2 * each, "示例市": 3 * each,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["registered_households", "paired_households", "paired_bearers", "rural_members"])
def test_nothing_open_is_left_at_the_old_village(merged, key):
    ends = {day: figures(merged, key, day, day, places=("东湾村",))["东湾村"] for day in (date(2017, 6, 30), MERGED)}
    assert ends == {date(2017, 6, 30): 1, MERGED: 0}


def test_one_village_less_from_that_day_on(merged):
    days = {day: figures(merged, "villages", day, places=("示例市",))["示例市"] for day in (LAST_DAY, MERGED)}
    assert days == {LAST_DAY: 3, MERGED: 2}


def orphans():
    """Rows of each table whose path is no unit's."""
    found = {}
    with connection.cursor() as cursor:
        for table in tree.tables_with_path():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE NOT EXISTS (SELECT FROM unit u WHERE u.path = t.path)'  # our own tables
            )
            [(found[table],)] = cursor.fetchall()
    return found


@pytest.mark.parametrize("when", ["before", "after"])
def test_every_row_lies_at_a_unit(request, town, when):
    if when == "after":
        request.getfixturevalue("merged")
    found = orphans()
    assert {"unit", "duty", "activity", "entry", "household", "membership", "indicator_cell"} <= found.keys()
    assert {table for table, count in found.items() if count} == set()


def state(village):
    """What a refused closing could have touched."""
    counts = [it.objects.values("unit", "until").annotate(n=Count("pk")).order_by("unit", "until") for it in
              (Duty, Membership, HouseholdStatus)]  # fmt: skip
    unit = Unit.objects.get(pk=village.pk)
    ends = [list(rows.values_list("pk", "until")) for rows in (unit.names, unit.links, unit.paths)]
    return unit.until, unit.path, ends, [list(it) for it in counts]


def test_a_village_with_open_duties_is_not_closed(town):
    before = state(town.东湾村)
    with pytest.raises(Refused) as refused:
        services.close(town.东湾村, on=MERGED, actor=None)
    assert (refused.value.code, str(refused.value)) == (
        "unit.left",
        "“东湾村”还有1个下级单位、1户在册状态、1项未结束的责任、1笔仍在生效的台账（如土地流转合同）、1户、1名在册人员，请先转出或办结。",
    )
    assert state(town.东湾村) == before


def test_an_empty_village_is_closed(town):
    bare = make("village", "空村", town.东镇)
    assert refusal_of(services.close, bare, on=MERGED, actor=None) is None
    assert Unit.objects.get(pk=bare.pk).until == MERGED


def income(unit, number, year, amount):
    home = Household.objects.get(number=number)
    ledger.book(
        KINDS.entry["household_income"], unit=unit, amount=Decimal(amount), on=date(year, 12, 31), household=home,
        extra={"persons": 4}, actor=None,
    )  # fmt: skip


def test_an_income_is_compared_with_the_year_before(town):
    income(town.东湾村, "东湾村", 2016, 3000)
    income(town.东湾村, "东湾村", 2017, 3500)
    assert figures(town, "income_rose_persons", THIS_YEAR, places=("东镇", "示例市")) == {"东镇": 4, "示例市": 4}
