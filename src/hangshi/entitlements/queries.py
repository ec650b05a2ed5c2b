"""What is owed for a month, what was paid, and the gap: in the caller's scope, two statements for any number of people."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.ledger.queries import NOTHING, below
from hangshi.packs.books import Entitlement
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper


@dataclass(frozen=True)
class Owed:
    """`due` None: no rate covers this person's month, and nothing can be said of a gap. Amounts are of the month, in yuan."""

    person: int
    name: str
    unit: int
    place: str
    role: str
    due: Decimal | None
    paid: Decimal

    @property
    def gap(self) -> Decimal | None:
        """What is missing; negative: too much was paid."""
        return None if self.due is None else self.due - self.paid


@dataclass(frozen=True)
class Totals:
    people: int
    due: Decimal
    paid: Decimal
    missing: Decimal
    short: int
    unrated: int


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month that holds the day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def owed(it: Entitlement, unit: Unit, day: date) -> list[Owed]:
    """Everybody entitled at the unit and below in the month of `day`, by place; a person with several such duties is owed the highest once."""
    first, last = month_of(day)
    held = Duty.objects.filter(kind=it.duty, path__gte=unit.path, path__lt=upper(unit.path), bearer__isnull=False)
    held = held.filter(Q(until=None) | Q(until__gte=first), since__lte=last).order_by("path", "bearer_id", "pk")
    entries = below(Entry.objects.filter(kind=it.entry, day__range=(first, last), person__isnull=False), unit)
    paid = dict(entries.order_by().values_list("person_id").annotate(it=Sum("amount")))
    found: dict[int, Owed] = {}
    named = held.values_list("bearer_id", "bearer__name", "unit_id", "unit__name", "role", "extra")
    for person, name, home, place, role, extra in named:
        due = it.amount(first, role=role, years=extra.get(it.years) if it.years else None)
        said = Owed(person, name or "", home, place, role, due, paid.get(person, NOTHING))
        known = found.get(person)
        if known is None or (known.due or NOTHING) < (due or NOTHING):
            found[person] = said
    return list(found.values())


def gaps(found: list[Owed]) -> list[Owed]:
    """Those whose month is not settled: paid too little or too much, or covered by no rate."""
    return [it for it in found if it.gap != 0]


def totals(found: list[Owed]) -> Totals:
    """`missing` adds what is missing only: too much for one does not pay another."""
    short = [it.gap for it in found if it.gap is not None and it.gap > 0]
    return Totals(
        people=len(found),
        due=sum((it.due for it in found if it.due is not None), NOTHING),
        paid=sum((it.paid for it in found), NOTHING),
        missing=sum(short, NOTHING),
        short=len(short),
        unrated=sum(it.due is None for it in found),
    )
