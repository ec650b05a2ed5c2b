"""责任链: at each level, for how many units somebody answers first, and below which unit the chain is broken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hangshi.packs.models import DutyKind
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

# `child`: the unit right below the one asked under which it stands, itself included; '' for the one asked.
STATEMENT = """
    SELECT u.kind, split_part(u.path, '/', %(depth)s) AS child, count(*),
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM duty d WHERE d.target_unit_id = u.id AND d.kind = w.kind
               AND d.since <= %(on)s AND (d.until IS NULL OR d.until >= %(on)s)))
    FROM unnest(%(kinds)s::text[], %(unit_kinds)s::text[]) AS w (kind, unit_kind)
    JOIN unit u ON u.kind = w.unit_kind AND u.path >= %(lo)s AND u.path < %(hi)s
        AND u.since <= %(on)s AND (u.until IS NULL OR u.until >= %(on)s)
    GROUP BY 1, 2"""


@dataclass(frozen=True)
class Level:
    """Of the units of a kind, how many there are and for how many somebody answers."""

    unit_kind: str
    units: int
    borne: int

    @property
    def broken(self) -> int:
        return self.units - self.borne


@dataclass(frozen=True)
class Standing:
    """`levels`: from the top down, as the kinds name them; `below`: unit right below → at how many units the chain is broken there."""

    levels: list[Level]
    below: dict[int, int]


def standing(kinds: Iterable[DutyKind], unit: Unit, on: date) -> Standing:
    """How the kinds that answer first stand at the unit and below it on that day; a unit of no kind they speak of does not count."""
    pairs = [(it.key, unit_kind) for it in kinds for unit_kind in it.target_kinds]
    given = {
        "kinds": [key for key, _ in pairs],
        "unit_kinds": [unit_kind for _, unit_kind in pairs],
        "depth": unit.path.count("/") + 1,
        "lo": unit.path,
        "hi": upper(unit.path),
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, given)
        rows = cursor.fetchall()
    levels = [
        Level(kind, sum(row[2] for row in rows if row[0] == kind), sum(row[3] for row in rows if row[0] == kind))
        for kind in dict.fromkeys(unit_kind for _, unit_kind in pairs)
    ]
    below: dict[int, int] = {}
    for _, child, total, borne in rows:
        if child and total > borne:
            below[int(child)] = below.get(int(child), 0) + total - borne
    return Standing([it for it in levels if it.units], below)
