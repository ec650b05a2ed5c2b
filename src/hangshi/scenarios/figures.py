"""Do the indicators say what the report says? By pack definitions alone, over the records that are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

from hangshi import packs
from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.packs.models import Figure, Pack
from hangshi.packs.structure import size
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
    indicator: str  # or the standard's key, or the way to the structure


def places() -> list[str]:
    """The packs in use that state figures, in their order."""
    return [key for key, header in queries.pack().headers.items() if header.root]


def check(name: str) -> list[FigureResult]:
    """The figures of the pack itself, in its order, at the place that it names as its root.

    Raises `Refused` where that place is not there, and for a pack that is unknown or not in use.
    """
    pack = queries.pack()
    if name not in pack.headers or not pack.headers[name].root:
        known = "、".join(key for key, header in pack.headers.items() if header.root)
        raise Refused("figures.unknown", f"在用的规矩包里没有“{name}”这个地方；现有：{known}。")
    with acting(EVERYTHING, read_only=True):
        root = Unit.objects.filter(code=pack.headers[name].root, until=None).first()
        if root is None:
            raise Refused("figures.no_units", f"数据库里没有{pack.headers[name].name}的单位，请先装入数据。")
        return list(_results(pack, root, packs.load(name, dirs=settings.PACK_DIRS).figures))


def _results(pack: Pack, root: Unit, figures: list[Figure]) -> Iterator[FigureResult]:
    for figure in figures:
        raw = _computed(pack, figure, root)
        value = raw if raw is None else _rounded(raw, figure.places)
        yield FigureResult(
            figure.key, figure.words, figure.low, figure.high, value,
            value is not None and figure.allows(value), figure.indicator or figure.standard or figure.structure or "",
        )  # fmt: skip


def _computed(pack: Pack, figure: Figure, root: Unit) -> Decimal | None:
    if figure.structure:
        found = size(pack, figure.structure)
        return None if found is None else Decimal(found)
    when = _when(figure)
    if figure.none and queries.value(figure.none, root, when).value != 0:
        return None
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
