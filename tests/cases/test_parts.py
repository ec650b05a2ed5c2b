"""Seats, measures and evidence: what is refused, and what is kept."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.cases import parts, queries, services
from hangshi.cases.models import Case, Evidence, Measure, Seat
from tests.cases.kinds import JUNE_1, PROBLEM
from tests.refusals import refusal_of

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def case(land: SimpleNamespace) -> Case:
    return services.open_case(PROBLEM, unit=land.bay, title="账目不清", on=JUNE_1, actor=7)


def closed(case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(stage="struck", closed_on=date(2020, 6, 5))
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("seat", "bearer", "on", "code"),
    [
        ("owner", "wang", JUNE_1, None),
        ("boss", "wang", JUNE_1, "case.seat"),
        ("owner", "hill", JUNE_1, "case.seat_bearer"),
        ("partner", "wang", JUNE_1, "case.seat_bearer"),
        ("partner", "hill", JUNE_1, None),
        ("owner", "wang", date(2020, 5, 31), "case.dates"),
    ],
)
def test_who_may_take_which_seat(
    case: Case, land: SimpleNamespace, people: SimpleNamespace, seat: str, bearer: str, on: date, code: str | None
) -> None:
    who = getattr(people, bearer, None) or getattr(land, bearer)
    assert refusal_of(parts.take_seat, PROBLEM, case, seat=seat, bearer=who, on=on, actor=7) == code
    assert Seat.objects.count() == (0 if code else 1)


def test_a_seat_for_one_is_replaced_without_a_gap(case: Case, people: SimpleNamespace) -> None:
    held = parts.take_seat(PROBLEM, case, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    again = {"seat": "owner", "on": date(2020, 6, 9), "actor": 7}
    assert refusal_of(parts.take_seat, PROBLEM, case, bearer=people.li, **again) == "case.seat_full"
    assert refusal_of(parts.take_seat, PROBLEM, case, bearer=people.wang, **again) == "case.seat_same"
    parts.replace_seat(PROBLEM, held, bearer=people.li, on=date(2020, 6, 9), actor=7)
    names = {
        day: [str(it.person) for it in queries.seats_on(case, day)] for day in (date(2020, 6, 8), date(2020, 6, 9))
    }
    assert names == {date(2020, 6, 8): ["王建国"], date(2020, 6, 9): ["李秀英"]}


def test_many_units_may_be_partners(case: Case, land: SimpleNamespace) -> None:
    for unit in (land.hill, land.ditch):
        parts.take_seat(PROBLEM, case, seat="partner", bearer=unit, on=JUNE_1, actor=7)
    assert queries.seats_on(case, JUNE_1).count() == 2


def test_a_seat_is_left_once_and_not_before_it_was_taken(case: Case, people: SimpleNamespace) -> None:
    held = parts.take_seat(PROBLEM, case, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    assert refusal_of(parts.leave_seat, PROBLEM, held, on=date(2020, 5, 31), actor=7) == "case.dates"
    parts.leave_seat(PROBLEM, held, on=JUNE_1, actor=7)
    assert refusal_of(parts.leave_seat, PROBLEM, held, on=JUNE_1, actor=7) == "case.seat_ended"


@pytest.mark.parametrize(
    ("text", "due_on", "code"),
    [
        ("补记账目", date(2020, 6, 20), None),
        ("补记账目", None, None),
        (" ", None, "measure.text"),
        ("补记账目", date(2020, 5, 20), "measure.due"),
    ],
)
def test_which_measures_may_be_planned(
    case: Case, people: SimpleNamespace, text: str, due_on: date | None, code: str | None
) -> None:
    planned = {"text": text, "bearer": people.wang, "on": JUNE_1, "actor": 7, "due_on": due_on}
    assert refusal_of(parts.plan_measure, case, **planned) == code
    assert Measure.objects.count() == (0 if code else 1)


@pytest.fixture
def measure(case: Case, people: SimpleNamespace) -> Measure:
    planned = {"text": "补记账目", "bearer": people.wang, "on": JUNE_1, "due_on": date(2020, 6, 20), "actor": 7}
    return parts.plan_measure(case, **planned)


def test_a_measure_goes_from_planned_to_done_to_checked(measure: Measure) -> None:
    check = {"holds": True, "finding": "账实相符", "actor": 8}
    assert refusal_of(parts.check_on_return, measure, on=date(2020, 6, 12), **check) == "measure.open"
    assert refusal_of(parts.finish_measure, measure, result=" ", on=date(2020, 6, 10), actor=7) == "measure.result"
    parts.finish_measure(measure, result="已补记", on=date(2020, 6, 10), actor=7)
    assert refusal_of(parts.finish_measure, measure, result="好", on=date(2020, 6, 11), actor=7) == "measure.done"
    assert refusal_of(parts.check_on_return, measure, on=date(2020, 6, 9), **check) == "measure.dates"
    assert (
        refusal_of(parts.check_on_return, measure, on=date(2020, 6, 12), **{**check, "finding": ""})
        == "measure.finding"
    )
    assert parts.check_on_return(measure, on=date(2020, 6, 12), **check).checked_on == date(2020, 6, 12)


def test_measures_past_their_day_are_listed(measure: Measure) -> None:
    assert queries.measures_due(date(2020, 6, 20)).count() == 0  # the last day is still in time
    assert queries.measures_due(date(2020, 6, 21)).count() == 1
    parts.finish_measure(measure, result="已补记", on=date(2020, 6, 21), actor=7)
    assert queries.measures_due(date(2020, 6, 22)).count() == 0


@pytest.mark.parametrize(
    ("evidence", "name", "sha256", "code"),
    [
        ("proof", "账页", "", None),
        ("proof", "账页", DIGEST, None),
        ("photo", "照片", "", "case.evidence_kind"),
        ("proof", " ", "", "case.evidence_name"),
        ("proof", "账页", "../../etc/passwd", "case.evidence_file"),
        ("proof", "账页", DIGEST.upper(), "case.evidence_file"),
    ],
)
def test_which_evidence_is_filed(case: Case, evidence: str, name: str, sha256: str, code: str | None) -> None:
    filed = {"evidence": evidence, "name": name, "sha256": sha256, "on": JUNE_1, "actor": 7}
    assert refusal_of(parts.file_evidence, PROBLEM, case, **filed) == code
    assert Evidence.objects.count() == (0 if code else 1)


def test_nothing_is_hung_on_a_closed_case(case: Case, measure: Measure, people: SimpleNamespace) -> None:
    done = closed(case)
    given = {"on": date(2020, 6, 8), "actor": 7}
    refused = [
        refusal_of(parts.take_seat, PROBLEM, done, seat="owner", bearer=people.wang, **given),
        refusal_of(parts.plan_measure, done, text="再补", bearer=people.wang, **given),
        refusal_of(parts.finish_measure, measure, result="已补记", **given),
        refusal_of(parts.file_evidence, PROBLEM, done, evidence="proof", name="账页", **given),
    ]
    assert refused == ["case.closed"] * 4
