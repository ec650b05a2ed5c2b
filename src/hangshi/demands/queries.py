"""Reads of demands and fillings: composable and lazy, always under the caller's scope."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from hangshi.demands.models import Demand
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

IN_USE = ("approved", "withdrawn")  # what was withdrawn was in use until that day


def around(unit: Unit) -> "QuerySet[Demand]":
    """Those on the unit, on a unit above it, or below it."""
    line = Q(path__in=line_of(unit))
    return Demand.objects.filter(line | Q(path__gte=unit.path, path__lt=upper(unit.path)))


def line_of(unit: Unit) -> list[str]:
    """The paths from the root down to the unit's own."""
    return [unit.path[: at + 1] for at, sign in enumerate(unit.path) if sign == "/"]


def asked_on(demands: "QuerySet[Demand]", day: date) -> "QuerySet[Demand]":
    """Those in use on the day; both ends count."""
    return demands.filter(state__in=IN_USE, since__lte=day, until__gte=day)


def asked_of(unit: Unit, day: date) -> "QuerySet[Demand]":
    """What the unit itself is to fill on the day, by the end of the term."""
    return asked_on(Demand.objects.filter(path__in=line_of(unit), level=unit.kind), day).order_by("until", "pk")


def counted(demands: "QuerySet[Demand]") -> "QuerySet[Demand]":
    """With `asks`, how many items, and `knows`, how many of them the system fills."""
    return demands.annotate(asks=Count("items"), knows=Count("items", filter=~Q(items__target="")))
