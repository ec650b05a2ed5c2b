"""Activities to come: planned, noticed, put off, called off. What was held is recorded by `services.record(plan=…)`."""

from collections.abc import Sequence
from datetime import date, time

from django.db import transaction

from hangshi.activities.models import Plan
from hangshi.packs.models import ActivityKind
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign

OVER = {"held": "已经开展", "called_off": "已经取消"}


@transaction.atomic
def plan(
    kind: ActivityKind,
    *,
    unit: Unit,
    on: date,
    topic: str,
    actor: int | None,
    place: str = "",
    starts_at: time | None = None,
    agenda: Sequence[str] = (),
) -> Plan:
    """The unit means to hold it on the day `on`. Raises `Refused`."""
    sign(actor)
    check_may_plan(kind, unit=unit, on=on, topic=topic)
    return Plan.objects.create(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        day=on,
        starts_at=starts_at,
        topic=topic.strip(),
        place=place.strip(),
        agenda=[it.strip() for it in agenda if it.strip()],
        recorded_by=actor,
    )


def check_may_plan(kind: ActivityKind, *, unit: Unit, on: date, topic: str) -> None:
    if kind.number_only:
        raise Refused("activity.number_only", f"{kind.name}只记一个数，不列计划。")
    if kind.unit_kinds and unit.kind not in kind.unit_kinds:
        raise Refused("activity.unit_kind", f"“{unit}”这类单位不开展{kind.name}。")
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("activity.unit_ended", f"“{unit}”在{on}不在存续期内。")
    if not topic.strip():
        raise Refused("plan.topic", "请填写主题。")


@transaction.atomic
def notify(it: Plan, *, on: date, actor: int | None) -> Plan:
    """People were told on that day; not after the day itself. Raises `Refused`."""
    sign(actor)
    it = _open(it)
    if it.state == "noticed":
        raise Refused("plan.noticed", f"“{it.topic}”已于{it.noticed_on}通知。")
    if on > it.day:
        raise Refused("plan.too_late", f"“{it.topic}”定在{it.day}，之后不能再通知；请改期，或者登记已经开展。")
    it.state, it.noticed_on = "noticed", on
    it.save(update_fields=["state", "noticed_on"])
    return it


@transaction.atomic
def put_off(it: Plan, *, to: date, reason: str, actor: int | None) -> Plan:
    """To another day, which has to be noticed anew. Raises `Refused`."""
    sign(actor)
    it = _open(it)
    if to == it.day:
        raise Refused("plan.same_day", "新的日期与原来的一样。")
    _give_reason(it, reason, "改期")
    it.day, it.state, it.noticed_on = to, "planned", None
    it.save(update_fields=["day", "state", "noticed_on", "reason"])
    return it


@transaction.atomic
def call_off(it: Plan, *, reason: str, actor: int | None) -> Plan:
    """Raises `Refused`."""
    sign(actor)
    it = _open(it)
    _give_reason(it, reason, "取消")
    it.state = "called_off"
    it.save(update_fields=["state", "reason"])
    return it


def _give_reason(it: Plan, reason: str, what: str) -> None:
    if not reason.strip():
        raise Refused("plan.reason", f"{what}须说明理由。")
    it.reason = reason.strip()


def _open(it: Plan) -> Plan:
    it = Plan.objects.select_for_update(of=("self",)).get(pk=it.pk)
    if it.state in OVER:
        raise Refused("plan.over", f"“{it.topic}”{OVER[it.state]}，不能再改动。")
    return it
