"""Units in tiers by what they booked: how many reach which amount, what is missing to a target, and which units are nearest to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from hangshi.ledger.queries import NOTHING, below, booked
from hangshi.packs.books import Target, Tier
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

NEAREST = 10
AMOUNTS = """
    SELECT u.id, u.name, coalesce(e.amount, 0)::numeric(20, 2) FROM unit u
    LEFT JOIN LATERAL (SELECT sum(e.amount) AS amount FROM entry e WHERE e.kind = %(kind)s AND e.day BETWEEN %(first)s AND %(last)s
        AND e.path >= u.path AND e.path < left(u.path, -1) || '0') e ON true
    WHERE u.kind = ANY(%(of)s) AND u.path >= %(lo)s AND u.path < %(hi)s
        AND u.since <= %(last)s AND (u.until IS NULL OR u.until >= %(last)s)
    ORDER BY 3 DESC, u.path"""


@dataclass(frozen=True)
class Standing:
    """A unit and what it booked over the period, itself and below it."""

    unit: int
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Band:
    """The units from `low` up to but without `high` (None: no end); `low` None: those with nothing or less."""

    low: Decimal | None
    high: Decimal | None
    units: int
    amount: Decimal


@dataclass(frozen=True)
class Reached:
    """How many stand at the target or above, how many are missing, and the nearest below it with what each lacks."""

    target: Target
    units: int
    gap: int
    nearest: Sequence[tuple[Standing, Decimal]]


def standings(tier: Tier, unit: Unit, first: date, last: date) -> list[Standing]:
    """Every unit of the tier's kinds that stood on the last day, at the unit and below, those with nothing too; the most first."""
    given = {
        "kind": tier.entry,
        "first": first,
        "last": last,
        "of": list(tier.of),
        "lo": unit.path,
        "hi": upper(unit.path),
    }
    with connection.cursor() as cursor:
        cursor.execute(AMOUNTS, given)
        return [Standing(*row) for row in cursor.fetchall()]


def bands(tier: Tier, found: Sequence[Standing]) -> list[Band]:
    """The tiers from below upwards, empty ones too; each unit is in one."""
    made = [_band(None, None, [it for it in found if it.amount <= 0])]
    for low, high in zip(tier.bounds, [*tier.bounds[1:], None], strict=True):
        inside = [it for it in found if it.amount > 0 and it.amount >= low and (high is None or it.amount < high)]
        made.append(_band(low, high, inside))
    return made


def _band(low: Decimal | None, high: Decimal | None, units: Sequence[Standing]) -> Band:
    return Band(low, high, len(units), sum((it.amount for it in units), NOTHING))


def reached(tier: Tier, found: Sequence[Standing]) -> Iterator[Reached]:
    for target in tier.targets:
        units = sum(it.amount >= target.at for it in found)
        short = [(it, target.at - it.amount) for it in found if it.amount < target.at]
        yield Reached(target, units, max(target.count - units, 0), short[:NEAREST])


def by_source(kind: str, unit: Unit, first: date, last: date, *, field: str) -> dict[str, Decimal]:
    """What was booked by `source`, or by an extra field, the most first; the key is empty where nothing was said."""
    name = "source" if field == "source" else f"extra__{field}"
    found = below(booked(first, last, kind=kind), unit).values_list(name).annotate(it=Sum("amount")).order_by("-it")
    return {key or "": amount for key, amount in found}
