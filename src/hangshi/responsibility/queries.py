"""A unit's list of duties in a year, item by item, with what it rests on."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from hangshi.cases.models import Case
from hangshi.indicators import queries as indicators
from hangshi.indicators.queries import Period
from hangshi.packs.duty_lists import DECEMBER, DutyList, Proof
from hangshi.packs.models import Pack
from hangshi.packs.work import Catalogue
from hangshi.registry.models import Unit
from hangshi.registry.reach import reach_of, roots

STATES = {"none": "未自报", "open": "退回重报", "reported": "待核实", "verified": "已核实"}
HELD = "held"  # the stage in which an element counts


@dataclass(frozen=True)
class Proved:
    """What the records say of an item; `value` None: there are none. `holds`: enough for the item."""

    proof: Proof
    value: Decimal | None

    @property
    def holds(self) -> bool:
        return self.value is not None and self.proof.holds(self.value)


@dataclass(frozen=True)
class Item:
    """`state`: none, open (returned, or begun elsewhere), reported, verified. `due`: the last day of its term.

    `elements`: what counts against it and was brought up, each its case.
    """

    key: str
    name: str
    due: date
    state: str
    case: Case | None
    proved: Proved | None
    evidence: tuple[str, ...]
    elements: list[Case] = field(default_factory=list)

    def late(self, on: date) -> bool:
        """Not reported, and its term has passed."""
        return self.state in ("none", "open") and self.due < on


@dataclass(frozen=True)
class Tally:
    """Of a unit's items: how many there are, verified, waiting to be verified, late; and how many elements were held against it."""

    unit: Unit
    whole: int
    verified: int
    reported: int
    late: int
    held: int


def catalogue(pack: Pack, it: DutyList, year: int, *, kind: str = "") -> Catalogue | None:
    """The items in force at the end of the year; None before the first. `kind`: of another kind of case than the list's own."""
    end = date(year, 12, 31)
    known = [one for one in pack.kinds.case[kind or it.case].catalogues if one.since <= end]
    return max(known, key=lambda one: one.since, default=None)


def bearers(pack: Pack, it: DutyList, unit: Unit) -> list[Unit]:
    """The units at or below this one that answer by the list, in the order of the tree: those of its pack's place."""
    reach = reach_of(pack, f"duty_list.{it.key}", roots(pack))
    if not reach.meets(unit.path):
        return []
    below = Unit.objects.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "0", until=None)
    found = below.filter(kind__in=pack.kinds.case[it.case].unit_kinds).order_by("path")
    over = set(Unit.objects.filter(kind=it.below).values_list("pk", flat=True)) if it.below else set()
    return [one for one in found if reach.holds(one.path) and (not it.below or _parent(one) in over)]


def _parent(unit: Unit) -> int | None:
    """The unit right above on the place line, read off the path."""
    above = unit.path.split("/")[:-2]
    return int(above[-1]) if above else None


def items(pack: Pack, it: DutyList, unit: Unit, *, year: int, on: date) -> list[Item]:
    """Every item of the year as of the day `on`, in the order of the catalogue. Empty: no catalogue was in force."""
    found = catalogue(pack, it, year)
    if found is None:
        return []
    cases = {case.ground: case for case in _cases([it.case], [unit], year).order_by("pk")}
    against = _against(pack, it, unit, year)
    proved = _proved(it, unit, year, on)
    return [
        Item(
            key,
            name,
            due_day(it, key, year),
            _state(cases.get(key)),
            cases.get(key),
            proved.get(key),
            it.evidence.get(key, ()),
            against.get(key, []),
        )
        for key, name in found.grounds.items()
    ]


def headed(pack: Pack, it: DutyList, found: Sequence[Item], year: int) -> list[tuple[str, list[Item]]]:
    """The items under the names of their headings."""
    known, listed = {item.key: item for item in found}, catalogue(pack, it, year)
    groups = listed.groups if listed else {}
    return [(it.headings[key], [known[item] for item in keys if item in known]) for key, keys in groups.items()]


def tallies(pack: Pack, it: DutyList, units: Sequence[Unit], *, year: int, on: date) -> list[Tally]:
    """For each of the units, in their order, with two statements for all of them."""
    found = catalogue(pack, it, year)
    grounds = list(found.grounds) if found else []
    states: dict[int, dict[str, str]] = defaultdict(dict)
    for unit, ground, stage in _cases([it.case], units, year).order_by("pk").values_list("unit_id", "ground", "stage"):
        states[unit][ground] = stage
    held: dict[int, int] = defaultdict(int)
    for unit in _cases([it.reverse], units, year).filter(stage=HELD).values_list("unit_id", flat=True):
        held[unit] += 1
    return [_tally(it, unit, grounds, states[unit.pk], held[unit.pk], year, on) for unit in units]


def _tally(it: DutyList, unit: Unit, grounds: list[str], states: dict[str, str], held: int, year: int, on: date) -> Tally:  # fmt: skip
    said = [states.get(key, "none") for key in grounds]
    late = [key for key in grounds if states.get(key, "none") in ("none", "open") and due_day(it, key, year) < on]
    return Tally(unit, len(grounds), said.count("verified"), said.count("reported"), len(late), held)


def due_day(it: DutyList, item: str, year: int) -> date:
    month = it.due.get(item, DECEMBER)
    return date(year, month, monthrange(year, month)[1])


def _state(case: Case | None) -> str:
    return "none" if case is None else case.stage if case.stage in STATES else "open"


def _cases(kinds: Iterable[str], units: Sequence[Unit], year: int) -> "QuerySet[Case]":
    return Case.objects.filter(kind__in=kinds, unit__in=units, opened_on__year=year)


def _against(pack: Pack, it: DutyList, unit: Unit, year: int) -> dict[str, list[Case]]:
    """Item → the cases about its reverse elements."""
    found = catalogue(pack, it, year, kind=it.reverse)
    item_of = {element: item for item, elements in (found.groups if found else {}).items() for element in elements}
    against: dict[str, list[Case]] = defaultdict(list)
    for case in _cases([it.reverse], [unit], year).order_by("pk"):
        against[item_of.get(case.ground, "")].append(case)
    return against


def _proved(it: DutyList, unit: Unit, year: int, on: date) -> dict[str, Proved]:
    """Of the year so far: on an earlier day than its end, up to that day."""
    days = Period(date(year, 1, 1), max(date(year, 1, 1), min(on, date(year, 12, 31))))
    keys = list(dict.fromkeys(proof.indicator for proof in it.proofs.values()))
    values = indicators.values(keys, unit, days) if keys else {}
    return {
        item: Proved(proof, None if (value := values[proof.indicator].value) is None else Decimal(value))
        for item, proof in it.proofs.items()
    }
