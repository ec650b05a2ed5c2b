"""What follows: proposed, approved by other people, held from a day to a day, paid by the month, taken away with a reason."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.appraisals import effects, queries, services
from hangshi.appraisals.models import Honour, Raise, Sheet
from hangshi.approvals import services as approving
from hangshi.duties.services import assign, end
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.packs.models import DutyKind, EntryKind, Standard
from hangshi.registry.signing import Signer
from tests.appraisals.conftest import FIRST, JAN_10, LAST
from tests.appraisals.schemes import criterion, scheme
from tests.refusals import refusal_of

pytestmark = pytest.mark.django_db
JAN_14, FEB_1, MARCH_1 = date(2018, 1, 14), date(2018, 2, 1), date(2018, 3, 1)
POST = DutyKind(
    key="village_post",
    name="村干部",
    bearer="person",
    target="unit",
    roles={"secretary": "村支书", "director": "村委主任", "member": "委员"},
)
RAISE = EntryKind(key="flag_rise", name="红旗报酬上浮", unit="yuan", subject="person")
AMOUNTS = {"secretary": 500, "director": 400, "member": 300}


def standard(role, amount):
    said = {"since": date(2018, 1, 1), "amount": amount}
    return Standard.model_validate(
        {
            "key": f"flag_{role}",
            "name": f"{role}上浮",
            "unit": "yuan",
            "bound": "exact",
            "per": "每面每月",
            "values": [said],
            "source": "某区〔2018〕1号",
        }
    )


BASE = load("base")
PACK = BASE.model_copy(
    update={
        "standards": {it.key: it for it in (standard(role, amount) for role, amount in AMOUNTS.items())},
        "kinds": BASE.kinds.model_copy(update={"entry": {"flag_rise": RAISE}}),
    }
)
RISES = [{"duty": "village_post", "role": role, "standard": f"flag_{role}"} for role in AMOUNTS]
FLAGS = ("基层党建红旗", "脱贫攻坚红旗")
EFFECTS = [{"name": name, "grades": ["good"], "months": 12, "book": "flag_rise", "rises": RISES} for name in FLAGS]
VILLAGES = scheme(criterion("seen", 100), unit_kinds=("village",), effects=EFFECTS)
SECRETARY, LEADER = Signer(1), Signer(2, permissions=frozenset({"appraisals.write"}))


def run(land, mark, form, marks, **more):
    """A round of the county with these marks, up to the proposals."""
    round_ = services.open_round(
        form, unit=land.county, title="红旗评比", first=FIRST, last=LAST, on=JAN_10, actor=1, **more
    )
    services.step(round_, "check", on=JAN_10, actor=1)
    for unit, value in marks.items():
        mark(Sheet.objects.get(round=round_, unit=unit), "seen", "review", value)
    for name, on in (("compute", JAN_10), ("show", JAN_10), ("fix", JAN_14), ("use", JAN_14)):
        services.step(round_, name, on=on, actor=1)
    round_.refresh_from_db()
    return round_


def approve(round_):
    approval = effects.ask_approval(round_, PACK, author=SECRETARY, signers=[[LEADER]], on=JAN_14)
    approving.decide(
        PACK.approvals[effects.FLOW], approval, by=LEADER, verdict="approve", digest=approval.digest, on=JAN_14
    )


@pytest.fixture
def flags(land, people, mark) -> SimpleNamespace:
    """东湾村 90 and so two flags; 东坡村 70, 西沟村 60. 王建国 is secretary of 东湾, 李秀英 director."""
    for person, role in ((people.wang, "secretary"), (people.li, "director")):
        assign(POST, bearer=person, target=land.bay, on=date(2017, 1, 1), role=role, actor=None)
    round_ = run(land, mark, VILLAGES, {land.bay: 90, land.hill: 70, land.ditch: 60})
    return SimpleNamespace(round=round_, land=land, people=people)


@pytest.fixture
def held(flags):
    approve(flags.round)
    for name in FLAGS:
        effects.hold(flags.round, name, sheets=None, since=FEB_1, actor=2)
    return flags


def paid(it, month, on=None):
    return sorted(
        (made.person.name, made.entry.amount)
        for made in effects.pay(it.round, PACK, month=month, on=on or month, actor=1)
    )


def test_those_with_the_grade_are_proposed_and_hold_nothing_yet(flags):
    assert [(it.name, it.sheet.unit.name, it.state, it.since) for it in Honour.objects.order_by("name")] == [
        (name, "东湾村", "proposed", None) for name in sorted(FLAGS)
    ]
    assert effects.pay(flags.round, PACK, month=FEB_1, on=FEB_1, actor=1) == []


def test_nothing_is_held_without_an_approval(flags):
    said = {"sheets": None, "since": FEB_1, "actor": 2}
    assert refusal_of(effects.hold, flags.round, FLAGS[0], **said) == "approval.none"
    approve(flags.round)
    assert refusal_of(effects.hold, flags.round, FLAGS[0], **said) is None
    assert refusal_of(effects.hold, flags.round, FLAGS[0], **said) == "appraisal.nobody"


def test_an_approval_of_another_list_does_not_count(flags):
    approve(flags.round)
    Honour.objects.filter(name=FLAGS[1]).delete()
    assert refusal_of(effects.hold, flags.round, FLAGS[0], sheets=None, since=FEB_1, actor=2) == "approval.void"


def test_who_proposed_does_not_approve(flags):
    own = {"author": LEADER, "signers": [[LEADER]], "on": JAN_14}
    assert refusal_of(effects.ask_approval, flags.round, PACK, **own) == "approval.own"


def test_a_flag_is_held_for_its_months_both_ends_included(held):
    assert set(Honour.objects.values_list("state", "since", "until")) == {("held", FEB_1, date(2019, 1, 31))}


def test_each_flag_raises_each_post_by_its_standard(held):
    assert paid(held, FEB_1) == [
        ("李秀英", Decimal(400)),
        ("李秀英", Decimal(400)),
        ("王建国", Decimal(500)),
        ("王建国", Decimal(500)),
    ]
    assert (
        Entry.objects.filter(person=held.people.wang)
        .values_list("note", flat=True)[0]
        .startswith("2018年02月报酬上浮：")
    )


def test_a_month_is_paid_once(held):
    assert len(paid(held, FEB_1)) == 4
    assert paid(held, FEB_1, on=date(2018, 2, 20)) == []
    assert (Raise.objects.count(), Entry.objects.count()) == (4, 4)


@pytest.mark.parametrize(("month", "lines"), [(date(2018, 1, 1), 0), (date(2019, 1, 1), 4), (date(2019, 2, 1), 0)])
def test_it_is_paid_while_it_is_held(held, month, lines):
    assert len(paid(held, month)) == lines


def test_it_goes_to_who_bears_the_post_on_the_first_of_the_month(held):
    end(POST, held.people.wang.duties.get(), on=date(2018, 2, 28), reason="term", actor=None)
    assert len(paid(held, FEB_1)) == 4
    assert {name for name, _ in paid(held, MARCH_1)} == {"李秀英"}


def test_a_missing_rate_is_never_zero(held):
    nothing = PACK.standards | {"flag_secretary": standard("secretary", 500).model_copy(update={"values": []})}
    pack = PACK.model_copy(update={"standards": nothing})
    assert refusal_of(effects.pay, held.round, pack, month=FEB_1, on=FEB_1, actor=1) == "appraisal.no_rate"
    assert refusal_of(effects.pay, held.round, PACK, month=date(2018, 2, 2), on=MARCH_1, actor=1) == "appraisal.month"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [({}, None), ({"reason": ""}, "appraisal.reason"), ({"on": date(2018, 1, 31)}, "appraisal.day")],
)
def test_a_flag_is_taken_away_with_a_reason_and_pays_no_more(held, changed, refusal):
    honour = Honour.objects.get(name=FLAGS[0])
    said = {"on": date(2018, 2, 28), "reason": "发生较大事故", "actor": 2} | changed
    assert refusal_of(effects.withdraw, honour, **said) == refusal
    assert len(paid(held, MARCH_1)) == (4 if refusal else 2)


def test_a_quota_with_a_tie_at_its_edge_is_decided_by_people(land, mark):
    ten = scheme(
        criterion("seen", 100),
        unit_kinds=("village",),
        effects=[{"name": "十强", "grades": ["good"], "months": 12, "quota": 2}],
    )
    round_ = run(land, mark, ten, {land.bay: 95, land.hill: 88, land.ditch: 88})
    assert Honour.objects.filter(sheet__round=round_).count() == 3
    approve(round_)
    assert refusal_of(effects.hold, round_, "十强", sheets=None, since=FEB_1, actor=2) == "appraisal.quota"
    two = Sheet.objects.filter(round=round_, unit__in=(land.bay, land.hill)).values_list("pk", flat=True)
    assert len(effects.hold(round_, "十强", sheets=list(two), since=FEB_1, actor=2)) == 2
    rest = Sheet.objects.filter(round=round_, unit=land.ditch).values_list("pk", flat=True)
    assert refusal_of(effects.hold, round_, "十强", sheets=list(rest), since=FEB_1, actor=2) == "appraisal.quota"


def test_the_share_that_holds_it_counts_a_unit_once_and_only_living_ones(held):
    on = date(2018, 6, 1)
    assert queries.coverage(FLAGS[0], ["village"], held.land.county, on=on) == queries.Coverage(1, 3)
    assert queries.coverage(FLAGS[0], ["village"], held.land.west, on=on).percent == 0
    assert queries.coverage(FLAGS[0], ["village"], held.land.county, on=date(2019, 2, 1)).held == 0
    assert queries.coverage(FLAGS[0], ["no_kind"], held.land.county, on=on).percent is None
