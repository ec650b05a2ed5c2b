"""A record changed moves exactly the figures that count it, at its own units and above; every other figure stays."""

from decimal import Decimal

import pytest

from hangshi import packs
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.registry.models import Unit
from tests.proof.small import date, everything_at, places, upwards

KINDS = packs.load("base", "ankang").kinds
LAST = date(2017, 10, 30)


@pytest.fixture
def moved(ankang, everything, year):
    """What the work changes: the differences by figure at the unit and each unit above; elsewhere nothing may move."""

    def run(unit, work):
        line = upwards(unit)
        away = next(it for it in (places().other_township, places().township) if not unit.path.startswith(it.path))
        before = [everything_at(it, year) for it in (*line, away)]
        work()
        after = [everything_at(it, year) for it in (*line, away)]
        *here, there = (
            {key: now[key] - was[key] for key in now if now[key] != was[key]}
            for was, now in zip(before, after, strict=True)
        )
        assert there == {}
        return [{key: it[key] for key in sorted(it)} for it in here]

    return run


def only(kind, **more):
    return Duty.objects.filter(kind=kind, until=None, **more).order_by("pk")


def test_ending_the_one_pairing_of_a_household(moved):
    duty = next(
        it
        for it in only("pairing")
        if only("pairing", household=it.household_id).count() == 1 and only("pairing", bearer=it.bearer_id).count() > 1
    )
    gone = moved(
        duty.unit, lambda: duties.end(KINDS.duty["pairing"], duty, on=LAST, reason=reason_of("pairing"), actor=None)
    )
    assert [it["paired_households"] for it in gone] == [-1] * len(gone)
    assert {key for it in gone for key in it} <= {"paired_households", "paired_bearers"}
    assert "paired_bearers" not in gone[-1]  # the bearer has another household in the city


def reason_of(kind):
    return next(iter(KINDS.duty[kind].end_reasons), "其他")


def test_recalling_a_first_secretary(moved):
    duty = next(
        it
        for it in only("first_secretary", since__lt=date(2017, 1, 1))
        if only("first_secretary", bearer=it.bearer_id).count() == 1
    )
    poor = bool(duty.target_unit.extra.get("poor"))
    gone = moved(
        duty.unit,
        lambda: duties.end(KINDS.duty["first_secretary"], duty, on=LAST, reason="recall", actor=None),
    )
    counted = {"first_secretaries": -1, "recalled_secretaries": 1} | ({"secretary_poor_villages": -1} if poor else {})
    assert [{key: it[key] for key in counted} for it in gone] == [counted] * len(gone)
    assert {key for it in gone for key in it} <= counted.keys() | {"secretary_coverage"}


def test_reversing_a_land_contract(moved):
    entry = (
        Entry.objects.filter(kind="land_contract", until__gt=LAST, since__lte=LAST, reversal=None)
        .order_by("pk")
        .first()
    )
    gone = moved(entry.unit, lambda: ledger.reverse(entry, on=date(2017, 10, 31), reason="合同作废", actor=None))
    assert gone == [{"land_mu": -entry.amount}] * len(gone)
    assert isinstance(entry.amount, Decimal)


def test_deleting_a_branch_chain(moved):
    poor = Unit.objects.filter(kind="village", extra__poor=True)
    duty = next(
        it
        for it in only("branch_chain", target_unit__kind="cooperative").select_related("target_unit")
        if only("branch_chain", target_unit=it.target_unit_id).count() == 1
        and poor.filter(pk__in=[int(part) for part in it.target_unit.path.split("/") if part]).exists()
    )
    gone = moved(duty.unit, lambda: Duty.objects.filter(pk=duty.pk).delete())
    assert gone == [{"chain_cooperatives": -1}] * len(gone)
