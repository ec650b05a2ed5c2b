"""Indicators: what they mean, their values, and the rows behind a value, read by the same queries as the pages."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, QueryDict
from ninja import Path, Query
from pydantic import BaseModel

from hangshi.api import cursors
from hangshi.api.asks import Asked, AskedRows
from hangshi.api.calls import Call, reads
from hangshi.api.listing import RESTRICTED, unit_of
from hangshi.api.problems import Wrong
from hangshi.api.shapes import example
from hangshi.api.values import Key
from hangshi.indicators import queries
from hangshi.packs.models import Indicator
from hangshi.registry.models import Unit
from hangshi.web import opened, period, places, words

TAG = "指标"
FIGURES, RECORDS = "figures.read", "records.read"
MONTHS = 12


class IndicatorRow(BaseModel):
    """指标。`unit`：计量单位；`time`：as_of 为某日的存量，within 为一段时期内。"""

    model_config = example(
        key="visits", name="走访次数", unit="item", unit_name="个", time="within", version="0a1b2c3d4e5f"
    )
    key: str
    name: str
    unit: str
    unit_name: str
    time: str
    version: str


class Clause(BaseModel):
    """口径的一条。"""

    name: str
    text: str


class DefinitionRow(IndicatorRow):
    """指标的口径，与页面“口径”一栏相同。"""

    model_config = example(
        key="visits",
        name="走访次数",
        unit="item",
        unit_name="个",
        time="within",
        version="0a1b2c3d4e5f",
        clauses=[{"name": "时间", "text": "一段时期内，首尾两日都算"}],
    )
    clauses: list[Clause]


class ValueRow(BaseModel):
    """指标值。`value` 以文字给出，一位不差；空值是“没有可说的”，不是 0。"""

    model_config = example(
        indicator="visits",
        unit=23,
        unit_name="东湾村",
        first="2017-01-01",
        last="2017-10-31",
        value="128",
        version="0a1b2c3d4e5f",
        computed_at="2017-10-31T10:00:00+08:00",
    )
    indicator: str
    unit: int
    unit_name: str
    first: date
    last: date
    value: str | None
    version: str
    computed_at: datetime


class RowsPage(BaseModel):
    """指标背后的记录。`total`：全部条数；`columns`：各列的名称；`rows`：与列一一对应，人和单位以名称给出。"""

    model_config = example(
        total=1, columns=["记录号", "单位", "日期"], rows=[["4001", "东湾村", "2017-10-30"]], next=None
    )
    total: int
    columns: list[str]
    rows: list[list[str | None]]
    next: str | None


@reads("/indicators", FIGURES, list[IndicatorRow], summary="指标目录", tag=TAG)
def list_indicators(request: Call) -> list[dict[str, Any]]:
    return [_row(it) for it in words.pack().indicators.values()]


@reads("/indicators/{key}", FIGURES, DefinitionRow, summary="指标口径", tag=TAG)
def get_indicator(request: Call, key: Path[Key]) -> dict[str, Any]:
    it = _known(key)
    return _row(it) | {"clauses": [{"name": name, "text": text} for name, text in words.definition(it)]}


@reads("/indicators/{key}/value", FIGURES, ValueRow, summary="指标值", tag=TAG)
def get_value(request: Call, key: Path[Key], asked: Query[Asked]) -> dict[str, Any]:
    it, unit, days = _asked(request, key, asked)
    return _value(it, unit, days, queries.value(it.key, unit, days.period))


@reads("/indicators/{key}/children", FIGURES, list[ValueRow], summary="各直接下级的指标值", tag=TAG)
def list_values_of_children(request: Call, key: Path[Key], asked: Query[Asked]) -> list[dict[str, Any]]:
    it, unit, days = _asked(request, key, asked)
    return [_value(it, child, days, value) for child, value in places.children(it.key, unit, days)]


@reads("/indicators/{key}/months", FIGURES, list[ValueRow], summary="近十二个月的指标值", tag=TAG)
def list_values_of_months(request: Call, key: Path[Key], asked: Query[Asked]) -> list[dict[str, Any]]:
    it, unit, days = _asked(request, key, asked)
    found = queries.months(it.key, unit, days.last, MONTHS)
    return [_value(it, unit, period.Days(month.first, month.last), value) for month, value in found]


@reads("/indicators/{key}/rows", RECORDS, RowsPage, summary="指标背后的记录", tag=TAG)
def list_rows(request: Call, key: Path[Key], asked: Query[AskedRows]) -> dict[str, Any]:
    it, unit, days = _asked(request, key, asked)
    if opened.restricted(it) and not request.caller.may(RESTRICTED):
        raise Wrong(403, "permission", f"“{it.name}”背后是限制类事项，令牌没有查看的权限。")
    question = {"rows": key, "unit": unit.pk, "first": days.first, "last": days.last, "limit": asked.limit}
    number = 1 if asked.cursor is None else cursors.read(asked.cursor, question)
    rows = queries.rows(it.key, unit, days.period, page=number, size=asked.limit)
    more = number * asked.limit < rows.total
    return {
        "total": rows.total,
        "columns": opened.head(it, rows),
        "rows": [[None if cell is None else str(cell) for cell in row] for row in opened.shown(it, rows)],
        "next": cursors.written(number + 1, question) if more else None,
    }


def _known(key: str) -> Indicator:
    if key not in words.pack().indicators:
        raise Http404
    return words.pack().indicators[key]


def _asked(request: Call, key: str, asked: Asked) -> tuple[Indicator, Unit, period.Days]:
    """The days are cleaned by the pages' own reading of an address."""
    query = QueryDict(mutable=True)
    query.update({name: it.isoformat() for name, it in (("from", asked.first), ("to", asked.last)) if it})
    days = period.asked(query, request.caller.units)
    return _known(key), unit_of(request.caller, asked.unit), days


def _row(it: Indicator) -> dict[str, Any]:
    return {
        "key": it.key,
        "name": it.name,
        "unit": it.unit,
        "unit_name": words.measure(it),
        "time": words.time_of(it),
        "version": words.pack().definition_version(it.key),
    }


def _value(it: Indicator, unit: Unit, days: period.Days, value: queries.Value) -> dict[str, Any]:
    return {
        "indicator": it.key,
        "unit": unit.pk,
        "unit_name": unit.name,
        "first": days.first,
        "last": days.last,
        "value": None if value.value is None else str(value.value),
        "version": value.version,
        "computed_at": value.computed_at,
    }
