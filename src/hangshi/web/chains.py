"""责任链、四个一、主线: who answers at a unit and right below it, what a post carries, who lacks whom, how far each strand is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain as joined_up

from django.db.models import Count, Q

from hangshi.cases import queries as cases
from hangshi.cases.models import Case, Measure
from hangshi.duties import queries as duties
from hangshi.duties.chain import Standing, standing
from hangshi.packs.models import DutyKind, Indicator
from hangshi.packs.work import JointSet, StrandBoard
from hangshi.planning.loads import Load, loads
from hangshi.registry import tree
from hangshi.registry.models import Unit, UnitLink
from hangshi.web import here, names, telling, words
from hangshi.web.lists import below

MOST, FEW = 300, 600  # units right below one, and below those
NONE = (0, 0)


@dataclass(frozen=True)
class Answering:
    """A kind of responsibility over a unit, and who bears it. `vacant`: somebody must, and nobody does."""

    kind: DutyKind
    bearers: list[tuple[int, str]]  # duty, name

    @property
    def vacant(self) -> bool:
        return self.kind.chain == "first" and not self.bearers


@dataclass(frozen=True)
class Link:
    """A unit of the chain. `broken`: at how many units, itself left out, nobody answers first below it."""

    unit: Unit
    answering: list[Answering]
    broken: int
    below: list["Link"]


@dataclass(frozen=True)
class Chain:
    top: Link
    standing: Standing


def kinds_at(unit: Unit) -> list[DutyKind]:
    """The kinds of duty that make the chain at the unit or below it: those who answer first before those who answer directly."""
    known = here.only("kind.duty", words.pack().kinds.duty, unit).values()
    return sorted((it for it in known if it.chain), key=lambda it: it.chain != "first")


def chain(unit: Unit, kinds: list[DutyKind], on: date) -> Chain:
    """The unit and two levels below it, of places and whatever else the kinds speak of."""
    asked = {kind for it in kinds for kind in it.target_kinds} | set(words.places())
    children = _below([unit.pk], asked, on, MOST)
    under = _below([it.pk for it in children.get(unit.pk, [])], asked, on, FEW)
    units = [unit, *joined_up.from_iterable(children.values()), *joined_up.from_iterable(under.values())]
    bearing = _bearing([it.key for it in kinds], units, on)
    stands = standing([it for it in kinds if it.chain == "first"], unit, on)

    def link(at: Unit, found: Mapping[int, list[Unit]]) -> Link:
        answering = _answering(at, kinds, bearing)
        broken = stands.below.get(at.pk, 0) - any(it.vacant for it in answering)
        return Link(at, answering, max(broken, 0), [link(it, under) for it in found.get(at.pk, ())])

    return Chain(link(unit, children), stands)


def _below(parents: list[int], kinds: Collection[str], on: date, most: int) -> dict[int, list[Unit]]:
    """Parent → the units of the kinds right below it; nothing at all where they are more than `most`: each has a page of its own."""
    links = UnitLink.objects.filter(tree.in_force(on), line=tree.PLACE, parent__in=parents, unit__kind__in=kinds)
    links = (
        links.filter(tree.in_force(on, "unit__")).select_related("unit").order_by("unit__kind", "unit__code", "unit")
    )
    rows = list(links[: most + 1])
    found: dict[int, list[Unit]] = {}
    for it in rows if len(rows) <= most else ():
        found.setdefault(it.parent_id or 0, []).append(it.unit)
    return found


Bearing = Mapping[tuple[str, int], list[tuple[int, str]]]


def _bearing(kinds: list[str], units: Iterable[Unit], on: date) -> Bearing:
    """(kind, unit) → the duties that bind there, each with its bearer in words."""
    rows = list(
        duties.on_day(on)
        .filter(kind__in=kinds, target_unit__in=[it.pk for it in units])
        .select_related("bearer_unit")
        .order_by("since", "pk")
    )
    known = names.persons(list({it.bearer_id for it in rows if it.bearer_id}))
    found: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for it in rows:
        name = str(it.bearer_unit) if it.bearer_unit_id else known.get(it.bearer_id or 0, telling.OUTSIDE)
        found.setdefault((it.kind, it.target_unit_id or 0), []).append((it.pk, name))
    return found


def _answering(unit: Unit, kinds: list[DutyKind], bearing: Bearing) -> list[Answering]:
    return [Answering(it, bearing.get((it.key, unit.pk), [])) for it in kinds if unit.kind in it.target_kinds]


def carried(unit: Unit, on: date) -> list[tuple[DutyKind, Load]]:
    """What each post of a person over a unit carries, those of the chain first."""
    known = here.only("kind.duty", words.pack().kinds.duty, unit)
    posts = {key: it for key, it in known.items() if (it.bearer, it.target) == ("person", "unit") and not it.listing}
    order = sorted(posts, key=lambda key: not posts[key].chain)
    return [(posts[it.kind], it) for it in loads(order, unit, on)]


@dataclass(frozen=True)
class Joined:
    """A unit with an open case, and who bears each duty of the set for it."""

    case: Case
    parts: list[Answering]

    @property
    def lacking(self) -> list[DutyKind]:
        return [it.kind for it in self.parts if not it.bearers]


def joined(it: JointSet, unit: Unit, on: date) -> list[Joined]:
    """By place. A unit with two open cases of the set stands there once, with the earlier one."""
    opened = below(cases.open_on(on).filter(kind__in=it.cases), unit).select_related("unit")
    first: dict[int, Case] = {}
    for case in opened.order_by("path", "opened_on", "pk"):
        first.setdefault(case.unit_id, case)
    kinds = [words.pack().kinds.duty[key] for key in it.duties]
    bearing = _bearing(list(it.duties), [case.unit for case in first.values()], on)
    return [
        Joined(case, [Answering(kind, bearing.get((kind.key, pk), [])) for kind in kinds]) for pk, case in first.items()
    ]


@dataclass(frozen=True)
class Strand:
    """A strand of a plan in a year. `stages`: how many of its cases stand at each stage, in the order of the kind."""

    key: str
    name: str
    stages: list[tuple[str, int]]
    measures: int
    done: int
    late: int
    indicators: list[Indicator]

    @property
    def plans(self) -> int:
        return sum(count for _, count in self.stages)


def strands(it: StrandBoard, unit: Unit, on: date) -> list[Strand]:
    """Each strand by the cases that were opened in the year of the day, at the unit and below it, as they stand now."""
    pack = words.pack()
    kind = pack.kinds.case[it.case]
    opened = below(Case.objects.filter(kind=kind.key, opened_on__year=on.year), unit)
    late = Q(closed_on=None) & (Q(stage_due_on__lt=on) | Q(due_on__lt=on))
    rows = opened.order_by().values("ground", "stage").annotate(many=Count("pk"), late=Count("pk", filter=late))
    plans = {(row["ground"], row["stage"]): (row["many"], row["late"]) for row in rows}
    planned = Measure.objects.filter(case__in=opened).order_by().values("case__ground")
    steps = planned.annotate(planned=Count("pk"), done=Count("pk", filter=Q(done_on__lte=on)))
    measures = {row["case__ground"]: (row["planned"], row["done"]) for row in steps}
    return [
        Strand(
            key,
            kind.grounds[key],
            [(stage.name, plans.get((key, stage.key), NONE)[0]) for stage in kind.stages],
            *measures.get(key, NONE),
            sum(plans.get((key, stage.key), NONE)[1] for stage in kind.stages),
            [pack.indicators[one] for one in indicators],
        )
        for key, indicators in it.strands.items()
    ]
