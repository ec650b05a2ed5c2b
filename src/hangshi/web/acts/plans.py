"""活动计划: made, noticed, put off, called off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hangshi.activities import plans
from hangshi.activities.models import Plan
from hangshi.packs.models import ActivityKind
from hangshi.registry.models import Unit
from hangshi.web import here, words
from hangshi.web.acts.shape import Said, Scene
from hangshi.web.fields import Field

OPEN = ("planned", "noticed")


def kinds(unit: Unit) -> dict[str, ActivityKind]:
    """The kinds that the unit may plan; a visit to a household is not planned here, and neither is a number."""
    known = here.only("kind.activity", words.pack().kinds.activity, unit)
    return {
        key: it
        for key, it in known.items()
        if not it.household and not it.number_only and (not it.unit_kinds or unit.kind in it.unit_kinds)
    }


def fields(scene: Scene, unit: Unit) -> list[Field]:
    return [
        Field("kind", "活动类别", "choice", True, choices={key: it.name for key, it in kinds(unit).items()}),
        Field("day", "日期", "date", True),
        Field("starts_at", "开始时间", "time"),
        Field("topic", "主题", required=True),
        Field("place", "地点", longest=120),
        Field("agenda", "议题", "area", hint="每行一个"),
    ]


def make(scene: Scene, unit: Unit, said: Said) -> Plan:
    return plans.plan(
        words.pack().kinds.activity[said["kind"]],
        unit=unit,
        on=said["day"],
        topic=said["topic"],
        actor=scene.actor,
        place=said["place"],
        starts_at=said["starts_at"],
        agenda=said["agenda"].splitlines(),
    )


@dataclass(frozen=True)
class Change:
    """Something done with a plan that is not over yet."""

    title: str
    icon: str
    fields: Callable[[Scene], list[Field]]
    run: Callable[[Scene, Plan, Said], Plan]
    states: tuple[str, ...] = OPEN


def _reason(scene: Scene) -> list[Field]:
    return [Field("reason", "理由", "area", True, longest=200)]


def _put_off_fields(scene: Scene) -> list[Field]:
    return [Field("to", "新的日期", "date", True), *_reason(scene)]


def _notify(scene: Scene, plan: Plan, said: Said) -> Plan:
    return plans.notify(plan, on=said["day"], actor=scene.actor)


def _notified(scene: Scene) -> list[Field]:
    return [Field("day", "通知日期", "date", True, initial=scene.today, hint="人已经通知到的那一天")]


CHANGES: dict[str, Change] = {
    "notify": Change("已通知", "message", _notified, _notify, ("planned",)),
    "put_off": Change(
        "改期", "calendar", _put_off_fields,
        lambda scene, plan, said: plans.put_off(plan, to=said["to"], reason=said["reason"], actor=scene.actor),
    ),
    "call_off": Change(
        "取消", "x", _reason, lambda scene, plan, said: plans.call_off(plan, reason=said["reason"], actor=scene.actor)
    ),
}  # fmt: skip
STATES: dict[str, Any] = {"planned": "已计划", "noticed": "已通知", "held": "已开展", "called_off": "已取消"}
