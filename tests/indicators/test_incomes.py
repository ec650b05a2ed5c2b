"""An income knows the one of the year before as soon as either is written, whoever writes, and in whatever order."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangshi import packs
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.duties.models import Duty
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.ledger import services
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, Person, Unit
from tests.committed import at_once, committed
from tests.indicators.conftest import stand

__all__ = ["committed"]
INCOME = packs.load("base").kinds.entry["household_income"]
ON = {2015: date(2015, 12, 31), 2016: date(2016, 12, 31), 2017: date(2017, 10, 20)}


def household(unit, number="h1"):
    return Household.objects.create(number=number, head="赵大山", unit=unit, path=unit.path)


def book(home, year, yuan, persons=4):
    unit = Unit.objects.get(pk=home.unit_id)
    given = {"household": home, "extra": {"persons": persons}, "actor": None}
    return services.book(INCOME, unit=unit, amount=Decimal(yuan), on=ON[year], **given)


def reverse(entry):
    services.reverse(entry, on=date(2017, 11, 1), reason="核错", actor=None)


def pairs():
    """(year, income, the year before's) of every income that stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT year, income::int, before::int FROM fact_incomes ORDER BY year, income")
        return cursor.fetchall()


@pytest.fixture
def home(tree):
    return household(tree["东湾"])


def test_it_is_compared_with_the_year_before_on_whatever_day_that_was_booked(home):
    book(home, 2016, 3000)
    book(home, 2017, 3500)
    assert pairs() == [(2016, 3000, None), (2017, 3500, 3000)]


def test_the_year_before_may_be_written_later(home):
    book(home, 2017, 3500)
    book(home, 2016, 3000)
    assert pairs() == [(2016, 3000, None), (2017, 3500, 3000)]


def test_two_years_apart_are_not_compared(home):
    book(home, 2015, 3000)
    book(home, 2017, 3500)
    assert pairs() == [(2015, 3000, None), (2017, 3500, None)]


def test_an_income_reversed_is_neither_counted_nor_compared_with(home):
    before = book(home, 2016, 3000)
    book(home, 2017, 3500)
    reverse(before)
    assert pairs() == [(2017, 3500, None)]
    book(home, 2016, 3600)
    assert pairs() == [(2016, 3600, None), (2017, 3500, 3600)]


def test_other_books_have_no_part_in_it(home):
    Entry.objects.create(
        kind="gift_survey", unit=home.unit, path=home.path, day=ON[2016], amount=1, household_id=home.pk
    )
    assert pairs() == []


def test_who_rose_is_known_on_the_report_day(home, tree):
    book(home, 2016, 3000, persons=5)
    book(home, 2017, 3001, persons=4)
    other = household(tree["西沟"], "h2")
    book(other, 2016, 3000)
    book(other, 2017, 3000)  # the same is no rise
    ten_months = Period(date(2017, 1, 1), date(2017, 10, 31))
    found = queries.values(["income_rose_persons", "income_rose_households"], tree["某市"], ten_months)
    assert {key: it.value for key, it in found.items()} == {"income_rose_persons": 4, "income_rose_households": 1}


def test_another_scope_does_not_see_it(home, tree):
    book(home, 2016, 3000)
    with acting(Scope.below(tree["西沟"].path)):
        assert pairs() == []


def test_who_is_paired_with_a_household_sees_its_rise_and_no_other(home, tree):
    other = household(tree["东湾"], "h2")
    for it, yuan in ((home, 3000), (other, 1000)):
        book(it, 2016, yuan)
        book(it, 2017, yuan + 1)
    cadre = Person.objects.create(name="王建国", unit=tree["某县"], path=tree["某县"].path)
    at = {"unit": tree["东湾"], "path": tree["东湾"].path}
    Duty.objects.create(kind="pairing", bearer=cadre, household=home, since=date(2017, 1, 1), **at)
    with acting(Scope("", "", mode="households", person=cadre.pk, on=date(2017, 10, 31), within=tree["某县"].path)):
        assert pairs() == [(2016, 3000, None), (2017, 3001, 3000)]


def test_a_writer_who_sees_one_village_pairs_with_what_the_household_had_elsewhere(home, tree):
    book(home, 2016, 3000)
    Household.objects.filter(pk=home.pk).update(unit=tree["西沟"], path=tree["西沟"].path)
    moved = Household.objects.get(pk=home.pk)
    with acting(Scope.below(tree["西沟"].path)):
        book(moved, 2017, 3500)
        assert pairs() == [(2017, 3500, 3000)]


BOOKED = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([2015, 2016, 2017]), st.integers(1000, 1005), st.booleans()),
    max_size=9,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(booked=BOOKED)
def test_the_stored_pairs_are_those_of_a_reading_from_scratch(booked, tree):
    with transaction.atomic():
        homes = [household(tree["东湾"], "h1"), household(tree["西沟"], "h2")]
        stand_for: dict[tuple[int, int], tuple[Entry, int]] = {}
        for at, year, yuan, undone in booked:
            if (at, year) in stand_for:
                reverse(stand_for.pop((at, year))[0])
            entry = book(homes[at], year, yuan)
            if undone:
                reverse(entry)
            else:
                stand_for[at, year] = (entry, yuan)
        wanted = [
            (year, yuan, stand_for[at, year - 1][1] if (at, year - 1) in stand_for else None)
            for (at, year), (_, yuan) in stand_for.items()
        ]
        assert sorted(pairs(), key=str) == sorted(wanted, key=str)
        transaction.set_rollback(True)


def test_of_two_who_write_one_household_at_once_the_later_sees_the_earlier(committed):
    with acting(EVERYTHING):
        home = household(stand("东湾", "village"))
        before = book(home, 2016, 3000)
    at_once(lambda index: reverse(before) if index else book(home, 2017, 3500) and None)
    with acting(EVERYTHING, read_only=True):
        assert pairs() == [(2017, 3500, None)]


def test_entries_taken_away_all_at_once_leave_no_income(committed):
    with acting(EVERYTHING):
        book(household(stand("东湾", "village")), 2016, 3000)
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE entry CASCADE")  # what came of an entry goes with it
    with acting(EVERYTHING, read_only=True):
        assert pairs() == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_nobody_but_the_owner_pairs_by_hand():
    role = connections.databases["default"]["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_function_privilege(%s, 'indicator_pair_incomes(bigint[])', 'EXECUTE')", [role])
        assert cursor.fetchone() == (False,)
