"""What each unit owed under the pack's requirements, and whether it was held: one statement for all units and periods."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from hangshi.calendar.days import periods
from hangshi.packs.work import Requirement
from hangshi.registry.models import Unit
from hangshi.registry.reach import Reach
from hangshi.registry.tree import upper

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Standing:
    """One requirement on one unit in one period. `held`: how many were held in it, `done_on`: the day the last one owed was.

    `state`: done (by `closes`), late (after it), overdue (not yet, and `closes` has passed) or due.
    """

    unit_id: int
    unit: str
    requirement: str
    first: date
    last: date
    due: date
    closes: date
    held: int
    done_on: date | None
    state: str


@dataclass(frozen=True)
class Owed:
    """A requirement in one of its periods; `closes` is the last day of grace."""

    requirement: Requirement
    first: date
    last: date
    due: date
    closes: date


def owed(requirements: Iterable[Requirement], first: date, last: date) -> Iterator[Owed]:
    """Each requirement in each period that meets the days from `first` to `last`, while the requirement holds."""
    for it in requirements:
        for start, end in periods(first, last, MONTHS[it.every]):
            due = end if it.day_of_month is None else end.replace(day=min(it.day_of_month, end.day))
            if (it.since is None or it.since <= due) and (it.until is None or due <= it.until):
                yield Owed(it, start, end, due, due + timedelta(days=it.grace))


# A unit owes what falls due while it exists. What was sent back does not count until it has been put right.
STATEMENT = """
WITH wanted AS (
    SELECT * FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(times)s::int[], %(firsts)s::date[], %(lasts)s::date[],
        %(dues)s::date[], %(closes)s::date[]) AS w (key, kind, times, first, last, due, closes)
), owing AS (
    SELECT u.id, u.name, u.path, w.* FROM wanted w
    JOIN unnest(%(owing_keys)s::text[], %(owing_kinds)s::text[]) AS o (key, unit_kind) ON o.key = w.key
    JOIN unit u ON u.kind = o.unit_kind AND u.path >= %(lo)s AND u.path < %(hi)s
        AND u.since <= w.due AND (u.until IS NULL OR u.until >= w.due)
    WHERE NOT EXISTS (
        SELECT FROM unnest(%(reach_keys)s::text[], %(reach_paths)s::text[], %(reach_inside)s::boolean[]) AS r (key, path, inside)
        WHERE r.key = w.key AND starts_with(u.path, r.path) <> r.inside)
), held AS (
    SELECT a.unit_id, a.kind, a.day FROM activity a
    WHERE a.path >= %(lo)s AND a.path < %(hi)s AND a.kind = ANY(%(kinds)s)
        AND a.day BETWEEN %(first)s AND %(last)s AND a.state <> 'sent_back'
    UNION ALL
    SELECT a.unit_id, s.kind, a.day FROM activity_also s JOIN activity a ON a.id = s.activity_id
    WHERE s.path >= %(lo)s AND s.path < %(hi)s AND s.kind = ANY(%(kinds)s)
        AND a.day BETWEEN %(first)s AND %(last)s AND a.state <> 'sent_back'
), done AS (
    SELECT h.unit_id, w.key, w.first, count(*) AS held, (array_agg(h.day ORDER BY h.day))[w.times] AS done_on
    FROM wanted w JOIN held h ON h.kind = w.kind AND h.day BETWEEN w.first AND w.last
    GROUP BY h.unit_id, w.key, w.first, w.times
), stands AS (
    SELECT o.*, coalesce(d.held, 0) AS held, d.done_on,
           CASE WHEN d.done_on <= o.closes THEN 'done' WHEN d.done_on IS NOT NULL THEN 'late'
                WHEN o.closes < %(today)s THEN 'overdue' ELSE 'due' END AS state
    FROM owing o LEFT JOIN done d ON d.unit_id = o.id AND d.key = o.key AND d.first = o.first
)
"""
ROWS = "SELECT id, name, key, first, last, due, closes, held, done_on, state FROM stands ORDER BY path, due, key"
TALLIES = "SELECT key, state, count(*) FROM stands GROUP BY key, state ORDER BY key, state"


def standing(
    unit: Unit,
    requirements: Iterable[Requirement],
    first: date,
    last: date,
    *,
    today: date,
    reaches: Mapping[str, Reach] | None = None,
) -> list[Standing]:
    """Every requirement on the unit and all below it in the periods that meet the days given, as it stands on `today`.

    `reaches`: requirement → where it holds; everywhere, where nothing is said.
    """
    return [Standing(*row) for row in _ask(ROWS, unit, requirements, first, last, today, reaches or {})]


def tallies(
    unit: Unit,
    requirements: Iterable[Requirement],
    first: date,
    last: date,
    *,
    today: date,
    reaches: Mapping[str, Reach] | None = None,
) -> dict[str, dict[str, int]]:
    """How many stand how, by requirement and state, on the unit and all below it; a state nobody is in is left out."""
    found: dict[str, dict[str, int]] = {}
    for key, state, count in _ask(TALLIES, unit, requirements, first, last, today, reaches or {}):
        found.setdefault(key, {})[state] = count
    return found


def _ask(
    what: str,
    unit: Unit,
    requirements: Iterable[Requirement],
    first: date,
    last: date,
    today: date,
    reaches: Mapping[str, Reach],
) -> list[tuple[Any, ...]]:
    wanted = list(owed(requirements, first, last))
    if not wanted:
        return []
    sides = {(it.requirement.key, kind) for it in wanted for kind in it.requirement.unit_kinds}
    bounds = [(key, path, it.inside) for key, it in reaches.items() for path in it.paths]
    values = {
        "reach_keys": [key for key, _, _ in bounds],
        "reach_paths": [path for _, path, _ in bounds],
        "reach_inside": [inside for _, _, inside in bounds],
        "keys": [it.requirement.key for it in wanted],
        "kinds": [it.requirement.activity for it in wanted],
        "times": [it.requirement.times for it in wanted],
        "firsts": [it.first for it in wanted],
        "lasts": [it.last for it in wanted],
        "dues": [it.due for it in wanted],
        "closes": [it.closes for it in wanted],
        "owing_keys": [key for key, _ in sorted(sides)],
        "owing_kinds": [kind for _, kind in sorted(sides)],
        "first": min(it.first for it in wanted),
        "last": min(max(it.last for it in wanted), today),
        "lo": unit.path,
        "hi": upper(unit.path),
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT + what, values)
        return list(cursor.fetchall())
