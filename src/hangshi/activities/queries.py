"""Reads of activities: composable and lazy, always under the caller's scope."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from hangshi.activities.models import Activity, Attendance, Plan
from hangshi.registry.models import Household, Person


def within(first: date, last: date, *, kind: str | None = None) -> "QuerySet[Activity]":
    """Those of the days from `first` to `last`, both included."""
    found = Activity.objects.filter(day__range=(first, last))
    return found if kind is None else found.filter(kind=kind)


def unvisited(households: "QuerySet[Household]", first: date, last: date) -> "QuerySet[Household]":
    """Those that no visit (走访) reached in the days from `first` to `last`, both included."""
    return households.filter(~Exists(within(first, last, kind="visit").filter(household=OuterRef("pk"))))


def attended_by(person: Person) -> "QuerySet[Attendance]":
    return person.attendances.select_related("activity").order_by("-day", "-pk")


def plans(first: date, last: date) -> "QuerySet[Plan]":
    """Those meant for the days from `first` to `last`, both included, and not called off."""
    return Plan.objects.filter(day__range=(first, last)).exclude(state="called_off").order_by("day", "starts_at", "pk")


def to_review() -> "QuerySet[Activity]":
    """Recorded or checked, waiting for somebody else."""
    return Activity.objects.filter(state__in=("recorded", "checked")).order_by("day", "pk")
