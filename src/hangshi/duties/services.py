"""Duties given and ended."""

import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from hangshi.duties.models import Duty
from hangshi.packs.models import DutyKind
from hangshi.refusal import Refused
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import collided, sign

Target = Unit | Household | Person
TARGETS: dict[str, type[Target]] = {"unit": Unit, "household": Household, "person": Person}


def slot_of(kind: str, target_id: int) -> int:
    """What two duties share when only one may be in force. A merger adds to it the difference of the targets' ids."""
    return ((zlib.crc32(kind.encode()) & 0x7FFFFFFF) << 32) + target_id


@transaction.atomic
def assign(
    kind: DutyKind,
    *,
    bearer: Person | Unit,
    target: Target,
    on: date,
    actor: int | None,
    until: date | None = None,
    unit: Unit | None = None,
    role: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Duty:
    """The bearer answers for the target from that day on. `unit` is the home where it is not the target (a work team: its village).

    Raises `Refused`; of two writers of an exclusive duty one wins, and the other gets `duty.taken`.
    """
    sign(actor)
    check_may_assign(kind, bearer=bearer, target=target, on=on, until=until, role=role)
    checked = checked_extra(kind.fields, extra or {})
    _check_consent(kind, checked, on)
    if kind.circle:
        _queue(slot_of(kind.key, 0))  # all of the kind, one after the other: a pair is told by its other half
        _check_circle(kind, bearer, target, on, until)
    home = unit or (target if isinstance(target, Unit) else target.unit)
    duty = Duty(
        kind=kind.key,
        unit=home,
        path=home.path,
        since=on,
        until=until,
        role=role,
        extra=checked,
    )
    setattr(duty, "bearer" if isinstance(bearer, Person) else "bearer_unit", bearer)
    setattr(duty, _column(target), target)
    if kind.exclusive:
        duty.slot = slot_of(kind.key, target.pk)
        _queue(duty.slot)
    try:
        with transaction.atomic():
            duty.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("duty.taken", f"“{target}”在此期间已有{kind.name}，请先结束原责任。")) from error
    return duty


def check_may_assign(
    kind: DutyKind, *, bearer: Person | Unit, target: Target, on: date, until: date | None = None, role: str = ""
) -> None:
    if isinstance(bearer, Person) != (kind.bearer == "person"):
        raise Refused("duty.bearer", f"{kind.name}的责任人应是{'个人' if kind.bearer == 'person' else '单位'}。")
    if isinstance(bearer, Unit) and kind.bearer_kinds and bearer.kind not in kind.bearer_kinds:
        raise Refused("duty.bearer_kind", f"“{bearer}”这类单位不能承担{kind.name}。")
    if not isinstance(target, TARGETS[kind.target]):
        raise Refused("duty.target", f"{kind.name}的责任对象不对。")
    if isinstance(target, Unit) and kind.target_kinds and target.kind not in kind.target_kinds:
        raise Refused("duty.target_kind", f"“{target}”这类单位不设{kind.name}。")
    for unit in (it for it in (bearer, target) if isinstance(it, Unit)):
        if unit.since > on or (unit.until is not None and (until is None or unit.until < until)):
            raise Refused("duty.unit_ended", f"“{unit}”在责任期间内并不一直存续。")
    if until is not None and until < on:
        raise Refused("duty.dates", "责任的截止日早于起始日。")
    if kind.roles and role and role not in kind.roles:
        raise Refused("duty.role", f"{kind.name}没有“{role}”这一岗位。")
    if kind.circle and bearer == target:
        raise Refused("duty.self", f"{kind.name}：“{bearer}”不能自己查自己。")


def _check_consent(kind: DutyKind, extra: Mapping[str, Any], on: date) -> None:
    # Dates are kept in ISO form, so that they compare as they read.
    if kind.consent and extra[kind.consent] > on.isoformat():
        said = date.fromisoformat(extra[kind.consent])
        raise Refused("duty.consent", f"本人{said}才同意，起始日不能早于这一天；还没有同意的，先征求本人意见。")


def _check_circle(kind: DutyKind, bearer: Target, target: Target, on: date, until: date | None) -> None:
    there = between(kind.key, bearer, target, on, until).first()
    if there is not None and there.bearer_unit_id == bearer.pk:
        raise Refused("duty.taken", f"{kind.name}：“{bearer}”在此期间已经分到“{target}”。")
    if there is not None:
        raise Refused("duty.swap", f"{kind.name}：“{target}”在此期间分到的正是“{bearer}”，两家不能对换。")


def between(kind: str, one: Target, other: Target, on: date, until: date | None) -> QuerySet[Duty]:
    """The duties of a circle that either of the two units bears for the other on a day from `on` to `until`."""
    pair = [one.pk, other.pk]
    found = Duty.objects.filter(kind=kind, bearer_unit__in=pair, target_unit__in=pair).exclude(until__lt=on)
    return found if until is None else found.filter(since__lte=until)


@transaction.atomic
def end(kind: DutyKind, duty: Duty, *, on: date, reason: str, actor: int | None) -> Duty:
    """`on` is the duty's last day. Raises `Refused`."""
    sign(actor)
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    check_may_end(kind, duty, on=on, reason=reason)
    duty.until, duty.end_reason = on, reason
    duty.save(update_fields=["until", "end_reason"])
    return duty


def check_may_end(kind: DutyKind, duty: Duty, *, on: date, reason: str) -> None:
    if duty.end_reason or (duty.until is not None and duty.until < on):
        raise Refused("duty.ended", f"此项责任已于{duty.until}结束。")
    if on < duty.since:
        raise Refused("duty.dates", f"此项责任自{duty.since}开始，不能在此之前结束。")
    if kind.end_reasons and reason not in kind.end_reasons:
        raise Refused("duty.reason", f"请从{'、'.join(kind.end_reasons.values())}中选择终止原因。")


def _column(target: Target) -> str:
    return (
        "target_unit" if isinstance(target, Unit) else "household" if isinstance(target, Household) else "target_person"
    )


def _queue(slot: int) -> None:
    """Writers of one slot wait here, so that the loser meets the constraint and not a deadlock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [slot])
