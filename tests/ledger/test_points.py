"""Points accounts: proposed, shown, approved by another person, appealed, answered, redeemed; who may do what, and who sees it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.ledger import appeals, points, rewards, services
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs import load
from hangshi.packs.models import EntryKind
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.people import register_person
from hangshi.registry.signing import Signer
from tests.committed import at_once
from tests.land import FIRST, make
from tests.refusals import refusal_of

POINTS = EntryKind(key="points", name="积分", unit="point", subject="person", shown_days=5, appeal_days=3)
PROPOSER, APPROVER, MEMBER, ANSWERER, DELEGATE = 7, 8, 9, 10, 11
OTHERS = Signer(ANSWERER)
DAY, LAST_SHOWN, AFTER = date(2017, 6, 1), date(2017, 6, 5), date(2017, 6, 6)


def proposed(person: Person, amount: str = "3", cause: str = "") -> PointProposal:
    given = points.given(POINTS, amount=Decimal(amount), why="参加植树")
    return points.propose(POINTS, subject=person, points=given, on=DAY, actor=PROPOSER, cause=cause)


def posted(person: Person, amount: str = "3") -> PointProposal:
    return points.approve(proposed(person, amount), on=AFTER, by=Signer(APPROVER))


def appealed(proposal: PointProposal, on: date = AFTER) -> PointProposal:
    return appeals.appeal(POINTS, proposal, text="我那天不在", on=on, actor=MEMBER, person=proposal.person_id)


def answered(proposal: PointProposal, *, uphold: bool, by: Signer = OTHERS):
    return appeals.answer(proposal, uphold=uphold, text="查过签到表", on=date(2017, 6, 8), by=by)


def balance(person: Person) -> Decimal:
    return points.balance("points", person)


def redeem(person: Person, amount: str, what: str = "洗衣粉") -> Entry:
    wants = rewards.wanted(POINTS, amount=Decimal(amount), what=what)
    return rewards.redeem(POINTS, subject=person, wants=wants, on=AFTER, actor=APPROVER)


def test_points_of_the_base_pack_are_shown_before_they_count():
    books = load("base").kinds.entry
    said = {key: (it.subject, it.shown_days, it.appeal_days) for key, it in books.items() if it.shown_days}
    assert said == {"member_points": ("person", 5, 5), "household_points": ("household", 5, 5)}


def test_what_is_proposed_is_shown_for_the_days_of_the_pack_and_counts_for_nothing(people: SimpleNamespace):
    proposal = proposed(people.wang)
    assert (proposal.state, proposal.shown_until, proposal.unit_id) == ("shown", LAST_SHOWN, people.wang.unit_id)
    assert balance(people.wang) == Decimal("0.00")


def test_after_the_days_another_person_posts_it(people: SimpleNamespace):
    proposal = posted(people.wang)
    assert (proposal.state, proposal.decided_on, proposal.decided_by) == ("posted", AFTER, APPROVER)
    entry = Entry.objects.get()
    assert (entry.pk, entry.amount, entry.day, entry.note) == (proposal.entry_id, Decimal("3.00"), AFTER, "参加植树")
    assert balance(people.wang) == Decimal("3.00")


@pytest.mark.parametrize(
    ("on", "actor", "own", "code"),
    [
        (LAST_SHOWN, APPROVER, False, "points.shown"),
        (AFTER, PROPOSER, False, "points.own"),
        (AFTER, DELEGATE, False, "points.own"),
        (AFTER, APPROVER, True, "points.own_account"),
    ],
)
def test_nobody_posts_too_early_or_what_is_theirs(people, on: date, actor: int, own: bool, code: str):
    proposal, person = proposed(people.wang), people.wang.pk if own else people.li.pk
    by = Signer(actor, person, acts_for=(Signer(PROPOSER),) if actor == DELEGATE else ())
    assert refusal_of(points.approve, proposal, on=on, by=by) == code
    assert points.approve_all(PointProposal.objects.all(), on=on, by=by) == 0
    assert not Entry.objects.exists()


def test_who_acts_for_a_member_does_not_post_the_members_points(people: SimpleNamespace):
    proposal, by = proposed(people.wang), Signer(DELEGATE, acts_for=(Signer(MEMBER, people.wang.pk),))
    assert refusal_of(points.approve, proposal, on=AFTER, by=by) == "points.own_account"
    assert points.approve_all(PointProposal.objects.all(), on=AFTER, by=by) == 0
    assert points.approve_all(PointProposal.objects.all(), on=AFTER, by=Signer(APPROVER)) == 1


@pytest.mark.parametrize(
    ("amount", "why", "code"),
    [
        ("0", "植树", "entry.amount"),
        ("-1", "植树", "entry.amount"),
        ("0.001", "植树", "entry.cents"),
        ("1", " ", "points.why"),
    ],
)
def test_a_proposal_says_how_much_and_why(people, amount: str, why: str, code: str):
    asked = {"subject": people.wang, "points": points.given(POINTS, amount=Decimal(amount), why=why)}
    assert refusal_of(points.propose, POINTS, on=DAY, actor=PROPOSER, **asked) == code


def test_a_book_that_is_not_shown_first_takes_no_proposal(people: SimpleNamespace):
    booked = POINTS.model_copy(update={"shown_days": 0})
    asked = {"subject": people.wang, "points": points.given(booked, amount=1, why="植树"), "on": DAY, "actor": PROPOSER}
    assert refusal_of(points.propose, booked, **asked) == "points.kind"


def test_one_record_gives_a_person_points_once(people: SimpleNamespace):
    proposed(people.wang, cause="activity:5")
    assert refusal_of(proposed, people.wang, cause="activity:5") == "points.once"
    assert proposed(people.wang, cause="activity:6").state == "shown"
    assert proposed(people.li, cause="activity:5").state == "shown"


def test_what_is_declined_is_never_posted(people: SimpleNamespace):
    proposal = proposed(people.wang)
    said = {"on": DAY, "by": Signer(APPROVER)}
    assert refusal_of(points.decline, proposal, reason=" ", **said) == "points.reason"
    assert refusal_of(points.decline, proposal, reason="没来", **(said | {"by": Signer(PROPOSER)})) == "points.own"
    declined = points.decline(proposal, reason="没来", **said)
    assert (declined.state, declined.decision) == ("declined", "没来")
    assert refusal_of(points.approve, proposal, on=AFTER, by=Signer(APPROVER)) == "points.state"
    assert refusal_of(appealed, proposal) == "points.state"


def test_it_is_posted_once(people: SimpleNamespace):
    proposal = posted(people.wang)
    assert refusal_of(points.approve, proposal, on=AFTER, by=Signer(APPROVER)) == "points.state"
    assert balance(people.wang) == Decimal("3.00")


def test_an_appeal_holds_the_posting_until_it_is_answered(people: SimpleNamespace):
    proposal = appealed(proposed(people.wang), on=DAY)
    assert refusal_of(points.approve, proposal, on=AFTER, by=Signer(APPROVER)) == "points.appealed"
    decline = {"reason": "没来", "on": AFTER, "by": Signer(APPROVER)}
    assert refusal_of(points.decline, proposal, **decline) == "points.appealed"
    answered(proposal, uphold=True)
    assert points.approve(proposal, on=AFTER, by=Signer(APPROVER)).state == "posted"


def test_an_appeal_before_the_posting_can_end_the_proposal(people: SimpleNamespace):
    assert answered(appealed(proposed(people.wang)), uphold=False).state == "declined"
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("uphold", "state", "left"), [(True, "posted", "3.00"), (False, "reversed", "0.00")])
def test_an_appeal_after_the_posting_is_upheld_or_reversed_with_the_reason(people, uphold: bool, state: str, left: str):
    found = answered(appealed(posted(people.wang)), uphold=uphold)
    assert (found.state, found.answer, found.answered_by) == (state, "查过签到表", ANSWERER)
    assert balance(people.wang) == Decimal(left)
    assert [it.note for it in Entry.objects.filter(reverses=found.entry)] == ([] if uphold else ["查过签到表"])


def test_an_appeal_is_taken_until_the_last_day_of_the_term_and_once(people: SimpleNamespace):
    proposal = posted(people.wang)
    assert (
        refusal_of(appeals.appeal, POINTS, proposal, text=" ", on=AFTER, actor=MEMBER, person=people.wang.pk)
        == "points.text"
    )
    assert refusal_of(appealed, proposal, on=date(2017, 6, 10)) == "points.late"
    assert appealed(proposal, on=date(2017, 6, 9)).appealed_on == date(2017, 6, 9)
    assert refusal_of(appealed, proposal, on=date(2017, 6, 9)) == "points.appealed"


@pytest.mark.parametrize("actor", [PROPOSER, APPROVER, MEMBER])
def test_an_appeal_is_answered_by_somebody_who_had_no_part_in_it(people, actor: int):
    proposal = appealed(posted(people.wang))
    assert refusal_of(answered, proposal, uphold=True, by=Signer(actor)) == "points.own"
    assert refusal_of(answered, proposal, uphold=True, by=Signer(ANSWERER, people.wang.pk)) == "points.own_account"
    assert refusal_of(answered, proposal, uphold=True, by=Signer(DELEGATE, acts_for=(Signer(actor),))) == "points.own"
    said = {"uphold": False, "on": AFTER, "by": Signer(ANSWERER)}
    assert refusal_of(appeals.answer, proposal, text=" ", **said) == "points.reason"
    assert balance(people.wang) == Decimal("3.00")


def test_an_appeal_is_the_persons_own_or_says_how_it_was_heard(people: SimpleNamespace):
    proposal = posted(people.wang)
    said = {"text": "我那天不在", "on": AFTER, "actor": PROPOSER}
    assert refusal_of(appeals.appeal, POINTS, proposal, person=people.li.pk, **said) == "points.heard"
    assert refusal_of(appeals.appeal, POINTS, proposal, person=None, heard=" ", **said) == "points.heard"
    found = appeals.appeal(POINTS, proposal, person=people.li.pk, heard="6月6日本人来村委会口述，李秀英代记", **said)
    assert (found.appeal, found.heard) == ("我那天不在", "6月6日本人来村委会口述，李秀英代记")


def test_what_one_writes_oneself_was_heard_by_nobody(people: SimpleNamespace):
    said = {"text": "我那天不在", "on": AFTER, "actor": MEMBER, "person": people.wang.pk}
    assert appeals.appeal(POINTS, posted(people.wang), heard="代记", **said).heard == ""


def test_points_posted_by_mistake_are_taken_back_by_another_than_who_proposed_them(people: SimpleNamespace):
    proposal, said = posted(people.wang), {"reason": "记重了", "on": AFTER}
    assert refusal_of(points.take_back, proposal, by=Signer(PROPOSER), **said) == "points.own"
    assert refusal_of(points.take_back, proposal, by=Signer(9, people.wang.pk), **said) == "points.own_account"
    assert refusal_of(points.take_back, proposal, by=Signer(9), reason=" ", on=AFTER) == "entry.reason"
    assert balance(people.wang) == Decimal("3.00")
    assert points.take_back(proposal, by=Signer(9), **said).state == "reversed"
    assert balance(people.wang) == Decimal("0.00")
    assert refusal_of(points.take_back, proposal, by=Signer(9), **said) == "points.state"


def test_nothing_is_booked_into_an_account_at_once(people: SimpleNamespace):
    said = {"unit": people.wang.unit, "person": people.wang, "amount": 3, "on": DAY, "actor": PROPOSER}
    assert refusal_of(services.book, POINTS, **said) == "entry.shown_first"
    assert refusal_of(services.book, POINTS.model_copy(update={"shown_days": 0}), **said) is None


def test_without_an_appeal_there_is_nothing_to_answer(people: SimpleNamespace):
    assert refusal_of(answered, posted(people.wang), uphold=True) == "points.no_appeal"


def test_a_redemption_is_an_entry_that_never_exceeds_the_balance(people: SimpleNamespace):
    posted(people.wang, "3")
    assert refusal_of(redeem, people.wang, "3.01") == "points.balance"
    assert refusal_of(redeem, people.wang, "1", what=" ") == "points.what"
    assert refusal_of(redeem, people.wang, "-1") == "entry.amount"
    entry = redeem(people.wang, "2")
    assert (entry.amount, entry.source, entry.note) == (Decimal("-2"), "redemption", "洗衣粉")
    assert balance(people.wang) == Decimal("1.00")
    assert refusal_of(redeem, people.li, "1") == "points.balance"
    services.reverse(entry, on=AFTER, reason="没有货", actor=APPROVER)
    assert balance(people.wang) == Decimal("3.00")


def test_of_two_redemptions_at_once_one_wins(committed: None):
    with acting(EVERYTHING):
        village = make("village", "东湾村", make("township", "东镇", make("county", "示例县", None)))
        person = register_person(village, name="王建国", on=FIRST, actor=None)
        posted(person, "3")

    def work(index: int) -> str:
        try:
            return f"{redeem(person, '2').amount:f}"
        except Refused as refused:
            return refused.code

    assert sorted(at_once(work)) == ["-2", "points.balance"]
    with acting(EVERYTHING):
        assert balance(person) == Decimal("1.00")


@pytest.fixture
def seen(people: SimpleNamespace) -> Callable[..., int]:
    proposed(people.wang)

    def count(unit: Unit, *, mode: str = "place", person: int | None = None) -> int:
        place = mode == "place"
        scope = Scope(
            unit.path if place else "", unit.path[:-1] + "0" if place else "", actor=1, mode=mode, person=person,
            unit=unit.pk, within=unit.path, on=DAY,
        )  # fmt: skip
        with acting(scope):
            return PointProposal.objects.count()

    return count


def test_a_proposal_is_seen_by_the_person_and_by_their_own_unit_alone(seen, land, people):
    assert seen(land.bay) == 1
    assert seen(land.hill) == 0
    assert seen(land.east) == 0  # no higher level looks into a person's account
    assert seen(land.county) == 0
    assert seen(land.hill, person=people.wang.pk) == 1
    assert seen(land.hill, person=people.li.pk) == 0
    assert seen(land.bay, mode="none") == 0
