"""A project's money: budget, allocated, paid in stages, spent with vouchers, accepted by another, closed."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from hangshi.access.scope import EVERYTHING, acting
from hangshi.projects import course, queries, services
from hangshi.projects.models import Line, Project
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of

OPENED, DAY, LATER, LAST = date(2020, 3, 1), date(2020, 4, 1), date(2020, 9, 1), date(2020, 12, 1)
VOUCHER = "a" * 64
PAYER, INSPECTOR = Signer(7, person=107), Signer(8, person=108)


def book(project: Project, step: str, amount: str, on: date = DAY, by: Signer = PAYER, **given: str) -> Line:
    said = {"note": "县财农〔2020〕8号"} | ({"sha256": VOUCHER} if step == "spent" else {}) | given
    return services.book(project, step=step, amount=Decimal(amount), on=on, by=by, **said)


def accept(project: Project, by: Signer = INSPECTOR, on: date = LATER, note: str = "合格") -> Line:
    return services.accept(project, on=on, by=by, note=note)


def undo(line: Line, on: date = LAST, reason: str = "记错") -> Line:
    return services.undo(line, on=on, by=PAYER, reason=reason)


def sums(project: Project) -> dict[str, str]:
    return {step: str(it) for step, it in course.sums(list(queries.lines(project))).items() if step != "accepted"}


def open_at(unit: Unit, stages: int = 2) -> Project:
    return services.open_project(unit, title="东湾村饮水工程", stages=stages, on=OPENED, actor=7)


@pytest.fixture
def project(land: SimpleNamespace) -> Project:
    """In two stages; a budget of 100000.00, of which 80000.00 is allocated."""
    it = open_at(land.bay)
    book(it, "budget", "100000")
    book(it, "allocated", "80000")
    return it


def test_a_project_from_its_budget_to_its_end(project: Project) -> None:
    assert book(project, "paid", "50000").stage == 1
    book(project, "spent", "50000", on=LATER)
    accept(project)
    assert book(project, "paid", "30000", on=LATER).stage == 2
    book(project, "spent", "29999.50", on=LAST)
    assert refusal_of(services.close, project, on=LAST, by=PAYER) == "project.unspent"
    book(project, "spent", "0.50", on=LAST)
    assert sums(project) == {
        "budget": "100000.00",
        "allocated": "80000.00",
        "paid": "80000.00",
        "spent": "80000.00",
    }
    assert services.close(project, on=LAST, by=PAYER).closed_on == LAST
    project.refresh_from_db()
    assert refusal_of(book, project, "budget", "1", on=LAST) == "project.closed"
    assert refusal_of(undo, project.lines.filter(step="spent").latest("pk")) == "project.closed"
    assert refusal_of(services.close, project, on=LAST, by=PAYER) == "project.closed"


@pytest.mark.parametrize(
    ("title", "stages", "on", "code"),
    [
        (" ", 2, OPENED, "project.title"),
        ("饮水工程", 0, OPENED, "project.stages"),
        ("饮水工程", 21, OPENED, "project.stages"),
        ("饮水工程", 2, date(2015, 12, 31), "project.unit_ended"),  # the village exists since 2016-01-01
        ("饮水工程", 1, OPENED, None),
    ],
)
def test_how_a_project_is_opened(land: SimpleNamespace, title: str, stages: int, on: date, code: str | None) -> None:
    said = {"title": title, "stages": stages, "on": on, "actor": 7}
    assert refusal_of(services.open_project, land.bay, **said) == code
    assert Project.objects.count() == (0 if code else 1)


@pytest.mark.parametrize(
    ("step", "amount", "code"),
    [
        ("allocated", "20000", None),
        ("allocated", "20000.01", "project.allocated"),
        ("paid", "80000", None),
        ("paid", "80000.01", "project.paid"),
        ("spent", "0.01", "project.spent"),  # nothing is paid yet
        ("budget", "0", "project.amount"),
        ("budget", "-5", "project.amount"),
        ("budget", "1.001", "project.amount"),
        ("budget", "NaN", "project.amount"),
        ("budget", "1e16", "project.amount"),
        ("accepted", "1", "project.step"),
    ],
)
def test_no_step_has_more_than_the_one_before(project: Project, step: str, amount: str, code: str | None) -> None:
    assert refusal_of(book, project, step, amount) == code
    assert project.lines.count() == (2 if code else 3)


def test_a_refusal_says_how_much_is_too_much(project: Project) -> None:
    with pytest.raises(Refused, match=r"到2020-04-01，拨付合计90000.00元，多于下达合计80000.00元；没有登记"):
        book(project, "paid", "90000")


def test_the_bound_holds_on_every_day_and_not_only_at_the_end(project: Project) -> None:
    book(project, "allocated", "20000", on=LATER)
    assert refusal_of(book, project, "paid", "90000", on=DAY) == "project.paid"  # 80000 was allocated by then
    assert refusal_of(book, project, "paid", "90000", on=LATER) is None


def test_a_line_before_the_project_or_without_a_word_is_refused(project: Project) -> None:
    assert refusal_of(book, project, "budget", "1", on=date(2020, 2, 29)) == "project.dates"
    assert refusal_of(book, project, "budget", "1", note=" ") == "project.note"


def test_nothing_is_spent_without_a_voucher(project: Project) -> None:
    book(project, "paid", "50000")
    assert refusal_of(book, project, "spent", "50000", sha256="") == "project.voucher"
    assert book(project, "spent", "50000").sha256 == VOUCHER
    assert refusal_of(book, project, "spent", "0.01") == "project.spent"


def test_the_last_stage_waits_for_the_acceptance(project: Project) -> None:
    book(project, "paid", "50000")
    assert refusal_of(book, project, "paid", "30000", on=LAST) == "project.not_accepted"
    accept(project, on=LATER)
    assert refusal_of(book, project, "paid", "30000", on=DAY) == "project.not_accepted"  # dated before it
    book(project, "paid", "30000", on=LATER)
    assert refusal_of(book, project, "paid", "0.01", on=LAST) == "project.stages_paid"


def test_in_one_stage_nothing_is_paid_before_the_acceptance(land: SimpleNamespace) -> None:
    it = open_at(land.bay, stages=1)
    book(it, "budget", "10")
    assert refusal_of(accept, it) == "project.nothing"  # nothing is allocated
    book(it, "allocated", "10")
    assert refusal_of(book, it, "paid", "10") == "project.not_accepted"
    accept(it)
    assert book(it, "paid", "10", on=LATER).stage == 1


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (INSPECTOR, None),
        (PAYER, "project.own"),
        (Signer(9, person=107), "project.own"),  # the payer's other account
        (Signer(9, acts_for=(PAYER,)), "project.own"),  # the payer's delegate
        (Signer(9, person=109), None),
    ],
)
def test_who_paid_does_not_accept(project: Project, by: Signer, code: str | None) -> None:
    book(project, "paid", "50000")
    assert refusal_of(accept, project, by=by) == code


def test_who_accepted_does_not_pay_afterwards(project: Project) -> None:
    book(project, "paid", "50000")
    accept(project)
    assert refusal_of(book, project, "paid", "30000", on=LATER, by=INSPECTOR) == "project.own"


def test_it_is_accepted_once_with_a_word_and_anew_after_it_was_undone(project: Project) -> None:
    assert refusal_of(accept, project, note=" ") == "project.note"
    first = accept(project)
    assert refusal_of(accept, project) == "project.accepted"
    undo(first)
    assert refusal_of(accept, project, on=LAST) is None


def test_what_others_rest_on_is_not_undone_before_them(project: Project) -> None:
    allocated = project.lines.get(step="allocated")
    first, accepted = book(project, "paid", "50000"), accept(project)
    last = book(project, "paid", "30000", on=LATER)
    assert refusal_of(undo, allocated) == "project.paid"
    assert refusal_of(undo, accepted) == "project.not_accepted"
    assert refusal_of(undo, first) == "project.stage_order"
    assert (undo(last).amount, undo(first).amount) == (Decimal("-30000.00"), Decimal("-50000.00"))
    assert refusal_of(undo, allocated) is None
    assert sums(project) == {"budget": "100000.00", "allocated": "0.00", "paid": "0.00", "spent": "0.00"}


def test_a_stage_undone_is_paid_anew(project: Project) -> None:
    undo(book(project, "paid", "50000"))
    assert book(project, "paid", "40000", on=LAST).stage == 1


def test_a_line_is_undone_once_with_a_reason_and_not_before_its_day(project: Project) -> None:
    line = book(project, "budget", "1", on=LATER)
    assert refusal_of(undo, line, reason=" ") == "project.note"
    assert refusal_of(undo, line, on=DAY) == "project.dates"
    back = undo(line)
    assert (refusal_of(undo, line), refusal_of(undo, back)) == ("project.reversed", "project.reversed")


def test_a_line_stays_as_it_was_written(project: Project) -> None:
    for change in (lambda it: it.update(amount=1), lambda it: it.update(persons=[]), lambda it: it.delete()):
        with pytest.raises(DatabaseError, match="项目资金只增不改"), transaction.atomic():
            change(project.lines.filter(step="budget"))


def test_it_closes_when_accepted_paid_and_spent_and_not_before_its_last_line(project: Project) -> None:
    close = {"on": LAST, "by": PAYER}
    assert refusal_of(services.close, project, **close) == "project.not_accepted"
    book(project, "paid", "50000")
    accept(project)
    assert refusal_of(services.close, project, **close) == "project.unpaid"
    book(project, "paid", "30000", on=LATER)
    book(project, "spent", "80000", on=LAST)
    assert refusal_of(services.close, project, on=LATER, by=PAYER) == "project.dates"
    assert refusal_of(services.close, project, **close) is None


def test_the_list_has_what_is_open_first_with_the_sums_of_its_lines(land: SimpleNamespace, project: Project) -> None:
    empty = open_at(land.ditch)
    Project.objects.filter(pk=empty.pk).update(closed_on=LAST)
    first, second = queries.projects(land.county)
    assert (first.pk, str(first.budget), str(first.allocated), str(first.paid)) == (
        project.pk,
        "100000.00",
        "80000.00",
        "0.00",
    )
    assert (second.pk, str(second.budget)) == (empty.pk, "0.00")
    assert list(queries.projects(land.west)) == [empty]


def test_two_payments_at_once_do_not_together_exceed_what_is_allocated(committed: None) -> None:
    with acting(EVERYTHING):
        project = open_at(make("county", "示例县", None), stages=3)
        book(project, "budget", "100")
        book(project, "allocated", "100")
    results = at_once(lambda _: refusal_of(book, project, "paid", "60"))
    with acting(EVERYTHING):
        assert sorted(results, key=str) == [None, "project.paid"]
        assert sums(project)["paid"] == "60.00"


def test_two_payments_at_once_that_fit_are_two_stages(committed: None) -> None:
    with acting(EVERYTHING):
        project = open_at(make("county", "示例县", None), stages=3)
        book(project, "budget", "100")
        book(project, "allocated", "100")
    results = at_once(lambda _: refusal_of(book, project, "paid", "50"))
    with acting(EVERYTHING):
        stages = project.lines.filter(step="paid").order_by("stage").values_list("stage", flat=True)
        assert (results, list(stages)) == ([None, None], [1, 2])
