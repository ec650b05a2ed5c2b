"""A finding is looked into in a case, by a person, with the one concerned heard; nobody gets two for one thing."""

from types import SimpleNamespace

import pytest

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.cases import course, parts
from hangshi.cases import services as cases
from hangshi.cases.gates import Mover
from hangshi.cases.models import Case, Seat, Step
from hangshi.outbox.models import Event
from hangshi.registry.models import HouseholdStatus
from hangshi.rosters import clues, queries
from hangshi.rosters.models import Finding
from tests.refusals import refusal_of
from tests.rosters.conftest import ACTOR, DAY, MEI, STRANGER, SUN, WANG, ZHAO

LISTED = f"姓名 | 身份证号 | 车辆类型\n赵大山 | {ZHAO} | 三轮车\n何人 | {STRANGER} | 轿车"


def opened(roster, pack, rule="supported", chosen=None):
    return clues.open_clues(pack, roster, rule=rule, chosen=chosen, on=DAY, account=ACTOR)


def test_a_clue_is_about_the_person_at_their_place_for_the_township_to_look_into(bring, pack, county):
    assert opened(bring("vehicles", LISTED), pack) == 1
    clue = Case.objects.get()
    assert (clue.kind, clue.person_id, clue.household_id) == ("roster_clue", county.zhao.pk, county.poor.pk)
    assert (clue.unit_id, clue.path, clue.stage, clue.ground) == (county.bay.pk, county.bay.path, "checking", "out")
    assert clue.title == "待核实：在机动车登记名单上，所在户登记为帮扶监测对象"
    assert list(Seat.objects.values_list("seat", "unit")) == [("checker", county.east.pk)]
    assert list(Step.objects.values_list("act", "after", "day", "recorded_by")) == [("open", "checking", DAY, ACTOR)]
    assert list(Event.objects.filter(topic="case.opened").values_list("source_id", flat=True)) == [clue.pk]


def test_a_clue_has_a_term(bring, pack):
    opened(bring("vehicles", LISTED), pack)
    clue = Case.objects.get()
    assert (clue.stage_due_on.isoformat(), clue.due_assumed) == ("2026-11-13", False)
    assert clue.due_on.isoformat() == "2026-11-27"  # twenty working days; an appeal has its own fifteen


def test_a_clue_carries_numbers_and_the_rules_words_and_nothing_of_the_row(bring, pack):
    roster = bring("vehicles", LISTED)
    opened(roster, pack)
    clue = Case.objects.get()
    todo = "核实车辆来源、用途和价值：生产经营用车、报废未注销、被他人冒用的，写明情况；认定有误的按程序更正。"
    assert clue.extra == {"roster": roster.pk, "rule": "vehicles.supported", "todo": todo}
    said = " ".join(map(str, Case.objects.values_list().get()))
    assert "三轮车" not in said
    assert ZHAO not in said


@pytest.mark.parametrize(
    ("chosen", "rule", "code"),
    [
        ("both", "member", None),
        ("none", "member", "clue.none"),
        ("both", "lottery", "clue.rule"),
    ],
)
def test_those_chosen_are_opened_and_no_other(bring, pack, chosen, rule, code):
    roster = bring("medical", f"姓名 | 身份证号\n孙富贵 | {SUN}")
    rule = {"member": "not_insured"}.get(rule, rule)
    ids = list(Finding.objects.values_list("pk", flat=True)) if chosen == "both" else []
    assert refusal_of(opened, roster, pack, rule, ids) == code
    assert Case.objects.count() == (0 if code else 2)


def test_one_of_two_is_opened_one_by_one(bring, pack, county):
    roster = bring("medical", f"姓名 | 身份证号\n孙富贵 | {SUN}")
    assert opened(roster, pack, "not_insured", [Finding.objects.get(person=county.mei).pk]) == 1
    assert Case.objects.get().person_id == county.mei.pk
    assert opened(roster, pack, "not_insured") == 1
    assert opened(roster, pack, "not_insured") == 0
    (tally,) = queries.tallies(roster, pack.rosters["medical"])
    assert (tally.found, tally.clues, tally.closed) == (2, 2, 0)


def test_a_later_list_that_finds_the_same_opens_no_second_clue(bring, pack, county):
    opened(bring("vehicles", LISTED), pack)
    later = bring(
        "vehicles", f"姓名 | 身份证号\n赵梅 | {MEI}"
    )  # of the same household: what is looked into is the household
    assert Finding.objects.get(roster=later).case_id == Case.objects.get().pk
    assert opened(later, pack) == 0
    assert Case.objects.count() == 1


def test_another_rule_about_the_same_person_is_another_clue(bring, pack):
    opened(bring("vehicles", LISTED), pack)
    assert opened(bring("business", f"姓名 | 身份证号\n赵大山 | {ZHAO}"), pack) == 1


def test_a_list_that_is_not_compared_opens_nothing(bring, pack):
    roster = bring("vehicles", LISTED)
    type(roster).objects.update(state="received")
    assert refusal_of(opened, roster, pack) == "clue.state"


@pytest.fixture
def clue(bring, pack) -> SimpleNamespace:
    opened(bring("vehicles", LISTED), pack)
    kind = pack.kinds.case["roster_clue"]

    def file(evidence: str) -> None:
        parts.file_evidence(kind, Case.objects.get(), evidence=evidence, name="入户记录", on=DAY, actor=ACTOR)

    def close(to: str, note: str = "车为生产用三轮车", by: Mover | None = None) -> Case:
        return cases.close(kind, Case.objects.get(), to=to, verdict="不影响认定", note=note, on=DAY, actor=ACTOR, by=by)

    def move(to: str) -> Case:
        return cases.move(kind, Case.objects.get(), to=to, on=DAY, actor=ACTOR)

    return SimpleNamespace(kind=kind, file=file, close=close, move=move)


def test_nothing_is_concluded_before_the_person_was_heard(clue):
    assert refusal_of(clue.move, "hearing") == "case.evidence"
    clue.file("check")
    assert refusal_of(clue.close, "confirmed") == "case.skip"
    clue.move("hearing")
    assert refusal_of(clue.close, "confirmed") == "case.evidence"
    clue.file("hearing")
    assert refusal_of(clue.close, "confirmed", note="") == "case.note"
    assert clue.close("unfounded").stage == "unfounded"


def test_closing_changes_no_status(clue, county):
    clue.file("check")
    clue.move("hearing")
    clue.file("hearing")
    clue.close("confirmed")
    assert list(HouseholdStatus.objects.filter(household=county.poor).values_list("status", "until")) == [
        ("registered", None)
    ]


def test_the_person_may_appeal_and_somebody_who_accepts_decides_again(clue):
    clue.file("check")
    clue.move("hearing")
    clue.file("hearing")
    clue.close("confirmed")
    assert course.reopen(clue.kind, Case.objects.get(), reason="本人不服", on=DAY, actor=ACTOR).stage == "review"
    clue.file("review")
    clerk, chief = Mover(frozenset({"case.write"})), Mover(frozenset({"case.write", "cases.accept"}))
    assert refusal_of(clue.close, "unfounded", by=clerk) == "case.mover"
    assert clue.close("unfounded", by=chief).stage == "unfounded"


def test_where_the_first_clue_is_closed_a_later_list_may_open_one_again(bring, pack, clue):
    clue.file("check")
    clue.move("hearing")
    clue.file("hearing")
    clue.close("unfounded")
    assert opened(bring("vehicles", LISTED), pack) == 1
    assert Case.objects.count() == 2


def test_a_township_finds_its_clue_without_seeing_the_list(bring, pack, county):
    opened(bring("vehicles", f"姓名 | 身份证号\n赵大山 | {ZHAO}\n王建国 | {WANG}"), pack)
    with acting(Scope.below(county.east.path, actor=ACTOR)):
        assert Case.objects.count() == 1
        assert list(queries.below(county.east)) == []
    with acting(EVERYTHING):
        assert Case.objects.count() == 1
