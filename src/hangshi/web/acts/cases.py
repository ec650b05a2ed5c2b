"""事项: opened, moved through its stages, closed."""

from datetime import date
from typing import Any

from hangshi.cases import services
from hangshi.cases.models import Case
from hangshi.packs.models import CaseKind
from hangshi.web import words
from hangshi.web.acts.shape import Act, New, Said, Scene, allowed, day
from hangshi.web.fields import Field, extra_of, of_kind

SUBJECTS = {"person": "当事人", "household": "当事户"}


def _fields(scene: Scene) -> list[Field]:
    kind: CaseKind = scene.kind
    fields = [Field("title", "标题", required=True, hint="一句话说清是什么事")]
    if kind.subject in SUBJECTS:
        fields.append(Field(kind.subject, SUBJECTS[kind.subject], kind.subject, True))
    if kind.grounds:
        fields.append(Field("ground", "情形", "choice", True, choices=kind.grounds))
    days = sum(stage.days or 0 for stage in kind.stages)
    due = Field("due_on", "办结期限", "date", hint=f"不填的，按各阶段期限合计{days}天" if days else "没有期限的不填")
    return [*fields, day(scene, "立项日期"), due, *of_kind(kind.fields)]


def _open(scene: Scene, said: Said) -> Case:
    person, household = said.get("person"), said.get("household")
    subject: Any = person or household
    return services.open_case(
        scene.kind,
        unit=scene.unit or subject.unit,
        title=said["title"],
        on=said["day"],
        ground=said.get("ground", ""),
        person=person,
        household=household,
        due_on=said["due_on"],
        extra=extra_of(said),
        actor=scene.actor,
    )


def _stands(kind: CaseKind) -> tuple[str, ...] | None:
    return kind.unit_kinds if kind.subject == "unit" else None


def _kind(case: Case) -> CaseKind | None:
    return words.pack().kinds.case.get(case.kind)


def _soonest(scene: Scene) -> date:
    """A case is moved no earlier than it was last moved."""
    last: date = scene.record.steps.latest("day", "pk").day
    return max(scene.today, last)


def stages(scene: Scene) -> dict[str, str]:
    """The stages to which the case may go now, in their order; the last is reached by closing it."""
    kind = _kind(scene.record)
    if kind is None:
        return {}
    on = _soonest(scene)
    return {
        it.key: it.name
        for it in kind.stages
        if allowed(services.check_may_move, kind, scene.record, to=it.key, on=on, note="-")
    }


def following(scene: Scene) -> tuple[str, str] | None:
    """The stage after the present one, if the case may go there."""
    keys = [key for key, _ in words.stages(scene.record.kind)]
    may = stages(scene)
    ahead = keys[keys.index(scene.record.stage) + 1 :] if scene.record.stage in keys else []
    return next(((key, may[key]) for key in ahead if key in may), None)


def _called(scene: Scene) -> str:
    ahead = following(scene)
    return f"转入“{ahead[1]}”" if ahead else "退回以前的阶段"


def _move_fields(scene: Scene) -> list[Field]:
    first = following(scene)
    return [
        Field("to", "进入阶段", "choice", True, choices=stages(scene), initial=first[0] if first else None),
        Field("day", "办理日期", "date", True, initial=_soonest(scene), latest=max(scene.latest, _soonest(scene))),
        Field("note", "说明", "area", hint="退回以前的阶段，须说明理由", longest=500),
    ]


def _move(scene: Scene, said: Said) -> Case:
    kind: Any = _kind(scene.record)
    return services.move(kind, scene.record, to=said["to"], on=said["day"], note=said["note"], actor=scene.actor)


def _may_close(scene: Scene) -> bool:
    kind = _kind(scene.record)
    return kind is not None and allowed(services.check_may_close, kind, scene.record, verdict="-", on=_soonest(scene))


def _close_fields(scene: Scene) -> list[Field]:
    return [
        Field("verdict", "结论", "area", True, longest=200),
        Field("day", "办结日期", "date", True, initial=_soonest(scene), latest=max(scene.latest, _soonest(scene))),
        Field("note", "说明", "area", longest=500),
    ]


def _close(scene: Scene, said: Said) -> Case:
    kind: Any = _kind(scene.record)
    return services.close(
        kind, scene.record, verdict=said["verdict"], on=said["day"], note=said["note"], actor=scene.actor
    )


def _last(scene: Scene) -> str:
    kind = _kind(scene.record)
    return f"办结后进入“{kind.stages[-1].name}”，此事项不能再变动。" if kind else ""


NEW = New("cases", "立项", lambda kind: "case.write", _fields, _open, _stands, "case")
ACTS = (
    Act(
        "move", "cases", "转入下一阶段", "case.write", _move_fields, _move,
        lambda scene: bool(stages(scene)), "arrow-right", called=_called,
    ),
    Act("close", "cases", "办结", "case.write", _close_fields, _close, _may_close, "check", _last),
)  # fmt: skip
