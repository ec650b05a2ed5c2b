"""Reads of draws, and the frames that records give."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from hangshi.planning.models import Draw
from hangshi.planning.sampling import Item
from hangshi.registry.models import Unit

# One row a bearer, at the first of their duties; group and part are the units of those kinds above the duty.
BEARERS = """
    SELECT DISTINCT ON (d.bearer_id) d.bearer_id::text, g.id::text, g.name, p.id::text, p.name
    FROM duty d
    JOIN LATERAL (SELECT u.id, u.name FROM unit u WHERE u.kind = %(group)s
                  AND u.id = ANY(string_to_array(rtrim(d.path, '/'), '/')::bigint[])) g ON true
    JOIN LATERAL (SELECT u.id, u.name FROM unit u WHERE u.kind = %(part)s
                  AND u.id = ANY(string_to_array(rtrim(d.path, '/'), '/')::bigint[])) p ON true
    WHERE d.kind = %(kind)s AND d.bearer_id IS NOT NULL AND d.path >= %(lo)s AND d.path < %(hi)s
      AND d.since <= %(on)s AND (d.until IS NULL OR d.until >= %(on)s)
    ORDER BY d.bearer_id, d.path, d.id"""


def bearers(unit: Unit, kind: str, *, on: date, group: str, part: str) -> tuple[list[Item], dict[str, str]]:
    """Those who bear a duty of the kind below the unit on that day, each once, with their group and part (kinds of unit), and the names of those.

    A bearer whose duty stands below no unit of the kinds is left out: the frame says how many it holds.
    """
    given = {"kind": kind, "on": on, "group": group, "part": part, "lo": unit.path, "hi": unit.path[:-1] + "0"}
    with connection.cursor() as cursor:
        cursor.execute(BEARERS, given)
        found = cursor.fetchall()
    names = {key: name for row in found for key, name in ((row[1], row[2]), (row[3], row[4]))}
    return [Item(row[0], row[1], row[3]) for row in found], names


def held(draws: "QuerySet[Draw] | None" = None) -> "QuerySet[Draw]":
    return (Draw.objects.all() if draws is None else draws).filter(drawn_on__isnull=False)


def waiting(draws: "QuerySet[Draw] | None" = None) -> "QuerySet[Draw]":
    """Frozen and not drawn yet."""
    return (Draw.objects.all() if draws is None else draws).filter(drawn_on=None)
