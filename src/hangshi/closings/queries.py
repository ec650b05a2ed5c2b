"""Reads of closings, in the reader's scope: which periods are closed, and the kept figures beside the present ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from hangshi.closings import services
from hangshi.closings.models import Closing, Kept
from hangshi.indicators import queries
from hangshi.indicators.definitions import definitions_of
from hangshi.indicators.plan import Ask, Parameters, Place, counted, of_kinds, run, source
from hangshi.indicators.queries import Period
from hangshi.ledger.models import Entry
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper


def closings(unit: Unit) -> "QuerySet[Closing]":
    """Those of the unit and of all below it, and those of units above that bind it; the latest period first."""
    above = [int(part) for part in unit.path.split("/") if part]
    below = Q(path__gte=unit.path, path__lt=upper(unit.path))
    return Closing.objects.filter(below | Q(unit__in=above)).select_related("unit").order_by("-last", "path", "-pk")


def intact(closing: Closing) -> bool:
    """Whether the kept figures are those that the digest was taken of; to be asked where all of them are seen."""
    return closing.digest == services.digest(closing, closing.kept.all())


@dataclass(frozen=True)
class Line:
    """A figure of a closed period: as kept, and as it is now. `redefined`: by another definition, so the two do not compare."""

    key: str
    kept: Decimal | None
    now: Decimal | None
    redefined: bool

    @property
    def differs(self) -> bool:
        return self.redefined or self.kept != self.now

    @property
    def difference(self) -> Decimal | None:
        return None if self.kept is None or self.now is None else self.now - self.kept


def lines(closing: Closing) -> list[Line]:
    """Every kept figure of the closing unit, in the order of the packs; figures whose definition is gone are left out."""
    known = queries.pack().indicators
    kept = {it.indicator: it for it in closing.kept.filter(unit=closing.unit_id)}
    keys = [key for key in known if key in kept]
    now = queries.values(keys, closing.unit, Period(closing.first, closing.last))
    version = definitions_of(queries.pack()).version
    return [
        Line(key, kept[key].value, services.exact(now[key].value), kept[key].version != version(key)) for key in keys
    ]


def line(closing: Closing, key: str) -> Line | None:
    """One of them; None where nothing of that name was kept."""
    kept = Kept.objects.filter(closing=closing, unit=closing.unit_id, indicator=key).first()
    if kept is None or key not in queries.pack().indicators:
        return None
    now = queries.value(key, closing.unit, Period(closing.first, closing.last))
    return Line(key, kept.value, services.exact(now.value), kept.version != definitions_of(queries.pack()).version(key))


def explaining(closing: Closing, key: str) -> "QuerySet[Entry]":
    """The corrections (更正、补记) written after the closing that the figure counts: the records between kept and present."""
    period, ids = Period(closing.first, closing.last), set[int]()
    for ask in dict.fromkeys(queries.asks_of(key, period)):
        if ask.it.fact in ("entries", "incomes"):
            ids |= _later(ask, closing)
    return Entry.objects.filter(pk__in=ids).select_related("unit", "reverses").order_by("corrected_on", "pk")


def _later(ask: Ask, closing: Closing) -> set[int]:
    given = Parameters()
    tables, below, _ = source(ask.it.view, Place(closing.path), given)
    where = f"{below}{of_kinds([ask], given)} AND ({counted(ask, given)}) AND f.row_id > {given.add(closing.seen)}"
    return {int(row[0]) for row in run(f"SELECT f.row_id FROM {tables} WHERE {where}", given.values)}  # noqa: S608  # texts of checked definitions; values are parameters


def unclosed(unit: Unit, period: Period) -> Sequence[Unit]:
    """The units right below that have not closed the period themselves; closing above closes for them."""
    done = Closing.objects.filter(reopened_on=None, first__lte=period.first, last__gte=period.last).values("unit")
    below = Unit.objects.filter(path__gt=unit.path, path__lt=upper(unit.path), until=None).exclude(pk__in=done)
    depth = unit.path.count("/") + 1
    return [it for it in below.order_by("code", "pk") if it.path.count("/") == depth]
