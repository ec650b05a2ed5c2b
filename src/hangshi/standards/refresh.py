"""Findings opened and closed as records change: each check in one statement, and only where something behind it has changed."""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries as indicators
from hangshi.jobs.kinds import each_minute
from hangshi.packs.checks import Check
from hangshi.packs.models import Pack
from hangshi.registry.reach import EVERYWHERE, Reach, Root, reach_of, roots
from hangshi.standards.breach import statement
from hangshi.standards.models import Looked

LOCK = 7_302_001
# Tables behind the facts, with those that say where a subject is at home.
BEHIND = (
    "unit", "person", "household", "household_status", "household_member", "membership", "duty", "activity", "attendance", "case_file", "case_measure", "case_evidence", "entry",
)  # fmt: skip
STOOD = """
    SELECT md5(string_agg(relname || ':' || n_tup_ins || ':' || n_tup_upd || ':' || n_tup_del, ',' ORDER BY relname))
    FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname = ANY(%s)"""
SETTLE = """
    WITH found AS MATERIALIZED ({breach}),
    gone AS (UPDATE finding SET closed_on = greatest(%(on)s, opened_on) WHERE check_key = %(key)s AND closed_on IS NULL AND {mine}
             AND NOT EXISTS (SELECT FROM found WHERE found.subject = finding.subject) RETURNING 1),
    kept AS (UPDATE finding SET has = found.has, needs = found.needs, unit_id = found.unit_id, path = found.path, version = %(version)s
             FROM found WHERE check_key = %(key)s AND closed_on IS NULL AND found.subject = finding.subject
             AND (finding.has, finding.needs, finding.unit_id, finding.version)
                 IS DISTINCT FROM (found.has, found.needs, found.unit_id, %(version)s::varchar) RETURNING 1),
    new AS (INSERT INTO finding (check_key, version, about, subject, unit_id, path, has, needs, opened_on)
            SELECT %(key)s, %(version)s, %(about)s, subject, unit_id, path, has, needs, %(on)s FROM found
            WHERE NOT EXISTS (SELECT FROM finding f WHERE f.check_key = %(key)s AND f.closed_on IS NULL AND f.subject = found.subject)
            RETURNING 1)
    SELECT (SELECT count(*) FROM new), (SELECT count(*) FROM gone)"""
NOTHING = "SELECT NULL::bigint AS subject, NULL::bigint AS unit_id, NULL::varchar AS path, NULL::numeric AS has, NULL::numeric AS needs WHERE false"


def days_of_data(standing: Sequence[Root], today: date) -> dict[date, Reach]:
    """Day → where the data speak of it: a demonstration stands still on its report day, everywhere else it is today."""
    still: dict[date, tuple[str, ...]] = {}
    for it in standing:
        if it.day and it.day != today:
            still[it.day] = (*still.get(it.day, ()), it.path)
    found = {day: Reach(paths, inside=True) for day, paths in still.items()}
    return found | {today: Reach(tuple(path for paths in still.values() for path in paths))}


@each_minute
def refresh(*, force: bool = False) -> tuple[int, int]:
    """Look at every check of the installation's packs, in a transaction of its own; how many findings were opened and closed.

    Without `force`, a check is left alone while nothing behind the facts, its definition or the day has changed since the last look.
    """
    with acting(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(STOOD, [list(BEHIND)])
        stood = str(cursor.fetchone()[0])
        pack = indicators.pack()
        return look(pack, timezone.localdate(), stood, standing=roots(pack), force=force)


def look(pack: Pack, on: date, stood: str, *, standing: Sequence[Root] = (), force: bool = False) -> tuple[int, int]:
    """In the transaction and scope of the caller; `stood` is what the tables stand at. Findings of checks that are gone are closed.

    `standing`: the places of the packs, each looked at on the day that its data speak of; everywhere else the day is `on`.
    """
    opened = closed = 0
    days = {day: here for day, here in days_of_data(standing, on).items() if _inhabited(here)}
    stood = hashlib.md5(f"{stood}{sorted(days.items())}".encode(), usedforsecurity=False).hexdigest()
    known = {it.check_key: (it.version, it.on, it.stood) for it in Looked.objects.all()}
    for key, check in pack.checks.items():
        now = (check.version(pack.facts), on, stood)
        if force or known.get(key) != now:
            reach = reach_of(pack, f"check.{key}", standing)
            closed += 0 if reach == EVERYWHERE else _close(key, on, outside=reach)
            for day, here in days.items():
                if (within := _both(reach, here)) is not None:
                    new, gone = settle(check, pack, day, within)
                    opened, closed = opened + new, closed + gone
            Looked.objects.update_or_create(check_key=key, defaults={"version": now[0], "on": on, "stood": stood})
    for key in known.keys() - pack.checks.keys():
        closed += _close(key, on)
        Looked.objects.filter(check_key=key).delete()
    return opened, closed


def _both(where: Reach, here: Reach) -> Reach | None:
    """What is in reach of a check and of a day; None: nothing."""
    if not where.inside and not here.inside:
        return Reach(tuple(sorted({*where.paths, *here.paths})))
    inner, outer = (where, here) if where.inside else (here, where)
    paths = tuple(path for path in inner.paths if outer.holds(path))
    return Reach(paths, inside=True) if paths else None


def settle(check: Check, pack: Pack, on: date, within: Reach | None = None) -> tuple[int, int]:
    """Open what is found new and close what is gone, for one check; a rule not in force on the day has no findings.

    `within`: where to look and leave the rest alone; by default wherever the check holds.
    """
    reach = reach_of(pack, f"check.{check.key}", roots(pack)) if within is None else within
    breach, given = statement(check, pack, on) or (NOTHING, {})
    here, span = reach.condition("b.path")
    mine, _ = reach.condition("finding.path") if within is not None else ("true", {})
    breach = f"SELECT * FROM ({breach}) b WHERE {here}"  # noqa: S608  # texts of checked definitions; values are parameters
    said = {"key": check.key, "version": check.version(pack.facts), "about": check.about, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(SETTLE.format(breach=breach, mine=mine), given | span | said)
        new, gone = cursor.fetchone()
    return int(new), int(gone)


def _inhabited(reach: Reach) -> bool:
    """Whether any unit stands there: where the whole installation is demonstrations, nothing speaks of today."""
    if reach == EVERYWHERE:
        return True
    condition, given = reach.condition("unit.path")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM unit WHERE until IS NULL AND {condition})", given)  # noqa: S608  # as above
        return bool(cursor.fetchone()[0])


def _close(key: str, on: date, *, outside: Reach | None = None) -> int:
    """Close the check's findings: all, or only those where it does not hold."""
    holds, given = outside.condition("path") if outside else ("false", {})
    left = f"UPDATE finding SET closed_on = greatest(%(on)s, opened_on) WHERE check_key = %(key)s AND closed_on IS NULL AND NOT {holds}"  # noqa: S608  # as above
    with connection.cursor() as cursor:
        cursor.execute(left, {**given, "on": on, "key": key})
        return int(cursor.rowcount)
