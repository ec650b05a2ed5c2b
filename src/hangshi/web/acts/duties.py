"""责任: given and ended."""

from typing import Any

from hangshi.cases.passing import open_of
from hangshi.duties import services
from hangshi.duties.models import Duty
from hangshi.packs.models import DutyKind
from hangshi.reactions import handover
from hangshi.registry.models import Unit
from hangshi.web import words
from hangshi.web.acts.shape import Act, New, Said, Scene, allowed, coming
from hangshi.web.fields import Field, extra_of, of_kind

BEARERS = {"person": "anyone", "unit": "unit"}
TARGETS = {"unit": "责任对象（单位）", "household": "责任对象（户）", "person": "责任对象（人）"}


def _fields(scene: Scene) -> list[Field]:
    kind: DutyKind = scene.kind
    fields = [
        Field(
            "bearer",
            {"person": "责任人", "unit": "责任单位"}[kind.bearer],
            BEARERS[kind.bearer],
            True,
            kinds=kind.bearer_kinds,
        ),
        Field("target", TARGETS[kind.target], kind.target, True, kinds=kind.target_kinds),
        coming(scene, "起始日", "since"),
        Field("until", "截止日", "date", hint="最后一天；没有定的不填"),
    ]
    if kind.roles:
        fields.append(Field("role", "岗位", "choice", choices=kind.roles))
    return fields + of_kind(kind.fields)


def _assign(scene: Scene, said: Said) -> Duty:
    return services.assign(
        scene.kind,
        bearer=said["bearer"],
        target=said["target"],
        on=said["since"],
        until=said["until"],
        unit=_home(said["target"]),
        role=said.get("role", ""),
        extra=extra_of(said),
        actor=scene.actor,
    )


def _home(target: Any) -> Unit | None:
    """A work team is no place: its duties are at home in the village above it."""
    kind = words.pack().kinds.unit.get(target.kind) if isinstance(target, Unit) else None
    if kind is None or kind.group != "team":
        return None
    return Unit.objects.get(pk=int(target.path.rstrip("/").rsplit("/", 2)[-2]))


def _kind(duty: Duty) -> DutyKind | None:
    return words.pack().kinds.duty.get(duty.kind)


def _end_fields(scene: Scene) -> list[Field]:
    kind = _kind(scene.record)
    reasons = kind.end_reasons if kind else {}
    why = (
        Field("reason", "终止原因", "choice", True, choices=reasons)
        if reasons
        else Field("reason", "终止原因", required=True, longest=40)
    )
    return [coming(scene, "最后一天", "until"), why]


def _may_end(scene: Scene) -> bool:
    kind, duty = _kind(scene.record), scene.record
    reason = next(iter(kind.end_reasons), "") if kind else ""
    return kind is not None and allowed(
        services.check_may_end, kind, duty, on=max(scene.today, duty.since), reason=reason
    )


def _end(scene: Scene, said: Said) -> Duty:
    kind: Any = _kind(scene.record)
    return services.end(kind, scene.record, on=said["until"], reason=said["reason"], actor=scene.actor)


def _hand_over_fields(scene: Scene) -> list[Field]:
    kind: Any = _kind(scene.record)
    last, reason = _end_fields(scene)
    return [Field("to", "接任人", BEARERS[kind.bearer], True, kinds=kind.bearer_kinds), last, reason]


def _may_hand_over(scene: Scene) -> bool:
    return _may_end(scene) and allowed(handover.check_may_hand_over, words.pack(), scene.record)


def _hand_over(scene: Scene, said: Said) -> Duty:
    given = {"to": said["to"], "last": said["until"], "reason": said["reason"], "actor": scene.actor}
    return handover.hand_over(words.pack(), scene.record, **given).duty


def _carried(scene: Scene) -> str:
    """What goes along, counted before it does."""
    duty = scene.record
    if duty.bearer_id is None:
        return ""
    found = open_of(duty.bearer_id, duty.unit, on=scene.today)
    said = [f"{len(it)}{what}" for it, what in ((found.seats, "个席位"), (found.measures, "条没有完成的措施")) if it]
    return f"接任人从最后一天的次日起任职；{'、'.join(said)}一并移交。" if said else "接任人从最后一天的次日起任职。"


NEW = New("duties", "登记责任", lambda kind: "duty.write", _fields, _assign, lambda kind: None, "duty")
ACTS = (
    Act(
        "end", "duties", "结束责任", "duty.write", _end_fields, _end, _may_end, "flag",
        lambda scene: "结束以后，责任到所填的最后一天为止；以前各日的数字不变。",
    ),
    Act(
        "hand_over", "duties", "交接", "duty.write", _hand_over_fields, _hand_over, _may_hand_over, "users", _carried,
    ),
)  # fmt: skip
