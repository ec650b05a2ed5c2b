"""Findings opened and closed as records change: each check in one statement, and only where something behind it has changed."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries as indicators
from hangshi.jobs.kinds import each_minute
from hangshi.packs.checks import Check
from hangshi.packs.models import Pack
from hangshi.registry.models import Unit
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
    gone AS (UPDATE finding SET closed_on = greatest(%(on)s, opened_on) WHERE check_key = %(key)s AND closed_on IS NULL
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


def day_of_data() -> date:
    """Today; for a demonstration that stands still, its report day."""
    said = Unit.objects.filter(extra__has_key="report_day").values_list("extra__report_day", flat=True).first()
    return date.fromisoformat(said) if said else timezone.localdate()


@each_minute
def refresh(*, force: bool = False) -> tuple[int, int]:
    """Look at every check of the installation's packs, in a transaction of its own; how many findings were opened and closed.

    Without `force`, a check is left alone while nothing behind the facts, its definition or the day has changed since the last look.
    """
    with acting(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(STOOD, [list(BEHIND)])
        stood = str(cursor.fetchone()[0])
        pack, on = indicators.pack(), day_of_data()
        return look(pack, on, stood, force=force)


def look(pack: Pack, on: date, stood: str, *, force: bool = False) -> tuple[int, int]:
    """In the transaction and scope of the caller; `stood` is what the tables stand at. Findings of checks that are gone are closed."""
    opened = closed = 0
    known = {it.check_key: (it.version, it.on, it.stood) for it in Looked.objects.all()}
    for key, check in pack.checks.items():
        now = (check.version(pack.facts), on, stood)
        if force or known.get(key) != now:
            new, gone = settle(check, pack, on)
            opened, closed = opened + new, closed + gone
            Looked.objects.update_or_create(check_key=key, defaults={"version": now[0], "on": on, "stood": stood})
    for key in known.keys() - pack.checks.keys():
        closed += _close_all(key, on)
    return opened, closed


def settle(check: Check, pack: Pack, on: date) -> tuple[int, int]:
    """Open what is found new and close what is gone, for one check; a rule not in force on the day has no findings."""
    breach, given = statement(check, pack, on) or (NOTHING, {})
    if check.key in pack.places:
        breach, given = _placed(pack.places[check.key], pack, breach, given)
    said = {"key": check.key, "version": check.version(pack.facts), "about": check.about, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(SETTLE.format(breach=breach), given | said)
        new, gone = cursor.fetchone()
    return int(new), int(gone)


def _placed(own: str, pack: Pack, breach: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Only what lies in the place `own` of the check's pack. Where that place is not, all that lies in no other pack's place."""
    roots = {header.root for header in pack.headers.values() if header.root}
    stand = dict(Unit.objects.filter(code__in=roots, until=None).values_list("code", "path"))
    inside = own in stand
    paths = [stand[own]] if inside else sorted(stand.values())
    within = {f"lo{at}": path for at, path in enumerate(paths)} | {
        f"hi{at}": path[:-1] + "0" for at, path in enumerate(paths)
    }
    spans = " OR ".join(f"(b.path >= %(lo{at})s AND b.path < %(hi{at})s)" for at in range(len(paths)))
    condition = (spans if inside else f"NOT ({spans})") if paths else "true"
    return f"SELECT * FROM ({breach}) b WHERE {condition}", given | within  # noqa: S608  # texts of checked definitions; values are parameters


def _close_all(key: str, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE finding SET closed_on = greatest(%s, opened_on) WHERE check_key = %s AND closed_on IS NULL",
            [on, key],
        )
        gone = int(cursor.rowcount)
    Looked.objects.filter(check_key=key).delete()
    return gone
