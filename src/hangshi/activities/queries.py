"""Reads of activities: composable and lazy, always under the caller's scope."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from hangshi.activities.models import Activity, Attendance
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
