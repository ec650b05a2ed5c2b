"""The dated tree: where a unit stands in a line on a day, and the set-based statements that change it.

Two things are kept apart. `UnitPath.tree_path` is where a unit stood on a day and is never rewritten for days gone by. `path`, on units and on
every record, is where the unit stands now; row-level security compares it, so a move rewrites it for the whole subtree in one statement a table.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet
from psycopg import sql

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Unit, UnitLink, UnitPath

PLACE, PARTY = "place", "party"
ONE_DAY = timedelta(days=1)
TREE_LOCK = 7_290_001  # one change of the tree at a time; they are rare, and two at once could close a ring


def upper(path: str) -> str:
    """The end of the range that holds `path` and all below it: '0' is the byte after '/'."""
    return path[:-1] + "0"


def in_force(on: date, prefix: str = "") -> Q:
    """In force on the day `on`; the first and the last day count."""
    until = f"{prefix}until"
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{until: None}) | Q(**{f"{until}__gte": on}))


def units_on(line: str, day: date) -> "QuerySet[Unit]":
    """The units standing in the line on that day, each with that day's `tree_path` and `depth` (a root has 1)."""
    return _standing(line, day)


def _standing(line: str, day: date) -> "QuerySet[Any]":
    # Any: what a FilteredRelation annotates is beyond the Django plugin of mypy.
    stood = FilteredRelation("paths", condition=Q(paths__line=line) & in_force(day, "paths__"))
    found = Unit.objects.annotate(stood=stood).filter(stood__isnull=False)
    return found.annotate(tree_path=F("stood__tree_path"), depth=F("stood__depth"))


def path_on(unit: Unit, line: str, day: date) -> str | None:
    """Where the unit stood in the line on that day, or None if it did not."""
    rows = UnitPath.objects.filter(in_force(day), unit=unit, line=line)
    return rows.values_list("tree_path", flat=True).first()


def below_on(unit: Unit, line: str, day: date) -> "QuerySet[Unit]":
    """The unit and all that stood below it on that day."""
    path = path_on(unit, line, day)
    if path is None:
        return Unit.objects.none()
    return _standing(line, day).filter(stood__tree_path__gte=path, stood__tree_path__lt=upper(path))


def children_on(unit: Unit, line: str, day: date) -> "QuerySet[Unit]":
    links = UnitLink.objects.filter(in_force(day), line=line, parent=unit)
    return Unit.objects.filter(in_force(day), pk__in=links.values("unit"))


def lock() -> None:
    _run("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def stand(unit: Unit, line: str, parent: Unit | None, since: date) -> None:
    """Hang the unit below the parent from that day on; where the parent moved later, the new unit has moved with it."""
    UnitLink.objects.create(line=line, unit=unit, parent=parent, since=since, path=unit.path)
    if parent is None:
        UnitPath.objects.create(line=line, unit=unit, tree_path=f"{unit.pk}/", depth=1, since=since, path=unit.path)
        return
    _run(
        """INSERT INTO unit_path (line, unit_id, tree_path, depth, since, until, path)
           SELECT line, %(unit)s, tree_path || %(unit)s || '/', depth + 1, greatest(since, %(since)s), until, %(path)s
           FROM unit_path WHERE unit_id = %(parent)s AND line = %(line)s AND (until IS NULL OR until >= %(since)s)""",
        {"unit": unit.pk, "since": since, "path": unit.path, "parent": parent.pk, "line": line},
    )


def relink(unit: Unit, line: str, parent: Unit, day: date) -> None:
    """Replace the open link by one to `parent` from that day on."""
    links = UnitLink.objects.filter(unit=unit, line=line, until=None)
    if not links.filter(since=day).update(parent=parent):
        links.update(until=day - ONE_DAY)
        UnitLink.objects.create(line=line, unit=unit, parent=parent, since=day, path=unit.path)


def retree(line: str, old: str, new: str, day: date) -> None:
    """From that day on, what stands at or below `old` stands at or below `new`; the days before keep their rows."""
    where = "line = %(line)s AND tree_path >= %(old)s AND tree_path < %(hi)s"
    values = {
        "line": line,
        "old": old,
        "hi": upper(old),
        "new": new,
        "day": day,
        "from": len(old) + 1,
        "deeper": new.count("/") - old.count("/"),
    }
    moved = "%(new)s || substr(tree_path, %(from)s), depth + %(deeper)s"
    _run(f"UPDATE unit_path SET (tree_path, depth) = ROW({moved}) WHERE {where} AND since >= %(day)s", values)  # noqa: S608 - constants
    lasting = f"{where} AND since < %(day)s AND (until IS NULL OR until >= %(day)s)"
    _run(
        f"INSERT INTO unit_path (line, unit_id, tree_path, depth, since, until, path)"  # noqa: S608 - constants only
        f" SELECT line, unit_id, {moved}, %(day)s, until, path FROM unit_path WHERE {lasting}",
        values,
    )
    _run(f"UPDATE unit_path SET until = %(day)s::date - 1 WHERE {lasting}", values)  # noqa: S608 - constants only


def tables_with_path() -> list[str]:
    """Every table whose rows carry a unit's present path, of whatever room, asked of the catalogue: none can be forgotten."""
    return [
        row[0]
        for row in _run(
            r"""SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'path' AND NOT a.attisdropped
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND c.relname NOT LIKE '%%\_history' ORDER BY 1""",
            [],
        )
    ]


def rewrite(old: str, new: str) -> None:
    """Carry the present path from `old` to `new`, for the unit, its subtree and every record below, one statement a table.

    For these statements only the scope is the whole tree: grants are not rows of the mover's scope, and one left behind would lead nowhere.
    The caller has seen both ends under its own scope.
    """
    [(actor,)] = _run("SELECT nullif(current_setting('hangshi.actor', true), '')::bigint", [])
    update = sql.SQL("UPDATE {} SET path = %s || substr(path, %s) WHERE path >= %s AND path < %s")
    with acting(replace(EVERYTHING, actor=actor)):
        for table in tables_with_path():
            _run(update.format(sql.Identifier(table)), [new, len(old) + 1, old, upper(old)])


def end(unit: Unit, last: date) -> None:
    """`last` is the unit's last day: its name, links and place in every line end with it."""
    for rows in (unit.names, unit.links, unit.paths):
        rows.filter(until=None).update(until=last)
    Unit.objects.filter(pk=unit.pk).update(until=last)
    unit.until = last


def _run(statement: "str | sql.Composed", values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
