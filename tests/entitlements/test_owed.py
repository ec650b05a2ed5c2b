"""应发与差额: dated rates → what is owed for a month → what was booked → what is missing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.duties.models import Duty
from hangshi.entitlements import queries
from hangshi.ledger import services as ledger
from hangshi.packs import load
from hangshi.packs.books import Entitlement, Rate
from hangshi.packs.models import EntryKind
from hangshi.registry.people import register_person
from hangshi.web import words
from tests.land import FIRST
from tests.web.conftest import sign_in, town

__all__ = ["sign_in", "town"]

ALLOWANCE = Entitlement(
    key="allowance",
    name="离任补助",
    duty="retired_post",
    entry="retired_allowance",
    years="years_served",
    rates=[
        Rate(since=date(2017, 1, 1), years=3, amount=Decimal(80)),
        Rate(since=date(2017, 1, 1), years=10, amount=Decimal(120)),
        Rate(since=date(2017, 1, 1), years=20, amount=Decimal(180)),
        Rate(since=date(2018, 1, 1), years=3, amount=Decimal(100)),
    ],
    source="某县办法",
)
PAY = Entitlement(
    key="pay",
    name="报酬",
    duty="village_post",
    entry="post_pay",
    rates=[
        Rate(since=date(2017, 1, 1), role="secretary", amount=Decimal("2500.00")),
        Rate(since=date(2017, 1, 1), amount=Decimal("1500.50")),
    ],
)
BOOK = EntryKind(key="retired_allowance", name="离任村干部生活补助", unit="yuan", subject="person")
JULY_20 = date(2017, 7, 20)


@pytest.mark.parametrize(
    ("month", "years", "amount"),
    [
        (date(2016, 12, 1), 15, None),  # before the first rate
        (date(2017, 1, 1), 2, None),
        (date(2017, 1, 1), 3, 80),
        (date(2017, 1, 1), 9, 80),
        (date(2017, 12, 1), 10, 120),
        (date(2017, 12, 1), 25, 180),
        (date(2017, 12, 1), None, None),  # years not said are not none
        (date(2018, 1, 1), 25, 100),  # the new rates replace the old ones whole
    ],
)
def test_what_a_retired_head_is_owed_goes_by_years_served(month, years, amount):
    assert ALLOWANCE.amount(month, years=years) == amount


def test_a_rate_of_the_role_goes_before_the_general_one():
    assert PAY.amount(date(2017, 3, 1), role="secretary") == Decimal("2500.00")
    assert PAY.amount(date(2017, 3, 1), role="member") == Decimal("1500.50")


@pytest.fixture
def retired(land: SimpleNamespace) -> SimpleNamespace:
    """Three in 东湾村 with 3, 12 and 30 years, one in 东坡村 whose years nobody wrote down."""
    made = {}
    for name, village, years in (
        ("甲", land.bay, 3),
        ("乙", land.bay, 12),
        ("丙", land.bay, 30),
        ("丁", land.hill, None),
    ):
        made[name] = register_person(village, name=name, on=FIRST, actor=None)
        extra = {} if years is None else {"years_served": years}
        given = {"bearer": made[name], "unit": village, "target_unit": village, "path": village.path, "extra": extra}
        Duty.objects.create(kind="retired_post", since=FIRST, **given)
    return SimpleNamespace(**made)


def pay(person, amount: str, on: date = JULY_20):
    return ledger.book(BOOK, unit=person.unit, person=person, amount=Decimal(amount), on=on, actor=None)


def test_the_gap_is_what_is_owed_less_what_was_booked_in_the_month(land: SimpleNamespace, retired: SimpleNamespace):
    pay(retired.甲, "80.00", date(2017, 7, 1))
    pay(retired.乙, "100.00", date(2017, 7, 31))
    pay(retired.丙, "180.00", date(2017, 8, 1))  # of the next month
    found = queries.owed(ALLOWANCE, land.east, JULY_20)
    assert [(it.name, str(it.due), str(it.paid), str(it.gap)) for it in found] == [
        ("甲", "80", "80.00", "0.00"), ("乙", "120", "100.00", "20.00"), ("丙", "180", "0.00", "180.00"), ("丁", "None", "0.00", "None"),
    ]  # fmt: skip
    assert [it.name for it in queries.gaps(found)] == ["乙", "丙", "丁"]
    assert queries.totals(found) == queries.Totals(
        people=4, due=Decimal(380), paid=Decimal(180), missing=Decimal(200), short=2, unrated=1
    )
    assert queries.owed(ALLOWANCE, land.west, JULY_20) == []


def test_a_reversed_payment_is_missing_again(land: SimpleNamespace, retired: SimpleNamespace):
    entry = pay(retired.甲, "80.00")
    ledger.reverse(entry, on=date(2017, 7, 25), reason="退回", actor=None)
    assert queries.owed(ALLOWANCE, land.bay, JULY_20)[0].gap == 80


@pytest.mark.parametrize(
    ("until", "names"), [(date(2017, 6, 30), ["乙", "丙"]), (date(2017, 7, 1), ["甲", "乙", "丙"])]
)
def test_a_month_begun_is_owed_in_full_and_the_next_one_not(
    land: SimpleNamespace, retired: SimpleNamespace, until, names
):
    Duty.objects.filter(bearer=retired.甲).update(until=until, end_reason="death")
    assert [it.name for it in queries.owed(ALLOWANCE, land.bay, JULY_20)] == names


def test_too_much_for_one_does_not_pay_another(land: SimpleNamespace, retired: SimpleNamespace):
    pay(retired.甲, "500.00")
    totals = queries.totals(queries.owed(ALLOWANCE, land.bay, JULY_20))
    assert (totals.missing, totals.short) == (Decimal(300), 2)


def test_it_takes_two_statements_for_any_number(land, retired, django_assert_num_queries):
    with django_assert_num_queries(2):
        queries.owed(ALLOWANCE, land.county, JULY_20)


@pytest.fixture
def paying(town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packs of the installation with an allowance; 王建国 of 东湾村 is owed 120 yuan."""
    pack = load("base", "ankang").model_copy(update={"entitlements": {"allowance": ALLOWANCE}})
    monkeypatch.setattr(words, "pack", lambda: pack)
    village = town["东湾村"]
    with acting(EVERYTHING):
        person = register_person(village, name="王老村长", on=date(2017, 1, 1), actor=None)
        given = {"bearer": person, "unit": village, "target_unit": village, "path": village.path}
        Duty.objects.create(kind="retired_post", since=date(2017, 1, 1), extra={"years_served": 12}, **given)


def test_the_page_lists_who_is_short_to_those_who_may_see_names(paying: None, sign_in: Callable[[str], Client]):
    page = sign_in("zhen").get("/ledger/entitlements/allowance/?month=2017-07-01").content.decode()
    assert ("王老村长" in page, 'data-label="差额">120<' in page) == (True, True)
    assert sign_in("kan").get("/ledger/entitlements/allowance/").status_code == 403
    assert sign_in("zhen").get("/ledger/entitlements/nothing/").status_code == 404
    assert "离任补助：应发与差额" in sign_in("zhen").get("/ledger/").content.decode()


YEARLY = ALLOWANCE.model_copy(update={"every": "year"})


class TestAYearPaidTogether:
    def test_is_the_sum_of_its_months_less_what_was_booked_in_it(self, land: SimpleNamespace, retired: SimpleNamespace):
        pay(retired.甲, "960.00", date(2017, 12, 31))
        pay(retired.乙, "1000.00", date(2017, 1, 1))
        pay(retired.丙, "2160.00", date(2018, 1, 1))  # of the next year
        found = queries.owed(YEARLY, land.east, JULY_20)
        assert [(it.name, it.due, it.gap) for it in found] == [
            ("甲", 960, 0), ("乙", 1440, 440), ("丙", 2160, 2160), ("丁", None, None),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("since", "until", "due"),
        [
            (date(2017, 3, 31), None, 800),  # March is begun: ten months
            (FIRST, date(2017, 3, 1), 240),
            (date(2017, 3, 31), date(2017, 4, 1), 160),
            (date(2017, 5, 5), date(2017, 5, 5), 80),
        ],
    )
    def test_counts_the_months_in_which_the_duty_binds(self, land, retired, since, until, due):
        Duty.objects.filter(bearer=retired.甲).update(since=since, until=until, end_reason="death" if until else "")
        assert queries.owed(YEARLY, land.bay, JULY_20)[0].due == due

    def test_with_a_month_that_no_rate_covers_says_nothing(self, land, retired):
        late = YEARLY.model_copy(update={"rates": [Rate(since=date(2017, 2, 1), years=3, amount=Decimal(80))]})
        assert [it.due for it in queries.owed(late, land.bay, JULY_20)] == [None, None, None]

    def test_of_two_duties_takes_the_higher_of_each_month_once(self, land, retired):
        given = {"bearer": retired.甲, "unit": land.hill, "target_unit": land.hill, "path": land.hill.path}
        Duty.objects.create(kind="retired_post", since=date(2017, 11, 1), extra={"years_served": 20}, **given)
        found = {it.name: it for it in queries.owed(YEARLY, land.east, JULY_20)}
        assert (found["甲"].due, found["甲"].place) == (Decimal(10 * 80 + 2 * 180), "东湾村")


@pytest.mark.parametrize(
    ("month", "years", "amount"),
    [
        (date(2016, 12, 1), 30, None),
        (date(2017, 1, 1), 2, None),
        (date(2017, 1, 1), 3, 80),
        (date(2017, 1, 1), 10, 120),
        (date(2017, 1, 1), 20, 180),
    ],
)
def test_the_allowance_that_is_shipped_runs_from_80_to_180_a_month(month, years, amount):
    shipped = load("base", "jiuquan").entitlements["leaving_subsidy"]
    assert (shipped.amount(month, years=years), shipped.every) == (amount, "year")


def test_the_page_of_a_yearly_one_says_its_year(paying: None, sign_in, monkeypatch: pytest.MonkeyPatch):
    pack = load("base", "ankang").model_copy(update={"entitlements": {"allowance": YEARLY}})
    monkeypatch.setattr(words, "pack", lambda: pack)
    page = sign_in("zhen").get("/ledger/entitlements/allowance/?month=2017-07-01").content.decode()
    assert ('data-label="任职年限">12<' in page, "岗位" in page) == (
        True,
        False,
    )  # what the amount goes by, and no empty column
    assert ("2017年，没有结清的 1 人" in page, 'data-label="差额">1,440<' in page) == (True, True)
