"""The rows behind a figure in words: names for ids, the pack's names for kinds, the fact's own column titles."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hangshi.indicators import queries
from hangshi.indicators.opened import PERSONS, UNITS
from hangshi.indicators.queries import Rows
from hangshi.packs.models import Column, Fact, Indicator
from hangshi.web import words

HIDDEN = {"path"}
# Where a fact's record opens; a household's status and an attendance have no page of their own.
RECORDS = {"incomes": "entries", "careers": "cases", "helped": "duties"} | {
    key: key for key in ("members", "duties", "activities", "cases", "entries")
}
PAGES = dict.fromkeys(PERSONS, "/records/persons/{}/") | dict.fromkeys(UNITS, "/units/{}/")
PAGES["household"] = "/records/households/{}/"
OURS = {"row_id": "记录号", "unit_id": "单位", "times": "次数"}


def _fact(it: Indicator) -> Fact:
    """The fact of the indicator whose rows are opened: its own, or that of its first part."""
    while not it.fact:
        it = words.pack().indicators[next(part for _, part in it.parts)]
    return words.pack().facts[it.fact]


def restricted(it: Indicator) -> bool:
    """Whether rows of a restricted kind stand behind the figure; one that names no kinds is taken to hold them."""
    fact = words.pack().facts.get(it.fact or "")
    if fact is None or "kind" not in fact.columns or fact.columns["kind"].values != "case":
        return any(restricted(words.pack().indicators[part]) for _, part in it.parts)
    kinds = queries.base(it.key).kinds
    return not kinds or not set(kinds).isdisjoint(words.restricted("case"))


def _kept(rows: Rows) -> list[tuple[int, str]]:
    return [(at, name) for at, name in enumerate(rows.columns) if name not in HIDDEN]


def head(it: Indicator, rows: Rows) -> list[str]:
    return head_of(_fact(it).key, rows)


def head_of(fact: str, rows: Rows) -> list[str]:
    """Titles for rows of the fact."""
    columns = words.pack().facts[fact].columns
    return [OURS.get(name) or _title(columns.get(name), name) for _, name in _kept(rows)]


def _title(column: Column | None, name: str) -> str:
    """The first clause of the column's description."""
    return next(iter(column.doc.replace("，", "；").replace("（", "；").split("；"))) if column else name


def shown(it: Indicator, rows: Rows) -> Iterator[list[Any]]:
    return shown_of(_fact(it).key, rows)


def shown_of(fact: str, rows: Rows) -> Iterator[list[Any]]:
    """Rows of the fact in words."""
    columns, kept = words.pack().facts[fact].columns, _kept(rows)
    for row in rows.rows:
        yield [_cell(columns.get(name), rows.names.get((name, row[at]), row[at])) for at, name in kept]


def linked(it: Indicator, rows: Rows) -> Iterator[list[tuple[Any, str]]]:
    """Each cell with the address of what it names; '' where it names nothing that the reader may open."""
    kept = _kept(rows)
    for row, cells in zip(rows.rows, shown(it, rows), strict=True):
        yield [(cell, _address(rows, name, row[at])) for cell, (at, name) in zip(cells, kept, strict=True)]


def _address(rows: Rows, name: str, value: Any) -> str:
    if name == "row_id":
        return f"/records/{RECORDS[rows.fact]}/{value}/" if rows.fact in RECORDS else ""
    return PAGES[name].format(value) if (name, value) in rows.names else ""


def _cell(column: Column | None, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | date | int) or value is None:
        return value
    return words.label(column.values, value) if column and column.values in words.FAMILIES else value
