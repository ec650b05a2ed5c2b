"""Monthly cells of the big facts: read when they are certain to be up to date, brought up to date by `fold`."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators.compile import Compiled
from hangshi.indicators.plan import Ask, Parameters, Period, Place, Raw, answer, run, upper

FACTS = ("activities", "attendances")
MANY = 5000  # changed (unit, month) pairs above which the cells are built anew, in one reading of the fact
LOCK = 7_301_001


def may_be_kept(it: Compiled) -> bool:
    """Additive measures on the day of the row. No distinct count: a household that moves within a month would count twice."""
    additive = it.measure != "distinct"
    return it.fact in FACTS and it.time == "within" and it.time_column == "day" and additive and it.empty == "zero"


def whole_months(when: date | Period) -> tuple[date, date] | None:
    """The first days of the first and the last month, when the period is made of whole months."""
    if (
        not isinstance(when, Period)
        or when.first.day != 1
        or (when.last + timedelta(days=1)).day != 1
        or when.last < when.first
    ):
        return None
    return when.first, when.last.replace(day=1)


def served(asks: Iterable[Ask], path: str) -> set[Ask]:
    """Those asks that cells answer truly now: built, in scope, and no change below the path waits to be folded."""
    able = {ask for ask in asks if may_be_kept(ask.it) and _by_month(ask)}
    if not able:
        return set()
    sql = """
        SELECT ARRAY(SELECT version FROM indicator_built WHERE version = ANY(%(versions)s)),
               ARRAY(SELECT DISTINCT fact FROM indicator_dirty WHERE path >= %(lo)s AND path < %(hi)s),
               current_setting('hangshi.lo', true) <= %(lo)s COLLATE "C" AND %(hi)s COLLATE "C" <= current_setting('hangshi.hi', true)"""
    given = {"versions": [ask.it.version for ask in able], "lo": path, "hi": upper(path)}
    [(built, dirty, in_scope)] = run(sql, given)
    return {ask for ask in able if in_scope and ask.it.version in built and ask.it.fact not in dirty}


def _by_month(ask: Ask) -> bool:
    return whole_months(ask.when) is not None


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
    with transaction.atomic():
        kept = run("SELECT current_setting('hangshi.lo', true), current_setting('hangshi.hi', true)", {})[0]
        actor = run("SELECT current_setting('hangshi.actor', true)", {})[0][0]
        with acting(EVERYTHING):
            run("SELECT pg_advisory_xact_lock(%(lock)s)::text", {"lock": LOCK})
            counted = sum(
                _fold_fact(fact, [it for it in definitions if it.fact == fact and may_be_kept(it)]) for fact in FACTS
            )
        settings = dict(zip(("lo", "hi", "actor"), (*kept, actor), strict=True))
        for name, value in settings.items():  # a caller inside a scope keeps it
            run("SELECT set_config(%(name)s, %(value)s, true)", {"name": f"hangshi.{name}", "value": value or ""})
    return counted


def _fold_fact(fact: str, definitions: Sequence[Compiled]) -> int:
    built = {row[0] for row in run("SELECT version FROM indicator_built WHERE fact = %(fact)s", {"fact": fact})}
    wanted = {it.version: it for it in definitions}
    spots = _take(fact)
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


def _take(fact: str) -> list[tuple[int, date]]:
    """Take the waiting changes off the list. What is committed after this statement waits for the next fold."""
    sql = """
        WITH gone AS (DELETE FROM indicator_dirty WHERE fact = %(fact)s RETURNING unit_id, month)
        SELECT DISTINCT unit_id, month FROM gone"""
    return [(unit, month) for unit, month in run(sql, {"fact": fact})]


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


def usable(asks: Iterable[Ask], place: Place) -> set[Ask]:
    """Cells stand on today's tree; a figure on another day's tree is read live."""
    return served(asks, place.path) if place.tree is None else set()
