"""Which records moved a figure since a report was issued: those entered, changed and deleted, from the tables behind its fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from hangshi.indicators import queries as figures
from hangshi.indicators.plan import Ask, Parameters, Place, counted, run, source
from hangshi.registry.models import Unit
from hangshi.reports.numbers import Number

# Fact → the table whose ids its rows bear.
TABLES = {
    "units": "unit",
    "members": "membership",
    "households": "household_status",
    "duties": "duty",
    "activities": "activity",
    "attendances": "attendance",
    "cases": "case_file",
    "entries": "entry",
    "incomes": "entry",
}
# Columns that decide whether a row counts, and how much; names and the like are nobody's business here.
TOLD = {
    "unit_id": "单位", "kind": "类别", "status": "状态", "category": "类别", "since": "起始日", "until": "截止日", "end_reason": "结束原因",
    "day": "日期", "present": "人数", "state": "状态", "stage": "阶段", "opened_on": "立项日", "closed_on": "办结日", "amount": "数额",
}  # fmt: skip
ADDED, CHANGED, DELETED = "新增", "修改", "删除"
MOST = 20


@dataclass(frozen=True)
class Change:
    """`counts`: whether the record is counted now. `fields`: (column in words, was, is). `at` and `by` None: not kept for what was entered."""

    fact: str
    record: int
    how: str
    counts: bool
    at: datetime | None = None
    by: int | None = None
    fields: tuple[tuple[str, str, str], ...] = ()


def marks() -> dict[str, int]:
    """The last id of every table behind a fact: what is entered later has a greater one. An empty table has 0."""
    tables = sorted(set(TABLES.values()))
    parts = [
        sql.SQL("SELECT {}, coalesce(max(id), 0) FROM {}").format(sql.Literal(it), sql.Identifier(it)) for it in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts).as_string(cursor.cursor.connection))
        return dict(cursor.fetchall())


def changes(it: Number, unit: Unit, *, since: datetime, after: dict[str, int]) -> list[Change]:
    """The first `MOST` changes of records that stood, or stand, where the number was counted; those that count now come first."""
    kept: dict[tuple[str, int], Change] = {}
    for ask in dict.fromkeys(figures.asks_of(it.key, it.period)):
        found = list(_found(ask, unit, since, after.get(TABLES[ask.it.fact], 0)))
        counts = _counting(ask, unit, it, [one.record for one in found])
        for one in found:
            kept[one.fact, one.record] = Change(
                one.fact, one.record, one.how, one.record in counts, one.at, one.by, one.fields
            )
    return sorted(kept.values(), key=lambda one: (not one.counts, one.how, one.record))[:MOST]


def _found(ask: Ask, unit: Unit, since: datetime, after: int) -> Iterator[Change]:
    table, lo, hi = TABLES[ask.it.fact], unit.path, unit.path[:-1] + "0"
    kinds = list(ask.it.kinds)
    only = sql.SQL(" AND kind = ANY({})").format(sql.Literal(kinds)) if kinds else sql.SQL("")
    where = sql.SQL("path >= {} AND path < {}{}").format(sql.Literal(lo), sql.Literal(hi), only)
    name, limit = sql.Identifier(table), sql.Literal(MOST * 5)
    entered = sql.SQL("SELECT id FROM {} WHERE id > {} AND {} ORDER BY id LIMIT {}")
    for (pk,) in _rows(entered.format(name, sql.Literal(after), where, limit))[1]:
        yield Change(ask.it.fact, pk, ADDED, counts=False)
    earlier = sql.SQL("SELECT DISTINCT ON (id) * FROM {} WHERE replaced_at > {} AND {} ORDER BY id, version LIMIT {}")
    columns, old = _rows(earlier.format(sql.Identifier(f"{table}_history"), sql.Literal(since), where, limit))
    was = [dict(zip(columns, row, strict=True)) for row in old]
    now = _present(name, [row["id"] for row in was])
    for row in was:
        present = now.get(row["id"])
        yield Change(
            ask.it.fact, row["id"], CHANGED if present else DELETED, False, row["replaced_at"], row["replaced_by"],
            tuple(_differing(row, present)) if present else (),
        )  # fmt: skip


def _present(table: sql.Identifier, ids: list[int]) -> dict[int, dict[str, Any]]:
    columns, found = _rows(sql.SQL("SELECT * FROM {} WHERE id = ANY({})").format(table, sql.Literal(ids)))
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    return {row["id"]: row for row in rows}


def _differing(was: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for column, word in TOLD.items():
        if column in was and was[column] != now.get(column):
            yield word, _said(was[column]), _said(now.get(column))


def _said(value: Any) -> str:
    return "空" if value in (None, "") else str(value)


def _counting(ask: Ask, unit: Unit, it: Number, ids: list[int]) -> set[int]:
    """Which of the rows are counted now, by the very condition that counts them."""
    if not ids:
        return set()
    given = Parameters()
    tables, below, _ = source(ask.it.view, Place(figures.path_of(unit, it.tree), tree=it.tree), given)
    rows = (
        f"SELECT f.row_id FROM {tables} WHERE {below} AND ({counted(ask, given)}) AND f.row_id = ANY({given.add(ids)})"  # noqa: S608  # texts of checked definitions; values are parameters
    )
    return {pk for (pk,) in run(rows, given.values)}


def _rows(statement: sql.Composed) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.cursor.connection))
        return [it.name for it in cursor.description or ()], list(cursor.fetchall())
