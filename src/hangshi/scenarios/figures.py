"""Do the indicators say what the report says? By pack definitions alone, over the records that are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hangshi import packs
from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.packs.models import Figure, Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit


@dataclass(frozen=True)
class FigureResult:
    """One figure: the words of the report, the interval they allow, and what was computed. `computed` None: there is no value."""

    key: str
    words: str
    low: Decimal
    high: Decimal | None
    computed: Decimal | None
    inside: bool
    indicator: str  # or the standard's key


def check(name: str) -> list[FigureResult]:
    """The pack's figures, in its order, at the root of the place line. Raises `Refused` where there are no units."""
    pack = packs.load("base", name)
    with acting(EVERYTHING, read_only=True):
        root = Unit.objects.filter(links__line="place", links__parent=None, links__until=None).first()
        if root is None:
            raise Refused("figures.no_units", "数据库里没有单位，请先装入数据。")
        return list(_results(pack, root))


def _results(pack: Pack, root: Unit) -> Iterator[FigureResult]:
    for figure in pack.figures:
        raw = _computed(pack, figure, root)
        value = raw if raw is None else _rounded(raw, figure.places)
        yield FigureResult(
            figure.key, figure.words, figure.low, figure.high, value,
            value is not None and figure.allows(value), figure.indicator or figure.standard or "",
        )  # fmt: skip


def _computed(pack: Pack, figure: Figure, root: Unit) -> Decimal | None:
    when = _when(figure)
    if figure.standard:
        return pack.standards[figure.standard].amount(when if isinstance(when, date) else when.last)
    value = queries.value(figure.indicator or "", root, when).value
    return None if value is None else Decimal(value)


def _when(figure: Figure) -> "date | queries.Period":
    if figure.as_of:
        return figure.as_of
    if figure.first is None or figure.last is None:
        raise ValueError(f"{figure.key} names neither a day nor a period")
    return queries.Period(figure.first, figure.last)


def _rounded(value: Decimal, places: int | None) -> Decimal:
    return value if places is None else value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
