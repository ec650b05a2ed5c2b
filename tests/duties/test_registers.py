"""Lists of persons rest on their consent; units check each other, never themselves, never in exchange."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hangshi.duties import services
from hangshi.duties.models import Duty
from hangshi.packs.loader import load
from hangshi.packs.models import DutyKind, ExtraField
from tests.land import FIRST
from tests.refusals import refusal_of

JULY_1, JULY_2, JULY_31, AUGUST_1 = date(2017, 7, 1), date(2017, 7, 2), date(2017, 7, 31), date(2017, 8, 1)
KINDS = load("base", "baoshan", "shifan", "jiuquan").kinds.duty
TALENT = DutyKind(
    key="talent",
    name="人才培养对象",
    bearer="person",
    target="unit",
    consent="consent_on",
    fields={"consent_on": ExtraField(name="本人同意日期", type="date", required=True)},
)
CHECK = DutyKind(key="mutual_check", name="互查分工", bearer="unit", target="unit", circle=True)


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({}, "extra.missing"),
        ({"consent_on": JULY_2}, "duty.consent"),
        ({"consent_on": JULY_1}, None),
        ({"consent_on": "2017-06-20"}, None),
    ],
)
def test_nobody_is_on_a_list_before_they_agreed(
    land: SimpleNamespace, people: SimpleNamespace, extra: dict[str, object], code: str | None
) -> None:
    given: dict[str, Any] = {"bearer": people.wang, "target": land.bay, "on": JULY_1, "actor": None, "extra": extra}
    assert refusal_of(services.assign, TALENT, **given) == code
    assert Duty.objects.count() == (0 if code else 1)


@pytest.mark.parametrize("key", ["reserve_candidate", "talent", "returnee", "village_reserve"])
def test_every_list_of_persons_that_is_shipped_asks_for_consent(key: str) -> None:
    assert KINDS[key].consent == "consent_on"
    assert KINDS[key].fields["consent_on"].required
    assert "withdrawn" in KINDS[key].end_reasons  # and who is on it may leave it


def refused_by(write: Callable[[], object]) -> str:
    """The name of the constraint by which the database refuses it; "" where none does."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        cause: Any = error.__cause__  # psycopg's own error
        return str(cause.diag.constraint_name)
    return ""


@pytest.mark.parametrize(
    ("kind", "extra", "constraint"),
    [
        ("returnee", {}, "duty_consent"),
        ("returnee", {"consent_on": "2017-07-02"}, "duty_consent"),
        ("returnee", {"consent_on": "2017-07-01"}, ""),
        ("first_secretary", {}, ""),
        ("mobile_member", {"region": "广东", "address": "深圳市南山区"}, "duty_region_only"),
        ("mobile_member", {"region": "广东省深圳市"}, "duty_region_only"),
        ("mobile_member", {"region": "内蒙古"}, ""),
    ],
)
def test_the_database_refuses_what_no_form_would_send(
    land: SimpleNamespace, people: SimpleNamespace, kind: str, extra: dict[str, str], constraint: str
) -> None:
    said = {"kind": kind, "unit": land.bay, "path": land.bay.path, "bearer": people.wang, "target_unit": land.bay}
    assert refused_by(lambda: Duty.objects.create(**said, since=JULY_1, extra=extra)) == constraint


def test_a_mobile_member_is_known_by_province_and_no_nearer(land: SimpleNamespace, people: SimpleNamespace) -> None:
    kind = KINDS["mobile_member"]
    assert list(kind.fields) == ["region"]
    assert len(kind.fields["region"].choices) == 34
    given: dict[str, Any] = {"bearer": people.wang, "target": land.bay_branch, "on": JULY_1, "actor": None}
    assert refusal_of(services.assign, kind, **given) == "extra.missing"
    assert refusal_of(services.assign, kind, **given, extra={"region": "深圳市南山区某街道"}) == "extra.type"
    assert refusal_of(services.assign, kind, **given, extra={"region": "广东", "phone": "1"}) == "extra.unknown"
    assert refusal_of(services.assign, kind, **given, extra={"region": "广东"}) is None


def checks(one: object, other: object, on: date = JULY_1, until: date | None = JULY_31) -> str | None:
    return refusal_of(services.assign, CHECK, bearer=one, target=other, on=on, until=until, actor=None)


def test_units_check_each_other_in_a_round_and_not_in_exchange(land: SimpleNamespace) -> None:
    assert checks(land.bay, land.bay) == "duty.self"
    assert [checks(land.bay, land.hill), checks(land.hill, land.ditch), checks(land.ditch, land.bay)] == [None] * 3
    assert checks(land.hill, land.bay) == "duty.swap"
    assert checks(land.bay, land.hill) == "duty.taken"
    assert Duty.objects.count() == 3


@pytest.mark.parametrize(
    ("on", "until", "code"),
    [
        (JULY_31, None, "duty.swap"),
        (AUGUST_1, None, None),
        (FIRST, date(2017, 6, 30), None),
        (FIRST, None, "duty.swap"),
    ],
)
def test_the_next_round_may_go_the_other_way(
    land: SimpleNamespace, on: date, until: date | None, code: str | None
) -> None:
    assert checks(land.bay, land.hill) is None
    assert checks(land.hill, land.bay, on, until) == code


@pytest.mark.parametrize(
    ("bearer", "target", "constraint"),
    [("hill", "bay", "duty_no_swap"), ("bay", "bay", "duty_not_itself"), ("ditch", "bay", "")],
)
def test_the_database_keeps_the_circle_whoever_writes(
    land: SimpleNamespace, bearer: str, target: str, constraint: str
) -> None:
    assert checks(land.bay, land.hill) is None
    one, other = getattr(land, bearer), getattr(land, target)
    said = {"unit": other, "path": other.path, "bearer_unit": one, "target_unit": other, "since": JULY_31}
    assert refused_by(lambda: Duty.objects.create(kind="mutual_check", **said)) == constraint
