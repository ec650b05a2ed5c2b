"""Reads of cases: composable and lazy, always under the caller's scope."""

from datetime import date

from django.db.models import Q, QuerySet

from hangshi.cases.models import Case, Step


def open_on(day: date, cases: "QuerySet[Case] | None" = None) -> "QuerySet[Case]":
    """Those opened by that day and not closed by its end."""
    cases = Case.objects.all() if cases is None else cases
    return cases.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)


def overdue(day: date, cases: "QuerySet[Case] | None" = None) -> "QuerySet[Case]":
    """Those open on that day whose last day for closing has passed."""
    return open_on(day, cases).filter(due_on__lt=day)


def steps(case: Case) -> "QuerySet[Step]":
    return case.steps.order_by("pk")
