"""Activities recorded, with who was there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from hangshi.activities.models import Activity, AgendaItem, Also, Attendance, Plan
from hangshi.outbox.services import tell
from hangshi.packs.models import ActivityKind
from hangshi.refusal import Refused
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import sign

STATES = {"present": "到会", "leave": "请假", "absent": "缺席"}


@dataclass(frozen=True)
class Item:
    """An item of the agenda as it was held."""

    topic: str
    resolution: str = ""


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
    plan: Plan | None = None,
    reasons: Mapping[int, str] | None = None,
    agenda: Sequence[Item] = (),
    satisfies: Iterable[str] = (),
) -> Activity:
    """It took place that day. `attendance`: person id → state; `present` is then counted, and may be given higher for those not named.

    `plan` is then held, and lends its topic, place and agenda where none are given. `reasons`: person id → why they had leave.
    `satisfies`: other kinds that this activity counts as too. Whether it is recorded late is told by the server's time of recording.
    Raises `Refused`, and then nothing is written.
    """
    sign(actor)
    states = dict(attendance or {})
    there = sum(state == "present" for state in states.values())
    plan = None if plan is None else Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    check_may_record(
        kind,
        unit=unit,
        on=on,
        leader=leader,
        household=household,
        attendance=states,
        present=present,
        plan=plan,
        reasons=reasons,
        satisfies=satisfies,
    )
    check_number_only(kind, topic, place, minutes, *(part for it in agenda for part in (it.topic, it.resolution)))
    activity = Activity.objects.create(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        day=on,
        leader=leader,
        household=household,
        topic=topic or (plan.topic if plan else ""),
        place=place or (plan.place if plan else ""),
        minutes=minutes,
        present=there if present is None else present,
        plan=plan,
        late=is_late(kind, on, timezone.now()),
        recorded_by=actor,
        extra=checked_extra(kind.fields, extra or {}),
    )
    attend(activity, states, reasons or {})
    write_agenda(activity, agenda or [Item(it) for it in (plan.agenda if plan else ())])
    Also.objects.bulk_create(Also(activity=activity, kind=key, path=unit.path) for key in satisfies)
    if plan:
        plan.state = "held"
        plan.save(update_fields=["state"])
    tell("activity.recorded", activity, on=on, actor=actor)
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
    plan: Plan | None = None,
    reasons: Mapping[int, str] | None = None,
    satisfies: Iterable[str] = (),
) -> None:
    if kind.unit_kinds and unit.kind not in kind.unit_kinds:
        raise Refused("activity.unit_kind", f"“{unit}”这类单位不开展{kind.name}。")
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("activity.unit_ended", f"“{unit}”在{on}不在存续期内。")
    if on > timezone.localdate():
        raise Refused("activity.future", f"{on}还没有到，只能先列入计划，开展之后再登记。")
    if kind.household and household is None:
        raise Refused("activity.household", f"{kind.name}必须填写走访户。")
    if household is not None and household.unit_id != unit.pk:
        raise Refused("activity.household_unit", f"{household}不属于“{unit}”。")
    if kind.number_only and (leader or household or plan):
        raise Refused("activity.number_only", f"{kind.name}只记一个数，不写是谁、哪一户，也不列计划。")
    if kind.leader and leader is None:
        raise Refused("activity.leader", f"{kind.name}必须填写主持人或走访人。")
    _check_plan(kind, unit, plan)
    check_attendance(kind, attendance or {}, present, reasons or {})
    _check_also(kind, list(satisfies))


def _check_plan(kind: ActivityKind, unit: Unit, plan: Plan | None) -> None:
    if plan is None:
        return
    if (plan.kind, plan.unit_id) != (kind.key, unit.pk):
        raise Refused("activity.plan", f"“{plan.topic}”不是“{unit}”的{kind.name}计划。")
    if plan.state not in ("planned", "noticed"):
        raise Refused("activity.plan_over", f"“{plan.topic}”{'已经登记' if plan.state == 'held' else '已经取消'}。")


def check_attendance(
    kind: ActivityKind, attendance: Mapping[int, str], present: int | None, reasons: Mapping[int, str]
) -> None:
    if unknown := set(attendance.values()) - STATES.keys():
        raise Refused("activity.state", f"到会情况只能是到会、请假、缺席，不能是{'、'.join(sorted(unknown))}。")
    if attendance and kind.attendance != "named":
        raise Refused("activity.attendance", f"{kind.name}不逐人登记到会情况。")
    if present is not None and present < sum(state == "present" for state in attendance.values()):
        raise Refused("activity.present", "参加人数少于逐人登记的到会人数。")
    on_leave = {pk for pk, state in attendance.items() if state == "leave"}
    if stray := reasons.keys() - on_leave:
        raise Refused("activity.reason_stray", f"有{len(stray)}人没有请假，却填了请假事由。")
    if kind.leave_reason and (missing := [pk for pk in on_leave if not reasons.get(pk, "").strip()]):
        raise Refused("activity.leave_reason", f"有{len(missing)}名请假的人没有填写事由。")


def check_number_only(kind: ActivityKind, *texts: str | None) -> None:
    """A number of a day has no place for a name. Raises `Refused`."""
    if kind.number_only and any(texts):
        raise Refused("activity.number_only", f"{kind.name}只记一个数，不写主题、地点、纪要和议题，以免写进人名。")


def _check_also(kind: ActivityKind, satisfies: list[str]) -> None:
    if len(set(satisfies)) < len(satisfies):
        raise Refused("activity.also_twice", "一次活动对同一项要求只计一次。")
    if set(satisfies) - set(kind.also):
        raise Refused("activity.also", f"{kind.name}不能同时计作所选的其他活动。")


def is_late(kind: ActivityKind, day: date, recorded_at: datetime) -> bool:
    """Whether it was recorded after the term of its kind; the last day of the term is in time, a kind without one is never late."""
    if kind.record_within is None:
        return False
    return timezone.localdate(recorded_at) > day + timedelta(days=kind.record_within)


def attend(activity: Activity, states: Mapping[int, str], reasons: Mapping[int, str]) -> None:
    """Write who was there. Raises `Refused` for a person who cannot be seen."""
    known = set(Person.objects.filter(pk__in=states).values_list("pk", flat=True))
    if missing := len(states.keys() - known):
        raise Refused("activity.person", f"到会名单中有{missing}人不在您的范围内或不存在。")
    Attendance.objects.bulk_create(
        Attendance(
            activity=activity,
            person_id=pk,
            unit=activity.unit,
            path=activity.path,
            day=activity.day,
            state=state,
            reason=reasons.get(pk, "").strip(),
        )
        for pk, state in states.items()
    )


def write_agenda(activity: Activity, agenda: Sequence[Item]) -> None:
    """The items in their order, numbered from 1, of an activity that has none."""
    AgendaItem.objects.bulk_create(
        AgendaItem(activity=activity, path=activity.path, number=number, topic=it.topic, resolution=it.resolution)
        for number, it in enumerate(agenda, 1)
    )
