"""What must be there before a case passes, and who may move it."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.cases import parts, services
from hangshi.cases.gates import Mover
from hangshi.cases.models import Case, Measure
from hangshi.refusal import Refused
from tests.cases.kinds import JUNE_1, PROBLEM
from tests.refusals import refusal_of


@pytest.fixture
def case(land: SimpleNamespace) -> Case:
    return services.open_case(PROBLEM, unit=land.bay, title="账目不清", on=JUNE_1, actor=7, extra={"cause": "无人记账"})


@pytest.fixture
def owned(case: Case, people: SimpleNamespace) -> Case:
    parts.take_seat(PROBLEM, case, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    return case


@pytest.fixture
def mending(owned: Case) -> Case:
    return services.move(PROBLEM, owned, to="mending", on=JUNE_1, actor=7)


def finished(case: Case, bearer: object) -> Measure:
    measure = parts.plan_measure(case, text="补记账目", bearer=bearer, on=JUNE_1, actor=7, due_on=date(2020, 6, 20))
    return parts.finish_measure(measure, result="已补记", on=date(2020, 6, 10), actor=7)


def to_checking(case: Case, by: Mover | None = None) -> Case:
    return services.move(PROBLEM, case, to="checking", on=date(2020, 6, 15), actor=7, by=by)


def sentence_of(call: object, *args: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.sentence


def test_without_its_owner_it_does_not_pass_registration(case: Case, people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="还没有落实：整改责任人"):
        services.move(PROBLEM, case, to="mending", on=JUNE_1, actor=7)
    parts.take_seat(PROBLEM, case, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    assert services.move(PROBLEM, case, to="mending", on=JUNE_1, actor=7).stage == "mending"


def test_a_seat_that_was_left_no_longer_counts(owned: Case) -> None:
    parts.leave_seat(PROBLEM, owned.seats.get(), on=JUNE_1, actor=7)
    assert refusal_of(services.move, PROBLEM, owned, to="mending", on=date(2020, 6, 2), actor=7) == "case.team"


def test_without_its_field_it_does_not_pass(land: SimpleNamespace, people: SimpleNamespace) -> None:
    case = services.open_case(PROBLEM, unit=land.bay, title="账目不清", on=JUNE_1, actor=7)
    parts.take_seat(PROBLEM, case, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    assert refusal_of(services.move, PROBLEM, case, to="mending", on=JUNE_1, actor=7) == "case.fields"


def test_evidence_then_measures_then_their_return_check(mending: Case, people: SimpleNamespace) -> None:
    owner = Mover(person_id=people.wang.pk)
    assert sentence_of(to_checking, mending, owner) == "还缺少：整改佐证、整改报告。补齐后再进入下一阶段。"
    for key in ("proof", "report"):
        parts.file_evidence(PROBLEM, mending, evidence=key, name="账页", on=JUNE_1, actor=7)
    assert refusal_of(to_checking, mending, owner) == "case.measures"
    measure = parts.plan_measure(mending, text="补记账目", bearer=people.wang, on=JUNE_1, actor=7)
    assert sentence_of(to_checking, mending, owner) == "还有1条措施没有完成。"
    parts.finish_measure(measure, result="已补记", on=date(2020, 6, 10), actor=7)
    assert sentence_of(to_checking, mending, owner) == "还有1条措施没有回访。"
    parts.check_on_return(measure, holds=True, finding="账实相符", on=date(2020, 6, 12), actor=8)
    assert to_checking(mending, owner).stage == "checking"


def test_a_return_check_that_fails_opens_the_measure_again(mending: Case, people: SimpleNamespace) -> None:
    measure = finished(mending, people.wang)
    again = parts.check_on_return(measure, holds=False, finding="仍有漏记", on=date(2020, 6, 12), actor=8)
    assert (again.done_on, again.checked_on, again.finding) == (None, None, "仍有漏记")


@pytest.fixture
def ready(mending: Case, people: SimpleNamespace) -> Case:
    """Everything is there; only the mover is in question."""
    parts.check_on_return(finished(mending, people.wang), holds=True, finding="好", on=date(2020, 6, 12), actor=8)
    for key in ("proof", "report"):
        parts.file_evidence(PROBLEM, mending, evidence=key, name="账页", on=JUNE_1, actor=7)
    return mending


@pytest.mark.parametrize(
    ("mover", "code"),
    [
        ("nobody", "case.mover"),
        ("another person", "case.mover"),
        ("another permission", "case.mover"),
        ("the owner", None),
        ("the permission", None),
    ],
)
def test_who_may_move_a_case(ready: Case, people: SimpleNamespace, mover: str, code: str | None) -> None:
    movers = {
        "nobody": None,
        "another person": Mover(person_id=people.li.pk),
        "another permission": Mover(frozenset({"case.write"})),
        "the owner": Mover(person_id=people.wang.pk),
        "the permission": Mover(frozenset({"case.press"})),
    }
    assert refusal_of(to_checking, ready, movers[mover]) == code
    ready.refresh_from_db()
    assert ready.stage == ("checking" if code is None else "mending")


def test_who_may_strike_off(ready: Case, people: SimpleNamespace) -> None:
    checking = to_checking(ready, Mover(person_id=people.wang.pk))
    close = {"verdict": "已整改", "on": date(2020, 6, 16), "actor": 8}
    assert refusal_of(services.close, PROBLEM, checking, **close, by=Mover(person_id=people.wang.pk)) == "case.end"
    close["to"] = "struck"
    assert refusal_of(services.close, PROBLEM, checking, **close, by=Mover(person_id=people.wang.pk)) == "case.mover"
    struck = services.close(PROBLEM, checking, **close, by=Mover(frozenset({"case.accept"})))
    assert (struck.stage, struck.closed_on, struck.stage_due_on) == ("struck", date(2020, 6, 16), None)


def test_going_back_asks_for_a_reason_and_not_for_the_gates_of_the_way_forward(
    ready: Case, people: SimpleNamespace
) -> None:
    checking = to_checking(ready, Mover(person_id=people.wang.pk))
    back = {"to": "mending", "on": date(2020, 6, 16), "actor": 8}
    assert refusal_of(services.move, PROBLEM, checking, **back) == "case.back"
    sent_back = services.move(PROBLEM, checking, **back, note="佐证不清")
    assert (sent_back.stage, sent_back.steps.latest("pk").act) == ("mending", "back")


def test_an_end_that_needs_an_approval_is_reached_only_with_it(case: Case) -> None:
    withdraw = {"verdict": "重复登记", "on": JUNE_1, "actor": 7, "to": "withdrawn", "note": "与另一件相同"}
    assert refusal_of(services.close, PROBLEM, case, **withdraw) == "case.approval"
    assert refusal_of(services.close, PROBLEM, case, **withdraw, permit="other") == "case.approval"
    assert refusal_of(services.close, PROBLEM, case, **{**withdraw, "note": ""}, permit="joint") == "case.note"
    assert services.close(PROBLEM, case, **withdraw, permit="joint").stage == "withdrawn"


def test_only_declared_moves_are_made(owned: Case) -> None:
    with pytest.raises(Refused, match="“登记”之后只能到整改、撤销，不能到“验收”"):
        services.move(PROBLEM, owned, to="checking", on=JUNE_1, actor=7)
