"""Cases opened, moved through their stages, and closed; each move is a `Step` that stays."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from hangshi.cases.gates import Mover, check_gates, is_forward, moves_from
from hangshi.cases.models import Case, Step
from hangshi.cases.terms import due_after, set_stage_due
from hangshi.outbox.services import tell
from hangshi.packs.models import CaseKind
from hangshi.refusal import Refused
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import sign


@transaction.atomic
def open_case(
    kind: CaseKind,
    *,
    unit: Unit,
    title: str,
    on: date,
    actor: int | None,
    ground: str = "",
    person: Person | None = None,
    household: Household | None = None,
    due_on: date | None = None,
    extra: Mapping[str, Any] | None = None,
    note: str = "",
) -> Case:
    """A case at the kind's first stage; without `due_on` it is due when the limits of its stages have run one after another.

    Raises `Refused`. Of two who open a `single` kind for one subject at once, one does.
    """
    sign(actor)
    if kind.single:
        subject = household or person or unit
        type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    check_may_open(kind, unit=unit, title=title, on=on, ground=ground, person=person, household=household)
    due = due_after(kind.stages, on)
    case = Case(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        title=title.strip(),
        ground=ground,
        person=person,
        household=household,
        opened_on=on,
        due_on=due_on or (due.day if due else None),
        due_assumed=bool(due and due.assumed and not due_on),
        stage=kind.stages[0].key,
        recorded_by=actor,
        extra=checked_extra(kind.fields, extra or {}),
    )
    set_stage_due(kind, case, on)
    case.save(force_insert=True)
    leave_step(case, "open", "", on, note, actor)
    tell("case.opened", case, on=on, actor=actor)
    return case


def check_may_open(
    kind: CaseKind,
    *,
    unit: Unit,
    title: str,
    on: date,
    ground: str = "",
    person: Person | None = None,
    household: Household | None = None,
) -> None:
    if not title.strip():
        raise Refused("case.title", "标题必须填写。")
    if kind.unit_kinds and unit.kind not in kind.unit_kinds:
        raise Refused("case.unit_kind", f"“{unit}”这类单位不办理{kind.name}。")
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("case.unit_ended", f"“{unit}”在{on}不在存续期内。")
    if (kind.subject == "person" and person is None) or (kind.subject == "household" and household is None):
        raise Refused("case.subject", f"{kind.name}必须填写{'当事人' if kind.subject == 'person' else '当事户'}。")
    _check_ground(kind, unit, ground, on)
    if kind.single:
        same = Case.objects.filter(kind=kind.key, unit=unit, person=person, household=household, closed_on=None)
        if known := same.first():
            raise Refused("case.single", f"“{known.title}”还没有办结，同一对象不能再立一件{kind.name}。")


def _check_ground(kind: CaseKind, unit: Unit, ground: str, on: date) -> None:
    grounds = kind.grounds_on(on, unit.kind)
    if kind.catalogues and not grounds:
        raise Refused("case.catalogue", f"{on}还没有适用于“{unit}”的{kind.name}情形目录。")
    if grounds and ground not in grounds:
        raise Refused("case.ground", f"请从{'、'.join(grounds.values())}中选择情形。")


@transaction.atomic
def move(
    kind: CaseKind,
    case: Case,
    *,
    to: str,
    on: date,
    actor: int | None,
    note: str = "",
    by: Mover | None = None,
    expected: str | None = None,
    revision: int | None = None,
    permit: str = "",
) -> Case:
    """To a stage that the kind allows from here and that does not end the case: `close` does. Going back needs a note. Raises `Refused`.

    `expected`, `revision`: the stage or the revision that the mover saw; if it has changed since, the move is refused and says what
    happened. `permit`: the approval flow that has approved the case as it stands (`reactions.gates` gives it).
    """
    sign(actor)
    case = locked(case)
    check_may_move(kind, case, to=to, on=on, note=note, by=by, expected=expected, revision=revision, permit=permit)
    return _go(kind, case, to, on, note, actor)


def check_may_move(
    kind: CaseKind,
    case: Case,
    *,
    to: str,
    on: date,
    note: str = "",
    by: Mover | None = None,
    expected: str | None = None,
    revision: int | None = None,
    permit: str = "",
) -> None:
    check_unchanged(kind, case, expected=expected, revision=revision)
    check_workable(case, on)
    _check_stage_known(kind, case)
    names = {stage.key: stage.name for stage in kind.stages}
    if to not in names or to == case.stage:
        raise Refused("case.stage", "请选择另一个阶段。")
    if to in kind.closing:
        raise Refused("case.last_stage", f"进入“{names[to]}”须填写结论并办结。")
    _check_way(kind, case, to)
    if not is_forward(kind, case.stage, to) and not note.strip():
        raise Refused("case.back", "退回上一阶段须说明理由。")
    check_gates(kind, case, to=to, on=on, note=note, by=by, permit=permit)


def _check_stage_known(kind: CaseKind, case: Case) -> None:
    """A pack may have dropped a stage in which a case still stands."""
    if case.stage not in [stage.key for stage in kind.stages]:
        raise Refused("case.stage_gone", f"“{case.title}”所在的阶段已不在现行的{kind.name}规定里，请联系管理员。")


def _check_way(kind: CaseKind, case: Case, to: str) -> None:
    names = {stage.key: stage.name for stage in kind.stages}
    ways = [move.enter for move in moves_from(kind, case.stage)]
    if to in ways:
        return
    if kind.transitions:
        raise Refused(
            "case.way", f"“{names[case.stage]}”之后只能到{'、'.join(names[way] for way in ways)}，不能到“{names[to]}”。"
        )
    between = kind.stages[[*names].index(case.stage) + 1]
    raise Refused("case.skip", f"不能跳过“{between.name}”阶段。")


@transaction.atomic
def close(
    kind: CaseKind,
    case: Case,
    *,
    verdict: str,
    on: date,
    actor: int | None,
    note: str = "",
    to: str | None = None,
    by: Mover | None = None,
    expected: str | None = None,
    revision: int | None = None,
    permit: str = "",
) -> Case:
    """To a stage that ends the case, by default the one it can reach. Closed, only `course.reopen` changes it. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_close(
        kind, case, verdict=verdict, on=on, note=note, to=to, by=by, expected=expected, revision=revision, permit=permit
    )
    case.closed_on, case.verdict = on, verdict.strip()
    case = _go(kind, case, to or _only_end(kind, case), on, note, actor, act="close")
    tell("case.closed", case, on=on, actor=actor)
    return case


def check_may_close(
    kind: CaseKind,
    case: Case,
    *,
    verdict: str,
    on: date,
    note: str = "",
    to: str | None = None,
    by: Mover | None = None,
    expected: str | None = None,
    revision: int | None = None,
    permit: str = "",
) -> None:
    check_unchanged(kind, case, expected=expected, revision=revision)
    check_workable(case, on)
    _check_stage_known(kind, case)
    to = to or _only_end(kind, case)
    if to not in kind.closing:
        names = [stage.name for stage in kind.stages if stage.key in kind.closing]
        raise Refused("case.end", f"请选择怎样办结：{'、'.join(names)}。")
    if to not in [move.enter for move in moves_from(kind, case.stage)]:
        order = [stage.key for stage in kind.stages]
        following = kind.stages[order.index(case.stage) + 1]
        raise Refused("case.skip", f"还没有经过“{following.name}”阶段，不能办结。")
    if not verdict.strip():
        raise Refused("case.verdict", "办结须填写结论。")
    check_gates(kind, case, to=to, on=on, note=note, by=by, permit=permit)


def _only_end(kind: CaseKind, case: Case) -> str:
    """The stage that ends the case from here; empty where there is a choice."""
    ways = [move.enter for move in moves_from(kind, case.stage) if move.enter in kind.closing]
    return (ways or kind.closing[-1:])[0] if len(ways) < 2 else ""


def check_workable(case: Case, on: date) -> None:
    """Not closed, not suspended, and not before its last step. Raises `Refused`."""
    if case.closed_on:
        raise Refused("case.closed", f"“{case.title}”已于{case.closed_on}办结，不能再变动。")
    if case.suspended_on:
        raise Refused("case.suspended", f"“{case.title}”自{case.suspended_on}起中止，恢复后才能办理。")
    check_order(case, on)


def check_order(case: Case, on: date) -> None:
    last = case.steps.latest("day", "pk").day
    if on < last:
        raise Refused("case.dates", f"“{case.title}”上一次办理是{last}，日期不能早于这一天。")


def check_unchanged(kind: CaseKind, case: Case, *, expected: str | None, revision: int | None) -> None:
    """Raises `Refused` with what happened, if the case is no longer as the mover saw it."""
    if (expected is None or case.stage == expected) and (revision is None or case.revision == revision):
        return
    last = case.steps.latest("pk")
    names = {stage.key: stage.name for stage in kind.stages}
    raise Refused(
        "case.moved",
        f"您打开之后，“{case.title}”已有人办理：{last.day}，现阶段为“{names.get(case.stage, case.stage)}”"
        f"{f'，说明：{last.note}' if last.note else ''}。您的操作没有保存，请核对后再办。",
    )


def _go(kind: CaseKind, case: Case, to: str, on: date, note: str, actor: int | None, act: str = "") -> Case:
    before, case.stage = case.stage, to
    act = act or ("move" if is_forward(kind, before, to) else "back")
    set_stage_due(kind, case, on)
    store(case, "stage", "stage_due_on", "due_assumed", "closed_on", "verdict")
    leave_step(case, act, before, on, note, actor)
    return case


def store(case: Case, *fields: str) -> None:
    """Write those fields of a locked case; its revision rises."""
    case.revision += 1
    case.save(update_fields=[*fields, "revision"])


def leave_step(case: Case, act: str, before: str, on: date, note: str, actor: int | None) -> None:
    Step.objects.create(
        case=case,
        path=case.path,
        act=act,
        before=before,
        after=case.stage,
        day=on,
        note=note.strip(),
        recorded_by=actor,
    )


def locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


open = open_case  # read as `cases.services.open`
