"""Who is asked changes on the way: a task is handed over (转办), somebody is asked as well (加签)."""

from datetime import date

from django.db import transaction

from hangshi.approvals.models import Approval, Task
from hangshi.approvals.services import check_not_author, leave_act, locked, open_task
from hangshi.packs.work import Approval as Flow
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer, sign


@transaction.atomic
def hand_over(approval: Approval, *, by: Signer, to: Signer, reason: str, on: date) -> Approval:
    """转办: somebody else answers in the signer's place. Raises `Refused`."""
    sign(by.account)
    approval = locked(approval)
    task = check_may_ask(approval, by=by, other=to, reason=reason)
    Task.objects.create(
        approval=approval,
        path=approval.path,
        step=task.step,
        place=task.place,
        account=to.account,
        person=to.person,
        state="open",
        added_by=task.added_by,
    )
    task.state, task.decided_by, task.decided_on, task.note = "handed", by.account, on, reason.strip()
    task.save(update_fields=["state", "decided_by", "decided_on", "note"])
    leave_act(approval, "hand_over", on, by.account, reason)
    return approval


@transaction.atomic
def ask_also(flow: Flow, approval: Approval, *, by: Signer, other: Signer, reason: str, on: date) -> Approval:
    """加签: the step is not passed without the other one too; in a sequence their turn is right after the signer's. Raises `Refused`."""
    sign(by.account)
    approval = locked(approval)
    task = check_may_ask(approval, by=by, other=other, reason=reason)
    in_turn = flow.steps[approval.step].mode == "sequence"
    following = approval.tasks.filter(step=task.step, place__gt=task.place).order_by("place").first()
    Task.objects.create(
        approval=approval,
        path=approval.path,
        step=task.step,
        place=(task.place + (following.place if following else task.place + 2)) / 2,
        account=other.account,
        person=other.person,
        state="waiting" if in_turn else "open",
        added_by=by.account,
    )
    leave_act(approval, "ask_also", on, by.account, reason)
    return approval


def check_may_ask(approval: Approval, *, by: Signer, other: Signer, reason: str) -> Task:
    """The signer's own open task, if they may bring in the other."""
    task = open_task(approval, by)
    check_not_author(approval, by)
    check_not_author(approval, other)
    known = approval.tasks.filter(step=approval.step).exclude(state="handed")
    if any(it.account in other.accounts or it.person in other.persons for it in known):
        raise Refused("approval.twice", "这个人已经在这一环节的审批人当中。")
    if not reason.strip():
        raise Refused("approval.reason", "转办、加签须说明理由。")
    return task
