"""Activities recorded, with who was there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from hangshi.activities.models import Activity, Attendance
from hangshi.packs.models import ActivityKind
from hangshi.refusal import Refused
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import sign

STATES = {"present": "到会", "leave": "请假", "absent": "缺席"}


@transaction.atomic
def record(
    kind: ActivityKind,
    *,
    unit: Unit,
    on: date,
    actor: int | None,
    leader: Person | None = None,
    household: Household | None = None,
    attendance: Mapping[int, str] | None = None,
    present: int | None = None,
    topic: str = "",
    place: str = "",
    minutes: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Activity:
    """It took place that day. `attendance`: person id → state; `present` is then counted, and may be given higher for those not named.

    Raises `Refused`, and then nothing is written.
    """
    sign(actor)
    states = dict(attendance or {})
    there = sum(state == "present" for state in states.values())
    check_may_record(kind, unit=unit, on=on, leader=leader, household=household, attendance=states, present=present)
    activity = Activity.objects.create(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        day=on,
        leader=leader,
        household=household,
        topic=topic,
        place=place,
        minutes=minutes,
        present=there if present is None else present,
        recorded_by=actor,
        extra=checked_extra(kind.fields, extra or {}),
    )
    _attend(activity, states)
    return activity


def check_may_record(
    kind: ActivityKind,
    *,
    unit: Unit,
    on: date,
    leader: Person | None = None,
    household: Household | None = None,
    attendance: Mapping[int, str] | None = None,
    present: int | None = None,
) -> None:
    if kind.unit_kinds and unit.kind not in kind.unit_kinds:
        raise Refused("activity.unit_kind", f"“{unit}”这类单位不开展{kind.name}。")
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("activity.unit_ended", f"“{unit}”在{on}不在存续期内。")
    if kind.household and household is None:
        raise Refused("activity.household", f"{kind.name}必须填写走访户。")
    if household is not None and household.unit_id != unit.pk:
        raise Refused("activity.household_unit", f"{household}不属于“{unit}”。")
    if kind.leader and leader is None:
        raise Refused("activity.leader", f"{kind.name}必须填写主持人或走访人。")
    if unknown := set((attendance or {}).values()) - STATES.keys():
        raise Refused("activity.state", f"到会情况只能是到会、请假、缺席，不能是{'、'.join(sorted(unknown))}。")
    if attendance and kind.attendance != "named":
        raise Refused("activity.attendance", f"{kind.name}不逐人登记到会情况。")
    if present is not None and present < sum(state == "present" for state in (attendance or {}).values()):
        raise Refused("activity.present", "参加人数少于逐人登记的到会人数。")


def _attend(activity: Activity, states: Mapping[int, str]) -> None:
    known = set(Person.objects.filter(pk__in=states).values_list("pk", flat=True))
    if missing := len(states.keys() - known):
        raise Refused("activity.person", f"到会名单中有{missing}人不在您的范围内或不存在。")
    Attendance.objects.bulk_create(
        Attendance(
            activity=activity, person_id=pk, unit=activity.unit, path=activity.path, day=activity.day, state=state
        )
        for pk, state in states.items()
    )
