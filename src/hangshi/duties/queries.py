"""Reads of duties: composable and lazy, always under the caller's scope."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from hangshi.duties.models import Duty
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.tree import in_force


def on_day(day: date, duties: "QuerySet[Duty] | None" = None) -> "QuerySet[Duty]":
    """Those that bind on that day; a duty counts on its first and its last day."""
    return (Duty.objects.all() if duties is None else duties).filter(in_force(day))


def borne_by(bearer: Person | Unit) -> "QuerySet[Duty]":
    return Duty.objects.filter(bearer=bearer) if isinstance(bearer, Person) else Duty.objects.filter(bearer_unit=bearer)


def units_without(kind: str, day: date, units: "QuerySet[Unit]") -> "QuerySet[Unit]":
    """Those of the units for which nobody bears a duty of that kind on that day."""
    return units.filter(~Exists(on_day(day).filter(kind=kind, target_unit=OuterRef("pk"))))


def households_without(kind: str, day: date, households: "QuerySet[Household]") -> "QuerySet[Household]":
    return households.filter(~Exists(on_day(day).filter(kind=kind, household=OuterRef("pk"))))


def running_out(day: date, within: int, duties: "QuerySet[Duty] | None" = None) -> "QuerySet[Duty]":
    """Those whose last day is that day or one of the `within` days after it, the soonest first."""
    found = Duty.objects.all() if duties is None else duties
    return found.filter(until__range=(day, day + timedelta(days=within))).order_by("until", "pk")
