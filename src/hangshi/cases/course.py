"""What happens to a case beside moving: suspended and resumed, reopened, listed in a batch, urged on."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from hangshi.calendar.days import Counting, days_back, deadline, working_days
from hangshi.cases.models import Case, Urging
from hangshi.cases.queries import latest_due
from hangshi.cases.services import check_order, check_unchanged, check_workable, leave_step, locked, store
from hangshi.cases.terms import due_after, set_stage_due
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Escalation
from hangshi.refusal import Refused
from hangshi.registry.signing import collided, sign


@transaction.atomic
def suspend(case: Case, *, reason: str, on: date, actor: int | None) -> Case:
    """From that day on its deadlines stand still and nobody moves it. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_suspend(case, reason=reason, on=on)
    case.suspended_on = on
    store(case, "suspended_on")
    leave_step(case, "suspend", case.stage, on, reason, actor)
    return case


def check_may_suspend(case: Case, *, reason: str, on: date) -> None:
    check_workable(case, on)
    if not reason.strip():
        raise Refused("case.reason", "中止须说明理由。")


@transaction.atomic
def resume(kind: CaseKind, case: Case, *, on: date, actor: int | None, note: str = "") -> Case:
    """Its deadlines move on by as long as it was suspended: in working days where they are counted in them. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_resume(case, on=on)
    limits = {stage.key: stage.counting for stage in kind.stages if stage.days}
    case.due_on = _later(case, case.due_on, on, "working" if "working" in limits.values() else "calendar")
    case.stage_due_on = _later(case, case.stage_due_on, on, limits.get(case.stage, "calendar"))
    case.suspended_on = None
    store(case, "suspended_on", "due_on", "stage_due_on")
    leave_step(case, "resume", case.stage, on, note, actor)
    return case


def check_may_resume(case: Case, *, on: date) -> None:
    if not case.suspended_on:
        raise Refused("case.not_suspended", f"“{case.title}”没有中止。")
    check_order(case, on)


def _later(case: Case, due: date | None, on: date, counting: Counting) -> date | None:
    since = case.suspended_on
    if due is None or since is None:
        return due
    if counting == "working":
        return deadline(due, working_days(since, on) - working_days(on, on)).day
    return deadline(due, (on - since).days, "calendar").day


@transaction.atomic
def reopen(kind: CaseKind, case: Case, *, reason: str, on: date, actor: int | None) -> Case:
    """A closed case goes back to the stage that its kind names; its verdict stays in the step, its limits run anew. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_may_reopen(kind, case, reason=reason, on=on)
    before, case.stage, case.closed_on = case.stage, kind.reopens, None
    set_stage_due(kind, case, on)
    order = [stage.key for stage in kind.stages]
    due = due_after(kind.stages[order.index(kind.reopens) :], on)
    case.due_on = due.day if due else None
    verdict, case.verdict = case.verdict, ""
    store(case, "stage", "closed_on", "verdict", "stage_due_on", "due_on", "due_assumed")
    leave_step(case, "reopen", before, on, f"{reason.strip()}（原结论：{verdict}）", actor)
    return case


def check_may_reopen(kind: CaseKind, case: Case, *, reason: str, on: date) -> None:
    if not case.closed_on:
        raise Refused("case.open", f"“{case.title}”还没有办结，不必重新办理。")
    if not kind.reopens:
        raise Refused("case.final", f"{kind.name}办结后不再重新办理，有新情况请另立一件。")
    if not reason.strip():
        raise Refused("case.reason", "重新办理须说明理由。")
    check_order(case, on)


@transaction.atomic
def enlist(case: Case, *, batch: str, on: date, actor: int | None, kind: CaseKind, revision: int | None = None) -> Case:
    """The case is listed (挂牌) in the batch from that day; another batch later replaces it. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    check_unchanged(kind, case, expected=None, revision=revision)
    check_may_enlist(case, batch=batch, on=on)
    case.batch, case.listed_on = batch.strip(), on
    store(case, "batch", "listed_on")
    leave_step(case, "list", case.stage, on, f"列入{case.batch}", actor)
    return case


def check_may_enlist(case: Case, *, batch: str, on: date) -> None:
    check_workable(case, on)
    if not batch.strip():
        raise Refused("case.batch", "请填写批次名称。")
    if case.batch == batch.strip():
        raise Refused("case.same_batch", f"“{case.title}”已经列入{case.batch}。")


@transaction.atomic
def urge(kind: CaseKind, case: Case, *, level: str, on: date, actor: int | None, note: str = "") -> Urging:
    """Press an overdue case at a level of its kind, once for one deadline. Raises `Refused`."""
    sign(actor)
    case = locked(case)
    due = check_may_urge(kind, case, level=level, on=on)
    try:
        with transaction.atomic():
            urging = Urging.objects.create(
                case=case, path=case.path, level=level, due_on=due, day=on, note=note.strip(), recorded_by=actor
            )
    except IntegrityError as error:
        raise collided(error, Refused("case.urged", f"“{case.title}”这一期限已经发过。")) from error
    leave_step(case, level[:10], case.stage, on, note or f"期限{due}已过", actor)
    return urging


def check_may_urge(kind: CaseKind, case: Case, *, level: str, on: date) -> date:
    """The deadline that has passed."""
    check_workable(case, on)
    step = next((it for it in kind.escalations if it.key == level), None)
    if step is None:
        names = "、".join(it.name for it in kind.escalations)
        raise Refused("case.level", f"{kind.name}的催办方式只有：{names or '无'}。")
    due = latest_due(case, on)
    if due is None or due > cut_off(step, on):
        raise Refused(
            "case.not_overdue", f"“{case.title}”还没有逾期满{step.after}{_days(step)}，不到{step.name}的时候。"
        )
    return due


def cut_off(step: Escalation, on: date) -> date:
    """The latest deadline that is overdue long enough for the level on that day."""
    return days_back(on, step.after, step.counting).day


def _days(step: Escalation) -> str:
    return "个工作日" if step.counting == "working" else "天"


def enlist_all(kind: CaseKind, cases: Iterable[Case], *, batch: str, on: date, actor: int | None) -> list[Case]:
    """All of them or, where one is refused, none."""
    with transaction.atomic():
        return [enlist(case, batch=batch, on=on, actor=actor, kind=kind) for case in cases]
