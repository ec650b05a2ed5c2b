"""What is open at a unit when it ends, in whatever room: named by table, for the rooms above may not be imported.

A dated row is cut: it ends at the old unit the day before, and a copy goes on at the heir. So earlier figures stay.
So is an amount in force, as a land contract: the only change of an entry beside its reversal, and its history keeps what it was.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from hangshi.refusal import Refused
from hangshi.registry.models import Household, Person, Unit


@dataclass(frozen=True)
class Open:
    """Rows of `table` that bind the unit by one of `columns`; `lasting` tells whether they are in force from the day on.

    A copy bears the day of the change in the columns `fresh`.
    """

    table: str
    what: str
    columns: tuple[str, ...] = ("unit_id",)
    lasting: str = "(until IS NULL OR until >= %(on)s)"
    fresh: tuple[str, ...] = ()


DATED = (
    Open("membership", "名党员"),
    Open("household_status", "户在册状态"),
    Open("duty", "项未结束的责任", ("unit_id", "target_unit_id", "bearer_unit_id")),
    # A reversed amount and its reversal are nothing together: they stay with the past.
    Open(
        "entry",
        "笔仍在生效的台账（如土地流转合同）",
        lasting="since IS NOT NULL AND (until IS NULL OR until >= %(on)s) AND reverses_id IS NULL"
        " AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id = entry.id)",
        fresh=("day",),
    ),
)
CASES = Open("case_file", "件未办结事项", lasting="closed_on IS NULL")


def left_open(unit: Unit, on: date) -> list[tuple[int, str]]:
    """How many of each are in force at the unit on that day or later, with the words that name them."""
    homes = [
        (Household.objects.filter(unit=unit).count(), "户"),
        (Person.objects.filter(unit=unit).count(), "名在册人员"),
    ]
    return [(_count(rows, unit, on), rows.what) for rows in (*DATED, CASES)] + homes


def check_may_carry(unit: Unit, heir: Unit, on: date) -> None:
    """Raises `Refused` where both hold a duty of which there may be one only, and where something begins later."""
    later = sum(_count(rows, unit, on, "since > %(on)s") for rows in DATED)
    if later:
        raise Refused("unit.later", f"“{unit}”有{later}条记录在{on}之后才开始，请按时间先后办理。")
    clash = _run(
        """SELECT count(*) FROM duty a JOIN duty b ON b.slot = a.slot - %(unit)s + %(heir)s
           WHERE a.target_unit_id = %(unit)s AND b.target_unit_id = %(heir)s
             AND (a.until IS NULL OR a.until >= %(on)s) AND (b.until IS NULL OR b.until >= %(on)s)""",
        {"unit": unit.pk, "heir": heir.pk, "on": on},
    )
    if clash[0][0]:
        raise Refused("unit.taken", f"“{unit}”与“{heir}”各有一名只能由一人担任的责任人，请先结束其中一项。")


def carry(unit: Unit, heir: Unit, on: date) -> None:
    """Members, statuses, duties, amounts in force, households and persons go on at the heir. Cases and what was booked once stay with the past."""
    for rows in DATED:
        for column in rows.columns:
            _cut(rows, column, unit, heir, on)
    Household.objects.filter(unit=unit).update(unit=heir, path=heir.path)
    Person.objects.filter(unit=unit).update(unit=heir, path=heir.path)
    _run(
        """UPDATE search_token t SET path = p.path FROM person p
           WHERE t.target = 'person' AND t.target_id = p.id AND p.unit_id = %s AND t.path <> p.path""",
        [heir.pk],
    )
    _run(
        """UPDATE household_member m SET path = h.path FROM household h
           WHERE m.household_id = h.id AND h.unit_id = %s AND m.path <> h.path""",
        [heir.pk],
    )


def _cut(rows: Open, column: str, unit: Unit, heir: Unit, on: date) -> None:
    """End the rows the day before and let copies go on at the heir; one that begins that day only changes its unit."""
    now = {column: sql.SQL("%(heir)s")}
    if column == "unit_id":
        now["path"] = sql.SQL("%(path)s")
    if column == "target_unit_id":
        now["slot"] = sql.SQL("slot - %(unit)s + %(heir)s")
    values = {"unit": unit.pk, "heir": heir.pk, "path": heir.path, "on": on}
    begins = sql.SQL("{} = %(unit)s AND since = %(on)s").format(sql.Identifier(column))
    lasts = sql.SQL("{} = %(unit)s AND since < %(on)s AND " + rows.lasting).format(sql.Identifier(column))
    change = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(key), value) for key, value in now.items())
    table = sql.Identifier(rows.table)
    _run(sql.SQL("UPDATE {} SET {} WHERE {}").format(table, change, begins), values)
    found = _run(sql.SQL("SELECT id, until FROM {} WHERE {} FOR UPDATE").format(table, lasts), values)
    ended = {"ids": [row[0] for row in found], "untils": [row[1] for row in found], **values}
    _run(sql.SQL("UPDATE {} SET until = %(on)s::date - 1 WHERE id = ANY(%(ids)s)").format(table), ended)
    kept = [name for name in _columns(rows.table) if name not in ("id", "since", "until")]
    now |= dict.fromkeys(rows.fresh, sql.SQL("%(on)s"))
    copied = sql.SQL(", ").join(now.get(name, sql.SQL("o.") + sql.Identifier(name)) for name in kept)
    # Only now: the exclusion constraint is asked row by row, so the old rows must have ended before.
    copy = "INSERT INTO {0} ({1}, since, until) SELECT {2}, %(on)s, e.until FROM {0} o JOIN unnest(%(ids)s::bigint[], %(untils)s::date[])"
    _run(
        sql.SQL(copy + " e(id, until) USING (id)").format(table, sql.SQL(", ").join(map(sql.Identifier, kept)), copied),
        ended,
    )


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _count(rows: Open, unit: Unit, on: date, also: str = "true") -> int:
    bound = sql.SQL(" OR ").join(sql.SQL("{} = %(unit)s").format(sql.Identifier(column)) for column in rows.columns)
    statement = sql.SQL("SELECT count(*) FROM {} WHERE ({}) AND {} AND {}")
    return int(
        _run(
            statement.format(sql.Identifier(rows.table), bound, sql.SQL(rows.lasting), sql.SQL(also)),
            {"unit": unit.pk, "on": on},
        )[0][0]
    )


def _run(statement: "str | sql.Composed", values: Any) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
