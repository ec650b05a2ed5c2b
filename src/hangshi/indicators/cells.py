"""Monthly cells of the big facts: read when they are certain to be up to date, brought up to date by `fold`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators.compile import Compiled
from hangshi.indicators.plan import Ask, Parameters, Period, Place, Raw, answer, run, upper

FACTS = ("activities", "attendances")
MANY = 5000  # changed (unit, month) pairs above which the cells are built anew, in one reading of the fact
LOCK = 7_301_001
DAY = timedelta(days=1)


def may_be_kept(it: Compiled) -> bool:
    """Additive measures on the day of the row. No distinct count: a household that moves within a month would count twice."""
    additive = it.measure != "distinct"
    return it.fact in FACTS and it.time == "within" and it.time_column == "day" and additive and it.empty == "zero"


def whole_months(when: date | Period) -> tuple[date, date] | None:
    """The first days of the first and the last month, when the period is made of whole months."""
    if not isinstance(when, Period) or when.last < when.first or split(when) != (when,):
        return None
    return when.first, when.last.replace(day=1)


def split(when: Period) -> tuple[Period, ...]:
    """The whole months of the period in one piece, then the broken months at its ends; no pieces where no month is whole."""
    first, last = when.first, when.last
    begin = first if first.day == 1 else _next_month(first)
    end = last if (last + DAY).day == 1 else last.replace(day=1) - DAY
    if begin > end:
        return ()
    ends = [(first, begin - DAY), (end + DAY, last)]
    return (Period(begin, end), *(Period(a, b) for a, b in ends if a <= b))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + 31 * DAY).replace(day=1)


@dataclass(frozen=True)
class Pieces:
    """Asks taken apart: `kept` are answered by cells, `live` by a reading of the fact; `whole` puts the answers together again."""

    kept: list[Ask]
    live: list[Ask]
    of: dict[Ask, tuple[Ask, ...]]

    def whole(self, got: Mapping[Ask, Raw]) -> dict[Ask, Raw]:
        """An ask none of whose pieces has an answer is left out."""
        found: dict[Ask, Raw] = {}
        for ask, parts in self.of.items():
            said = [got[part] for part in parts if part in got]
            if said:
                found[ask] = said[0] if len(parts) == 1 else sum(it or 0 for it in said)
        return found


def pieces(asks: Sequence[Ask], place: Place) -> Pieces:
    """Whole months from the cells where these may be used, the rest live. Cells stand on today's tree: no other tree is asked of them."""
    apart = {ask: _apart(ask) for ask in asks}
    kept = served((parts[0] for parts in apart.values() if parts), place.path) if place.kept else set()
    of = {ask: parts if parts and parts[0] in kept else (ask,) for ask, parts in apart.items()}
    every = list(dict.fromkeys(part for parts in of.values() for part in parts))
    return Pieces([it for it in every if it in kept], [it for it in every if it not in kept], of)


def _apart(ask: Ask) -> tuple[Ask, ...]:
    if not may_be_kept(ask.it) or not isinstance(ask.when, Period):
        return ()
    return tuple(Ask(ask.it, part) for part in split(ask.when))


def served(asks: Iterable[Ask], path: str) -> set[Ask]:
    """Those asks, of whole months, that cells answer truly now: built, in scope, and no change below the path waits to be folded."""
    able = set(asks)
    if not able:
        return set()
    sql = """
        SELECT ARRAY(SELECT version FROM indicator_built WHERE version = ANY(%(versions)s)),
               ARRAY(SELECT DISTINCT fact FROM indicator_dirty WHERE path >= %(lo)s AND path < %(hi)s),
               current_setting('hangshi.lo', true) <= %(lo)s COLLATE "C" AND %(hi)s COLLATE "C" <= current_setting('hangshi.hi', true)"""
    given = {"versions": [ask.it.version for ask in able], "lo": path, "hi": upper(path)}
    [(built, dirty, in_scope)] = run(sql, given)
    return {ask for ask in able if in_scope and ask.it.version in built and ask.it.fact not in dirty}


def read(asks: Sequence[Ask], units: Sequence[int]) -> dict[int, dict[Ask, Raw]]:
    """The asks for each of the units, from the cells, in one statement."""
    given = Parameters()
    sums = []
    for ask in asks:
        first, last = whole_months(ask.when) or (date.max, date.max)
        version = given.add(ask.it.version)
        sums.append(
            f"sum(total) FILTER (WHERE version = {version} AND month >= {given.add(first)} AND month <= {given.add(last)})"
        )
    versions = given.add(sorted({ask.it.version for ask in asks}))
    sql = f"""
        SELECT unit_id, {", ".join(sums)} FROM indicator_cell
        WHERE version = ANY({versions}) AND unit_id = ANY({given.add(list(units))}) GROUP BY 1"""  # noqa: S608  # texts of checked definitions; values are parameters
    empty = {ask: answer(ask.it, None) for ask in asks}
    found = {unit: dict(empty) for unit in units}
    for unit, *values in run(sql, given.values):
        found[unit] = {ask: answer(ask.it, raw) for ask, raw in zip(asks, values, strict=True)}
    return found


def dirty() -> int:
    """How many changes in scope wait to be folded."""
    [(count,)] = run("SELECT count(*) FROM indicator_dirty", {})
    return int(count)


def fold(definitions: Sequence[Compiled]) -> int:
    """Bring the cells of these definitions up to date; in a transaction of its own. Returns how many (unit, month) were recounted.

    Definitions whose version is new are built from all rows. One fold at a time: another waits for it.
    """
    with acting(EVERYTHING):
        run("SELECT pg_advisory_xact_lock(%(lock)s)::text", {"lock": LOCK})
        built, spots = _take()
        return sum(_fold_fact(fact, definitions, built[fact], spots[fact]) for fact in FACTS)


def _take() -> tuple[dict[str, set[str]], dict[str, list[tuple[int, date]]]]:
    """Which versions are built, and the waiting changes, taken off the list, both by fact.

    What is committed after this statement waits for the next fold.
    """
    sql = """
        WITH gone AS (DELETE FROM indicator_dirty RETURNING fact, unit_id, month)
        SELECT fact, version, NULL::bigint, NULL::date FROM indicator_built
        UNION ALL SELECT DISTINCT fact, NULL, unit_id, month FROM gone"""
    built: dict[str, set[str]] = {fact: set() for fact in FACTS}
    spots: dict[str, list[tuple[int, date]]] = {fact: [] for fact in FACTS}
    for fact, version, unit, month in run(sql, {}):
        if version is None:
            spots[fact].append((unit, month))
        else:
            built[fact].add(version)
    return built, spots


def _fold_fact(fact: str, definitions: Sequence[Compiled], built: set[str], spots: list[tuple[int, date]]) -> int:
    wanted = {it.version: it for it in definitions if it.fact == fact and may_be_kept(it)}
    if len(spots) > MANY:
        _forget(built)
        built = set()
    _forget(built - wanted.keys())  # no longer defined: nothing would keep these up to date
    old = [it for version, it in wanted.items() if version in built]
    if spots and old:
        _recount(old, spots)
    if new := [it for version, it in wanted.items() if version not in built]:
        _forget({it.version for it in new})
        _build(fact, new)
    return len(spots)


def _forget(versions: Iterable[str]) -> None:
    given = {"versions": sorted(versions)}
    if not given["versions"]:
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicator_cell WHERE version = ANY(%(versions)s)", given)
        cursor.execute("DELETE FROM indicator_built WHERE version = ANY(%(versions)s)", given)


def _recount(definitions: Sequence[Compiled], spots: list[tuple[int, date]]) -> None:
    """The new own values of the spots; what differs from the stored ones is added up the tree."""
    fresh = f"""
        SELECT s.unit_id, u.path, s.month, {_aggregates(definitions)}
        FROM unnest(%(units)s::bigint[], %(months)s::date[]) s(unit_id, month) JOIN unit u ON u.id = s.unit_id
        LEFT JOIN {definitions[0].view} f ON f.path = u.path AND f.unit_id = u.id
             AND f.day >= s.month AND f.day < (s.month + interval '1 month')::date
        GROUP BY 1, 2, 3"""  # noqa: S608  # texts of checked definitions; values are parameters
    _add_up(definitions, fresh, {"units": [unit for unit, _ in spots], "months": [month for _, month in spots]})


def _build(fact: str, definitions: Sequence[Compiled]) -> None:
    kinds = sorted({kind for it in definitions for kind in it.kinds}) if all(it.kinds for it in definitions) else None
    fresh = f"""
        SELECT f.unit_id, f.path, date_trunc('month', f.day)::date AS month, {_aggregates(definitions)}
        FROM {definitions[0].view} f {"WHERE f.kind = ANY(%(kinds)s)" if kinds else ""} GROUP BY 1, 2, 3"""  # noqa: S608  # texts of checked definitions; values are parameters
    _add_up(definitions, fresh, {"kinds": kinds})
    with connection.cursor() as cursor:
        for it in definitions:
            cursor.execute("INSERT INTO indicator_built (version, fact) VALUES (%s, %s)", [it.version, fact])


def _aggregates(definitions: Sequence[Compiled]) -> str:
    """One column a definition. The join is outer: `row_id` tells a row from none."""
    said = [
        f"({it.where.replace('%', '%%')}) AND f.row_id IS NOT NULL" if it.where else "f.row_id IS NOT NULL"
        for it in definitions
    ]
    return ", ".join(
        f"coalesce({it.aggregate} FILTER (WHERE {where}), 0)::numeric AS a{n}"
        for n, (it, where) in enumerate(zip(definitions, said, strict=True))
    )


def _add_up(definitions: Sequence[Compiled], fresh: str, given: dict[str, Any] | None = None) -> None:
    versions = {f"v{n}": it.version for n, it in enumerate(definitions)}
    pairs = ", ".join(f"(%(v{n})s, r.a{n})" for n in range(len(definitions)))
    sql = f"""
        WITH fresh AS MATERIALIZED ({fresh}),
        long AS (SELECT r.unit_id, r.path, r.month, v.version::text COLLATE "C" AS version, v.value
                 FROM fresh r CROSS JOIN LATERAL (VALUES {pairs}) v(version, value)),
        delta AS (SELECT l.unit_id, l.path, l.month, l.version, l.value - coalesce(c.own, 0) AS d
                  FROM long l LEFT JOIN indicator_cell c USING (version, unit_id, month)
                  WHERE l.value <> coalesce(c.own, 0)),
        up AS (SELECT d.version, a.id::bigint AS unit_id, d.month, sum(d.d) AS total,
                      coalesce(sum(d.d) FILTER (WHERE a.id::bigint = d.unit_id), 0) AS own
               FROM delta d CROSS JOIN LATERAL unnest(string_to_array(rtrim(d.path, '/'), '/')) a(id) GROUP BY 1, 2, 3)
        INSERT INTO indicator_cell AS c (version, unit_id, path, month, own, total)
            SELECT up.version, up.unit_id, u.path, up.month, up.own, up.total FROM up JOIN unit u ON u.id = up.unit_id
            ON CONFLICT (version, unit_id, month) DO UPDATE SET own = c.own + excluded.own, total = c.total + excluded.total"""  # noqa: S608  # texts of checked definitions; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, versions | (given or {}))
