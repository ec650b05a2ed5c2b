"""Reads of duties: composable and lazy, always under the caller's scope."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

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


@dataclass(frozen=True)
class Tally:
    """How many duties of a kind bind on a day, by how many persons and units they are borne, and how many of them run out soon."""

    duties: int
    persons: int
    units: int
    ending: int


def tallies(day: date, within: int, duties: "QuerySet[Duty] | None" = None) -> dict[str, Tally]:
    """By kind; a kind of which none binds is left out. `ending`: the last day is that day or one of the `within` days after it."""
    soon = Q(until__lte=day + timedelta(days=within))
    rows = on_day(day, duties).order_by().values("kind")
    counted = rows.annotate(
        duties=Count("pk"),
        persons=Count("bearer", distinct=True),
        units=Count("bearer_unit", distinct=True),
        ending=Count("pk", filter=soon),
    )
    return {row.pop("kind"): Tally(**row) for row in counted}
