"""Where the rows of a register come from: one row a subject, in the order of subjects, so that two streams can be laid side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hangshi.handoff.models import Handoff
from hangshi.packs.uppers import Upper
from hangshi.registry.models import Unit

FETCHED = 2000


@dataclass(frozen=True)
class Source:
    """`now` and `where`: those in force on the day; `before`: what is left to see of those that no longer are. `order`: for a reader of the file."""

    subject: str
    unit: str
    order: str
    index: str
    now: str
    where: str
    before: str
    fields: dict[str, str]


# A member whose own row is out of sight stays in the list, with nothing in the cells: it is named as lacking, never left out.
MEMBERS = Source(
    subject="m.person_id",
    unit="m.unit_id",
    order="m.path",
    index="p.id_index",
    now="membership m LEFT JOIN person p ON p.id = m.person_id JOIN unit u ON u.id = m.unit_id",
    where="m.path >= %(lo)s AND m.path < %(hi)s AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)",
    before="""person p CROSS JOIN LATERAL (SELECT * FROM membership o WHERE o.person_id = p.id AND o.path >= %(lo)s AND o.path < %(hi)s
        AND o.until < %(day)s ORDER BY o.until DESC LIMIT 1) m JOIN unit u ON u.id = m.unit_id""",
    fields={
        "number": "p.id_sealed",
        "name": "p.name",
        "sex": "p.sex",
        "born": "p.born",
        "branch": "u.name",
        "branch_code": "u.code",
        "status": "m.status",
        "category": "m.category",
        "since": "m.since",
        "until": "m.until",
        "end_reason": "m.end_reason",
    },
)
LIVING = """(SELECT count(*) FROM household_member x WHERE x.household_id = h.id AND x.since <= %(day)s
    AND (x.until IS NULL OR x.until >= %(day)s))"""
HOUSEHOLDS = Source(
    subject="h.id",
    unit="h.unit_id",
    order="h.path",
    index="NULL::bytea",
    now="household_status s JOIN household h ON h.id = s.household_id JOIN unit u ON u.id = h.unit_id",
    where="""h.path >= %(lo)s AND h.path < %(hi)s AND s.status = ANY(%(statuses)s)
        AND s.since <= %(day)s AND (s.until IS NULL OR s.until >= %(day)s)""",
    before="""household h CROSS JOIN LATERAL (SELECT * FROM household_status o WHERE o.household_id = h.id
        AND o.status = ANY(%(statuses)s) AND o.until < %(day)s ORDER BY o.until DESC LIMIT 1) s JOIN unit u ON u.id = h.unit_id""",
    fields={
        "number": "h.number",
        "head": "h.head",
        "village": "u.name",
        "village_code": "u.code",
        "status": "s.status",
        "ground": "s.ground",
        "since": "s.since",
        "until": "s.until",
        "persons": LIVING,
    },
)
SOURCES = {"members": MEMBERS, "households": HOUSEHOLDS}


@dataclass(frozen=True)
class Record:
    """`values`: of the template's own columns, as the database has them; an identity number is still sealed. `index`: its blind index."""

    subject: int
    unit: int
    index: bytes | None
    values: tuple[Any, ...]


def in_force(upper: Upper, unit: Unit, day: date) -> Iterator[Record]:
    """Those of the unit and all below it on the day, by subject."""
    it = SOURCES[upper.rows]
    asked = _asked(upper, unit, day)
    return map(_record, _rows(f"SELECT {_columns(upper)} FROM {it.now} WHERE {it.where} ORDER BY {it.subject}", asked))


def ended(upper: Upper, unit: Unit, day: date, subjects: list[int]) -> Iterator[Record]:
    """What is still to be seen of those that are no longer in force; those out of sight are left out."""
    it = SOURCES[upper.rows]
    asked = _asked(upper, unit, day) | {"subjects": subjects}
    return map(
        _record, _rows(f"SELECT {_columns(upper)} FROM {it.before} WHERE {it.subject} = ANY(%(subjects)s)", asked)
    )


def of_file(upper: Upper, handoff: Handoff, *, gone: bool) -> Iterator[tuple[str, bytes, bytes, Record]]:
    """Act, index and digest of each row that goes out, with the record as it is now, in the order of units: those in force, or those `gone`."""
    it = SOURCES[upper.rows]
    tables, where = (it.before, "l.act = 'ended'") if gone else (it.now, f"l.act IN ('new', 'changed') AND {it.where}")
    statement = f"""SELECT l.act, l.key_index, l.digest, {_columns(upper)} FROM {tables} JOIN handoff_line l ON l.subject = {it.subject}
        WHERE l.handoff_id = %(pk)s AND {where} ORDER BY {it.order}, {it.subject}"""
    for act, index, digest, *rest in _rows(statement, _asked(upper, handoff.unit, handoff.day) | {"pk": handoff.pk}):
        yield act, bytes(index), bytes(digest), _record(rest)


def _columns(upper: Upper) -> str:
    it = SOURCES[upper.rows]
    return ", ".join([it.subject, it.unit, it.index, *(it.fields[column.field] for column in upper.compared)])


def _asked(upper: Upper, unit: Unit, day: date) -> dict[str, Any]:
    return {"lo": unit.path, "hi": f"{unit.path[:-1]}0", "day": day, "statuses": list(upper.statuses)}


def _record(row: Any) -> Record:
    subject, unit, index, *values = row
    return Record(subject, unit, None if index is None else bytes(index), tuple(values))


def _rows(statement: str, asked: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Fetched in portions from a cursor on the server: a hundred thousand rows never lie in memory together."""
    with connection.cursor() as cursor:  # all of them will be read: else the plan is made for the first tenth
        cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, asked)
        while portion := cursor.fetchmany(FETCHED):
            yield from portion
