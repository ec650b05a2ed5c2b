"""What all units have said in one term: a row for each unit that is to fill the form, and who has not yet."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from hangshi.demands import judging
from hangshi.demands.answers import known_of
from hangshi.demands.models import Answer, Demand, Filling, Item
from hangshi.forms import proposals
from hangshi.indicators import queries as figures
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

Cell = Decimal | int | str


@dataclass(frozen=True)
class Row:
    """`filling` None: the unit has not filled it; what the system knows stands there all the same. `cells`: in the order of the items, "" empty."""

    unit: Unit
    filling: Filling | None
    cells: tuple[Cell, ...]


def units_of(demand: Demand, top: Unit, when: Period) -> "QuerySet[Unit]":
    """The units in sight at `top` or below it that were to fill it in the term, in the order of their codes."""
    standing = Unit.objects.filter(kind=demand.level, since__lte=when.last).exclude(until__lt=when.first)
    asked = standing.filter(path__gte=demand.path, path__lt=upper(demand.path))
    return asked.filter(path__gte=top.path, path__lt=upper(top.path)).order_by("code", "pk")


def collected(demand: Demand, top: Unit, when: Period, units: Collection[Unit]) -> list[Row]:
    """For these units of `top`: every figure is one statement, every answer of all of them another."""
    items = list(demand.items.order_by("number"))
    known = {it.target: _figures(it.target, top, demand.level, when) for it in items if _is_figure(it)}
    told = _told(items, units, when)
    fillings = {it.unit_id: it for it in demand.fillings.filter(unit__in=units, first=when.first, last=when.last)}
    return [
        Row(unit, fillings.get(unit.pk), tuple(_cell(it, unit, when, known, told) for it in items)) for unit in units
    ]


def _is_figure(item: Item) -> bool:
    return item.target.startswith(proposals.FIGURE)


def _figures(target: str, top: Unit, kind: str, when: Period) -> dict[int, Cell]:
    key = target.removeprefix(proposals.FIGURE)
    found = [*figures.at_level(key, top, kind, when), (top, figures.value(key, top, when))]
    return {unit.pk: value.value for unit, value in found if value.value is not None}


def _cell(
    item: Item, unit: Unit, when: Period, known: dict[str, dict[int, Cell]], told: dict[tuple[int, int], str]
) -> Cell:
    if _is_figure(item):
        return known[item.target].get(unit.pk, "")
    if item.target:
        return known_of(item.target, unit, when)
    return told.get((unit.pk, item.pk), "")


def _told(items: list[Item], units: Collection[Unit], when: Period) -> dict[tuple[int, int], str]:
    """Unit and item → its own answer, else the one that a form with the same item was told for the very same days."""
    same = judging.same_as([it.pk for it in items if not it.target])
    asked = set(same).union(*same.values())
    term = Q(filling__unit__in=units, filling__first=when.first, filling__last=when.last)
    answers = {
        (it.filling.unit_id, it.item_id): it.text
        for it in Answer.objects.filter(term, item__in=asked).select_related("filling").order_by("pk")
    }
    told = dict(answers)
    for unit in units:
        for item, others in same.items():
            found = [answers[unit.pk, other] for other in sorted(others) if (unit.pk, other) in answers]
            if found:
                told.setdefault((unit.pk, item), found[-1])
    return told
