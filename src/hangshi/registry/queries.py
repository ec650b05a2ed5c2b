"""Reads of the registry: composable and lazy, always under the caller's scope."""

import json
from datetime import date
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from hangshi.access import prepared
from hangshi.refusal import Refused
from hangshi.registry import identity
from hangshi.registry.models import Household, HouseholdStatus, Membership, Person, Succession, Unit, UnitName
from hangshi.registry.named import Named, named_people, names_of
from hangshi.registry.search import named
from hangshi.registry.tree import below_on, children_on, in_force, path_on, units_on, upper


def below(unit: Unit) -> "QuerySet[Unit]":
    """The unit and all below it on today's tree, what it has absorbed included."""
    return Unit.objects.filter(path__gte=unit.path, path__lt=upper(unit.path))


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on that day; its present name where it did not exist."""
    name = UnitName.objects.filter(in_force(day), unit=unit).values_list("name", flat=True).first()
    return name or unit.name


def successors(unit: Unit) -> "QuerySet[Succession]":
    return unit.successions.select_related("successor").order_by("day", "pk")


def ancestors(unit: Unit) -> list[Unit]:
    """From the root down to the unit's parent on today's tree; those above the caller's scope are left out."""
    ids = [int(part) for part in unit.path.split("/") if part][:-1]
    found = Unit.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def line_of(path: str) -> list[Unit]:
    """The units on the way down the path that are in scope, the highest first. Every page asks this, so Django does not write it anew."""
    ids = [int(part) for part in path.split("/") if part]
    names = [field.attname for field in Unit._meta.concrete_fields]
    units = [Unit.from_db("default", names, row) for row in prepared.fetch(_line(), [prepared.numbers(ids)])]
    for unit in units:
        unit.extra = json.loads(unit.extra) if isinstance(unit.extra, str) else unit.extra
    return units


@cache
def _line() -> str:
    columns = ", ".join(f'"{field.column}"' for field in Unit._meta.concrete_fields)
    return f"SELECT {columns} FROM unit WHERE id = ANY(%s::bigint[]) ORDER BY path"  # noqa: S608  # columns of our own table


def find_units(text: str, units: "QuerySet[Unit] | None" = None) -> "QuerySet[Unit]":
    return named(Unit.objects.all() if units is None else units, "unit", text)


def find_persons(text: str, persons: "QuerySet[Person] | None" = None) -> "QuerySet[Person]":
    """By a part of the name, or by a whole identity number (through its blind index)."""
    persons = Person.objects.all() if persons is None else persons
    try:
        return persons.filter(id_index__in=identity.indexes(identity.read(text).number))
    except Refused:
        return named(persons, "person", text)


def members_on(day: date, memberships: "QuerySet[Membership] | None" = None) -> "QuerySet[Membership]":
    return (Membership.objects.all() if memberships is None else memberships).filter(in_force(day))


def households_on(day: date, *, status: str | None = None) -> "QuerySet[Household]":
    """The households with that day's `status`; those without any on that day are left out."""
    stood = HouseholdStatus.objects.filter(in_force(day), household=OuterRef("pk"))
    if status is not None:
        stood = stood.filter(status=status)
    return Household.objects.filter(Exists(stood)).annotate(status=Subquery(stood.values("status")[:1]))


__all__ = [
    "Named",
    "ancestors",
    "below",
    "below_on",
    "children_on",
    "find_persons",
    "find_units",
    "households_on",
    "line_of",
    "members_on",
    "name_on",
    "named_people",
    "names_of",
    "path_on",
    "successors",
    "units_on",
]
