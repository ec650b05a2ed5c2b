"""What a demand costs those who fill it, by the standard of the day: said before it is approved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hangshi.demands.models import Demand
from hangshi.forms import proposals
from hangshi.packs.models import Pack
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

RATE, TERM = "minutes_per_item", "demand_years"
A_YEAR = {"once": 1, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}
SURE = 0.95  # a likeness from here on is the figure by name, by alias or but for its measure word


@dataclass(frozen=True)
class Cost:
    """`rate`: minutes for an item, None where no standard is in force: then there are no hours either. `times`: a year."""

    items: int
    known: int
    times: int
    units: int
    rate: Decimal | None

    @property
    def typed(self) -> int:
        return self.items - self.known

    @property
    def hours_each(self) -> Decimal | None:
        """Of one unit in a year."""
        return self._hours(1)

    @property
    def hours(self) -> Decimal | None:
        """Of all units asked, in a year."""
        return self._hours(self.units)

    def _hours(self, units: int) -> Decimal | None:
        return None if self.rate is None else self.rate * self.typed * self.times * units / 60


def rate(pack: Pack, on: date) -> Decimal | None:
    """Minutes for an item typed by hand on that day; None without a standard."""
    standard = pack.standards.get(RATE)
    return standard.amount(on) if standard else None


def cost(pack: Pack, demand: Demand, *, on: date) -> Cost:
    targets = list(demand.items.values_list("target", flat=True))
    known = sum(bool(it) for it in targets)
    return Cost(len(targets), known, A_YEAR[demand.every], units_asked(demand, on=on), rate(pack, on))


def units_asked(demand: Demand, *, on: date) -> int:
    """How many units of its kind stand below it that day, as far as the reader sees."""
    found = Unit.objects.filter(kind=demand.level, path__gte=demand.path, path__lt=upper(demand.path), since__lte=on)
    return found.exclude(until__lt=on).count()


def known_already(pack: Pack, label: str) -> str:
    """The target that fills an item called so, for certain; "" where the system knows none, or two that are called as much alike."""
    found = [it for it in proposals.candidates(pack, label) if not it.target.startswith(proposals.LIST)]
    if not found or found[0].score < SURE or any(it.score == found[0].score for it in found[1:]):
        return ""
    return found[0].target
