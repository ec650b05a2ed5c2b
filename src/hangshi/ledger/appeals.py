"""Appeals 申诉 against points: by the person themself, or taken down in their name; answered by somebody who had no part in it."""

from datetime import date, timedelta

from django.db import transaction

from hangshi.ledger.models import PointProposal
from hangshi.ledger.points import STATES, check_other, locked, reversed_, waits
from hangshi.packs.models import EntryKind
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer, sign


@transaction.atomic
def appeal(
    kind: EntryKind,
    proposal: PointProposal,
    *,
    text: str,
    on: date,
    actor: int | None,
    person: int | None,
    heard: str = "",
) -> PointProposal:
    """Object to the points while they are shown or not yet decided on, and for the pack's days after the posting.

    `person`: who appeals. For anybody else's account `heard` says when and how they said it to whoever takes it down. Raises `Refused`.
    """
    sign(actor)
    proposal = locked(proposal)
    check_may_appeal(kind, proposal, text=text, on=on, person=person, heard=heard)
    proposal.appeal, proposal.appealed_on, proposal.appealed_by = text.strip(), on, actor
    proposal.heard = "" if is_own(proposal, person) else heard.strip()
    proposal.save(update_fields=["appeal", "appealed_on", "appealed_by", "heard"])
    return proposal


def is_own(proposal: PointProposal, person: int | None) -> bool:
    return person is not None and person == proposal.person_id


def check_may_appeal(
    kind: EntryKind, proposal: PointProposal, *, text: str, on: date, person: int | None, heard: str = ""
) -> None:
    if proposal.state not in ("shown", "posted"):
        raise Refused("points.state", f"这笔积分{STATES[proposal.state]}，不能申诉。")
    if proposal.appealed_on is not None:
        raise Refused("points.appealed", "这笔积分已经申诉过一次。")
    if proposal.decided_on is not None and on > (last := proposal.decided_on + timedelta(days=kind.appeal_days)):
        raise Refused("points.late", f"申诉期到{last}为止。")
    if not text.strip():
        raise Refused("points.text", "请写明申诉的内容。")
    if not is_own(proposal, person) and not heard.strip():
        raise Refused("points.heard", "不是本人提交的，请写明本人何时、怎样提出，由谁代记。")


@transaction.atomic
def answer(proposal: PointProposal, *, uphold: bool, text: str, on: date, by: Signer) -> PointProposal:
    """Answer the appeal: the points are upheld as they stand, or taken back for the reason said. Raises `Refused`."""
    sign(by.account)
    proposal = locked(proposal)
    check_may_answer(proposal, text=text, by=by)
    proposal.answer, proposal.answered_on, proposal.answered_by = text.strip(), on, by.account
    if not uphold and proposal.entry is None:
        proposal.state = "declined"
    proposal.save(update_fields=["state", "answer", "answered_on", "answered_by"])
    return proposal if uphold or proposal.entry is None else reversed_(proposal, on=on, reason=text, actor=by.account)


def check_may_answer(proposal: PointProposal, *, text: str, by: Signer) -> None:
    if not waits(proposal):
        raise Refused("points.no_appeal", "没有等待答复的申诉。")
    check_other(proposal, by=by, than=(proposal.proposed_by, proposal.decided_by, proposal.appealed_by))
    if not text.strip():
        raise Refused("points.reason", "答复须写明理由。")
