"""Regular tables (报表): the same definition gives the page, the workbook, the table inside a document and the wall."""

from dataclasses import dataclass, replace
from decimal import Decimal

from hangshi.indicators import queries as figures
from hangshi.indicators.queries import Period, Value
from hangshi.packs.models import Indicator, Pack, ReportTable
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.reports.numbers import Desk
from hangshi.reports.phrases import measure
from hangshi.reports.queries import places

MOST_ROWS = 3000


@dataclass(frozen=True)
class Head:
    indicator: Indicator
    name: str
    measure: str


@dataclass(frozen=True)
class Row:
    """`cells` in the order of the columns. `total`: the unit itself, over all that stand below."""

    unit: Unit
    cells: list[Value]
    total: bool = False


@dataclass(frozen=True)
class Filled:
    table: ReportTable
    period: Period
    heads: list[Head]
    rows: list[Row]


def table_of(pack: Pack, key: str) -> ReportTable:
    """By its key or its name. Raises `Refused`."""
    found = pack.tables.get(key) or next((it for it in pack.tables.values() if it.name == key), None)
    if found is None:
        raise Refused("table.unknown", f"没有报表“{key}”。现有：{'、'.join(it.name for it in pack.tables.values())}。")
    return found


def filled(it: ReportTable, desk: Desk) -> Filled:
    """Every cell computed: one read a column, and one for the first row. Raises `Refused` for a table too long for a page."""
    if it.period == "month":
        desk = replace(desk, period=Period(desk.period.last.replace(day=1), desk.period.last))
    columns = [_column(it, at, desk) for at in range(len(it.columns))]
    units = [unit for unit, _ in columns[0]]
    if len(units) > MOST_ROWS:
        raise Refused("table.long", f"“{it.name}”有 {len(units):,} 行，超过 {MOST_ROWS:,} 行。请选下级单位分开生成。")
    found = [dict(column) for column in columns]
    rows = [Row(unit, [column[unit] for column in found]) for unit in units]
    if it.total:
        got = figures.values([column.indicator for column in it.columns], desk.unit, desk.period, desk.tree)
        rows.insert(0, Row(desk.unit, [got[column.indicator] for column in it.columns], total=True))
    known = desk.pack.indicators
    heads = [
        Head(known[column.indicator], column.name or known[column.indicator].name, measure(known[column.indicator]))
        for column in it.columns
    ]
    return Filled(it, desk.period, heads, rows)


def _column(it: ReportTable, at: int, desk: Desk) -> list[tuple[Unit, Value]]:
    key = it.columns[at].indicator
    if it.rows == "children":
        return figures.children(key, desk.unit, desk.period, desk.tree, kinds=places(desk.pack))
    return figures.at_level(key, desk.unit, it.rows, desk.period, desk.tree)


def shown(value: Decimal | int | None) -> str:
    """A cell in words: at most two decimals, nothing is a dash and never a nought."""
    if value is None:
        return "—"
    text = f"{Decimal(value):.2f}" if value != int(value) else f"{int(value)}"
    return text.rstrip("0").rstrip(".") if "." in text else text
