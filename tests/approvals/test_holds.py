"""A refused move says the rule, its source, and the date from which it would be allowed."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.approvals.holds import Asked, check_may_adjust, held
from hangshi.packs import load
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from tests.refusals import refusal_of

HOLDS = load("base").holds.values()


def township(land: SimpleNamespace, **extra: object) -> Unit:
    Unit.objects.filter(pk=land.east.pk).update(extra=extra)
    return Unit.objects.get(pk=land.east.pk)


def asked(unit: Unit, post: str = "township_secretary", **given: object) -> Asked:
    return Asked(kind="personnel_move", unit=unit, post=post, **given)


@pytest.mark.parametrize(
    ("extra", "on", "free_from"),
    [
        ({"poor": True, "delisted_on": "2019-04-30"}, date(2019, 10, 29), date(2019, 10, 30)),
        ({"poor": True, "delisted_on": "2018-08-31"}, date(2019, 2, 27), date(2019, 2, 28)),
        ({"poor": True}, date(2020, 6, 1), None),
    ],
)
def test_a_township_head_is_held_until_half_a_year_after_delisting(
    land: SimpleNamespace, extra: dict[str, object], on: date, free_from: date | None
) -> None:
    [found] = held(HOLDS, asked(township(land, **extra)), on=on)
    assert (found.hold.key, found.free_from) == ("township_heads", free_from)


@pytest.mark.parametrize(
    ("extra", "post", "on"),
    [
        ({"poor": True, "delisted_on": "2019-04-30"}, "township_secretary", date(2019, 10, 30)),  # half a year
        ({}, "township_secretary", date(2019, 1, 1)),  # never on the list
        ({"poor": True}, "other", date(2019, 1, 1)),  # another post
    ],
)
def test_who_is_free_to_be_moved(land: SimpleNamespace, extra: dict[str, object], post: str, on: date) -> None:
    assert held(HOLDS, asked(township(land, **extra), post), on=on) == []


def test_a_county_head_is_held_until_the_county_leaves_the_list(land: SimpleNamespace) -> None:
    Unit.objects.filter(pk=land.county.pk).update(extra={"poor": True, "delisted_on": "2019-04-30"})
    county = Unit.objects.get(pk=land.county.pk)
    found = [held(HOLDS, asked(county, "county_head"), on=date(2019, 4, day)) for day in (29, 30)]
    assert [[it.free_from for it in day] for day in found] == [[date(2019, 4, 30)], []]


@pytest.mark.parametrize(
    ("entered_on", "on", "free_from"),
    [
        (date(2015, 7, 1), date(2020, 6, 30), date(2020, 7, 1)),
        (date(2015, 7, 1), date(2020, 7, 1), "free"),
        (None, date(2020, 7, 1), None),
    ],
)
def test_new_staff_of_a_township_serve_five_years(
    land: SimpleNamespace, entered_on: date | None, on: date, free_from: date | str | None
) -> None:
    found = held(HOLDS, asked(land.east, "township_staff", entered_on=entered_on), on=on)
    assert [it.free_from for it in found] == ([] if free_from == "free" else [free_from])


def test_the_refusal_says_the_rule_its_source_and_the_date(land: SimpleNamespace) -> None:
    unit = township(land, poor=True, delisted_on="2019-04-30")
    with pytest.raises(Refused) as refused:
        check_may_adjust(HOLDS, asked(unit), on=date(2019, 10, 1))
    assert refused.value.code == "hold.held"
    assert refused.value.sentence == (
        "按“贫困乡镇党政正职稳定”，“东镇”2019-04-30脱贫出列，应满半年，自2019-10-30起方可办理；"
        "确有严重违纪违法、健康原因不能履职、不胜任现职情形的，写明情形和依据文件后可以办理。"
        "依据：《保山日报：扶贫路上党旗红——保山市抓党建促脱贫攻坚工作综述》（2020年）"
    )


@pytest.mark.parametrize(
    ("ground", "basis", "code"),
    [
        ("discipline", "某纪〔2019〕3号", None),
        ("discipline", " ", "hold.basis"),
        ("routine", "某纪〔2019〕3号", "hold.held"),
        ("promotion", "某组〔2019〕3号", "hold.held"),  # lawful for a county head, not for a township head
    ],
)
def test_a_lawful_exception_needs_its_document(
    land: SimpleNamespace, ground: str, basis: str, code: str | None
) -> None:
    unit = township(land, poor=True, delisted_on="2019-04-30")
    given = asked(unit, ground=ground, basis=basis)
    assert refusal_of(check_may_adjust, HOLDS, given, on=date(2019, 10, 1)) == code
