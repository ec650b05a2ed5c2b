"""A confirmed form filled for a unit and a period: a row for each unit right below, and where each number comes from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from hangshi.forms import book, proposals, services
from hangshi.forms.book import Book, Link
from hangshi.forms.layout import Column, Layout, words
from hangshi.forms.models import Form
from hangshi.indicators import queries
from hangshi.indicators.queries import Period, Value
from hangshi.packs.models import Indicator
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

MOST_UNITS = 1000
HEAD = ("单元格", "单位", "栏目", "指标", "填入的数", "系统的数", "打开明细")
Address = Callable[[str, Unit], str]  # key of an indicator, unit → where its figure opens


@dataclass
class Filled:
    """`missing`: units with no row of a form whose names are printed; `strange`: printed names that are no unit right below.

    `numbers`: cells of figures, `empty` of them without data; `left`: cells of columns that nobody confirmed, left for a person to type.
    """

    data: bytes
    numbers: int
    empty: int
    left: int
    missing: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Figures:
    """One column: the figure of each unit by its id, and of the unit above them all."""

    column: Column
    it: Indicator
    below: dict[int, Value]
    whole: Value

    def written(self, value: Value) -> Decimal | int | None:
        """In the measure of the form: 万元 for yuan, a part of 1 for percent where the cell's format multiplies."""
        if value.value is None:
            return None
        if self.it.unit == "yuan" and self.column.divisor > 1:
            return Decimal(value.value) / self.column.divisor
        if self.it.unit == "percent" and self.column.percent:
            return Decimal(value.value) / 100
        return value.value


def kinds_below(unit: Unit, when: Period) -> list[str]:
    """The kinds of the units right below, the most numerous first: each may be the rows of a form."""
    depth = unit.path.count("/") + 1
    below = Unit.objects.filter(path__startswith=unit.path, until=None, since__lte=when.last)
    found = [it.kind for it in below.only("kind", "path") if it.path.count("/") == depth]
    return sorted(set(found), key=lambda kind: (-found.count(kind), kind))


def fill(form: Form, unit: Unit, when: Period, kind: str, address: Address) -> Filled:
    """Raises `Refused` for a form that nobody confirmed, and where there is no unit of the kind right below."""
    if form.confirmed_on is None:
        raise Refused("form.unconfirmed", "这张表的各列还没有确认，不能填。请先核对各列。")
    found = services.layout_of(form)
    figures = list(_figures(form, found, unit, when, kind))
    units = [it for it, _ in queries.children(figures[0].it.key, unit, when, kinds={kind})]
    if not units:
        raise Refused("form.units", f"{unit.name}下面没有这类单位，没有生成文件。请换一个单位，或换一类作为各行。")
    if len(units) > MOST_UNITS:
        raise Refused(
            "form.many", f"有 {len(units):,} 个单位，一张表最多 {MOST_UNITS:,} 行，没有生成文件。请到下一级去填。"
        )
    with book.opened(bytes(form.blank), found.sheet) as sheet:
        rows, last, strange = _placed(sheet, found, form, units)
        for number, (row, it) in enumerate(rows.items(), start=1):
            _row(sheet, form, row, it, number, found.printed.get(row, ()))
        sources = [source for row, it in rows.items() for source in _numbers(sheet, figures, row, it, address)]
        total = found.total + (last - found.last if found.total > found.last else 0)
        totals = list(_totals(sheet, figures, total, unit, address)) if total else []
        missing = [it.name for it in units if it not in rows.values()]
        notes = _notes(form, unit, when, missing, strange)
        sheet.add_sources([*notes, HEAD, *sources, *totals])
        empty = sum(it.written(it.below[below.pk]) is None for it in figures for below in rows.values())
        left = len(rows) * sum(not it.formula and not form.mapping.get(it.letter) for it in found.columns)
        return Filled(sheet.saved(), len(sources), empty, left, missing, strange)


def _figures(form: Form, found: Layout, unit: Unit, when: Period, kind: str) -> Iterator[Figures]:
    columns = {it.letter: it for it in found.columns}
    for letter, target in form.mapping.items():
        if not target.startswith(proposals.FIGURE):
            continue
        key = target.removeprefix(proposals.FIGURE)
        below = {it.pk: value for it, value in queries.children(key, unit, when, kinds={kind})}
        yield Figures(columns[letter], queries.definition(key), below, queries.value(key, unit, when))


def _placed(sheet: Book, found: Layout, form: Form, units: list[Unit]) -> tuple[dict[int, Unit], int, list[str]]:
    """Row → unit, the last row, and printed names that are none: a form with names keeps its rows, any other gets as many as it needs."""
    named = {words(it.name): it for it in units} | {it.code: it for it in units if it.code}
    hits = {row: next((named[it] for it in texts if it in named), None) for row, texts in found.printed.items()}
    if any(hits.values()):
        strange = [
            "".join(it for it in found.printed[row] if not it.isdecimal())
            for row, it in hits.items()
            if it is None and found.printed[row]
        ]
        return {row: it for row, it in hits.items() if it is not None}, found.last, strange
    last = sheet.grow(found.first, found.last, len(units))
    if found.first == found.last < last and found.total:
        at = found.total + (last - found.last if found.total > found.last else 0)
        sheet.widen_sums(at, [it.letter for it in found.columns], found.first, last)
    return dict(zip(range(found.first, last + 1), units, strict=False)), last, []


def _row(sheet: Book, form: Form, row: int, unit: Unit, number: int, printed: tuple[str, ...]) -> None:
    """Name, code and number; a row that has the unit's name printed keeps what is printed beside it."""
    kept = bool({words(unit.name), unit.code} & set(printed))
    said: dict[str, int | str] = {proposals.NAME: unit.name, proposals.CODE: unit.code, proposals.SERIAL: number}
    for letter, target in form.mapping.items():
        if target in said and not (kept and sheet.has(f"{letter}{row}")):
            sheet.write(f"{letter}{row}", said[target])


def _numbers(
    sheet: Book, figures: list[Figures], row: int, unit: Unit, address: Address
) -> Iterator[tuple[str | Link, ...]]:
    for it in figures:
        cell, value = f"{it.column.letter}{row}", it.below[unit.pk]
        number = it.written(value)
        if number is not None:
            sheet.write(cell, number)
        yield _source(sheet, it, cell, unit, "空（无数据）" if number is None else _said(number), value, address)


def _totals(
    sheet: Book, figures: list[Figures], row: int, unit: Unit, address: Address
) -> Iterator[tuple[str | Link, ...]]:
    """What the form's own formulas come to, beside the system's figure of the unit: they differ where records stand elsewhere below it."""
    for it in figures:
        cell = f"{it.column.letter}{row}"
        if computed := sheet.computed(cell):
            known = it.written(it.whole)
            word = (
                "与系统一致"
                if known is not None and _equal(computed, known)
                else "与系统不一致：有记录登记在本级或其他类单位，或该指标不能相加"
            )
            yield _source(sheet, it, cell, unit, f"{computed}（合计，{word}）", it.whole, address)


def _source(
    sheet: Book, it: Figures, cell: str, unit: Unit, said: str, value: Value, address: Address
) -> tuple[str | Link, ...]:
    known = "无数据" if value.value is None else _said(value.value)
    inside = Link(cell, f"'{sheet.sheet.replace(chr(39), chr(39) * 2)}'!{cell}", inside=True)
    to = address(it.it.key, unit)
    return inside, unit.name, it.column.label, it.it.name, said, known, Link(to, to)


def _notes(form: Form, unit: Unit, when: Period, missing: list[str], strange: list[str]) -> list[tuple[str, ...]]:
    said: list[tuple[str, ...]] = [
        (f"{form.title}：{unit.name}，{when.first} 至 {when.last}。存量取截止日，发生数取期间。",)
    ]
    if missing:
        said.append((f"表中没有行、因此没有填的单位：{'、'.join(missing)}。",))
    if strange:
        said.append((f"表中写着、系统里没有的单位：{'、'.join(strange)}。",))
    return said


def _said(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():f}"


def _equal(text: str, number: Decimal | int) -> bool:
    try:
        return abs(Decimal(text) - Decimal(number)) < Decimal("0.000001")
    except InvalidOperation:
        return False
