"""What the words of a template do: each gives a number its text and remembers what it is bound to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from hangshi.indicators import queries as figures
from hangshi.indicators.definitions import definitions_of
from hangshi.indicators.queries import Value
from hangshi.packs.models import Indicator, Standard
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.reports import charts, queries, tables
from hangshi.reports.numbers import CLOSE, MARKS, OPEN, TABLE_CLOSE, TABLE_OPEN, Desk, Number
from hangshi.reports.phrases import MEASURES, PHRASES, Phrase, check_sayable, measure, plain
from hangshi.reports.tables import Filled

NOTHING = "（无记录）"
MONTHS = 12
Charted = tuple[str, charts.Chart, tuple[str, ...]]  # of what the labels are; the chart; its values as cells with marks
BOUNDS = {"least": "不低于", "most": "不超过", "exact": ""}


class Child:
    """A unit inside the loop of a template: it says its name, and nothing of it can be reached."""

    __slots__ = ("_unit",)

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def __str__(self) -> str:
        return self._unit.name.translate(MARKS)


@dataclass
class Binder:
    """The numbers of one report, in the order in which they were asked. `missing`: the names that had no value."""

    desk: Desk
    numbers: list[Number] = field(default_factory=list)
    tables: dict[str, Filled] = field(default_factory=dict)
    charts: dict[str, Charted] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    _own: dict[str, Value] = field(default_factory=dict)
    _below: dict[str, dict[int, Value]] = field(default_factory=dict)

    def prefetch(self, names: list[str]) -> None:
        """The unit's own figures in one go. Raises `Refused` for a name that is no indicator."""
        keys = list(dict.fromkeys(self.indicator(name).key for name in names))
        new = [key for key in keys if key not in self._own]
        if new:
            self._own |= figures.values(new, self.desk.unit, self.desk.period, self.desk.tree)

    def words(self) -> dict[str, Any]:
        """What a template may call."""
        said: dict[str, Callable[..., Any]] = {name: self._saying(phrase) for name, phrase in PHRASES.items()}
        return said | {
            "数": self.amount, "有": self.has, "表": self.table, "图": self.bars, "走势": self.course, "标准": self.standard,
        }  # fmt: skip

    def children(self) -> list[Child]:
        return [Child(it) for it in queries.children(self.desk)]

    def indicator(self, name: str) -> Indicator:
        """By its name, an alias or its key. Raises `Refused`."""
        pack = self.desk.pack
        found = pack.indicators.get(pack.aliases.get(name, name))
        if found is None:
            raise Refused("template.indicator", f"模板里的“{name}”不是任何指标的名称、别名或键。材料没有生成。")
        return found

    def amount(self, name: str, child: Child | None = None) -> Decimal:
        """For conditions; nothing counts as 0 there, and `有` tells the two apart."""
        value = self._value(self.indicator(name), child).value
        return Decimal(0) if value is None else Decimal(value)

    def has(self, name: str, child: Child | None = None) -> bool:
        """Whether there is a figure, and it is not 0."""
        return bool(self._value(self.indicator(name), child).value)

    def table(self, name: str) -> str:
        """The place of a regular table in the text."""
        it = tables.table_of(self.desk.pack, name)
        self.fill(it.key)
        return f"{TABLE_OPEN}{it.key}{TABLE_CLOSE}"

    def bars(self, name: str) -> str:
        """The place of a chart of the units right below."""
        it = self.indicator(name)
        kinds = queries.places(self.desk.pack)
        found = figures.children(it.key, self.desk.unit, self.desk.period, self.desk.tree, kinds=kinds)
        points = [(unit.name.translate(MARKS), self._point(it, unit, value, self.desk.period)) for unit, value in found]
        return self._charted(it, charts.BARS, "单位", points)

    def course(self, name: str) -> str:
        """The place of a chart of the months of the period, at most the last twelve."""
        it, desk = self.indicator(name), self.desk
        count = min(
            MONTHS,
            12 * (desk.period.last.year - desk.period.first.year)
            + desk.period.last.month
            - desk.period.first.month
            + 1,
        )
        found = figures.months(it.key, desk.unit, desk.period.last, count, desk.tree)
        points = [
            (f"{month.last.year}年{month.last.month}月", self._point(it, desk.unit, value, month))
            for month, value in found
        ]
        return self._charted(it, charts.LINE, "月份", points)

    def _point(self, it: Indicator, unit: Unit, value: Value, period: figures.Period) -> tuple[str, Decimal | None]:
        if value.value is None:
            return tables.shown(None), None
        amount = Decimal(value.value)
        within = replace(self.desk, period=period)
        return self._bound(
            it.key, it.name, unit, amount, tables.shown(amount), version=value.version, desk=within
        ), amount

    def _charted(self, it: Indicator, shape: str, of: str, points: list[tuple[str, tuple[str, Decimal | None]]]) -> str:
        key = f"{shape}_{it.key}"
        if not points:
            self.missing.append(it.name)
            return NOTHING
        labels, cells, values = zip(*((label, cell, value) for label, (cell, value) in points), strict=True)
        self.charts[key] = of, charts.Chart(shape, it.name, measure(it), labels, values), cells
        return f"{TABLE_OPEN}{key}{TABLE_CLOSE}"

    def fill(self, key: str) -> None:
        if key not in self.tables:
            self.tables[key] = tables.filled(tables.table_of(self.desk.pack, key), self.desk)

    def standard(self, name: str) -> str:
        """The amount of a standard on the last day, with the word of its bound: 不低于100元."""
        it = self._standard(name)
        amount = it.amount(self.desk.period.last)
        if amount is None:
            self.missing.append(it.name)
            return NOTHING
        text = f"{BOUNDS[it.bound]}{plain(amount)}{MEASURES[it.unit]}"
        return self._bound(it.key, it.name, self.desk.unit, amount, text, version="", standard=True)

    def cell(self, it: Indicator, unit: Unit, value: Value, filled: Filled) -> str:
        """A number of a table; a dash is no number."""
        if value.value is None:
            return tables.shown(None)
        within = replace(self.desk, period=filled.period)
        return self._bound(
            it.key, it.name, unit, Decimal(value.value), tables.shown(value.value), version=value.version, desk=within
        )

    def _standard(self, name: str) -> Standard:
        known = self.desk.pack.standards
        found = known.get(name) or next((it for it in known.values() if it.name == name), None)
        if found is None:
            raise Refused("template.standard", f"模板里的标准“{name}”没有定义。材料没有生成。")
        return found

    def _saying(self, phrase: Phrase) -> Callable[..., str]:
        def say(name: str, child: Child | None = None) -> str:
            it = self.indicator(name)
            found = self._value(it, child)
            if found.value is None:
                self.missing.append(it.name if child is None else f"{child}的{it.name}")
                return NOTHING
            value = Decimal(found.value)
            check_sayable(value, it.name)
            unit = self.desk.unit if child is None else child._unit
            return self._bound(it.key, it.name, unit, value, phrase(value, measure(it)), version=found.version)

        return say

    def _value(self, it: Indicator, child: Child | None) -> Value:
        if child is None:
            self.prefetch([it.key])
            return self._own[it.key]
        if it.key not in self._below:
            desk, kinds = self.desk, queries.places(self.desk.pack)
            found = figures.children(it.key, desk.unit, desk.period, desk.tree, kinds=kinds)
            self._below[it.key] = {unit.pk: value for unit, value in found}
        return self._below[it.key].get(child._unit.pk) or self._nothing(it)

    def _nothing(self, it: Indicator) -> Value:
        """Of a unit that the tree of the figures does not have below this one."""
        return Value(None, timezone.now(), version_of(self.desk, it.key))

    def _bound(
        self, key: str, name: str, unit: Unit, value: Decimal, text: str, *, version: str, standard: bool = False,
        desk: Desk | None = None,
    ) -> str:  # fmt: skip
        days = (desk or self.desk).period
        it = Number(
            len(self.numbers), key, name, unit.pk, unit.name, days.first, days.last, self.desk.tree, version, value, text,
            standard,
        )  # fmt: skip
        self.numbers.append(it)
        return f"{OPEN}{it.index}{CLOSE}"


def version_of(desk: Desk, key: str) -> str:
    """The version by which the figure is defined now; empty where it is defined no more."""
    return definitions_of(desk.pack).version(key) if key in desk.pack.indicators else ""
