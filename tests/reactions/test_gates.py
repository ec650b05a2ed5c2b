"""Personnel and other moves that need an approval: walked through, with what each step refuses."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.approvals import services as approvals
from hangshi.approvals.models import Approval
from hangshi.cases import course, parts
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.outbox.models import Event
from hangshi.packs import load
from hangshi.reactions import gates
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from tests.refusals import refusal_of

PACK = load("base")
START = date(2019, 10, 1)
MAY = frozenset({"approvals.personnel", "approvals.qualification"})
AUTHOR, COUNTY, CITY, POLICE, COURT = (Signer(number, 100 + number, MAY) for number in (1, 2, 3, 4, 5))


class Walk:
    """One case of a shipped kind and its approvals, one day later with each act."""

    def __init__(self, key: str, unit: Unit, person: object, **given: Any) -> None:
        self.kind, self.day = PACK.kinds.case[key], START
        given = {"title": "一名同志", "ground": "", "extra": {}} | given
        self.case: Case = cases.open_case(self.kind, unit=unit, person=person, on=START, actor=1, **given)

    def next(self) -> date:
        self.day += timedelta(days=1)
        return self.day

    def to(self, stage: str, **given: Any) -> str | None:
        code = refusal_of(gates.move_case, PACK, self.case, to=stage, on=self.next(), actor=1, **given)
        self.case = Case.objects.get(pk=self.case.pk)
        return code

    def end(self, stage: str, **given: Any) -> str | None:
        return self.to(stage, verdict="按程序办理", **given)

    def submit(self, stage: str, *groups: tuple[Signer, ...]) -> str | None:
        return refusal_of(gates.submit_case, PACK, self.case, to=stage, author=AUTHOR, signers=groups, on=self.next())

    def sign(self, *signers: Signer, verdict: str = "approve", **given: Any) -> None:
        approval = Approval.objects.latest("pk")
        digest = gates.content_digest(self.case)
        for by in signers:
            flow = PACK.approvals[approval.kind]
            approvals.decide(flow, approval, by=by, verdict=verdict, digest=digest, on=self.next(), **given)

    def file(self, key: str) -> None:
        parts.file_evidence(self.kind, self.case, evidence=key, name="材料", on=self.next(), actor=1)


@pytest.fixture
def township(land: SimpleNamespace) -> Unit:
    """Off the list since 30 April 2019: free from 30 October on."""
    Unit.objects.filter(pk=land.east.pk).update(extra={"poor": True, "delisted_on": "2019-04-30"})
    return Unit.objects.get(pk=land.east.pk)


SECRETARY = {"post": "township_secretary"}


def test_a_township_secretary_is_moved_after_the_rule_and_two_approvals(
    township: Unit, people: SimpleNamespace
) -> None:
    it = Walk("personnel_move", township, people.wang, ground="routine", extra=SECRETARY)
    assert it.submit("decided", (COUNTY,), (CITY,)) == "case.no_approval"  # nothing to approve yet
    assert it.to("examined") is None
    assert it.submit("decided", (COUNTY,), (CITY,)) == "hold.held"
    it.day = date(2019, 10, 29)
    assert it.end("decided") == "approval.none"
    assert it.submit("decided", (COUNTY,), (AUTHOR,)) == "approval.own"
    assert it.submit("decided", (COUNTY,), (CITY,)) is None
    it.sign(COUNTY)
    assert it.end("decided") == "approval.running"
    it.sign(CITY)
    assert it.end("decided") is None
    assert (it.case.stage, it.case.closed_on is None) == ("decided", False)
    topics = Event.objects.order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["case.opened", "approval.approved", "case.closed"]


def test_the_refusal_says_the_rule_and_the_day(township: Unit, people: SimpleNamespace) -> None:
    it = Walk("personnel_move", township, people.wang, ground="routine", extra=SECRETARY)
    it.to("examined")
    with pytest.raises(Refused, match=r"“贫困乡镇党政正职稳定”.*自2019-10-30起方可办理.*依据：《保山日报"):
        gates.submit_case(PACK, it.case, to="decided", author=AUTHOR, signers=[[COUNTY], [CITY]], on=it.day)


def test_a_lawful_exception_goes_through_with_its_document(township: Unit, people: SimpleNamespace) -> None:
    it = Walk("personnel_move", township, people.wang, ground="discipline", extra=SECRETARY)
    it.to("examined")
    assert it.submit("decided", (COUNTY,), (CITY,)) == "hold.basis"
    Case.objects.filter(pk=it.case.pk).update(extra=SECRETARY | {"basis": "某纪〔2019〕3号"})
    assert it.submit("decided", (COUNTY,), (CITY,)) is None


def test_what_changes_after_the_approval_voids_it(land: SimpleNamespace, people: SimpleNamespace) -> None:
    it = Walk("personnel_move", land.west, people.wang, ground="routine", extra=SECRETARY)
    it.to("examined")
    it.submit("decided", (COUNTY,), (CITY,))
    it.sign(COUNTY, CITY)
    Case.objects.filter(pk=it.case.pk).update(extra=SECRETARY | {"to_post": "县直单位"})
    assert it.end("decided") == "approval.void"
    it.case = Case.objects.get(pk=it.case.pk)
    assert it.submit("decided", (COUNTY,), (CITY,)) is None
    it.sign(COUNTY, CITY)
    assert it.end("decided") is None


def test_what_changes_while_it_runs_is_not_approved(land: SimpleNamespace, people: SimpleNamespace) -> None:
    it = Walk("personnel_move", land.west, people.wang, ground="routine", extra=SECRETARY)
    it.to("examined")
    it.submit("decided", (COUNTY,), (CITY,))
    Case.objects.filter(pk=it.case.pk).update(title="另一名同志")
    it.case = Case.objects.get(pk=it.case.pk)
    assert refusal_of(it.sign, COUNTY) == "approval.changed"


def test_who_does_not_hold_the_permission_does_not_sign(land: SimpleNamespace, people: SimpleNamespace) -> None:
    it = Walk("personnel_move", land.west, people.wang, ground="routine", extra=SECRETARY)
    it.to("examined")
    it.submit("decided", (COUNTY,), (CITY,))
    assert refusal_of(it.sign, Signer(2, person=102)) == "approval.permission"
    assert refusal_of(it.sign, Signer(2, 102, frozenset({"approvals.qualification"}))) == "approval.permission"
    assert refusal_of(it.sign, COUNTY) is None


def test_staff_within_five_years_is_not_moved(land: SimpleNamespace, people: SimpleNamespace) -> None:
    extra = {"post": "township_staff", "entered_on": "2015-07-01"}
    it = Walk("personnel_move", land.west, people.wang, ground="routine", extra=extra)
    it.to("examined")
    assert it.submit("decided", (COUNTY,), (CITY,)) == "hold.held"
    assert it.end("declined") == "case.note"
    assert it.end("declined", note="未满五年") is None


def test_a_joint_review_passes_or_fails_on_a_legal_ground_and_can_be_appealed(
    land: SimpleNamespace, people: SimpleNamespace
) -> None:
    it = Walk("qualification_review", land.bay, people.wang, extra={"post": "村委会委员"})
    assert it.to("passed", verdict="通过") == "case.skip"
    assert it.to("joint_review") is None
    assert it.submit("passed", (POLICE, COURT)) is None
    assert refusal_of(it.sign, POLICE, verdict="refuse", note="印象不好") == "approval.ground"
    it.sign(POLICE, verdict="refuse", ground="punished")
    it.sign(COURT)
    assert it.end("passed") == "approval.refused"
    assert it.end("failed", note="有法定情形") == "case.evidence"
    it.file("told")
    assert it.end("failed", note="有法定情形") is None
    course.reopen(it.kind, it.case, reason="本人申诉", on=it.next(), actor=1)
    it.case = Case.objects.get(pk=it.case.pk)
    assert it.to("joint_review") is None
    assert it.submit("passed", (POLICE, COURT)) is None
    it.sign(POLICE, COURT)
    assert it.end("passed") is None


def test_a_secretary_is_filed_by_the_county(land: SimpleNamespace, people: SimpleNamespace) -> None:
    it = Walk("secretary_filing", land.bay, people.wang, ground="appointed")
    assert it.end("filed") == "approval.none"
    it.submit("filed", (COUNTY,))
    it.sign(COUNTY)
    assert it.end("filed") is None
    it = Walk("secretary_filing", land.hill, people.li, ground="removed")
    assert (it.end("returned"), it.end("returned", note="材料不全")) == ("case.note", None)


def test_a_recall_has_notice_hearing_decision_and_appeal(land: SimpleNamespace, people: SimpleNamespace) -> None:
    it = Walk("removal", land.bay, people.wang, ground="recall")
    assert it.to("hearing") == "case.way"
    assert it.to("notice") == "case.evidence"
    it.file("facts")
    assert it.to("notice") is None
    assert it.to("hearing") == "case.evidence"
    it.file("notice")
    assert it.to("hearing") is None
    it.submit("decided", (COUNTY,), (CITY,))
    it.sign(COUNTY, CITY)
    assert it.end("decided") == "case.evidence"  # the person was not heard
    it.file("statement")
    assert it.end("decided") == "approval.void"  # what was approved did not hold the statement
    it.submit("decided", (COUNTY,), (CITY,))
    it.sign(COUNTY, CITY)
    assert it.end("decided") is None
    course.reopen(it.kind, it.case, reason="本人申诉", on=it.next(), actor=1)
    it.case = Case.objects.get(pk=it.case.pk)
    assert it.case.stage == "appeal"
    it.file("review")
    assert it.end("decided") == "approval.void"  # an appeal is decided anew
    it.submit("decided", (COUNTY,), (CITY,))
    it.sign(COUNTY, CITY)
    assert it.end("decided") is None


@pytest.mark.parametrize("stage", ["moved", "notice", "hearing"])
def test_a_recall_can_be_dropped_at_any_stage(land: SimpleNamespace, people: SimpleNamespace, stage: str) -> None:
    it = Walk("removal", land.bay, people.wang, ground="recall")
    Case.objects.filter(pk=it.case.pk).update(stage=stage)
    assert (it.end("dropped"), it.end("dropped", note="事实不成立")) == ("case.note", None)


def test_a_move_without_an_approval_passes_through_the_same_door(land: SimpleNamespace) -> None:
    case = cases.open_case(PACK.kinds.case["service_request"], unit=land.bay, title="修路", on=START, actor=1)
    assert gates.move_case(PACK, case, to="handling", on=START, actor=1).stage == "handling"
    assert refusal_of(gates.move_case, PACK, case, to="received", on=START, actor=1) == "case.way"


def test_what_can_be_done_next_and_what_is_still_missing(land: SimpleNamespace, people: SimpleNamespace) -> None:
    kind = PACK.kinds.case["problem"]
    case = cases.open_case(kind, unit=land.bay, title="账目不清", on=START, actor=1)
    found = [(it.to, it.name, it.closes, it.refusal) for it in gates.options(PACK, case, on=START)]
    assert found == [
        ("mending", "落实整改", False, "还没有落实：整改责任人。落实后再进入下一阶段。"),
        ("withdrawn", "撤销", True, ""),
    ]
    parts.take_seat(kind, case, seat="owner", bearer=people.wang, on=START, actor=1)
    assert [it.refusal for it in gates.options(PACK, case, on=START)] == ["", ""]


def test_what_waits_for_an_approval_says_so(land: SimpleNamespace, people: SimpleNamespace) -> None:
    it = Walk("secretary_filing", land.bay, people.wang, ground="appointed")
    first, second = gates.options(PACK, it.case, on=it.day)
    assert (first.to, first.approval, first.refusal) == ("filed", "secretary_filing", "还没有提交审批。")
    assert (second.to, second.approval, second.refusal) == ("returned", "", "")


def test_with_a_closed_case_nothing_can_be_done(land: SimpleNamespace) -> None:
    kind = PACK.kinds.case["service_request"]
    case = cases.open_case(kind, unit=land.bay, title="修路", on=START, actor=1)
    closed = cases.close(kind, case, verdict="不属于", note="告知", on=START, actor=1)
    assert gates.options(PACK, closed, on=START) == []
