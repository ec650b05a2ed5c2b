"""A year's earnings distributed by shares: from the books, decided by the meeting, approved by another, posted, paid, undone."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangshi.ledger import queries as ledger
from hangshi.ledger import services as books
from hangshi.ledger.models import Entry
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from hangshi.shares import dividends, queries, register
from hangshi.shares.dividends import Asked
from hangshi.shares.models import Dividend
from tests.refusals import refusal_of
from tests.shares.conftest import BOOKS, CLERK, KINDS, OTHER, RULE, meeting

YEAR_END, DECIDED, POSTED, PAID = date(2017, 12, 31), date(2018, 1, 15), date(2018, 1, 20), date(2018, 2, 1)
RATES = {"fund": Decimal(10), "welfare": Decimal("2.5")}


def book(unit: Unit, kind: str, amount: str, on: date = date(2017, 9, 1)) -> Entry:
    return books.book(BOOKS[kind], unit=unit, amount=Decimal(amount), on=on, actor=7)


@pytest.fixture
def year(village: SimpleNamespace) -> SimpleNamespace:
    """In 2017 the village earned 50000.00 and spent 20000.00; on 2018-01-10 its meeting decided."""
    book(village.unit, "collective_income", "50000")
    book(village.unit, "collective_cost", "20000")
    village.decided = meeting(village.unit, day=date(2018, 1, 10))
    return village


def asked(amount: str = "10000", **given: Any) -> Asked:
    said = {"year": 2017, "record_day": YEAR_END, "rates": RATES} | given
    return Asked(amount=Decimal(amount), **said)


def propose(it: SimpleNamespace, amount: str = "10000", by: Signer = CLERK, **given: Any) -> Dividend:
    return dividends.propose(it.unit, RULE, asked(amount, **given), activity=it.decided, by=by, on=DECIDED)


def approve(dividend: Dividend, by: Signer = OTHER, on: date = POSTED) -> Dividend:
    return dividends.approve(dividend, RULE, BOOKS["share_dividend"], by=by, on=on)


def pay(dividend: Dividend, parts: list[int] | None = None, on: date = PAID, note: str = "第1批") -> int:
    return len(dividends.pay(dividend, BOOKS["share_dividend_paid"], parts=parts, note=note, by=CLERK, on=on))


def amounts(dividend: Dividend) -> dict[str, str]:
    parts = {it.holder.household.head: f"{it.amount:f}" for it in queries.parts(dividend) if it.holder}
    own = dividend.parts.filter(holder=None).first()
    return parts | ({"集体": f"{own.amount:f}"} if own else {})


def unpaid(dividend: Dividend) -> list[str]:
    return [it.holder.household.head for it in queries.unpaid(queries.parts(dividend)) if it.holder]


def balance(it: SimpleNamespace, kind: str) -> str:
    return f"{ledger.total(Entry.objects.filter(unit=it.unit, kind=kind)):f}"


def test_reserves_go_first_and_the_rest_goes_by_shares_to_the_fen(year: SimpleNamespace) -> None:
    dividend = propose(year)
    assert (dividend.income, dividend.costs, dividend.reserves) == (
        Decimal(50000),
        Decimal(20000),
        {"fund": "1000.00", "welfare": "250.00"},
    )
    assert (f"{dividend.pool:f}", dividend.shares) == (
        "8750.00",
        Decimal(800),
    )  # 200 of 1000 are not allotted and get nothing
    assert amounts(dividend) == {"集体": "2187.50", "赵大山": "3281.25", "钱二河": "2187.50", "孙三川": "1093.75"}
    assert dividends.per_share(dividend) == Decimal("10.93")
    assert (dividend.state, balance(year, "share_dividend")) == ("proposed", "0.00")


def test_what_is_left_over_below_a_fen_a_share_is_stated_and_given_out(year: SimpleNamespace) -> None:
    dividend = propose(year, "1000", rates={})
    each = dividends.per_share(dividend)
    assert each == Decimal("1.25")
    third = propose_after(dividend, year, "100.01")
    assert dividends.per_share(third) == Decimal("0.12")
    assert amounts(third) == {"集体": "25.00", "赵大山": "37.51", "钱二河": "25.00", "孙三川": "12.50"}
    zhao = next(it for it in queries.parts(third) if it.holder and it.holder.household.head == "赵大山")
    assert (dividends.plain(zhao, Decimal("0.12")), zhao.amount) == (Decimal("36.00"), Decimal("37.51"))


def propose_after(dividend: Dividend, it: SimpleNamespace, amount: str) -> Dividend:
    dividends.decline(dividend, reason="重算", by=OTHER, on=DECIDED)
    return propose(it, amount, rates={})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"amount": "30000"}, None),
        ({"amount": "30000.01"}, "dividend.earnings"),
        ({"amount": "0"}, "dividend.amount"),
        ({"amount": "0.001"}, "dividend.amount"),
        ({"amount": "NaN"}, "dividend.amount"),
        ({"year": 2016}, "dividend.earnings"),
        ({"year": 2019}, "dividend.dates"),
        ({"record_day": date(2018, 1, 16)}, "dividend.dates"),
        ({"record_day": date(2017, 1, 19)}, "dividend.nobody"),
        ({"rates": {"fund": Decimal(-1)}}, "dividend.reserve"),
        ({"rates": {"fund": Decimal(60), "welfare": Decimal(40)}}, "dividend.reserve"),
    ],
)
def test_what_may_be_proposed(year: SimpleNamespace, given: dict[str, Any], code: str | None) -> None:
    assert refusal_of(propose, year, **given) == code
    assert Dividend.objects.count() == (0 if code else 1)


def test_a_refusal_says_what_the_books_have(year: SimpleNamespace) -> None:
    said = r"2017年账上收入50000.00元，成本费用20000.00元，可以分配的还有30000.00元，不够分配30001元"
    with pytest.raises(Refused, match=said):
        propose(year, "30001")


def test_the_least_of_a_reserve_holds(year: SimpleNamespace) -> None:
    strict = RULE.model_copy(update={"reserves": [RULE.reserves[0].model_copy(update={"least": Decimal(15)})]})
    low, enough = asked(rates={"fund": Decimal("14.99")}), asked(rates={"fund": Decimal(15)})
    said: dict[str, Any] = {"activity": year.decided, "by": CLERK, "on": DECIDED}
    assert refusal_of(dividends.propose, year.unit, strict, low, **said) == "dividend.reserve"
    assert refusal_of(dividends.propose, year.unit, strict, enough, **said) is None


def test_one_waits_at_a_time_and_two_of_a_year_share_its_earnings(year: SimpleNamespace) -> None:
    first = propose(year, "20000")
    assert refusal_of(propose, year, "1000") == "dividend.waits"
    approve(first)
    assert refusal_of(propose, year, "10000.01") == "dividend.earnings"
    assert refusal_of(propose, year, "10000") is None


def test_a_meeting_without_a_resolution_decides_no_dividend(year: SimpleNamespace) -> None:
    year.decided = meeting(year.unit, day=DECIDED, resolution="")
    assert refusal_of(propose, year) == "shares.meeting"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (OTHER, None),
        (CLERK, "dividend.own"),
        (Signer(9, person=107), "dividend.own"),  # the other account of who proposed it
        (Signer(9, acts_for=(CLERK,)), "dividend.own"),  # their delegate
    ],
)
def test_another_person_approves_and_then_it_is_posted_household_by_household(
    year: SimpleNamespace, by: Signer, code: str | None
) -> None:
    dividend = propose(year)
    assert refusal_of(approve, dividend, by) == code
    booked = dict(Entry.objects.filter(kind="share_dividend").values_list("household__head", "amount"))
    everybody = {"赵大山": Decimal("3281.25"), "钱二河": Decimal("2187.50"), "孙三川": Decimal("1093.75")}
    assert booked == ({} if code else everybody)
    dividend.refresh_from_db()
    assert (dividend.state, dividend.decided_by) == (("proposed", None) if code else ("posted", 8))


def test_what_changed_after_the_proposal_is_not_approved(year: SimpleNamespace) -> None:
    first = propose(year)
    late = book(year.unit, "collective_cost", "5")
    assert refusal_of(approve, first) == "dividend.changed"
    books.reverse(late, on=date(2017, 9, 1), reason="记错", actor=7)
    given: dict[str, Any] = {"shares": Decimal(1), "ground": "give", "note": "协议", "actor": 7}
    moved = register.pass_on(year.unit, KINDS["person"], giver=year.zhao, taker=year.sun, on=YEAR_END, **given)
    assert refusal_of(approve, first) == "dividend.changed"
    register.reverse(moved, reason="记错", on=YEAR_END, actor=7)
    assert refusal_of(approve, first) is None


def test_shares_passed_on_after_the_record_day_change_nothing(year: SimpleNamespace) -> None:
    dividend = propose(year)
    given: dict[str, Any] = {"shares": Decimal(100), "ground": "inherit", "note": "公证书", "actor": 7}
    register.pass_on(year.unit, KINDS["person"], giver=year.sun, taker=year.zhao, on=date(2018, 1, 1), **given)
    assert refusal_of(approve, dividend) is None
    assert amounts(dividend)["孙三川"] == "1093.75"


def test_it_is_decided_once(year: SimpleNamespace) -> None:
    dividend = propose(year)
    assert refusal_of(dividends.decline, dividend, reason=" ", by=OTHER, on=POSTED) == "dividend.reason"
    assert refusal_of(approve, dividend, on=date(2018, 1, 14)) == "dividend.dates"
    dividends.decline(dividend, reason="提留太少", by=CLERK, on=POSTED)  # who proposed it may take it back
    assert refusal_of(approve, dividend) == "dividend.state"
    assert refusal_of(pay, dividend) == "dividend.state"
    assert (dividend.reason, balance(year, "share_dividend")) in (("提留太少", "0.00"), ("", "0.00"))


def test_the_gap_is_who_has_not_been_paid(year: SimpleNamespace) -> None:
    dividend = approve(propose(year))
    assert unpaid(dividend) == ["赵大山", "孙三川", "钱二河"]
    zhao = queries.unpaid(queries.parts(dividend))[0]
    assert refusal_of(pay, dividend, [zhao.pk], note=" ") == "dividend.note"
    assert refusal_of(pay, dividend, [zhao.pk], on=date(2018, 1, 19)) == "dividend.dates"
    assert pay(dividend, [zhao.pk]) == 1
    assert (unpaid(dividend), balance(year, "share_dividend_paid")) == (["孙三川", "钱二河"], "3281.25")
    assert refusal_of(pay, dividend, [zhao.pk]) == "dividend.paid"
    assert pay(dividend) == 2
    assert (unpaid(dividend), balance(year, "share_dividend_paid")) == ([], "6562.50")
    assert refusal_of(pay, dividend) == "dividend.paid"


def test_a_payment_that_was_reversed_is_a_gap_again_and_is_paid_anew(year: SimpleNamespace) -> None:
    dividend = approve(propose(year))
    pay(dividend)
    returned = Entry.objects.get(kind="share_dividend_paid", household=year.sun)
    books.reverse(returned, on=PAID, reason="账号有误，退回", actor=7)
    assert unpaid(dividend) == ["孙三川"]
    assert pay(dividend) == 1
    assert (unpaid(dividend), balance(year, "share_dividend_paid")) == ([], "6562.50")


def test_it_is_undone_by_reversals_after_what_was_paid(year: SimpleNamespace) -> None:
    dividend = approve(propose(year))
    pay(dividend, [queries.unpaid(queries.parts(dividend))[0].pk])
    said: dict[str, Any] = {"reason": "决议撤销", "by": CLERK, "on": PAID}
    assert refusal_of(dividends.undo, dividend, **said) == "dividend.paid"
    books.reverse(Entry.objects.get(kind="share_dividend_paid"), on=PAID, reason="退回", actor=7)
    assert refusal_of(dividends.undo, dividend, **said | {"reason": ""}) == "dividend.reason"
    assert dividends.undo(dividend, **said).state == "reversed"
    assert Entry.objects.filter(kind="share_dividend").count() == 6
    assert (balance(year, "share_dividend"), balance(year, "share_dividend_paid")) == ("0.00", "0.00")
    assert (unpaid(dividend), refusal_of(dividends.undo, dividend, **said)) == ([], "dividend.state")
    assert refusal_of(propose, year, "30000") is None  # the earnings are free again


def test_a_household_s_amount_that_was_reversed_alone_is_no_gap(year: SimpleNamespace) -> None:
    dividend = approve(propose(year))
    books.reverse(Entry.objects.get(kind="share_dividend", household=year.sun), on=PAID, reason="放弃", actor=7)
    assert unpaid(dividend) == ["赵大山", "钱二河"]
    dividends.undo(dividend, reason="决议撤销", by=CLERK, on=PAID)
    assert balance(year, "share_dividend") == "0.00"


def test_posting_costs_the_same_however_many_households(
    year: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    dividend = propose(year)
    with django_assert_max_num_queries(20):
        approve(dividend)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals("0.01", 30000, places=2), st.decimals(0, 60, places=2), st.decimals(0, 39, places=2))
def test_what_is_decided_is_what_is_set_aside_kept_and_posted(
    year: SimpleNamespace, amount: Decimal, fund: Decimal, welfare: Decimal
) -> None:
    dividend = propose(year, str(amount), rates={"fund": fund, "welfare": welfare})
    aside = sum(map(Decimal, dividend.reserves.values()))
    own = dividend.parts.get(holder=None).amount
    dividend = approve(dividend)
    assert aside + own + Decimal(balance(year, "share_dividend")) == amount
    dividends.undo(dividend, reason="复原", by=CLERK, on=PAID)
    assert balance(year, "share_dividend") == "0.00"


STEPS = st.lists(st.sampled_from(["pay one", "pay all", "return one", "undo", "anew"]), max_size=8)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_books_agree_with_the_list_whatever_the_order_of_steps(year: SimpleNamespace, steps: list[str]) -> None:
    dividend = approve(propose(year))
    for step in steps:
        take(step, year, dividend)
        dividend = Dividend.objects.latest("pk")
        due, paid = Decimal(balance(year, "share_dividend")), Decimal(balance(year, "share_dividend_paid"))
        waiting = queries.unpaid(queries.parts(dividend))
        assert due - paid == sum(it.amount for it in waiting)
        assert due == (Decimal("6562.50") if dividend.state == "posted" else 0)
    Dividend.objects.latest("pk")
    clear(year)


def take(step: str, it: SimpleNamespace, dividend: Dividend) -> None:
    first = queries.unpaid(queries.parts(dividend)).values_list("pk", flat=True)[:1]
    given = Entry.objects.filter(kind="share_dividend_paid", reverses=None, reversal=None).first()
    if step == "pay one":
        refusal_of(pay, dividend, list(first))
    elif step == "pay all":
        refusal_of(pay, dividend)
    elif step == "return one" and given:
        books.reverse(given, on=PAID, reason="退回", actor=7)
    elif step == "undo":
        refusal_of(dividends.undo, dividend, reason="重算", by=CLERK, on=PAID)
    elif step == "anew" and dividend.state == "reversed":
        approve(propose(it))


def clear(it: SimpleNamespace) -> None:
    """The fixture lives through all examples: what stands is undone."""
    for entry in Entry.objects.filter(kind="share_dividend_paid", reverses=None, reversal=None):
        books.reverse(entry, on=PAID, reason="复原", actor=7)
    for dividend in Dividend.objects.filter(state="posted"):
        dividends.undo(dividend, reason="复原", by=CLERK, on=PAID)
