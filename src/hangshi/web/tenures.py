"""任期: what is vacant and what runs out below a unit."""

from dataclasses import dataclass
from datetime import date

from hangshi.duties import queries
from hangshi.packs.checks import Check
from hangshi.packs.models import DutyKind
from hangshi.registry.models import Unit
from hangshi.web import here, words
from hangshi.web.lists import below


@dataclass(frozen=True)
class Vacant:
    """A duty that somebody must bear (`needed`): at how many units nobody does, and the first of those."""

    kind: DutyKind
    total: int
    units: list[Unit]


def vacancies(unit: Unit, on: date, *, most: int) -> list[Vacant]:
    """For each kind of duty that must be borne: the units that need it and have nobody on that day."""
    found = []
    for key, kind in here.only("kind.duty", words.pack().kinds.duty, unit).items():
        if kind.needed:
            units = below(Unit.objects.filter(kind__in=kind.target_kinds, since__lte=on, until=None), unit)
            if kind.needed == "poor":
                units = units.filter(extra__poor=True)
            empty = queries.units_without(key, on, units)
            total = empty.count()
            found.append(Vacant(kind, total, list(empty.order_by("path")[:most]) if total else []))
    return found


def is_load(check: Check) -> bool:
    """Whether the check is about a person who bears more than the rule allows."""
    return check.of == "duties" and check.about == "person" and check.bound == "most" and check.has is not None
