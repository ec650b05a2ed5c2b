"""Points by the items of a pack, for many at once, for households, and what they buy."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.closings import services as closings
from hangshi.indicators.queries import Period
from hangshi.ledger import accounts, appeals, points, rewards, services, terms
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs import load
from hangshi.packs.models import EntryKind
from hangshi.packs.points import PointItem, PointRules, Reward
from hangshi.refusal import Refused
from hangshi.registry import services as registry
from hangshi.registry.models import Person, Unit
from hangshi.registry.people import register_household, register_person
from hangshi.registry.signing import Signer
from hangshi.registry.tree import PARTY
from tests.committed import at_once
from tests.land import FIRST, make
from tests.refusals import refusal_of

ITEMS = {
    "labour": PointItem(name="义务劳动", points=Decimal(2)),
    "absent": PointItem(name="无故不到", points=Decimal(-1)),
}
REWARDS = {
    "soap": Reward(name="肥皂", points=Decimal(2)),
    "rice": Reward(name="大米", points=Decimal(3), stock=2),
}
SHOWN = {"unit": "point", "shown_days": 5, "appeal_days": 3, "items": ITEMS, "rewards": REWARDS}
MEMBERS = EntryKind(key="members", name="党员积分", subject="person", **SHOWN)
HOMES = EntryKind(key="homes", name="农户积分", subject="household", **SHOWN)
DAY, AFTER = date(2017, 6, 1), date(2017, 6, 6)
CLERK, OTHER = 7, 8


def give(kind: EntryKind, subject: points.Subject, item: str = "labour", cause: str = "") -> PointProposal:
    found = points.given(kind, item=item)
    return points.propose(kind, subject=subject, points=found, on=DAY, actor=CLERK, cause=cause)


def post(proposal: PointProposal) -> PointProposal:
    return points.approve(proposal, on=AFTER, by=Signer(OTHER))


def redeem(kind: EntryKind, subject: points.Subject, reward: str, count: int = 1) -> Entry:
    wants = rewards.wanted(kind, reward=reward, count=count)
    return rewards.redeem(kind, subject=subject, wants=wants, on=AFTER, actor=CLERK)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"item": "labour"}, ("2", "义务劳动", "labour")),
        ({"item": "labour", "why": " 修渠 "}, ("2", "义务劳动：修渠", "labour")),
        ({"item": "labour", "amount": 50}, ("2", "义务劳动", "labour")),  # the pack says how many
        ({"item": "nothing"}, "points.item"),
        ({"amount": 3, "why": "修渠"}, "points.item"),
    ],
)
def test_points_are_given_for_an_item_of_the_pack(said: dict[str, object], found: object):
    if isinstance(found, str):
        assert refusal_of(points.given, MEMBERS, **said) == found
        return
    made = points.given(MEMBERS, **said)
    assert (str(made.amount), made.why, made.item) == found


def test_an_item_may_take_points_off_and_words_of_ones_own_may_not(people: SimpleNamespace):
    post(give(MEMBERS, people.wang))
    assert points.balance("members", people.wang) == Decimal(2)
    taken = give(MEMBERS, people.wang, "absent")
    assert (taken.amount, taken.state) == (Decimal(-1), "shown")
    post(taken)
    assert points.balance("members", people.wang) == Decimal(1)
    own = points.Given(Decimal(-1), "态度不好")
    assert refusal_of(points.propose, MEMBERS, subject=people.wang, points=own, on=DAY, actor=7) == "entry.amount"


def test_what_is_taken_off_stands_on_no_public_list(people: SimpleNamespace):
    give(MEMBERS, people.wang, "absent")
    give(MEMBERS, people.wang)
    shown = accounts.notice(MEMBERS, people.wang.unit, DAY)
    assert [(it.person, it.why) for it in shown] == [(people.wang, "义务劳动")]
    assert list(accounts.notice(MEMBERS, people.wang.unit, AFTER)) == []
    assert accounts.of_subject("members", people.wang).count() == 2  # both are shown to the person


def test_a_household_has_an_account_like_a_person(people: SimpleNamespace):
    proposal = post(give(HOMES, people.zhao))
    assert (proposal.household, proposal.person, str(proposal)) == (people.zhao, None, "义务劳动 +2分")
    assert points.balance("homes", people.zhao) == Decimal(2)
    assert refusal_of(give, HOMES, people.wang) == "points.kind"
    assert refusal_of(give, MEMBERS, people.zhao) == "points.kind"


def test_for_one_activity_all_who_came_are_proposed_once(people: SimpleNamespace):
    said = {"points": points.given(MEMBERS, item="labour"), "on": DAY, "actor": CLERK, "cause": "activity:5"}
    assert points.propose_all(MEMBERS, [people.wang, people.li], **said) == 2
    late = register_person(people.wang.unit, name="陈小红", on=FIRST, actor=None)
    assert points.propose_all(MEMBERS, [people.wang, people.li, late], **said) == 1
    assert points.caused(MEMBERS, "activity:5").count() == 3
    none = points.Given(Decimal(2), " ".strip())
    assert refusal_of(points.propose_all, MEMBERS, [people.wang], **(said | {"points": none})) == "points.why"


def test_for_many_it_takes_no_more_statements_than_for_two(people, django_assert_max_num_queries):
    many = [register_person(people.wang.unit, name=f"党员{number}", on=FIRST, actor=None) for number in range(30)]
    said = {"points": points.given(MEMBERS, item="labour"), "on": DAY, "actor": CLERK, "cause": "activity:5"}
    with django_assert_max_num_queries(9):
        assert points.propose_all(MEMBERS, many, **said) == 30
    with django_assert_max_num_queries(9):
        waiting = accounts.undecided(people.wang.unit, AFTER)
        assert points.approve_all(waiting, on=AFTER, by=Signer(OTHER)) == 30
    assert {points.balance("members", it) for it in many} == {Decimal(2)}


def test_all_that_were_shown_are_posted_but_ones_own_and_what_is_appealed(people: SimpleNamespace):
    mine = points.propose(
        MEMBERS, subject=people.wang, points=points.given(MEMBERS, item="labour"), on=DAY, actor=OTHER
    )
    give(MEMBERS, people.wang, cause="activity:1")
    appealed = give(MEMBERS, people.wang, cause="activity:2")
    PointProposal.objects.filter(pk=appealed.pk).update(appealed_on=DAY, appeal="不对")
    early = give(MEMBERS, people.wang, cause="activity:3")
    PointProposal.objects.filter(pk=early.pk).update(shown_until=AFTER)
    waiting = accounts.at(people.wang.unit, AFTER)
    assert points.approve_all(waiting, on=AFTER, by=Signer(OTHER, people.wang.pk)) == 0
    assert points.approve_all(waiting, on=AFTER, by=Signer(OTHER)) == 1
    left = waiting.filter(state="shown").values_list("pk", flat=True)
    assert set(left) == {mine.pk, appealed.pk, early.pk}
    assert points.balance("members", people.wang) == Decimal(2)


def test_a_reward_of_the_list_costs_what_the_list_says_and_ends_with_the_stock(people: SimpleNamespace):
    other = register_household(
        people.zhao.unit, number="东湾-2", head="钱二", status="registered", on=FIRST, actor=None
    )
    for household in (people.zhao, other):
        for number in range(4):
            post(give(HOMES, household, cause=f"activity:{number}"))
    assert refusal_of(redeem, HOMES, people.zhao, "gold") == "points.reward"
    assert refusal_of(redeem, HOMES, people.zhao, "rice", 0) == "points.reward"
    entry = redeem(HOMES, people.zhao, "rice", 2)
    assert (entry.amount, entry.note, entry.extra) == (Decimal(-6), "大米×2", {"reward": "rice", "count": 2})
    assert rewards.left(HOMES, people.zhao.unit_id) == {"rice": 0}
    assert refusal_of(redeem, HOMES, other, "rice") == "points.stock"
    assert refusal_of(redeem, HOMES, people.zhao, "soap", 2) == "points.balance"
    rewards.give_back(entry, on=AFTER, reason="米已受潮", actor=OTHER)
    assert rewards.left(HOMES, people.zhao.unit_id) == {"rice": 2}
    assert points.balance("homes", people.zhao) == Decimal(8)
    assert redeem(HOMES, other, "rice").amount == Decimal(-3)


def test_only_a_redemption_is_given_back(people: SimpleNamespace):
    entry = post(give(HOMES, people.zhao)).entry
    assert refusal_of(rewards.give_back, entry, on=AFTER, reason="x", actor=OTHER) == "points.no_redemption"


def test_of_two_households_at_once_one_gets_the_last_piece(committed: None):
    last = HOMES.model_copy(update={"rewards": {"rice": Reward(name="大米", points=Decimal(2), stock=1)}})
    with acting(EVERYTHING):
        village = make("village", "东湾村", make("township", "东镇", make("county", "示例县", None)))
        homes = [
            register_household(village, number=f"东湾-{n}", head="赵", status="registered", on=FIRST, actor=None)
            for n in range(2)
        ]
        for household in homes:
            post(give(last, household))

    def work(index: int) -> str:
        try:
            return f"{redeem(last, homes[index], 'rice').amount:f}"
        except Refused as refused:
            return refused.code

    assert sorted(at_once(work)) == ["-2", "points.stock"]


def test_the_accounts_of_a_unit_stand_by_name_never_by_balance(people: SimpleNamespace):
    bay = people.wang.unit
    for name, times in (("安一", 1), ("丁二", 3)):
        person = register_person(bay, name=name, on=FIRST, actor=None)
        for number in range(times):
            post(give(MEMBERS, person, cause=f"activity:{number}"))
    give(MEMBERS, people.wang)
    found = [(it.name, it.balance, it.waiting) for it in accounts.holders(MEMBERS, bay, AFTER)]
    assert found == [("丁二", Decimal(6), 0), ("安一", Decimal(2), 0), ("王建国", Decimal(0), 1)]


def test_an_account_shows_each_entry_with_what_it_rests_on_and_what_is_left(people: SimpleNamespace):
    first = post(give(HOMES, people.zhao, cause="activity:1"))
    post(give(HOMES, people.zhao, "absent", cause="activity:2"))
    post(give(HOMES, people.zhao, cause="activity:3"))
    redeem(HOMES, people.zhao, "soap")
    points.take_back(first, reason="记重了", on=AFTER, by=Signer(9))
    lines = accounts.lines(list(accounts.running("homes", people.zhao)))
    told = [(it.entry.amount, it.run, it.proposal.why if it.proposal else "") for it in lines]
    assert told == [
        (Decimal(-2), Decimal(-1), "义务劳动"),
        (Decimal(-2), Decimal(1), ""),
        (Decimal(2), Decimal(3), "义务劳动"),
        (Decimal(-1), Decimal(1), "无故不到"),
        (Decimal(2), Decimal(2), "义务劳动"),
    ]


@pytest.fixture
def line(land: SimpleNamespace) -> SimpleNamespace:
    """The branches also hang on the Party line."""
    for branch in (land.bay_branch, land.hill_branch):
        registry.hang(branch, line=PARTY, parent=None, on=FIRST, actor=None)
    return land


def scope(unit: Unit, mode: str = "place", person: int | None = None) -> Scope:
    lo, hi = (unit.path, unit.path[:-1] + "0") if mode == "place" else ("", "")
    return Scope(lo, hi, actor=1, mode=mode, person=person, unit=unit.pk, within=unit.path, on=AFTER)


@pytest.mark.parametrize(
    ("where", "mode", "own", "seen"),
    [
        ("bay", "place", False, 2),
        ("bay_branch", "party", False, 2),  # the branch that the person is a member of
        ("hill_branch", "party", False, 0),
        ("hill", "place", False, 0),
        ("east", "place", False, 0),  # no higher level reads an account, nor its entries
        ("county", "place", False, 0),
        ("hill", "households", True, 2),  # the person themself
        ("hill", "households", False, 0),
        ("bay", "none", False, 0),
    ],
)
def test_an_account_is_seen_by_the_person_their_village_and_their_branch_alone(line, people, where, mode, own, seen):
    post(give(MEMBERS, people.wang, cause="activity:1"))
    give(MEMBERS, people.wang, cause="activity:2")
    with acting(scope(getattr(line, where), mode, people.wang.pk if own else None)):
        assert (PointProposal.objects.count(), Entry.objects.filter(kind="members").count()) == (seen, seen // 2)


@pytest.mark.parametrize(("where", "seen"), [("bay", 1), ("east", 0), ("county", 0), ("hill", 0)])
def test_earlier_versions_of_a_proposal_are_seen_by_the_same(line, people, where: str, seen: int):
    post(give(MEMBERS, people.wang))
    with acting(scope(getattr(line, where))), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM point_proposal_history")
        assert cursor.fetchone() == (seen,)


def test_a_level_above_can_neither_propose_nor_reverse(line: SimpleNamespace, people: SimpleNamespace):
    entry = post(give(MEMBERS, people.wang)).entry
    with acting(scope(line.east)):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            give(MEMBERS, people.wang, cause="activity:9")
        with pytest.raises(Entry.DoesNotExist):
            services.reverse(entry, on=AFTER, reason="上级冲销", actor=OTHER)
    assert points.balance("members", people.wang) == Decimal(2)


def test_a_household_appeals_through_whoever_takes_it_down(people: SimpleNamespace):
    proposal = post(give(HOMES, people.zhao))
    said = {"text": "是两天", "on": AFTER, "actor": CLERK, "person": people.wang.pk}
    assert refusal_of(appeals.appeal, HOMES, proposal, **said) == "points.heard"
    appeals.appeal(HOMES, proposal, heard="户主6月6日电话提出", **said)
    found = appeals.answer(proposal, uphold=False, text="应记两天", on=AFTER, by=Signer(9))
    assert (found.state, points.balance("homes", people.zhao)) == ("reversed", Decimal(0))


@pytest.mark.parametrize(("unit", "on", "code"), [("bay", date(2015, 12, 31), "entry.unit_ended"), ("bay", DAY, None)])
def test_points_are_proposed_while_the_unit_stands(land, people, unit: str, on: date, code: str | None):
    said = {"points": points.given(MEMBERS, item="labour"), "on": on, "actor": CLERK}
    assert refusal_of(points.propose, MEMBERS, subject=people.wang, **said) == code
    assert refusal_of(points.propose_all, MEMBERS, [people.wang], cause="activity:1", **said) == code


def test_in_a_closed_month_nothing_is_posted_or_redeemed(land: SimpleNamespace, people: SimpleNamespace):
    post(give(HOMES, people.zhao, cause="activity:1"))
    give(HOMES, people.zhao, cause="activity:2")
    closings.close(land.bay, "month", Period(date(2017, 6, 1), date(2017, 6, 30)), on=date(2017, 7, 1), actor=None)
    waiting = accounts.undecided(land.bay, AFTER)
    assert refusal_of(points.approve_all, waiting, on=AFTER, by=Signer(OTHER)) == "period.closed"
    assert refusal_of(redeem, HOMES, people.zhao, "soap") == "period.closed"
    assert points.approve_all(waiting, on=date(2017, 7, 2), by=Signer(OTHER)) == 1


def test_other_entries_are_seen_as_they_were(land: SimpleNamespace, people: SimpleNamespace):
    services.book(load("base").kinds.entry["post_pay"], unit=land.bay, person=people.wang, amount=3, on=DAY, actor=7)
    for where, seen in (("bay", 1), ("east", 1), ("county", 1), ("hill", 0)):
        with acting(scope(getattr(land, where))):
            assert Entry.objects.count() == seen


def test_the_branch_secretary_posts_the_points_of_the_members_and_of_nobody_else(line, people):
    give(MEMBERS, people.wang)
    give(MEMBERS, people.li)
    with acting(scope(line.bay_branch, "party")):
        waiting = accounts.undecided(line.bay_branch, AFTER)
        assert points.approve_all(waiting, on=AFTER, by=Signer(OTHER)) == 1
        assert points.balance("members", people.wang) == Decimal(2)
    assert points.balance("members", people.li) == Decimal(0)


def test_a_place_may_have_terms_of_its_own(land: SimpleNamespace):
    rules = PointRules(key="ours", name="本县办法", book="member_points", source="某县文件", shown_days=7, items=ITEMS)
    pack = load("base").model_copy(update={"points": {"ours": rules}, "places": {"points.ours": "6109"}})
    header = next(iter(pack.headers.values())).model_copy(update={"root": "6109"})
    pack = pack.model_copy(update={"headers": {"ours": header}})
    Unit.objects.filter(pk=land.east.pk).update(code="6109")
    said = {it: terms.at(pack, "member_points", getattr(land, it).path).shown_days for it in ("bay", "ditch")}
    assert said == {"bay": 7, "ditch": 5}
    assert list(terms.accounts(pack, land.bay.path)["member_points"].items) == ["labour", "absent"]
    assert list(terms.accounts(pack, land.ditch.path)) == ["member_points", "household_points"]


STEPS = st.lists(st.tuples(st.sampled_from(["give", "post", "decline", "back", "buy"]), st.integers(0, 5)), max_size=12)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each its own person
@drawn(steps=STEPS)
def test_whatever_is_in_flight_the_balance_is_the_sum_of_what_was_posted(land, steps):
    """Against a second count by hand: a proposal adds nothing until it is posted, and what is taken back is gone."""
    person, made = register_person(land.bay, name="王建国", on=FIRST, actor=None), []
    counted = Decimal(0)
    for number, (step, at) in enumerate(steps):
        if step == "give":
            made.append(give(MEMBERS, person, "absent" if at == 5 else "labour", cause=f"activity:{number}"))
        elif step == "buy":
            if refusal_of(redeem, MEMBERS, person, "soap") is None:
                counted -= 2
        elif made:
            counted += _moved(step, made[at % len(made)])
        assert points.balance("members", person) == counted


def _moved(step: str, proposal: PointProposal) -> Decimal:
    said = {"on": AFTER, "by": Signer(OTHER)}
    act = {"post": points.approve, "decline": points.decline, "back": points.take_back}[step]
    if step != "post":
        said["reason"] = "不对"
    refused = refusal_of(act, proposal, **said)
    worth = {"post": proposal.amount, "decline": Decimal(0), "back": -proposal.amount}[step]
    return Decimal(0) if refused else worth


def test_who_left_keeps_what_they_had_where_they_had_it(land: SimpleNamespace, people: SimpleNamespace):
    post(give(MEMBERS, people.wang))
    Person.objects.filter(pk=people.wang.pk).update(unit=land.hill, path=land.hill.path)
    moved = Person.objects.get(pk=people.wang.pk)
    assert points.balance("members", moved) == Decimal(0)
    assert Entry.objects.get(kind="members").unit == land.bay


def test_accounts_pass_with_the_people_to_the_unit_that_theirs_was_merged_into(line, people):
    post(give(MEMBERS, people.wang, cause="activity:1"))
    give(MEMBERS, people.wang, cause="activity:2")
    registry.merge([line.bay], into=line.hill, on=date(2017, 6, 10), actor=None)
    wang, hill = Person.objects.get(pk=people.wang.pk), Unit.objects.get(pk=line.hill.pk)
    with acting(scope(hill)):
        assert points.balance("members", wang) == Decimal(2)
        assert [it.balance for it in accounts.holders(MEMBERS, hill, AFTER)] == [Decimal(2)]
        waiting = accounts.undecided(hill, date(2017, 6, 12))
        assert points.approve_all(waiting, on=date(2017, 6, 12), by=Signer(OTHER)) == 1
        assert points.balance("members", wang) == Decimal(4)
    with acting(scope(Unit.objects.get(pk=line.east.pk))):
        assert Entry.objects.filter(kind="members").count() == 0
