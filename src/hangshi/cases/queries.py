"""Reads of cases: composable and lazy, always under the caller's scope."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hangshi.calendar.days import days_back
from hangshi.cases.models import Case, Evidence, Measure, Seat, Step, Urging
from hangshi.packs.models import CaseKind
from hangshi.registry.tree import in_force


def open_on(day: date, cases: "QuerySet[Case] | None" = None) -> "QuerySet[Case]":
    """Those opened by that day and not closed by its end."""
    cases = Case.objects.all() if cases is None else cases
    return cases.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)


def overdue(day: date, cases: "QuerySet[Case] | None" = None) -> "QuerySet[Case]":
    """Those open on that day, not suspended, whose last day for closing has passed."""
    return open_on(day, cases).filter(due_on__lt=day, suspended_on=None)


def stage_overdue(day: date, cases: "QuerySet[Case] | None" = None) -> "QuerySet[Case]":
    """Those open on that day, not suspended, whose last day for leaving their present stage has passed."""
    return open_on(day, cases).filter(stage_due_on__lt=day, suspended_on=None)


def due_soon(day: date, within: int, cases: "QuerySet[Case] | None" = None) -> "QuerySet[Case]":
    """Those not overdue that have a last day on that day or in the `within` days after it."""
    last = day + timedelta(days=within)
    due = Q(due_on__range=(day, last)) | Q(stage_due_on__range=(day, last))
    late = Q(due_on__lt=day) | Q(stage_due_on__lt=day)
    return open_on(day, cases).filter(due, suspended_on=None).exclude(late)


def latest_due(case: Case, day: date) -> date | None:
    """The most recent of its deadlines that have passed by that day; None when none has."""
    return max((due for due in (case.due_on, case.stage_due_on) if due and due < day), default=None)


def mine(
    day: date, *, person: int | None = None, units: Iterable[int] = (), account: int | None = None
) -> "QuerySet[Case]":
    """待我办理: open cases in which the person or one of the units has a seat or a measure not done, and those the account opened.

    Nobody named: none.
    """
    units = list(units)
    who = Q(unit__in=units) if person is None else Q(unit__in=units) | Q(person=person)
    sits = Exists(Seat.objects.filter(in_force(day), who, case=OuterRef("pk")))
    does = Exists(Measure.objects.filter(who, case=OuterRef("pk"), done_on=None))
    opened = Q() if account is None else Q(recorded_by=account)
    found = open_on(day)
    return found.filter(Q(sits) | Q(does) | opened) if opened else found.filter(Q(sits) | Q(does))


def to_urge(kind: CaseKind, level: str, day: date) -> "QuerySet[Case]":
    """Open cases of the kind that are overdue long enough for the level and have not had it since the deadline."""
    step = next(it for it in kind.escalations if it.key == level)
    limit = days_back(day, step.after, step.counting).day
    had = Urging.objects.filter(case=OuterRef("pk"), level=level)
    return (
        open_on(day)
        .filter(Q(due_on__lte=limit) | Q(stage_due_on__lte=limit), kind=kind.key, suspended_on=None)
        .exclude(Exists(had.filter(Q(due_on=OuterRef("due_on")) | Q(due_on=OuterRef("stage_due_on")))))
    )


def batches(kind: str, day: date) -> "QuerySet[Case, dict[str, object]]":
    """For each batch its cases: `total`, `closed` (销号) by that day, `late`; ordered by batch."""
    closed = Q(closed_on__lte=day)
    late = ~closed & (Q(due_on__lt=day) | Q(stage_due_on__lt=day))
    return (
        Case.objects.filter(kind=kind, listed_on__lte=day)
        .exclude(batch="")
        .values("batch")
        .annotate(total=Count("pk"), closed=Count("pk", filter=closed), late=Count("pk", filter=late))
        .order_by("batch")
    )


def steps(case: Case) -> "QuerySet[Step]":
    return case.steps.order_by("pk")


def measures_due(day: date, measures: "QuerySet[Measure] | None" = None) -> "QuerySet[Measure]":
    """Measures of open cases not done by their last day."""
    measures = Measure.objects.all() if measures is None else measures
    return measures.filter(done_on=None, due_on__lt=day, case__closed_on=None)


def seats_on(case: Case, day: date) -> "QuerySet[Seat]":
    return case.seats.filter(in_force(day)).select_related("person", "unit").order_by("seat", "pk")


def evidence_of(case: Case) -> "QuerySet[Evidence]":
    return case.evidences.order_by("day", "pk")
