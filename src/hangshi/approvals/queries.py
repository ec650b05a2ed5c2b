"""Reads of approvals: composable and lazy, always under the caller's scope; and whether one holds when it is used."""

from django.db.models import Exists, OuterRef, QuerySet

from hangshi.approvals.models import Act, Approval, Task
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer


def of_record(source: str, source_id: int) -> "QuerySet[Approval]":
    """Every approval that was asked for the record, the latest first."""
    return Approval.objects.filter(source=source, source_id=source_id).order_by("-pk")


def waiting_for(signer: Signer) -> "QuerySet[Approval]":
    """待办: running ones in which it is the signer's turn, their own or that of one they act for."""
    turn = Task.objects.filter(approval=OuterRef("pk"), state="open", account__in=signer.accounts)
    return Approval.objects.filter(Exists(turn), state="running").order_by("opened_on", "pk")


def answered_by(signer: Signer) -> "QuerySet[Approval]":
    """已办: those in which the account has decided something."""
    return Approval.objects.filter(Exists(Task.objects.filter(approval=OuterRef("pk"), decided_by=signer.account)))


def submitted_by(account: int) -> "QuerySet[Approval]":
    """我发起的."""
    return Approval.objects.filter(author=account).order_by("-pk")


def acts(approval: Approval) -> "QuerySet[Act]":
    return approval.acts.order_by("pk")


def check_holds(flow: str, source: str, source_id: int, *, digest: str) -> Approval:
    """The approval that lets the record, as it stands now, be used. Raises `Refused` where none does and says why."""
    latest = of_record(source, source_id).filter(kind=flow).first()
    if latest is None or latest.state == "withdrawn":
        raise Refused("approval.none", "还没有提交审批。")
    if latest.state in ("running", "returned"):
        raise Refused("approval.running", f"“{latest.title}”的审批还没有办结。")
    if latest.state == "refused":
        raise Refused("approval.refused", f"“{latest.title}”的审批没有通过。")
    if latest.digest != digest:
        raise Refused(
            "approval.void", f"“{latest.title}”在{latest.closed_on}审批通过后内容有改动，原审批作废，须重新审批。"
        )
    return latest
