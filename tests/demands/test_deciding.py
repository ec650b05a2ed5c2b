"""A demand is agreed to by another person who sees its cost; merged, withdrawn, renewed; it ends by itself."""

from dataclasses import replace
from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.approvals import services as approvals
from hangshi.demands import approving, judging, queries, services
from hangshi.demands.models import Demand, Item, Judgement
from hangshi.registry.signing import Signer
from tests.demands.conftest import DAY
from tests.refusals import refusal_of

AUTHOR, LEADER = Signer(7, person=107), Signer(8, person=108, permissions=frozenset({"forms.approve"}))
LATER = date(2020, 3, 5)
END = date(2020, 12, 31)


@pytest.fixture
def submit(pack):
    def submitted(demand, on=DAY, signers=(LEADER,)):
        return approving.submit(pack, demand, author=AUTHOR, signers=signers, on=on)

    return submitted


@pytest.fixture
def decide(pack, submit):
    """Submit the demand and answer it as the leader."""

    def decided(demand, verdict="approve", note="同意"):
        approval = submit(demand)
        approvals.decide(
            pack.approvals["form_demand"],
            approval,
            by=LEADER,
            verdict=verdict,
            digest=approving.content_digest(demand),
            note=note,
            on=LATER,
        )
        return approving.settle(demand, approval, on=LATER)

    return decided


def state(demand):
    demand.refresh_from_db()
    return demand.state


@pytest.mark.parametrize(
    ("verdict", "ends_as", "decided_on"),
    [("approve", "approved", LATER), ("refuse", "refused", LATER), ("return", "draft", None)],
)
def test_the_answer_of_another_person_is_kept_with_its_words(propose, decide, verdict, ends_as, decided_on):
    demand = decide(propose(), verdict, "村里没有这个数")
    assert (demand.state, demand.said, demand.decided_on) == (ends_as, "村里没有这个数", decided_on)


def test_nobody_approves_what_they_asked_for(propose, submit):
    demand = propose()
    assert refusal_of(submit, demand, signers=(AUTHOR,)) == "approval.own"
    assert state(demand) == "draft"


def test_what_was_submitted_is_fixed_and_submitted_once(propose, submit):
    demand = propose()
    submit(demand)
    assert state(demand) == "asked"
    assert refusal_of(submit, demand) == "demand.fixed"


def test_without_a_cost_without_units_or_after_its_end_nothing_is_submitted(propose, submit, land):
    assert refusal_of(submit, propose(), on=date(1999, 12, 31)) == "demand.rate"
    assert refusal_of(submit, propose(unit=land.bay_branch)) == "demand.units"
    assert refusal_of(submit, propose(), on=date(2021, 1, 1)) == "demand.over"
    assert not Demand.objects.exclude(state="draft").exists()


def test_a_change_of_an_item_voids_what_was_submitted(pack, propose, submit):
    demand = propose()
    before = approving.content_digest(demand)
    services.choose(pack, demand, targets={2: "figure.visits"}, actor=7)
    assert approving.content_digest(demand) != before


def test_a_demand_is_merged_with_one_in_use_that_asks_the_same_units(pack, propose, decide, submit, land):
    standing, new = decide(propose()), propose(title="巡查周报", unit=land.east)
    submit(new)

    def merge(into):
        return approving.merge(pack, new, into=into, by=LEADER, words="巡查次数并入月报", on=LATER)

    assert refusal_of(merge, new) == "demand.into"
    assert refusal_of(merge, propose(title="没审定的")) == "demand.into"
    assert refusal_of(merge, decide(propose(level="township"))) == "demand.apart"
    assert refusal_of(merge, decide(propose(unit=land.west))) == "demand.apart"
    assert state(new) == "asked"
    assert merge(standing).state == "merged"
    new.refresh_from_db()
    assert (new.into, new.said, new.decided_on) == (standing, "巡查次数并入月报", LATER)
    assert refusal_of(merge, standing) == "demand.not_submitted"


def test_a_demand_is_asked_on_its_first_and_last_day_and_then_ends_by_itself(propose, decide, land):
    demand = decide(propose())
    days = (date(2019, 12, 31), date(2020, 1, 1), END, date(2021, 1, 1))
    assert [queries.asked_on(Demand.objects.all(), day).exists() for day in days] == [False, True, True, False]
    assert list(queries.asked_of(land.bay, END)) == [demand]
    assert list(queries.asked_of(land.east, END)) == []


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [
        (LATER, "防返贫监测系统已有", None),
        (LATER, " ", "demand.reason"),
        (date(2019, 12, 31), "错了", "demand.days"),
        (date(2021, 1, 1), "错了", "demand.days"),
    ],
)
def test_withdrawn_it_is_asked_no_longer(propose, decide, on, reason, code):
    demand = decide(propose())
    assert refusal_of(services.withdraw, demand, on=on, reason=reason, actor=7) == code
    assert (state(demand), demand.until) == (("withdrawn", LATER) if code is None else ("approved", END))


def test_only_what_is_in_use_is_withdrawn_or_renewed(pack, propose):
    demand = propose()
    assert refusal_of(services.withdraw, demand, on=LATER, reason="不要了", actor=7) == "demand.not_asked"
    assert refusal_of(services.renew, pack, demand, until=END, on=LATER, actor=7) == "demand.not_asked"


def test_a_renewal_is_a_new_draft_with_the_same_items_and_what_was_judged_of_them(pack, propose, decide):
    other, demand = propose(("巡查次",), title="巡查周报"), decide(propose(("防溺水巡查次数", "走访次数")))
    judging.judge(Item.objects.get(label="防溺水巡查次数"), other.items.get(), same=True, reason="", on=DAY, actor=7)
    made = services.renew(pack, demand, until=date(2021, 12, 31), on=LATER, actor=7)
    assert (made.state, made.since, made.until, made.renews) == ("draft", date(2021, 1, 1), date(2021, 12, 31), demand)
    assert list(made.items.order_by("number").values_list("label", "target")) == [
        ("防溺水巡查次数", ""),
        ("走访次数", "figure.visits"),
    ]
    assert Judgement.objects.get(second=made.items.get(number=1)).first == other.items.get()
    assert refusal_of(services.renew, pack, demand, until=date(2021, 12, 31), on=LATER, actor=7) == "demand.renewed"


def test_after_its_end_it_goes_on_from_the_day_and_for_a_year_at_most(pack, propose, decide):
    demand = decide(propose())
    assert refusal_of(services.renew, pack, demand, until=date(2022, 1, 1), on=END, actor=7) == "demand.term"
    made = services.renew(pack, demand, until=date(2022, 1, 31), on=date(2021, 2, 1), actor=7)
    assert made.since == date(2021, 2, 1)


def test_who_is_asked_reads_what_is_asked_and_changes_nothing(propose, decide, land):
    demand, draft = decide(propose()), propose(title="草稿")
    with acting(replace(Scope.below(land.east.path), within=land.east.path)):
        assert list(Demand.objects.values_list("title", flat=True)) == ["帮扶工作月报"]
        assert demand.items.count() == 4
        assert Item.objects.filter(demand=draft).count() == 0
        assert Demand.objects.update(title="改了") == 0
    with acting(EVERYTHING):
        assert state(demand) == "approved"
