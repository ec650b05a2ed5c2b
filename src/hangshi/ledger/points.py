"""Points accounts 积分账户: proposed, shown, approved by another person, posted as an entry, taken back with a reason.

An account is a person's or a household's at a unit, in one book. There is no list of anybody by balance.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import Signer, collided, sign
from hangshi.registry.tree import upper

Subject = Person | Household
STATES = {"shown": "公示中", "posted": "已入账", "declined": "不予入账", "reversed": "已冲销"}
POSTED, REDEEMED = (
    "points",
    "redemption",
)  # `source` of the entries of an account: the policies on `entry` know them by it


@dataclass(frozen=True)
class Given:
    """What is to be given, or taken off (below zero), and why: for an item of the pack, or in the proposer's own words."""

    amount: Decimal
    why: str
    item: str = ""


def given(kind: EntryKind, *, item: str = "", amount: Decimal | int | None = None, why: str = "") -> Given:
    """An item says its own points; `why` adds to it. Raises `Refused` where the account has items and none is named."""
    if not item:
        if kind.items:
            raise Refused("points.item", "请从积分项目中选择一项。")
        return Given(Decimal(amount or 0), why.strip())
    said = kind.items.get(item)
    if said is None:
        raise Refused("points.item", "请从积分项目中选择一项。")
    return Given(said.points, f"{said.name}：{why.strip()}" if why.strip() else said.name, item)


def account(kind: str, subject: Subject) -> "QuerySet[Entry]":
    """The entries of the account at the subject's present unit, reversals and redemptions among them, in their order.

    The path of a unit that was merged into it lies below it now, so that what was given there counts on.
    """
    there = {"path__gte": subject.path, "path__lt": upper(subject.path)}
    return Entry.objects.filter(kind=kind, **there, **of(subject)).order_by("day", "pk")


def balance(kind: str, subject: Subject) -> Decimal:
    """What was posted, less what was reversed and redeemed. Below zero where points were reversed after they were redeemed."""
    return total(account(kind, subject))


def of(subject: Subject) -> dict[str, Subject]:
    """The column that names the subject."""
    return {"household" if isinstance(subject, Household) else "person": subject}


@transaction.atomic
def propose(
    kind: EntryKind, *, subject: Subject, points: Given, on: date, actor: int | None, cause: str = ""
) -> PointProposal:
    """Propose points at the subject's own unit and show them from that day on. Raises `Refused`."""
    sign(actor)
    check_may_propose(kind, subject=subject, points=points, on=on)
    made = _proposal(kind, subject, points, on, actor, cause)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("points.once", "这项记录已经为此人提出过积分。")) from error
    return made


@transaction.atomic
def propose_all(
    kind: EntryKind, subjects: Sequence[Subject], *, points: Given, on: date, actor: int | None, cause: str
) -> int:
    """Propose the same for all of them, for what `cause` names; who has it already is passed over. Returns how many were new."""
    sign(actor)
    for one in {it.unit_id: it for it in subjects}.values():  # of one unit what holds for one holds for all
        check_may_propose(kind, subject=one, points=points, on=on)
    before = caused(kind, cause).count()
    rows = [_proposal(kind, it, points, on, actor, cause) for it in subjects]
    PointProposal.objects.bulk_create(rows, ignore_conflicts=True)
    return caused(kind, cause).count() - before


def caused(kind: EntryKind, cause: str) -> "QuerySet[PointProposal]":
    """What was proposed for the record `cause`, "table:id"."""
    return PointProposal.objects.filter(kind=kind.key, cause=cause)


def _proposal(
    kind: EntryKind, subject: Subject, points: Given, on: date, actor: int | None, cause: str
) -> PointProposal:
    return PointProposal(
        kind=kind.key,
        unit_id=subject.unit_id,
        path=subject.path,
        item=points.item,
        amount=points.amount,
        why=points.why[:200],
        cause=cause,
        proposed_on=on,
        proposed_by=actor,
        shown_until=on + timedelta(days=kind.shown_days - 1),
        **of(subject),
    )


def check_may_propose(kind: EntryKind, *, subject: Subject, points: Given, on: date) -> None:
    check_account(kind, subject)
    if not points.why:
        raise Refused("points.why", "请写明为什么记分。")
    # Taken off only for an item that the pack says: nobody loses points by somebody's own words.
    services.check_amount(-points.amount if points.item and points.amount < 0 else points.amount)
    check_home(subject, on=on)


def check_account(kind: EntryKind, subject: Subject) -> None:
    if kind.shown_days < 1 or kind.subject not in of(subject):
        raise Refused("points.kind", f"{kind.name}不是{'户' if isinstance(subject, Household) else '人员'}的积分账户。")


def check_home(subject: Subject, *, on: date) -> None:
    # A branch secretary does not see the village that members live in; a unit that ends hands its people on, so theirs stands.
    home = Unit.objects.filter(pk=subject.unit_id).first()
    if home is not None:
        services.check_stands(home, on=on)


@transaction.atomic
def approve(proposal: PointProposal, *, on: date, by: Signer) -> PointProposal:
    """Post the points on the day `on`, after they were shown. Raises `Refused`; somebody else must have proposed them."""
    sign(by.account)
    proposal = locked(proposal)
    check_may_approve(proposal, on=on, by=by)
    with spoken():
        proposal.entry = _posting(proposal, on, by.account)
        proposal.entry.save(force_insert=True)
    return _decided(proposal, "posted", on=on, actor=by.account)


def _posting(proposal: PointProposal, on: date, actor: int) -> Entry:
    return Entry(
        kind=proposal.kind,
        unit_id=proposal.unit_id,
        path=proposal.path,
        day=on,
        amount=proposal.amount,
        source=POSTED,
        person_id=proposal.person_id,
        household_id=proposal.household_id,
        note=proposal.why,
        recorded_by=actor,
    )


def check_may_approve(proposal: PointProposal, *, on: date, by: Signer) -> None:
    _check_decides(proposal, by=by)
    if on <= proposal.shown_until:
        raise Refused("points.shown", f"公示到{proposal.shown_until}为止，期满以后才能审核入账。")
    if waits(proposal):
        raise Refused("points.appealed", "有申诉还没有答复，请先答复。")


@transaction.atomic
def approve_all(waiting: "QuerySet[PointProposal]", *, on: date, by: Signer) -> int:
    """Post all of them that were shown and that this account may decide on; the others stay. Returns how many were posted."""
    sign(by.account)
    found = list(may_be_approved(waiting, on=on, by=by).select_for_update(of=("self",)))
    with spoken():
        entries = Entry.objects.bulk_create([_posting(it, on, by.account) for it in found])
    for it, entry in zip(found, entries, strict=True):
        it.entry, it.state, it.decided_on, it.decided_by = entry, "posted", on, by.account
    PointProposal.objects.bulk_update(found, ["entry", "state", "decided_on", "decided_by"])
    return len(found)


def may_be_approved(waiting: "QuerySet[PointProposal]", *, on: date, by: Signer) -> "QuerySet[PointProposal]":
    """Those that `check_may_approve` lets pass, in one statement."""
    found = waiting.filter(state="shown", shown_until__lt=on).exclude(proposed_by__in=by.accounts)
    return found.exclude(appealed_on__isnull=False, answered_on=None).exclude(person__in=by.persons)


@transaction.atomic
def decline(proposal: PointProposal, *, reason: str, on: date, by: Signer) -> PointProposal:
    """The points are not posted, for the reason said. Raises `Refused`."""
    sign(by.account)
    proposal = locked(proposal)
    check_may_decline(proposal, reason=reason, by=by)
    proposal.decision = reason.strip()
    return _decided(proposal, "declined", on=on, actor=by.account)


def check_may_decline(proposal: PointProposal, *, reason: str, by: Signer) -> None:
    _check_decides(proposal, by=by)
    if waits(proposal):
        raise Refused("points.appealed", "有申诉还没有答复，请先答复。")
    if not reason.strip():
        raise Refused("points.reason", "不予入账须写明理由。")


def _check_decides(proposal: PointProposal, *, by: Signer) -> None:
    if proposal.state != "shown":
        raise Refused("points.state", f"这笔积分{STATES[proposal.state]}，不能再审核。")
    check_other(proposal, by=by, than=(proposal.proposed_by,))


def check_other(proposal: PointProposal, *, by: Signer, than: Collection[int | None]) -> None:
    """Nobody decides on what they, or somebody they act for, did before, nor on their own account."""
    if by.accounts.intersection(than):
        raise Refused("points.own", "提出、入账和申诉答复须由不同的人办理，代办、委托也不行，请换一人。")
    if proposal.person_id in by.persons:
        raise Refused("points.own_account", "本人的积分不能由本人审核或答复。")


def _decided(proposal: PointProposal, state: str, *, on: date, actor: int) -> PointProposal:
    proposal.state, proposal.decided_on, proposal.decided_by = state, on, actor
    proposal.save(update_fields=["state", "decided_on", "decided_by", "decision", "entry"])
    return proposal


@transaction.atomic
def take_back(proposal: PointProposal, *, reason: str, on: date, by: Signer) -> PointProposal:
    """Reverse points that were posted by mistake, for the reason said. Raises `Refused`."""
    sign(by.account)
    proposal = locked(proposal)
    check_may_take_back(proposal, by=by)
    return reversed_(proposal, on=on, reason=reason, actor=by.account)


def check_may_take_back(proposal: PointProposal, *, by: Signer) -> None:
    if proposal.state != "posted":
        raise Refused("points.state", f"这笔积分{STATES[proposal.state]}，不能冲销。")
    if waits(proposal):
        raise Refused("points.appealed", "有申诉还没有答复，请先答复。")
    check_other(proposal, by=by, than=(proposal.proposed_by,))


def reversed_(proposal: PointProposal, *, on: date, reason: str, actor: int) -> PointProposal:
    """Undo the entry of a proposal that is locked and posted; the caller has checked who may."""
    if proposal.entry is not None:
        services.reverse(proposal.entry, on=on, reason=reason.strip()[:200], actor=actor)
    proposal.state = "reversed"
    proposal.save(update_fields=["state"])
    return proposal


def waits(proposal: PointProposal) -> bool:
    """Whether an appeal has not been answered."""
    return proposal.appealed_on is not None and proposal.answered_on is None


def locked(proposal: PointProposal) -> PointProposal:
    return PointProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
