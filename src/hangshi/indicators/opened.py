"""A figure opened: the rows that it counts, by the very condition that counts them."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from hangshi.indicators.plan import Ask, Parameters, Place, counted, of_kinds, run, source

PERSONS = ("person", "bearer", "leader")
UNITS = ("unit_id", "bearer_unit", "target_unit")


@dataclass(frozen=True)
class Rows:
    """`total`: of all pages. `names`: what the ids of the page are called, by column and id, as far as the reader may see.

    `fact`: whose rows they are; a column `row_id` holds the id of the record.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    fact: str = ""


def opened(ask: Ask, place: Place, page: int, size: int) -> Rows:
    given = Parameters()
    tables, below, _ = source(ask.it.view, place, given)
    where = f"{below}{of_kinds([ask], given)} AND ({counted(ask, given)})"
    column = ask.it.column
    if column:
        where += f' AND f."{column}" IS NOT NULL'
    what, total, order = "f.*", "count(*)", f'f.path, f."{_time(ask)}", f.row_id'
    if ask.it.measure == "distinct":
        what, total = f'f."{column}", min(f.unit_id) AS unit_id, count(*) AS times', f'count(DISTINCT f."{column}")'
        if column == "unit_id":
            what = "f.unit_id, count(*) AS times"
        where_page, order = f'{where}\nGROUP BY f."{column}"', f'f."{column}"'
    else:
        where_page = where
    [(count,)] = run(f"SELECT {total} FROM {tables} WHERE {where}", given.values)  # noqa: S608  # texts of checked definitions; values are parameters
    limit, offset = given.add(size), given.add((page - 1) * size)
    columns, found = _page(
        f"SELECT {what} FROM {tables} WHERE {where_page}\nORDER BY {order} LIMIT {limit}::int OFFSET {offset}::int",  # noqa: S608  # texts of checked definitions; values are parameters
        given,
    )
    return Rows(columns, found, int(count), names(columns, found), ask.it.fact)


def _time(ask: Ask) -> str:
    return ask.it.time_column if ask.it.time == "within" else "since"


def _page(sql: str, given: Parameters) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given.values)
        return tuple(it.name for it in cursor.description), list(cursor.fetchall())


def names(columns: tuple[str, ...], found: list[tuple[Any, ...]]) -> dict[tuple[str, int], str]:
    """One statement for each sort of thing named on the page."""
    said: dict[tuple[str, int], str] = {}
    for table, label, some in (
        ("person", "name", PERSONS),
        ("household", "head", ("household",)),
        ("unit", "name", UNITS),
    ):
        places = [(name, columns.index(name)) for name in some if name in columns]
        ids = sorted({row[at] for row in found for _, at in places if row[at] is not None})
        known = dict(run(f"SELECT id, {label} FROM {table} WHERE id = ANY(%(ids)s)", {"ids": ids})) if ids else {}  # noqa: S608  # texts of checked definitions; values are parameters
        said |= {(name, row[at]): known[row[at]] for row in found for name, at in places if row[at] in known}
    return said
