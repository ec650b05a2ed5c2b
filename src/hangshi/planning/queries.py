"""Reads of draws, and the frames that records give."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet

from hangshi.planning.models import Draw
from hangshi.planning.sampling import Item
from hangshi.registry.models import Unit
from hangshi.registry.tree import in_force

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


# Who must not inspect what: one's own place, what lies below it (short of the place that draws), and where one bears a duty.
AVOIDED = """
    SELECT p.id::text, u.id::text FROM person p JOIN unit h ON h.id = p.unit_id CROSS JOIN unit u
    WHERE p.id = ANY(%(persons)s) AND u.id = ANY(%(units)s)
      AND (starts_with(h.path, u.path) OR (starts_with(u.path, h.path) AND length(h.path) > length(%(own)s)))
    UNION
    SELECT d.bearer_id::text, u.id::text FROM duty d JOIN unit u ON starts_with(d.path, u.path)
    WHERE d.bearer_id = ANY(%(persons)s) AND u.id = ANY(%(units)s)
      AND d.since <= %(on)s AND (d.until IS NULL OR d.until >= %(on)s)
    ORDER BY 1, 2"""


def avoided(unit: Unit, persons: list[int], units: list[int], *, on: date) -> list[tuple[str, str]]:
    """(person, unit) pairs that must not meet when the unit `unit` draws on that day; as far as the caller sees homes and duties."""
    with connection.cursor() as cursor:
        cursor.execute(AVOIDED, {"persons": persons, "units": units, "own": unit.path, "on": on})
        return [(person, at) for person, at in cursor.fetchall()]


def units_below(unit: Unit, kind: str, *, on: date) -> list[int]:
    """The units of the kind below the unit that stand on that day."""
    found = Unit.objects.filter(in_force(on), kind=kind, path__gt=unit.path, path__lt=unit.path[:-1] + "0")
    return list(found.order_by("path").values_list("pk", flat=True))


def held(draws: "QuerySet[Draw] | None" = None) -> "QuerySet[Draw]":
    return (Draw.objects.all() if draws is None else draws).filter(drawn_on__isnull=False)


def waiting(draws: "QuerySet[Draw] | None" = None) -> "QuerySet[Draw]":
    """Frozen and not drawn yet."""
    return (Draw.objects.all() if draws is None else draws).filter(drawn_on=None)
