"""The register of shares: who holds what on a day, as decided, allotted, passed on, returned and reversed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from hangshi.access.scope import EVERYTHING, acting
from hangshi.closings import services as closings
from hangshi.indicators.queries import Period
from hangshi.refusal import Refused
from hangshi.registry.models import Household
from hangshi.shares import queries, register
from hangshi.shares.models import Change, Line
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of
from tests.shares.conftest import ALLOTTED, KINDS, LATER, MET, RULE, decide, held, household, meeting

PERSON, COLLECTIVE, SUPPORT = KINDS["person"], KINDS["collective"], KINDS["support"]
BEFORE = date(2017, 1, 19)


def allot(it: SimpleNamespace, who: Household, shares: str, kind: str = "person", **given: Any) -> Change:
    said = {"groups": {}, "activity": it.met, "note": "", "on": LATER, "actor": 7} | given
    return register.allot(it.unit, RULE, KINDS[kind], {who: Decimal(shares)}, **said)


def pass_on(it: SimpleNamespace, giver: Household, taker: Household, shares: str, **given: Any) -> Change:
    said = {"ground": "transfer", "note": "转让协议", "on": LATER, "actor": 7} | given
    kind = said.pop("kind", PERSON)
    return register.pass_on(it.unit, kind, giver=giver, taker=taker, shares=Decimal(shares), **said)


def withdraw(it: SimpleNamespace, who: Household, shares: str, **given: Any) -> Change:
    said = {"activity": it.met, "note": "", "on": LATER, "actor": 7} | given
    return register.withdraw(it.unit, RULE, PERSON, household=who, shares=Decimal(shares), **said)


def test_who_holds_what_on_a_day_by_group(village: SimpleNamespace) -> None:
    assert held(village.unit, BEFORE) == {}
    assert held(village.unit, ALLOTTED) == {
        "集体": {"collective": "200.00"},
        "赵大山": {"person": "300.00"},
        "孙三川": {"person": "100.00"},
        "钱二河": {"person": "200.00"},
    }
    assert list(held(village.unit, ALLOTTED)) == ["集体", "赵大山", "孙三川", "钱二河"]  # 一组 before 二组
    assert (queries.decided(village.unit, on=BEFORE), queries.decided(village.unit, on=LATER)) == (
        Decimal(0),
        Decimal(1000),
    )


@pytest.mark.parametrize("ground", ["transfer", "inherit", "give"])
def test_what_is_passed_on_leaves_the_one_and_comes_to_the_other(village: SimpleNamespace, ground: str) -> None:
    pass_on(village, village.zhao, village.sun, "120.50", ground=ground)
    assert held(village.unit, date(2017, 5, 31))["赵大山"] == {"person": "300.00"}
    after = held(village.unit, LATER)
    assert (after["赵大山"], after["孙三川"]) == ({"person": "179.50"}, {"person": "220.50"})
    assert queries.by_kind(queries.held(village.unit, on=LATER)) == {"collective": 200, "person": 600}


def test_who_has_passed_on_everything_is_no_longer_listed(village: SimpleNamespace) -> None:
    pass_on(village, village.sun, village.qian, "100", ground="inherit")
    assert set(held(village.unit, LATER)) == {"集体", "赵大山", "钱二河"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"shares": "300.01"}, "shares.short"),
        ({"shares": "0"}, "shares.amount"),
        ({"shares": "-1"}, "shares.amount"),
        ({"shares": "1.001"}, "shares.amount"),
        ({"shares": "NaN"}, "shares.amount"),
        ({"ground": "allot"}, "shares.ground"),
        ({"kind": COLLECTIVE}, "shares.holder"),
        ({"kind": SUPPORT}, "shares.short"),  # Zhao has none of these
        ({"note": " "}, "shares.note"),
        ({"on": BEFORE}, "shares.short"),  # dated before it was allotted
        ({"on": date(2015, 1, 1)}, "shares.unit_ended"),
    ],
)
def test_what_may_be_passed_on(village: SimpleNamespace, given: dict[str, Any], code: str | None) -> None:
    said = {"shares": "300"} | given
    assert refusal_of(pass_on, village, village.zhao, village.sun, said.pop("shares"), **said) == code
    assert held(village.unit, LATER)["孙三川"] == {"person": "100.00" if code else "400.00"}


def test_a_household_does_not_transfer_to_itself_nor_one_without_shares(village: SimpleNamespace) -> None:
    stranger = household(village.unit, "东湾-9", "李四海")
    assert refusal_of(pass_on, village, village.zhao, village.zhao, "1") == "shares.one_household"
    assert refusal_of(pass_on, village, stranger, village.zhao, "1") == "shares.short"
    assert refusal_of(pass_on, village, village.zhao, stranger, "1") is None


def test_a_transfer_dated_back_is_held_against_every_later_day(village: SimpleNamespace) -> None:
    pass_on(village, village.zhao, village.sun, "250", on=LATER)
    with pytest.raises(Refused, match=r"到2017-06-01，东湾-1（赵大山）的这一股种不够，还差50.00股；没有登记"):
        pass_on(village, village.zhao, village.qian, "100", on=date(2017, 3, 1))


def test_together_no_more_is_allotted_than_was_decided(village: SimpleNamespace) -> None:
    assert refusal_of(allot, village, village.qian, "200.01") == "shares.over"
    assert refusal_of(allot, village, village.qian, "200") is None
    assert refusal_of(decide, village, "999.99", on=LATER) == "shares.over"
    assert refusal_of(decide, village, "1000", on=LATER) == "shares.same"
    assert refusal_of(decide, village, "1500", on=LATER) is None
    assert refusal_of(allot, village, village.qian, "500", on=date(2017, 5, 31)) == "shares.over"  # a day too early
    assert refusal_of(allot, village, village.qian, "500") is None


def test_support_shares_go_to_households_that_count_as_such_on_the_day(village: SimpleNamespace) -> None:
    assert refusal_of(allot, village, village.sun, "50", "support") is None
    with pytest.raises(Refused, match=r"1户在2017-06-01不是扶持股可以配给的户：东湾-1（赵大山）。没有配股"):
        allot(village, village.zhao, "50", "support")
    assert held(village.unit, LATER)["孙三川"] == {"person": "100.00", "support": "50.00"}


def test_the_collective_and_the_households_hold_kinds_of_their_own(village: SimpleNamespace) -> None:
    said: dict[str, Any] = {"activity": village.met, "note": "", "on": LATER, "actor": 7}
    assert refusal_of(register.keep, village.unit, RULE, PERSON, shares=Decimal(1), **said) == "shares.holder"
    assert refusal_of(allot, village, village.zhao, "1", "collective") == "shares.holder"
    none: dict[Household, Decimal] = {}
    assert refusal_of(register.allot, village.unit, RULE, PERSON, none, groups={}, **said) == "shares.nobody"


def test_what_returns_to_the_collective_can_be_allotted_again(village: SimpleNamespace) -> None:
    withdraw(village, village.zhao, "300")
    assert "赵大山" not in held(village.unit, LATER)
    assert queries.decided(village.unit, on=LATER) == 1000
    assert refusal_of(allot, village, village.qian, "500") is None
    assert refusal_of(withdraw, village, village.zhao, "0.01") == "shares.short"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({}, None),
        ({"resolution": ""}, "shares.meeting"),
        ({"kind": "council_meeting"}, "shares.meeting"),
        ({"day": date(2017, 6, 2)}, "shares.dates"),
    ],
)
def test_only_a_meeting_of_the_collective_that_resolved_something_decides(
    village: SimpleNamespace, made: dict[str, Any], code: str | None
) -> None:
    met = meeting(village.unit, **made)
    assert refusal_of(allot, village, village.qian, "10", activity=met) == code
    assert refusal_of(withdraw, village, village.qian, "10", activity=met) == code


def test_the_meeting_of_another_village_decides_nothing_here(village: SimpleNamespace) -> None:
    other = meeting(village.land.hill)
    assert refusal_of(allot, village, village.qian, "10", activity=other) == "shares.meeting"
    village.unit = village.land.bay_branch
    assert refusal_of(decide, village, "10") == "shares.unit"


def test_a_change_is_reversed_once_with_a_reason_and_what_rests_on_it_first(village: SimpleNamespace) -> None:
    allotted = Change.objects.get(ground="allot", lines__holder=None)
    more = allot(village, village.qian, "100")
    moved = pass_on(village, village.qian, village.sun, "250", on=date(2017, 7, 1))
    said: dict[str, Any] = {"reason": "记错", "on": date(2017, 8, 1), "actor": 7}
    assert refusal_of(register.reverse, more, **said) == "shares.short"
    assert refusal_of(register.reverse, moved, **said | {"reason": " "}) == "shares.note"
    assert refusal_of(register.reverse, moved, **said | {"on": LATER}) == "shares.dates"
    back = register.reverse(moved, **said)
    assert (refusal_of(register.reverse, moved, **said), refusal_of(register.reverse, back, **said)) == (
        "shares.reversed",
        "shares.reversed",
    )
    assert held(village.unit, date(2017, 8, 1))["钱二河"] == {"person": "300.00"}
    assert held(village.unit, date(2017, 7, 31))["钱二河"] == {"person": "50.00"}  # until then it stood
    assert refusal_of(register.reverse, more, **said) is None
    assert refusal_of(register.reverse, allotted, **said) is None


def test_the_total_decided_is_reversed_like_anything_else(village: SimpleNamespace) -> None:
    more = decide(village, "1500", on=LATER)
    assert more.decided == 500
    register.reverse(more, reason="决议撤销", on=date(2017, 7, 1), actor=7)
    assert queries.decided(village.unit, on=date(2017, 6, 30)) == 1500
    assert queries.decided(village.unit, on=date(2017, 7, 1)) == 1000


def test_a_group_that_is_said_replaces_the_one_known(village: SimpleNamespace) -> None:
    allot(village, village.qian, "10", groups={village.qian: "三组"})
    allot(village, village.zhao, "10")
    groups = {it.holder.household.head: it.holder.group for it in queries.held(village.unit, on=LATER) if it.holder}
    assert groups == {"赵大山": "一组", "孙三川": "一组", "钱二河": "三组"}


def test_a_change_stays_as_it_was_written(village: SimpleNamespace) -> None:
    attempts: tuple[Callable[[], object], ...] = (
        lambda: Change.objects.update(day=LATER),
        lambda: Line.objects.update(shares=1),
        lambda: Line.objects.all().delete(),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="股份变动只增不改"), transaction.atomic():
            attempt()


def test_nothing_is_dated_in_a_closed_period(village: SimpleNamespace) -> None:
    closings.close(village.unit, "month", Period(LATER, date(2017, 6, 30)), on=date(2017, 7, 1), actor=None)
    assert refusal_of(pass_on, village, village.zhao, village.sun, "1") == "period.closed"
    assert refusal_of(pass_on, village, village.zhao, village.sun, "1", on=date(2017, 7, 1)) is None


def test_two_who_transfer_the_same_shares_at_once_do_not_both_pass(committed: None) -> None:
    with acting(EVERYTHING):
        unit = make("village", "东湾村", make("township", "东镇", make("county", "示例县", None)))
        zhao, qian = household(unit, "东湾-1", "赵大山"), household(unit, "东湾-2", "钱二河")
        it = SimpleNamespace(unit=unit, met=meeting(unit))
        decide(it, "100")
        allot(it, zhao, "100", on=ALLOTTED)
    results = at_once(lambda _: refusal_of(pass_on, it, zhao, qian, "60"))
    with acting(EVERYTHING):
        assert sorted(results, key=str) == [None, "shares.short"]
        assert held(unit, LATER) == {"赵大山": {"person": "40.00"}, "钱二河": {"person": "60.00"}}


def test_the_list_of_collectives_has_their_totals(village: SimpleNamespace) -> None:
    ditch = SimpleNamespace(unit=village.land.ditch, met=meeting(village.land.ditch))
    decide(ditch, "50", on=MET)
    assert [(it.name, it.total) for it in queries.collectives(village.land.county, RULE)] == [
        ("东湾村", 1000),
        ("西沟村", 50),
    ]
    assert [it.name for it in queries.collectives(village.land.west, RULE)] == ["西沟村"]
