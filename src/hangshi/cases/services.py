"""Cases opened, moved through their stages, and closed; each move is a `Step` that stays."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from hangshi.cases.models import Case, Step
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
) -> Case:
    """A case at the kind's first stage; without `due_on` it is due as many days later as its stages have together. Raises `Refused`."""
    sign(actor)
    check_may_open(kind, unit=unit, title=title, on=on, ground=ground, person=person, household=household)
    days = [stage.days for stage in kind.stages if stage.days]
    case = Case.objects.create(
        kind=kind.key,
        unit=unit,
        path=unit.path,
        title=title.strip(),
        ground=ground,
        person=person,
        household=household,
        opened_on=on,
        due_on=due_on or (on + timedelta(days=sum(days)) if days else None),
        stage=kind.stages[0].key,
        recorded_by=actor,
        extra=checked_extra(kind.fields, extra or {}),
    )
    _step(case, "", on, "", actor)
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
    if kind.grounds and ground not in kind.grounds:
        raise Refused("case.ground", f"请从{'、'.join(kind.grounds.values())}中选择情形。")


@transaction.atomic
def move(kind: CaseKind, case: Case, *, to: str, on: date, actor: int | None, note: str = "") -> Case:
    """To a stage between the first and the last; back is allowed with a note. The last stage is reached by `close`. Raises `Refused`."""
    sign(actor)
    case = _locked(case)
    check_may_move(kind, case, to=to, on=on, note=note)
    return _go(case, to, on, note, actor)


def check_may_move(kind: CaseKind, case: Case, *, to: str, on: date, note: str = "") -> None:
    _check_open(case, on)
    order = [stage.key for stage in kind.stages]
    if to not in order or to == case.stage:
        raise Refused("case.stage", "请选择另一个阶段。")
    if to == order[-1]:
        raise Refused("case.last_stage", f"进入“{kind.stages[-1].name}”须填写结论并办结。")
    ahead = order.index(to) - order.index(case.stage)
    if ahead > 1:
        raise Refused("case.skip", f"不能跳过“{kind.stages[order.index(case.stage) + 1].name}”阶段。")
    if ahead < 0 and not note.strip():
        raise Refused("case.back", "退回上一阶段须说明理由。")


@transaction.atomic
def close(kind: CaseKind, case: Case, *, verdict: str, on: date, actor: int | None, note: str = "") -> Case:
    """To the last stage, from the one before it. Closed, a case is not changed any more. Raises `Refused`."""
    sign(actor)
    case = _locked(case)
    check_may_close(kind, case, verdict=verdict, on=on)
    case.closed_on, case.verdict = on, verdict.strip()
    return _go(case, kind.stages[-1].key, on, note, actor)


def check_may_close(kind: CaseKind, case: Case, *, verdict: str, on: date) -> None:
    _check_open(case, on)
    order = [stage.key for stage in kind.stages]
    if order.index(case.stage) < len(order) - 2:
        raise Refused("case.skip", f"还没有经过“{kind.stages[order.index(case.stage) + 1].name}”阶段，不能办结。")
    if not verdict.strip():
        raise Refused("case.verdict", "办结须填写结论。")


def _check_open(case: Case, on: date) -> None:
    if case.closed_on:
        raise Refused("case.closed", f"“{case.title}”已于{case.closed_on}办结，不能再变动。")
    if on < case.steps.latest("day", "pk").day:
        raise Refused("case.dates", "日期早于此事项上一次办理的日期。")


def _go(case: Case, to: str, on: date, note: str, actor: int | None) -> Case:
    before, case.stage = case.stage, to
    case.save(update_fields=["stage", "closed_on", "verdict"])
    _step(case, before, on, note, actor)
    return case


def _step(case: Case, before: str, on: date, note: str, actor: int | None) -> None:
    Step.objects.create(
        case=case, path=case.path, before=before, after=case.stage, day=on, note=note, recorded_by=actor
    )


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


open = open_case  # read as `cases.services.open`
