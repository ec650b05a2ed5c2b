"""事项: opened, moved through its stages, closed; what its gates ask for is in `parts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangshi.cases import course, services
from hangshi.cases.gates import Mover, is_forward, moves_from
from hangshi.cases.models import Case
from hangshi.packs.models import CaseKind
from hangshi.reactions import gates
from hangshi.refusal import Refused
from hangshi.web import words
from hangshi.web.acts.shape import Act, New, Said, Scene, allowed, day
from hangshi.web.fields import Field, extra_of, of_kind
from hangshi.web.jinja import url

SUBJECTS = {"person": "当事人", "household": "当事户"}


def _fields(scene: Scene) -> list[Field]:
    kind: CaseKind = scene.kind
    fields = [Field("title", "标题", required=True, hint="一句话说清是什么事")]
    if kind.subject in SUBJECTS:
        fields.append(Field(kind.subject, SUBJECTS[kind.subject], kind.subject, True))
    if grounds := kind.grounds_on(scene.day, scene.unit.kind if scene.unit else ""):
        fields.append(Field("ground", "情形", "choice", True, choices=grounds))
    limited = any(stage.days for stage in kind.stages)
    due = Field("due_on", "办结期限", "date", hint="不填的，按各阶段的期限合计" if limited else "没有期限的不填")
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


def kind_of(case: Case) -> CaseKind | None:
    return words.pack().kinds.case.get(case.kind)


def soonest(scene: Scene) -> date:
    """A case is worked on no earlier than it was last."""
    last: date = scene.record.steps.latest("day", "pk").day
    return max(scene.today, last)


def mover(scene: Scene) -> Mover:
    return Mover(scene.permissions, scene.person, frozenset({scene.own} if scene.own else ()))


def ways(scene: Scene) -> list[tuple[str, str, str]]:
    """Where the case may go from its stage: (stage, its name, what the rules still ask for). The first is the likeliest."""
    case, kind = scene.record, kind_of(scene.record)
    if kind is None or case.closed_on or case.suspended_on or case.stage not in [it.key for it in kind.stages]:
        return []
    names = {it.key: it.name for it in kind.stages}
    found = [
        (move.enter, names[move.enter], _lacking(scene, kind, move.enter)) for move in moves_from(kind, case.stage)
    ]
    return sorted(found, key=lambda it: not is_forward(kind, case.stage, it[0]))


def _lacking(scene: Scene, kind: CaseKind, to: str) -> str:
    case, on = scene.record, soonest(scene)
    try:
        permit = gates.check_permit(words.pack(), case, to=to, on=on)
        if to in kind.closing:
            services.check_may_close(kind, case, verdict="-", on=on, note="-", to=to, by=mover(scene), permit=permit)
        else:
            services.check_may_move(kind, case, to=to, on=on, note="-", by=mover(scene), permit=permit)
    except Refused as refused:
        return refused.sentence
    return ""


def _open_ways(scene: Scene, *, closing: bool) -> dict[str, str]:
    kind = kind_of(scene.record)
    ends = kind.closing if kind else ()
    return {key: name for key, name, lacking in ways(scene) if not lacking and (key in ends) == closing}


@dataclass(frozen=True)
class Next:
    """A move that the kind allows: `address` of its form where it may be made now, else the sentence of what is missing."""

    name: str
    address: str
    missing: str
    back: bool


def nexts(scene: Scene) -> list[Next]:
    """Every move out of the present stage, those forward first."""
    case, kind = scene.record, kind_of(scene.record)
    if kind is None or case.closed_on or case.suspended_on:
        return []
    found = [
        Next(
            it.name,
            "" if it.refusal else url("act", "cases", case.pk, "close" if it.closes else "move", to=it.to),
            it.refusal,
            not is_forward(kind, case.stage, it.to),
        )
        for it in gates.options(words.pack(), case, on=soonest(scene), by=mover(scene))
    ]
    return sorted(found, key=lambda it: it.back)


def following(scene: Scene) -> tuple[str, str] | None:
    """The first stage forward to which the case may go now without being closed."""
    kind = kind_of(scene.record)
    may = _open_ways(scene, closing=False).items()
    return next((it for it in may if kind and is_forward(kind, scene.record.stage, it[0])), None)


def _called(scene: Scene) -> str:
    ahead = following(scene)
    return f"转入“{ahead[1]}”" if ahead else "退回以前的阶段"


def _seen(scene: Scene) -> Field:
    """The revision that the mover saw, so that of two who move the case one is told what happened."""
    return Field("revision", "修订号", "hidden", initial=str(scene.record.revision))


def _overtaken(scene: Scene, typed: Mapping[str, Any]) -> str:
    """What happened since the mover saw the case; empty where nothing did."""
    kind, seen = kind_of(scene.record), str(typed.get("revision", ""))
    if kind is None or not seen.isdecimal():
        return ""
    try:
        services.check_unchanged(kind, scene.record, expected=None, revision=int(seen))
    except Refused as refused:
        return refused.sentence
    return ""


def on_day(scene: Scene, label: str, name: str = "day") -> Field:
    on = soonest(scene)
    return Field(name, label, "date", True, initial=on, latest=max(scene.latest, on))


def _move_fields(scene: Scene) -> list[Field]:
    first = following(scene)
    may = _open_ways(scene, closing=False)
    return [
        Field("to", "进入阶段", "choice", True, choices=may, initial=first[0] if first else None),
        on_day(scene, "办理日期"),
        Field("note", "说明", "area", hint="退回以前的阶段，须说明理由", longest=500),
        _seen(scene),
    ]


def _go(scene: Scene, said: Said) -> Case:
    return gates.move_case(
        words.pack(),
        scene.record,
        to=said.get("to") or next(iter(_open_ways(scene, closing=True)), ""),
        on=said["day"],
        note=said["note"],
        verdict=said.get("verdict", ""),
        by=mover(scene),
        revision=said["revision"],
        actor=scene.actor,
    )


def _close(scene: Scene, said: Said) -> Case:
    """Through the service even where the page would not offer it: it says why not."""
    kind: Any = kind_of(scene.record)
    to = said.get("to") or next((key for key, _, _ in ways(scene) if key in kind.closing), kind.closing[-1])
    if scene.record.closed_on or to not in [key for key, _, _ in ways(scene)]:
        return services.close(kind, scene.record, to=to, verdict=said["verdict"], on=said["day"], actor=scene.actor)
    return _go(scene, said | {"to": to})


def _close_fields(scene: Scene) -> list[Field]:
    ends = _open_ways(scene, closing=True)
    which = [Field("to", "怎样办结", "choice", True, choices=ends)] if len(ends) > 1 else []
    return [
        *which,
        Field("verdict", "结论", "area", True, longest=200),
        on_day(scene, "办结日期"),
        Field("note", "说明", "area", longest=500),
        _seen(scene),
    ]


def _last(scene: Scene) -> str:
    ends = _open_ways(scene, closing=True)
    return f"办结后进入{'或'.join(f'“{name}”' for name in ends.values())}，此事项不能再变动。" if ends else ""


def _reason(label: str) -> Any:
    return lambda scene: [Field("reason", "理由", "area", True, longest=300), on_day(scene, label)]


def _suspend(scene: Scene, said: Said) -> Case:
    return course.suspend(scene.record, reason=said["reason"], on=said["day"], actor=scene.actor)


def _resume(scene: Scene, said: Said) -> Case:
    kind: Any = kind_of(scene.record)
    return course.resume(kind, scene.record, on=said["day"], note=said["note"], actor=scene.actor)


def _reopen(scene: Scene, said: Said) -> Case:
    kind: Any = kind_of(scene.record)
    return course.reopen(kind, scene.record, reason=said["reason"], on=said["day"], actor=scene.actor)


def _may_suspend(scene: Scene) -> bool:
    return allowed(course.check_may_suspend, scene.record, reason="-", on=soonest(scene))


def _may_resume(scene: Scene) -> bool:
    return allowed(course.check_may_resume, scene.record, on=soonest(scene))


def _may_reopen(scene: Scene) -> bool:
    kind = kind_of(scene.record)
    return kind is not None and allowed(course.check_may_reopen, kind, scene.record, reason="-", on=soonest(scene))


def _resume_fields(scene: Scene) -> list[Field]:
    return [on_day(scene, "恢复日期"), Field("note", "说明", "area", longest=500)]


def _may_move(scene: Scene) -> bool:
    return bool(_open_ways(scene, closing=False))


def _may_close(scene: Scene) -> bool:
    return bool(_open_ways(scene, closing=True))


NEW = New("cases", "立项", lambda kind: "case.write", _fields, _open, _stands, "case")
ACTS = (
    Act(
        "move",
        "cases",
        "转入下一阶段",
        "case.write",
        _move_fields,
        _go,
        _may_move,
        "arrow-right",
        called=_called,
        overtaken=_overtaken,
    ),
    Act(
        "close", "cases", "办结", "case.write", _close_fields, _close, _may_close, "check", _last, overtaken=_overtaken
    ),
    Act("reopen", "cases", "重新办理", "case.write", _reason("重新办理日期"), _reopen, _may_reopen, "refresh"),
    Act("resume", "cases", "恢复办理", "case.write", _resume_fields, _resume, _may_resume, "refresh"),
)
LATER = (Act("suspend", "cases", "中止", "case.write", _reason("中止日期"), _suspend, _may_suspend, "clock"),)
