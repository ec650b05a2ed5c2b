"""Money on its way through several books (预算、下达、拨付、支出), unit by unit, beside the standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from hangshi.ledger.models import Entry
from hangshi.ledger.queries import NOTHING, below
from hangshi.packs.books import Chain
from hangshi.packs.models import Standard
from hangshi.registry.models import Unit
from hangshi.registry.tree import in_force, upper


@dataclass(frozen=True)
class Line:
    """A unit and what each step has booked there. `standard` None: there is none, or none was in force on the last day."""

    unit: int
    name: str
    sums: tuple[Decimal, ...]
    standard: Decimal | None

    @property
    def exceeding(self) -> list[int]:
        """The numbers (from 0) of the steps that exceed the one before."""
        return [number for number in range(1, len(self.sums)) if self.sums[number] > self.sums[number - 1]]

    @property
    def lacking(self) -> Decimal | None:
        """What the first step lacks to the standard; zero or less: it is met."""
        return None if self.standard is None else self.standard - self.sums[0]


def lines(chain: Chain, unit: Unit, first: date, last: date, standards: Mapping[str, Standard]) -> list[Line]:
    """Every unit of the chain's kinds in force on the last day, at the unit and below, those with nothing too; two statements."""
    units = Unit.objects.filter(in_force(last), kind__in=chain.of, path__gte=unit.path, path__lt=upper(unit.path))
    entries = below(Entry.objects.filter(kind__in=chain.steps, day__range=(first, last)), unit)
    sums = {
        (home, kind): amount
        for home, kind, amount in entries.order_by().values_list("unit_id", "kind").annotate(it=Sum("amount"))
    }
    needs = standards[chain.standard].amount(last) if chain.standard else None
    named = units.order_by("path").values_list("pk", "name")
    return [Line(pk, name, tuple(sums.get((pk, it), NOTHING) for it in chain.steps), needs) for pk, name in named]


def totals(chain: Chain, found: list[Line]) -> tuple[Decimal, ...]:
    """Of each step, over all lines."""
    return tuple(sum((it.sums[number] for it in found), NOTHING) for number in range(len(chain.steps)))
