"""名册: how many rows each register has at a unit, by kind and by its choice, and what it is counted by."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from hangshi.activities import queries as activities
from hangshi.cases import queries as cases
from hangshi.duties import queries as duties
from hangshi.packs.models import Kind
from hangshi.packs.work import Roll
from hangshi.registry.models import Unit
from hangshi.registry.tree import in_force
from hangshi.web import here, words
from hangshi.web.lists import below

# Family → which of its rows count on a day, and what that is called.
ROWS: dict[str, tuple[Callable[[date], QuerySet[Any]], str]] = {
    "unit": (lambda on: Unit.objects.filter(in_force(on)), "现有"),
    "duty": (lambda on: duties.on_day(on), "现有"),
    "case": (lambda on: cases.open_on(on), "在办"),
    "activity": (lambda on: activities.within(on.replace(month=1, day=1), on).exclude(state="sent_back"), "本年"),
}
REGISTERS = {"unit": "units", "duty": "duties", "case": "cases", "activity": "activities"}
WRITES = {family: f"{family}.write" for family in REGISTERS}


@dataclass(frozen=True)
class Part:
    """One of the kinds that a register is kept as. `register`: the list page that holds its rows; "" where the reader may not list them.

    `writes`: the permission that a new one asks for.
    """

    kind: Kind
    register: str
    writes: str
    said: str
    count: int


@dataclass(frozen=True)
class Line:
    """`shares`: by the choice of the register, how many rows, in the order of the choice; those without any are left out."""

    roll: Roll
    parts: list[Part]
    shares: list[tuple[str, int]]


def lines(unit: Unit, on: date, *, restricted: bool) -> list[Line]:
    """The registers that are kept at the unit. `restricted`: whether the reader may list cases of restricted kinds; all may count them."""
    rolls = list(here.only("roll", words.pack().rolls, unit).values())
    counts = _counts({kind for it in rolls for kind in it.kinds}, unit, on)
    return [Line(it, [_part(kind, counts, restricted) for kind in it.kinds], _shares(it, unit, on)) for it in rolls]


def _counts(kinds: Collection[str], unit: Unit, on: date) -> dict[str, int]:
    """Kind → how many rows of it count at the unit and below it; a statement a family."""
    found: dict[str, int] = {}
    for family, (rows, _) in ROWS.items():
        keys = [key for it, _, key in (kind.partition(".") for kind in kinds) if it == family]
        asked = below(rows(on).filter(kind__in=keys), unit).order_by().values_list("kind")
        found |= {f"{family}.{key}": many for key, many in asked.annotate(many=Count("pk"))}
    return found


def _part(kind: str, counts: Mapping[str, int], restricted: bool) -> Part:
    family, _, key = kind.partition(".")
    it: Any = words.pack().kinds.family(family)[key]
    hidden = getattr(it, "restricted", False) and not restricted
    return Part(it, "" if hidden else REGISTERS[family], WRITES[family], ROWS[family][1], counts.get(kind, 0))


def _shares(it: Roll, unit: Unit, on: date) -> list[tuple[str, int]]:
    if not it.by:
        return []
    family, key, name = it.by.split(".")
    kind: Any = words.pack().kinds.family(family)[key]
    rows = below(ROWS[family][0](on).filter(kind=key), unit).order_by().values_list(f"extra__{name}")
    found = dict(rows.annotate(many=Count("pk")))
    return [(text, found[choice]) for choice, text in kind.fields[name].choices.items() if choice in found]
