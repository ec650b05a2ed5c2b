"""Each kind of case that `base` ships, walked from its first stage to its end; before each step, what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.cases import course, parts, services
from hangshi.cases.gates import Mover
from hangshi.cases.models import Case
from hangshi.packs import load
from hangshi.packs.models import CaseKind
from tests.refusals import refusal_of

KINDS = load("base").kinds.case
ACCEPT = Mover(frozenset({"cases.accept"}))
START = date(2020, 6, 1)


class Walk:
    """One case, one day later with each act."""

    def __init__(self, key: str, land: SimpleNamespace, people: SimpleNamespace, **given: Any) -> None:
        self.kind: CaseKind = KINDS[key]
        self.day, self.land, self.people = START, land, people
        given = {"unit": land.bay, "title": "一件事", "on": START, "actor": 7} | given
        self.case: Case = services.open_case(self.kind, **given)

    def act(self, do: Callable[..., object], *first: object, **given: Any) -> str | None:
        self.day += timedelta(days=1)
        code = refusal_of(do, *first, on=self.day, actor=7, **given)
        self.case = Case.objects.get(pk=self.case.pk)
        return code

    def to(self, stage: str, **given: Any) -> str | None:
        return self.act(services.move, self.kind, self.case, to=stage, **given)

    def close(self, **given: Any) -> str | None:
        return self.act(services.close, self.kind, self.case, verdict="好", **given)

    def seat(self, key: str, bearer: object) -> None:
        assert self.act(parts.take_seat, self.kind, self.case, seat=key, bearer=bearer) is None

    def file(self, key: str) -> None:
        assert self.act(parts.file_evidence, self.kind, self.case, evidence=key, name="材料") is None

    def plan(self) -> None:
        assert self.act(parts.plan_measure, self.case, text="措施", bearer=self.people.wang) is None

    def finish(self) -> None:
        assert self.act(parts.finish_measure, self.case.measures.get(), result="做完") is None


@pytest.fixture
def walk(land: SimpleNamespace, people: SimpleNamespace) -> Callable[..., Walk]:
    return lambda key, **given: Walk(key, land, people, **given)


def test_a_weak_branch_from_screening_to_striking_off(walk: Callable[..., Walk]) -> None:
    it = walk("weak_branch", ground="conduct")
    assert it.to("mending") == "case.skip"
    assert it.to("plan") is None
    assert it.to("mending") == "case.evidence"  # 一支部一方案
    it.file("plan")
    assert it.to("mending") == "case.team"  # the “四个一”
    it.seat("county_leader", it.people.wang)
    it.seat("township_leader", it.people.li)
    it.seat("first_secretary", it.people.li)
    assert it.to("mending") == "case.team"  # three of the four
    it.seat("paired_unit", it.land.county)
    assert it.to("mending") == "case.measures"  # 一问题一对策
    it.plan()
    assert it.to("mending") is None
    assert it.close() == "case.measures_open"
    it.finish()
    assert it.to("accepted") == "case.last_stage"
    assert it.close() is None
    assert it.to("mending", note="再来") == "case.closed"
    assert it.act(course.reopen, it.kind, it.case, reason="反弹") is None
    assert it.close() is None


def test_a_weak_branch_is_sent_back_to_its_plan(walk: Callable[..., Walk]) -> None:
    it = walk("weak_branch", ground="conduct")
    assert (it.to("plan"), it.to("screened"), it.to("screened", note="情形不准")) == (None, "case.back", None)


def test_a_problem_from_registration_to_striking_off(walk: Callable[..., Walk]) -> None:
    it = walk("problem")
    assert it.to("checking") == "case.way"
    assert it.to("mending") == "case.team"
    it.seat("owner", it.people.wang)
    assert it.to("mending") is None
    assert it.to("checking") == "case.evidence"
    it.file("proof")
    it.plan()
    assert it.to("checking") == "case.measures_open"
    it.finish()
    assert it.to("checking") is None
    assert it.to("mending", note="佐证不清") is None
    assert it.to("checking") is None
    assert it.close() == "case.mover"
    assert it.close(by=ACCEPT) is None
    assert it.act(course.reopen, it.kind, it.case, reason="回访反弹") is None
    assert it.case.stage == "mending"


def test_a_problem_entered_twice_is_withdrawn_with_a_reason(walk: Callable[..., Walk]) -> None:
    it = walk("problem")
    assert (it.close(), it.close(note="与另一件重复")) == ("case.note", None)
    assert it.case.stage == "withdrawn"


def test_a_model_project_in_six_steps(walk: Callable[..., Walk]) -> None:
    it = walk("model_project")
    assert it.to("set_up") == "case.way"
    assert it.to("assess") is None
    assert it.to("set_up") == "case.evidence"
    it.file("assessment")
    assert it.to("set_up") is None
    assert it.to("carry_out") == "case.mover"
    assert it.to("carry_out", by=ACCEPT) == "case.fields"
    Case.objects.filter(pk=it.case.pk).update(extra={"goal": "百亩茶园"})
    assert it.to("carry_out", by=ACCEPT) is None
    assert it.case.stage_due_on == it.day + timedelta(days=180)
    assert it.to("review") == "case.measures"
    it.plan()
    it.finish()
    assert it.to("review") is None
    assert it.to("carry_out", note="未达目标") is None
    assert it.to("review") is None
    assert it.close(by=ACCEPT) == "case.evidence"
    it.file("review")
    assert (it.close(), it.close(by=ACCEPT)) == ("case.mover", None)
    assert it.act(course.reopen, it.kind, it.case, reason="再办") == "case.final"


def test_a_household_need_is_answered_by_a_helper(walk: Callable[..., Walk], people: SimpleNamespace) -> None:
    it = walk("household_need", household=people.zhao, ground="housing")
    assert (it.close(), it.to("helping")) == ("case.skip", None)
    assert it.close() == "case.team"
    it.seat("helper", people.li)
    assert it.close() is None


def test_a_household_plan_is_agreed_done_and_checked_on_return(
    walk: Callable[..., Walk], people: SimpleNamespace
) -> None:
    it = walk("household_plan", household=people.zhao)
    assert it.to("agreed") is None
    assert it.to("carrying_out") == "case.evidence"
    it.file("consent")
    assert it.to("carrying_out") == "case.measures"
    it.plan()
    assert it.to("carrying_out") is None
    it.finish()
    assert it.close() == "case.measures_unchecked"
    assert it.act(parts.check_on_return, it.case.measures.get(), holds=True, finding="见效") is None
    assert it.close() is None


def test_a_hard_problem_is_solved_by_lead_and_partners(walk: Callable[..., Walk], land: SimpleNamespace) -> None:
    it = walk("joint_solving")
    assert it.to("session") == "case.team"
    it.seat("lead", land.county)
    it.seat("partner", land.east)
    it.seat("partner", land.west)
    assert it.to("session") is None
    assert it.to("solving") == "case.evidence"
    it.file("decision")
    it.plan()
    assert it.to("solving") is None
    assert it.close() == "case.measures_open"
    it.finish()
    assert it.close() is None


def test_a_mediation_ends_in_an_agreement_or_at_the_lawful_body(
    walk: Callable[..., Walk], people: SimpleNamespace
) -> None:
    for end, code in (("agreed", "case.evidence"), ("passed_on", "case.note")):
        it = walk("mediation", ground="land")
        assert it.to("mediating") == "case.team"
        it.seat("mediator", people.li)
        assert it.to("mediating") is None
        assert it.close() == "case.end"  # there is a choice
        assert it.close(to=end) == code
        it.file("agreement")
        assert it.close(to=end, note="告知向法院起诉") is None
        assert it.case.stage == end


def test_a_service_request_is_answered_or_declined_with_a_reason(walk: Callable[..., Walk]) -> None:
    it = walk("service_request")
    assert (it.close(), it.close(note="不属于受理范围")) == ("case.note", None)
    assert it.case.stage == "declined"
    it = walk("service_request")
    assert it.case.stage_due_on == date(2020, 6, 3)
    assert (it.to("handling"), it.close()) == (None, None)
    assert it.case.stage == "answered"
