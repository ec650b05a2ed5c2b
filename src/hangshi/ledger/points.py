"""Points accounts 积分账户: proposed, shown, approved by another person, posted as an entry; appealed, redeemed.

An account is a person's at a unit, in one book. There is no list of persons by balance.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hangshi.access.append import spoken
from hangshi.ledger import services
from hangshi.ledger.models import Entry, PointProposal
from hangshi.ledger.queries import total
from hangshi.packs.models import EntryKind
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import collided, sign

STATES = {"shown": "公示中", "posted": "已入账", "declined": "不予入账", "reversed": "已冲销"}
REDEEMED = "redemption"  # `source` of an entry that takes points out


def account(kind: str, person: Person, unit: Unit) -> "QuerySet[Entry]":
    """The entries of the person's account at the unit, reversals and redemptions among them, in their order."""
    return Entry.objects.filter(kind=kind, person=person, unit=unit).order_by("day", "pk")


def balance(kind: str, person: Person, unit: Unit) -> Decimal:
    """What was posted, less what was reversed and redeemed. Below zero where points were reversed after they were redeemed."""
    return total(account(kind, person, unit))


def proposals(unit: Unit) -> "QuerySet[PointProposal]":
    """Those of the unit itself, the latest first."""
    found = PointProposal.objects.filter(unit=unit).select_related("person", "unit")
    return found.order_by("-proposed_on", "-pk")


@transaction.atomic
def propose(
    kind: EntryKind, *, person: Person, amount: Decimal | int, why: str, on: date, actor: int | None, cause: str = ""
) -> PointProposal:
    """Propose points at the person's own unit and show them from that day on. Raises `Refused`."""
    sign(actor)
    check_may_propose(kind, person=person, amount=amount, why=why, on=on)
    try:
        with transaction.atomic():
            return PointProposal.objects.create(
                kind=kind.key,
                unit=person.unit,
                path=person.unit.path,
                person=person,
                amount=amount,
                why=why.strip()[:200],
                cause=cause,
                proposed_on=on,
                proposed_by=actor,
                shown_until=on + timedelta(days=kind.shown_days - 1),
            )
    except IntegrityError as error:
        raise collided(error, Refused("points.once", "这项记录已经为此人提出过积分。")) from error


def check_may_propose(kind: EntryKind, *, person: Person, amount: Decimal | int, why: str, on: date) -> None:
    _check_account(kind)
    if not why.strip():
        raise Refused("points.why", "请写明为什么记分。")
    services.check_may_book(kind, unit=person.unit, amount=amount, on=on, person=person)


def _check_account(kind: EntryKind) -> None:
    if kind.subject != "person" or kind.shown_days < 1:
        raise Refused("points.kind", f"{kind.name}不是先公示后入账的积分账户。")


@transaction.atomic
def approve(
    kind: EntryKind, proposal: PointProposal, *, on: date, actor: int | None, person: int | None
) -> PointProposal:
    """Post the points on the day `on`, after they were shown. `person`: who approves, where the account is a person's. Raises `Refused`."""
    sign(actor)
    proposal = _locked(proposal)
    check_may_approve(proposal, on=on, actor=actor, person=person)
    proposal.entry = services.book(
        kind, unit=proposal.unit, amount=proposal.amount, on=on, actor=actor, person=proposal.person, note=proposal.why
    )
    return _decided(proposal, "posted", on=on, actor=actor)


def check_may_approve(proposal: PointProposal, *, on: date, actor: int | None, person: int | None) -> None:
    _check_decides(proposal, actor=actor, person=person)
    if on <= proposal.shown_until:
        raise Refused("points.shown", f"公示到{proposal.shown_until}为止，期满以后才能审核入账。")
    if _waits(proposal):
        raise Refused("points.appealed", "有申诉还没有答复，请先答复。")


@transaction.atomic
def decline(proposal: PointProposal, *, reason: str, on: date, actor: int | None, person: int | None) -> PointProposal:
    """The points are not posted, for the reason said. Raises `Refused`."""
    sign(actor)
    proposal = _locked(proposal)
    check_may_decline(proposal, reason=reason, actor=actor, person=person)
    proposal.decision = reason.strip()
    return _decided(proposal, "declined", on=on, actor=actor)


def check_may_decline(proposal: PointProposal, *, reason: str, actor: int | None, person: int | None) -> None:
    _check_decides(proposal, actor=actor, person=person)
    if _waits(proposal):
        raise Refused("points.appealed", "有申诉还没有答复，请先答复。")
    if not reason.strip():
        raise Refused("points.reason", "不予入账须写明理由。")


def _check_decides(proposal: PointProposal, *, actor: int | None, person: int | None) -> None:
    if proposal.state != "shown":
        raise Refused("points.state", f"这笔积分{STATES[proposal.state]}，不能再审核。")
    _check_other(proposal, actor=actor, person=person, than=proposal.proposed_by)


def _check_other(proposal: PointProposal, *, actor: int | None, person: int | None, than: int | None) -> None:
    if actor is None or actor == than:
        raise Refused("points.own", "提出、入账和申诉答复须由不同的人办理，请换一人。")
    if person is not None and person == proposal.person_id:
        raise Refused("points.own_account", "本人的积分不能由本人审核或答复。")


def _decided(proposal: PointProposal, state: str, *, on: date, actor: int | None) -> PointProposal:
    proposal.state, proposal.decided_on, proposal.decided_by = state, on, actor
    proposal.save(update_fields=["state", "decided_on", "decided_by", "decision", "entry"])
    return proposal


def _waits(proposal: PointProposal) -> bool:
    return proposal.appealed_on is not None and proposal.answered_on is None


def _locked(proposal: PointProposal) -> PointProposal:
    rows = PointProposal.objects.select_for_update(of=("self",)).select_related("unit", "person", "entry")
    return rows.get(pk=proposal.pk)


@transaction.atomic
def appeal(kind: EntryKind, proposal: PointProposal, *, text: str, on: date, actor: int | None) -> PointProposal:
    """Object to the points while they are shown or not yet decided on, and for the pack's days after the posting. Raises `Refused`."""
    sign(actor)
    proposal = _locked(proposal)
    check_may_appeal(kind, proposal, text=text, on=on)
    proposal.appeal, proposal.appealed_on, proposal.appealed_by = text.strip(), on, actor
    proposal.save(update_fields=["appeal", "appealed_on", "appealed_by"])
    return proposal


def check_may_appeal(kind: EntryKind, proposal: PointProposal, *, text: str, on: date) -> None:
    if proposal.state not in ("shown", "posted"):
        raise Refused("points.state", f"这笔积分{STATES[proposal.state]}，不能申诉。")
    if proposal.appealed_on is not None:
        raise Refused("points.appealed", "这笔积分已经申诉过一次。")
    if proposal.decided_on is not None and on > (last := proposal.decided_on + timedelta(days=kind.appeal_days)):
        raise Refused("points.late", f"申诉期到{last}为止。")
    if not text.strip():
        raise Refused("points.text", "请写明申诉的内容。")


@transaction.atomic
def answer(
    proposal: PointProposal, *, uphold: bool, text: str, on: date, actor: int | None, person: int | None
) -> PointProposal:
    """Answer the appeal: the points are upheld as they stand, or taken back for the reason said. Raises `Refused`."""
    sign(actor)
    proposal = _locked(proposal)
    check_may_answer(proposal, text=text, actor=actor, person=person)
    if not uphold:
        proposal.state = "declined"
        if proposal.entry is not None:
            services.reverse(proposal.entry, on=on, reason=text.strip()[:200], actor=actor)
            proposal.state = "reversed"
    proposal.answer, proposal.answered_on, proposal.answered_by = text.strip(), on, actor
    proposal.save(update_fields=["state", "answer", "answered_on", "answered_by"])
    return proposal


def check_may_answer(proposal: PointProposal, *, text: str, actor: int | None, person: int | None) -> None:
    if not _waits(proposal):
        raise Refused("points.no_appeal", "没有等待答复的申诉。")
    _check_other(proposal, actor=actor, person=person, than=proposal.appealed_by)
    if actor in (proposal.proposed_by, proposal.decided_by):
        raise Refused("points.own", "申诉须由提出、审核以外的人答复，请换一人。")
    if not text.strip():
        raise Refused("points.reason", "答复须写明理由。")


@transaction.atomic
def redeem(kind: EntryKind, *, person: Person, amount: Decimal | int, what: str, on: date, actor: int | None) -> Entry:
    """Take points out for `what` (兑换), never more than the balance; of two at once the second sees the first. Raises `Refused`."""
    sign(actor)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    check_may_redeem(kind, person=person, amount=amount, what=what, on=on)
    with spoken():
        return Entry.objects.create(
            kind=kind.key,
            unit=person.unit,
            path=person.unit.path,
            day=on,
            amount=-Decimal(amount),
            source=REDEEMED,
            person=person,
            note=what.strip()[:200],
            recorded_by=actor,
        )


def check_may_redeem(kind: EntryKind, *, person: Person, amount: Decimal | int, what: str, on: date) -> None:
    _check_account(kind)
    services.check_may_book(kind, unit=person.unit, amount=amount, on=on, person=person)
    if not what.strip():
        raise Refused("points.what", "请写明兑换了什么。")
    if (there := balance(kind.key, person, person.unit)) < amount:
        raise Refused("points.balance", f"账户里有{there:f}分，不够兑换{Decimal(amount):f}分。")
