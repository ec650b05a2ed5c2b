"""Reads of shares and dividends, always under the caller's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from hangshi.activities.models import Activity
from hangshi.ledger.models import Entry
from hangshi.ledger.queries import NOTHING, total
from hangshi.packs.books import Distribution
from hangshi.registry.models import Household, Unit
from hangshi.registry.tree import upper
from hangshi.shares.models import Change, Dividend, Holder, Line, Part


@dataclass(frozen=True)
class Held:
    """A holder's shares by kind on a day; `holder` None: the collective itself. Who holds nothing is not among them."""

    holder: Holder | None
    kinds: dict[str, Decimal]

    @property
    def shares(self) -> Decimal:
        return sum(self.kinds.values(), NOTHING)


def decided(unit: Unit, *, on: date) -> Decimal:
    """The total of shares as decided up to that day, the day included."""
    return Change.objects.filter(unit=unit, day__lte=on).aggregate(it=Sum("decided"))["it"] or NOTHING


def held(unit: Unit, *, on: date) -> list[Held]:
    """The collective first, then the households by group and number; two statements for any number of them."""
    sums = Line.objects.filter(change__unit=unit, change__day__lte=on).values_list("holder_id", "kind")
    kinds: dict[int | None, dict[str, Decimal]] = {}
    for holder, kind, shares in sums.annotate(it=Sum("shares")).order_by("kind"):
        if shares:
            kinds.setdefault(holder, {})[kind] = shares
    holders = Holder.objects.filter(pk__in=[it for it in kinds if it]).select_related("household")
    own = [Held(None, kinds[None])] if None in kinds else []
    return own + [Held(it, kinds[it.pk]) for it in holders.order_by(*_by_group())]


def _by_group(prefix: str = "") -> tuple[Subquery | str, str, str]:
    """The groups as their first households are numbered, for 一组, 二组, 三组 in the order of their characters are 一, 三, 二."""
    group = Holder.objects.filter(unit=OuterRef(f"{prefix}unit"), group=OuterRef(f"{prefix}group"))
    first = Subquery(group.order_by("household__number").values("household__number")[:1])
    return first, f"{prefix}group", f"{prefix}household__number"


def by_kind(found: Sequence[Held]) -> dict[str, Decimal]:
    """Kind → all shares of it that are held."""
    sums: dict[str, Decimal] = {}
    for line in found:
        for kind, shares in line.kinds.items():
            sums[kind] = sums.get(kind, NOTHING) + shares
    return sums


def changes(unit: Unit) -> "QuerySet[Change]":
    """The latest first, each with its lines."""
    found = Change.objects.filter(unit=unit).select_related("activity", "reversal").order_by("-day", "-pk")
    return found.prefetch_related("lines__holder__household")


def resolutions(unit: Unit, rule: Distribution) -> "QuerySet[Activity]":
    """The meetings of the collective that resolved something, the latest first."""
    held_here = Activity.objects.filter(unit=unit, kind__in=rule.meetings)
    return held_here.filter(agenda__resolution__gt="").distinct().order_by("-day", "-pk")


def collectives(unit: Unit, rule: Distribution) -> "QuerySet[Any]":
    """The collectives at the unit and below that have a register of shares, each with its decided total (`total`)."""
    # Any: what is annotated is beyond the Django plugin of mypy.
    kept = Change.objects.filter(path__gte=unit.path, path__lt=upper(unit.path)).values("unit")
    found = Unit.objects.filter(pk__in=kept, kind__in=rule.of)
    return found.annotate(total=Sum("change__decided")).order_by("path")


def dividends(unit: Unit) -> "QuerySet[Dividend]":
    """Those of the collectives at the unit and below, the latest first."""
    found = Dividend.objects.filter(path__gte=unit.path, path__lt=upper(unit.path))
    return found.select_related("unit").order_by("-year", "-pk")


def earned(unit: Unit, rule: Distribution, year: int) -> tuple[Decimal, Decimal]:
    """Income and costs of the year, as booked at the collective itself, in yuan."""
    span = (date(year, 1, 1), date(year, 12, 31))
    booked = Entry.objects.filter(unit=unit, day__range=span)
    return total(booked.filter(kind__in=rule.income)), total(booked.filter(kind__in=rule.costs))


def distributed(unit: Unit, year: int) -> Decimal:
    """What was decided to be distributed of that year's earnings and is proposed or posted."""
    live = Dividend.objects.filter(unit=unit, year=year, state__in=("proposed", "posted"))
    return live.aggregate(it=Sum("amount"))["it"] or NOTHING


def parts(dividend: Dividend) -> "QuerySet[Part]":
    """The households' parts by group and number."""
    found = dividend.parts.filter(holder__isnull=False)
    found = found.select_related("holder__household", "entry__reversal", "payment__reversal")
    return found.order_by(*_by_group("holder__"))


def unpaid(found: "QuerySet[Part]") -> "QuerySet[Part]":
    """差额清单: those that are due something and have not been paid; a payment that was reversed is none."""
    due = found.filter(entry__isnull=False, entry__reversal=None)
    return due.filter(Q(payment=None) | Q(payment__reversal__isnull=False))


def paid(found: "QuerySet[Part]") -> "QuerySet[Part]":
    return found.filter(payment__isnull=False, payment__reversal=None)


def households(unit: Unit, numbers: Sequence[str]) -> dict[str, Household]:
    """By their numbers, of those in sight."""
    found = Household.objects.filter(number__in=numbers).select_related("unit")
    return {it.number: it for it in found}
