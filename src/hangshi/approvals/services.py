"""Approvals submitted, decided, returned, withdrawn. Each act locks the approval first, so that a step is passed once."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from hangshi.approvals.models import Act, Approval, Task
from hangshi.outbox.services import tell
from hangshi.packs.permissions import PERMISSIONS
from hangshi.packs.work import Approval as Flow
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer, collided, same_person, sign

STATES = {
    "running": "审批中",
    "returned": "已退回",
    "approved": "已通过",
    "refused": "未通过",
    "withdrawn": "已撤回",
}
VERDICTS = {"approve": "approved", "refuse": "refused", "return": "returned"}


@transaction.atomic
def submit(
    flow: Flow,
    *,
    unit: Unit,
    source: str,
    source_id: int,
    title: str,
    digest: str,
    author: Signer,
    signers: Sequence[Sequence[Signer]],
    on: date,
) -> Approval:
    """Ask the signers of each step to approve the record as digested. `signers`: one sequence a step, in order.

    Raises `Refused`; of two who submit one record at once, one does.
    """
    sign(author.account)
    check_may_submit(flow, title=title, author=author, signers=signers)
    approval = Approval(
        kind=flow.key,
        unit=unit,
        path=unit.path,
        source=source,
        source_id=source_id,
        title=title.strip(),
        digest=digest,
        author=author.account,
        author_accounts=sorted(author.accounts),
        author_persons=sorted(author.persons),
        opened_on=on,
    )
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("approval.running", f"“{title}”正在审批，不能重复提交。")) from error
    Task.objects.bulk_create(
        Task(
            approval=approval,
            path=unit.path,
            step=step,
            place=place,
            account=signer.account,
            person=signer.person,
            state="waiting",
        )
        for step, group in enumerate(signers)
        for place, signer in enumerate(group)
    )
    open_tasks(flow, approval)
    leave_act(approval, "submit", on, author.account, "")
    return approval


def check_may_submit(flow: Flow, *, title: str, author: Signer, signers: Sequence[Sequence[Signer]]) -> None:
    if not title.strip():
        raise Refused("approval.title", "请写明审批事由。")
    if len(signers) != len(flow.steps) or not all(signers):
        names = "、".join(step.name for step in flow.steps)
        raise Refused("approval.signers", f"{flow.name}有这些环节：{names}；每个环节都要有审批人。")
    for group in signers:
        if any(same_person(author, signer) for signer in group):
            raise Refused("approval.own", "提交人不能审批自己提交的事项，代办、委托也不行。")
        if any(same_person(one, other) for number, one in enumerate(group) for other in group[:number]):
            raise Refused("approval.twice", "同一环节里，同一个人只能审批一次。")


@transaction.atomic
def decide(
    flow: Flow,
    approval: Approval,
    *,
    by: Signer,
    verdict: str,
    digest: str,
    on: date,
    note: str = "",
    ground: str = "",
) -> Approval:
    """Answer the task that is open for the signer, or for one they act for. `verdict`: approve, refuse or return (退回).

    `digest`: of the record as the signer sees it; another one than was submitted is refused. Raises `Refused`.
    """
    sign(by.account)
    approval = locked(approval)
    task = check_may_decide(flow, approval, by=by, verdict=verdict, digest=digest, note=note, ground=ground)
    task.state, task.decided_by, task.decided_on = VERDICTS[verdict], by.account, on
    task.note, task.ground = note.strip(), ground
    task.save(update_fields=["state", "decided_by", "decided_on", "note", "ground"])
    leave_act(approval, verdict, on, by.account, note)
    if verdict == "return":
        _end(approval, "returned", None)
    else:
        _settle_step(flow, approval, on, by.account)
    return approval


def check_may_decide(
    flow: Flow, approval: Approval, *, by: Signer, verdict: str, digest: str, note: str = "", ground: str = ""
) -> Task:
    """The task that would be answered."""
    if verdict not in VERDICTS:
        raise Refused("approval.verdict", "请选择同意、不同意或退回。")
    task = open_task(approval, by)
    check_not_author(approval, by)
    wanted = flow.steps[approval.step].permission
    if wanted and wanted not in by.permissions:
        raise Refused("approval.permission", f"您没有“{PERMISSIONS[wanted].name}”的权限，不能办理这一环节。")
    if digest != approval.digest:
        raise Refused("approval.changed", f"“{approval.title}”提交审批后内容有改动，请退回提交人撤回后重新提交。")
    if verdict == "return" and not note.strip():
        raise Refused("approval.reason", "退回须说明理由。")
    if verdict == "refuse" and flow.grounds and ground not in flow.grounds:
        raise Refused("approval.ground", f"不通过须有法定情形：{'、'.join(flow.grounds.values())}。")
    if verdict == "refuse" and not flow.grounds and not note.strip():
        raise Refused("approval.reason", "不同意须说明理由。")
    return task


def check_not_author(approval: Approval, by: Signer) -> None:
    if by.accounts & set(approval.author_accounts) or by.persons & set(approval.author_persons):
        raise Refused("approval.own", "提交人不能审批自己提交的事项，代办、委托也不行。")


def open_task(approval: Approval, by: Signer) -> Task:
    """The task of the present step that waits for the signer. Raises `Refused` and says why there is none."""
    if approval.state != "running":
        raise Refused("approval.done", f"“{approval.title}”{STATES[approval.state]}，不能再办理。")
    tasks = list(approval.tasks.filter(step=approval.step, account__in=by.accounts).order_by("place"))
    for task in tasks:
        if task.state == "open":
            return task
    if any(task.state == "waiting" for task in tasks):
        raise Refused("approval.turn", "还没有轮到您审批。")
    if tasks:
        raise Refused("approval.decided", "您已经办理过这一环节。")
    raise Refused("approval.signer", "这一环节不由您审批。")


def _settle_step(flow: Flow, approval: Approval, on: date, actor: int) -> None:
    """After an answer: the step waits, is passed, or the approval is refused."""
    tasks = list(approval.tasks.filter(step=approval.step).exclude(state="handed").order_by("place"))
    waits = any(task.state in ("open", "waiting") for task in tasks)
    if any(task.state == "refused" for task in tasks):
        if not (flow.hear_all and waits):
            _end(approval, "refused", on)
            tell("approval.refused", approval, on=on, actor=actor)
            return
    elif _passed(flow, approval, tasks):
        _next_step(flow, approval, on, actor)
        return
    open_tasks(flow, approval)


def _passed(flow: Flow, approval: Approval, tasks: Sequence[Task]) -> bool:
    if flow.steps[approval.step].mode != "any":
        return all(task.state == "approved" for task in tasks)
    asked = [task for task in tasks if task.added_by is None]
    added = [task for task in tasks if task.added_by is not None]
    return any(task.state == "approved" for task in asked) and all(task.state == "approved" for task in added)


def _next_step(flow: Flow, approval: Approval, on: date, actor: int) -> None:
    _drop_rest(approval)
    if approval.step + 1 < len(flow.steps):
        approval.step += 1
        approval.save(update_fields=["step"])
        open_tasks(flow, approval)
        return
    _end(approval, "approved", on)
    tell("approval.approved", approval, on=on, actor=actor)


def open_tasks(flow: Flow, approval: Approval) -> None:
    """Whose turn it is in the present step: everybody's at once, or in a sequence the first who has not answered."""
    tasks = approval.tasks.filter(step=approval.step)
    if flow.steps[approval.step].mode != "sequence":
        tasks.filter(state="waiting").update(state="open")
    elif not tasks.filter(state="open").exists():
        first = tasks.filter(state="waiting").order_by("place").values("pk")[:1]
        tasks.filter(pk__in=first).update(state="open")


def _drop_rest(approval: Approval) -> None:
    approval.tasks.filter(step=approval.step, state__in=("open", "waiting")).update(state="dropped")


def _end(approval: Approval, state: str, on: date | None) -> None:
    approval.state, approval.closed_on = state, on
    approval.save(update_fields=["state", "closed_on"])
    approval.tasks.filter(state__in=("open", "waiting")).update(state="dropped")


@transaction.atomic
def withdraw(approval: Approval, *, by: Signer, reason: str, on: date) -> Approval:
    """撤回 by the author, while it runs or after it was returned. Raises `Refused`."""
    sign(by.account)
    approval = locked(approval)
    if by.account != approval.author:
        raise Refused("approval.author", "只有提交人可以撤回。")
    if approval.state not in ("running", "returned"):
        raise Refused("approval.done", f"“{approval.title}”{STATES[approval.state]}，不能撤回。")
    if not reason.strip():
        raise Refused("approval.reason", "撤回须说明理由。")
    _end(approval, "withdrawn", on)
    leave_act(approval, "withdraw", on, by.account, reason)
    return approval


@transaction.atomic
def resubmit(flow: Flow, approval: Approval, *, by: Signer, digest: str, on: date, note: str = "") -> Approval:
    """After a return the author asks again, from the first step, for the content as it is now. Raises `Refused`."""
    sign(by.account)
    approval = locked(approval)
    if by.account != approval.author:
        raise Refused("approval.author", "只有提交人可以重新提交。")
    if approval.state != "returned":
        raise Refused("approval.not_returned", f"“{approval.title}”{STATES[approval.state]}，没有退回。")
    approval.state, approval.step, approval.digest = "running", 0, digest
    approval.save(update_fields=["state", "step", "digest"])
    approval.tasks.exclude(state="handed").update(state="waiting", decided_by=None, decided_on=None, note="", ground="")
    open_tasks(flow, approval)
    leave_act(approval, "resubmit", on, by.account, note)
    return approval


def leave_act(approval: Approval, act: str, on: date, account: int, note: str) -> None:
    Act.objects.create(
        approval=approval,
        path=approval.path,
        act=act,
        step=approval.step,
        day=on,
        account=account,
        digest=approval.digest,
        note=note.strip(),
    )


def locked(approval: Approval) -> Approval:
    return Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
