"""Figures: the value of an indicator at a unit, at its children, over months, and the rows behind it. Always in the caller's scope."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from hangshi import packs
from hangshi.indicators import cells
from hangshi.indicators.compile import Compiled
from hangshi.indicators.definitions import definitions_of
from hangshi.indicators.opened import Rows, opened
from hangshi.indicators.plan import PLACE, Ask, Period, Place, Raw, answer, measured, statement, upper
from hangshi.indicators.plan import everywhere as _everywhere
from hangshi.packs.models import Indicator, Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit, UnitPath
from hangshi.registry.tree import path_on

__all__ = [
    "Period",
    "Rows",
    "Value",
    "at_level",
    "children",
    "definition",
    "everywhere",
    "fold",
    "months",
    "rows",
    "sql",
    "value",
    "values",
]

When = date | Period
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Value:
    """`value` None: there is nothing to say (no rows where empty means none, or a denominator of 0)."""

    value: Decimal | int | None
    computed_at: datetime
    version: str


def pack() -> Pack:
    """The packs of this installation."""
    return packs.load(*settings.PACKS, dirs=settings.PACK_DIRS)


def definition(key: str) -> Indicator:
    """Raises `Refused` for a key that no pack defines."""
    found = pack().indicators.get(key)
    if found is None:
        raise Refused("indicator.unknown", f"没有“{key}”这个指标。")
    return found


def base(key: str) -> Compiled:
    """The compiled form of an indicator that counts rows itself."""
    return definitions_of(pack()).base(key)


def year_before(when: When) -> When:
    """The same days one year earlier; the last day of February stays the last."""
    if isinstance(when, Period):
        first, last = _day_year_before(when.first), _day_year_before(when.last)
        return Period(first, last)
    return _day_year_before(when)


def _day_year_before(when: date) -> date:
    month_ends = (when + timedelta(days=1)).day == 1
    if when.month == 2 and month_ends:
        return date(when.year - 1, 3, 1) - timedelta(days=1)
    return when.replace(year=when.year - 1)


def moment(it: Compiled, when: When) -> When:
    """A stock is asked on the last day of a period; a flow asked on a day is counted from the first day of that year."""
    if it.time == "as_of":
        return when.last if isinstance(when, Period) else when
    return when if isinstance(when, Period) else Period(when.replace(month=1, day=1), when)


def asks_of(key: str, when: When, within: tuple[str, ...] = ()) -> Iterator[Ask]:
    """The measures that a value is computed from."""
    if key in within:
        raise Refused("indicator.circle", f"指标“{key}”用到了它自己。")
    it, chain = definition(key), (*within, key)
    if it.change_of:
        yield from asks_of(it.change_of, when, chain)
        yield from asks_of(it.change_of, year_before(when), chain)
    elif it.numerator and it.denominator:
        yield from asks_of(it.numerator, when, chain)
        yield from asks_of(it.denominator, when, chain)
    else:
        yield Ask(base(key), moment(base(key), when))


def said(key: str, when: When, got: dict[Ask, Raw]) -> Raw:
    """The value from its measures. A ratio is not rounded; a change is in percent, rounded half up to two places."""
    it = definition(key)
    if it.change_of:
        return change(
            said(it.change_of, year_before(when), got), said(it.change_of, when, got), fall=it.change == "fall"
        )
    if it.numerator and it.denominator:
        over, under = said(it.numerator, when, got), said(it.denominator, when, got)
        return None if over is None or not under else Decimal(over) * it.scale / Decimal(under)
    ask = Ask(base(key), moment(base(key), when))
    return got[ask] if ask in got else answer(ask.it, None)


def change(before: Raw, now: Raw, *, fall: bool) -> Decimal | None:
    if now is None or not before:
        return None
    earlier, later = Decimal(before), Decimal(now)
    moved = earlier - later if fall else later - earlier
    return (moved * 100 / earlier).quantize(HUNDREDTH, ROUND_HALF_UP)


def value(key: str, unit: Unit, when: When, tree: date | None = None) -> Value:
    """The figure of the unit and all below it; `tree`: below it on that day. Comparable series leave `tree` out."""
    return values([key], unit, when, tree)[key]


def values(keys: Sequence[str], unit: Unit, when: When, tree: date | None = None) -> dict[str, Value]:
    """Several figures of one unit: one read of the cells, and one statement for each fact that has to be read live."""
    asks = list(dict.fromkeys(ask for key in keys for ask in asks_of(key, when)))
    got = _at(unit, asks, tree)
    return {key: _value(key, when, got) for key in keys}


def months(key: str, unit: Unit, last: date, count: int = 12, tree: date | None = None) -> list[tuple[Period, Value]]:
    """The figure of each of the `count` months that end with the month of `last`, oldest first; a stock on each month's last day."""
    periods = list(reversed(list(_months(last, count))))
    got = _at(unit, list(dict.fromkeys(ask for it in periods for ask in asks_of(key, it))), tree)
    return [(it, _value(key, it, got)) for it in periods]


def _months(last: date, count: int) -> Iterator[Period]:
    first = last.replace(day=1)
    for _ in range(count):
        end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        yield Period(first, end)
        first = (first - timedelta(days=1)).replace(day=1)


def _value(key: str, when: When, got: dict[Ask, Raw]) -> Value:
    return Value(said(key, when, got), timezone.now(), definitions_of(pack()).version(key))


def _at(unit: Unit, asks: Sequence[Ask], tree: date | None) -> dict[Ask, Raw]:
    place = place_of(unit, tree)
    pieces = cells.pieces(asks, place)
    got = cells.read(pieces.kept, [unit.pk])[unit.pk] if pieces.kept else {}
    return pieces.whole(got | (measured(pieces.live, place).get("", {}) if pieces.live else {}))


def place_of(unit: Unit, tree: date | None = None) -> Place:
    """The unit and all below it on the tree of that day, along the line for which it was read (`unit.line`)."""
    return Place(path_of(unit, tree), tree=tree, line=unit.line)


def path_of(unit: Unit, tree: date | None) -> str:
    """Where the unit stood on the tree of that day; where it stands now if it did not exist then."""
    then = path_on(unit, unit.line, tree) if tree else None
    if then is None and unit.line != PLACE:
        then = path_on(unit, unit.line, unit.until or timezone.localdate())
    return str(then or unit.path)


def paths_on(tree: date, line: str = PLACE) -> QuerySet[UnitPath]:
    return UnitPath.objects.filter(Q(until=None) | Q(until__gte=tree), line=line, since__lte=tree)


def _standing_paths(tree: date | None, line: str) -> QuerySet[UnitPath]:
    return paths_on(tree, line) if tree else UnitPath.objects.filter(until=None, line=line)


def children(
    key: str, unit: Unit, when: When, tree: date | None = None, kinds: Collection[str] | None = None
) -> list[tuple[Unit, Value]]:
    """The figure of each unit right below, in the order of their codes; `kinds` limits which are listed."""
    place = place_of(unit, tree)
    depth = place.path.count("/") + 1
    listed = _listed(place, when).filter(**({"kind__in": kinds} if kinds is not None else {}))
    found = {it: where for it, where in _standing(listed, place) if where.count("/") == depth}
    return _spread(key, when, found, place)


def at_level(key: str, unit: Unit, kind: str, when: When, tree: date | None = None) -> list[tuple[Unit, Value]]:
    """The figure of every unit of the kind below this one, at whatever depth it stands."""
    place = place_of(unit, tree)
    return _spread(key, when, dict(_standing(_listed(place, when).filter(kind=kind), place)), place)


def everywhere(keys: Sequence[str], unit: Unit, when: When, tree: date | None = None) -> dict[str, dict[int, Raw]]:
    """Several figures of the unit and of every unit below it, read live: by key and unit id. Units with nothing to say are left out."""
    place = place_of(unit, tree)
    above = {int(part) for part in place.path.split("/") if part} - {unit.pk}
    by_ask = _everywhere(list(dict.fromkeys(ask for key in keys for ask in asks_of(key, when))), place)
    return {
        key: {it: raw for it, raw in _told(key, when, by_ask) if raw is not None and it not in above} for key in keys
    }


def _told(key: str, when: When, by_ask: dict[Ask, dict[int, Raw]]) -> Iterable[tuple[int, Raw]]:
    asks = list(dict.fromkeys(asks_of(key, when)))
    if definition(key).fact:
        return by_ask[asks[0]].items()
    units = set().union(*(by_ask[ask] for ask in asks))
    return ((it, said(key, when, {ask: by_ask[ask][it] for ask in asks if it in by_ask[ask]})) for it in units)


def _listed(place: Place, when: When) -> QuerySet[Unit]:
    """Units below the place that existed at some time of `when`."""
    first, last = (when.first, when.last) if isinstance(when, Period) else (when, when)
    living = Unit.objects.filter(Q(until=None) | Q(until__gte=first), since__lte=last)
    if place.kept:
        return living.filter(path__gt=place.path, path__lt=upper(place.path)).order_by("code", "pk")
    paths = _standing_paths(place.tree, place.line)
    below = paths.filter(tree_path__gt=place.path, tree_path__lt=upper(place.path))
    return living.filter(pk__in=below.values("unit")).order_by("code", "pk")


def _standing(listed: QuerySet[Unit], place: Place) -> Iterable[tuple[Unit, str]]:
    units = list(listed)
    if place.kept:
        return [(it, it.path) for it in units]
    paths = _standing_paths(place.tree, place.line).filter(unit__in=[it.pk for it in units])
    then = dict(paths.values_list("unit_id", "tree_path"))
    return [(it, then[it.pk]) for it in units]


def _spread(key: str, when: When, found: dict[Unit, str], place: Place) -> list[tuple[Unit, Value]]:
    asks = list(dict.fromkeys(asks_of(key, when)))
    pieces = cells.pieces(asks, place)
    got: dict[int, dict[Ask, Raw]] = {it.pk: {} for it in found}
    if pieces.kept and found:
        got = cells.read(pieces.kept, list(got))
    if pieces.live:
        for depth in sorted({where.count("/") for where in found.values()}):
            buckets = measured(pieces.live, replace(place, depth=depth))
            for it, where in found.items():
                if where.count("/") == depth:
                    got[it.pk] = got[it.pk] | buckets.get(str(it.pk), {})
    return [(it, _value(key, when, pieces.whole(got[it.pk]))) for it in found]


def rows(key: str, unit: Unit, when: When, page: int = 1, size: int = 50, tree: date | None = None) -> Rows:
    """What the figure counts, a page at a time. A ratio opens its numerator, a change the present period.

    The rows listed are the figure: for a distinct count the distinct things, for a sum the rows that have the column summed.
    """
    ask = next(asks_of(key, when))
    return opened(ask, place_of(unit, tree), max(page, 1), size)


def sql(key: str, unit: Unit, when: When, tree: date | None = None) -> str:
    """The statements of a live read, parameters and all, for showing."""
    parts = (statement([ask], place_of(unit, tree)) for ask in dict.fromkeys(asks_of(key, when)))
    return ";\n\n".join(_shown(text, given) for text, given in parts)


def _shown(text: str, given: dict[str, Any]) -> str:
    shown = {name: str(it) if isinstance(it, int) else f"'{it}'" for name, it in given.items()}
    return str(text % shown)


def fold() -> int:
    """Bring the kept cells up to date; call it in no transaction, before a read-only one. Returns how many were recounted."""
    return cells.fold(definitions_of(pack()).bases)
