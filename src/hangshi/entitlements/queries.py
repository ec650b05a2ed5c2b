"""What is owed for a month or a year, what was paid, and the gap: in the caller's scope, two statements for any number of people."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.ledger.queries import NOTHING, below
from hangshi.packs.books import Entitlement
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Owed:
    """`due` None: no rate covers this person's month, or one of the year's, and nothing can be said of a gap. Amounts in yuan."""

    person: int
    name: str
    unit: int
    place: str
    role: str
    due: Decimal | None
    paid: Decimal
    years: int | None = None

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


def span_of(it: Entitlement, day: date) -> tuple[date, date]:
    """The first and the last day of the month or year that holds the day, as the entitlement is paid."""
    return (date(day.year, 1, 1), date(day.year, 12, 31)) if it.every == "year" else month_of(day)


def owed(it: Entitlement, unit: Unit, day: date) -> list[Owed]:
    """Everybody entitled at the unit and below in the month or year of `day`, by place.

    Who bears several such duties in a month is owed the highest of it, once, and stands at the place of the highest.
    """
    first, last = span_of(it, day)
    held = Duty.objects.filter(kind=it.duty, path__gte=unit.path, path__lt=upper(unit.path), bearer__isnull=False)
    held = held.filter(Q(until=None) | Q(until__gte=first), since__lte=last).order_by("path", "bearer_id", "pk")
    entries = below(Entry.objects.filter(kind=it.entry, day__range=(first, last), person__isnull=False), unit)
    paid = dict(entries.order_by().values_list("person_id").annotate(it=Sum("amount")))
    shown: dict[int, Owed] = {}
    months: dict[int, dict[date, Decimal | None]] = {}
    named = held.values_list("bearer_id", "bearer__name", "unit_id", "unit__name", "role", "extra", "since", "until")
    for person, name, home, place, role, extra, since, until in named:
        years = extra.get(it.years) if it.years else None
        rates = _rates(it, role, years, max(first, since), min(last, until or last))
        said = Owed(person, name or "", home, place, role, _sum(rates), paid.get(person, NOTHING), years)
        known = shown.get(said.person)
        if known is None or (known.due or NOTHING) < (said.due or NOTHING):
            shown[said.person] = said
        best = months.setdefault(said.person, {})
        for month, rate in rates.items():
            best[month] = _higher(best.get(month), rate)
    return [replace(line, due=_sum(months[person])) for person, line in shown.items()]


def _rates(it: Entitlement, role: str, years: int | None, since: date, until: date) -> dict[date, Decimal | None]:
    """The first day of each month that is begun in those days, both included → its rate."""
    found = {}
    month, end = month_of(since)
    while month <= until:
        found[month] = it.amount(month, role=role, years=years)
        month, end = month_of(end + ONE_DAY)
    return found


def _sum(rates: dict[date, Decimal | None]) -> Decimal | None:
    """None where a month has no rate: of such a span nothing is said."""
    known = [it for it in rates.values() if it is not None]
    return sum(known, Decimal(0)) if len(known) == len(rates) else None


def _higher(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return max((it for it in (one, other) if it is not None), default=None)


def gaps(found: list[Owed]) -> list[Owed]:
    """Those who are not settled: paid too little or too much, or covered by no rate."""
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
