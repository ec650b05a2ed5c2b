"""A confirmed form filled for a unit and a period: a row for each unit right below or for each record of a list, single cells for the unit
itself, and where each of them comes from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from hangshi.forms import book, lists, proposals, services
from hangshi.forms.book import Book, Link
from hangshi.forms.layout import Column, Layout, words
from hangshi.forms.lists import RecordList, Row
from hangshi.forms.models import Form
from hangshi.indicators import queries
from hangshi.indicators.queries import Period, Value
from hangshi.packs.models import Indicator, Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

MOST_UNITS = 1000
HEAD = ("单元格", "单位", "栏目", "指标", "填入的数", "系统的数", "打开明细")
Address = Callable[[str, Unit], str]  # key of an indicator, unit → where its figure opens
Opens = Callable[[str, int], str]  # register, number of a record → where it opens


@dataclass
class Filled:
    """`missing`: units with no row of a form whose names are printed; `strange`: printed names that are no unit right below.

    `numbers`: cells of figures, `empty` of them without data; `left`: cells of columns that nobody confirmed, left for a person to type.
    """

    data: bytes
    numbers: int
    empty: int = 0
    left: int = 0
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


def fill(form: Form, unit: Unit, when: Period, kind: str, address: Address, *, on: date | None = None) -> Filled:
    """`on`: the day of filling, where the form asks for it; the last of the period if none is said.

    Raises `Refused` for a form that nobody confirmed, and where there is no unit of the kind right below.
    """
    found = _confirmed(form)
    if proposals.lists_of(form.mapping.values()):
        raise Refused("form.list", "这张表的各行是名册里的记录，要由有导出权限的人下载。")
    figures = list(_figures(form, found, unit, when, kind))
    units = _units(form, figures, unit, when, kind)
    with book.opened(bytes(form.blank), found.sheet) as sheet:
        singles = list(_singles(sheet, form, found, unit, when, on, address))
        rows, last, strange = _placed(sheet, found, form, units)
        for number, (row, it) in enumerate(rows.items(), start=1):
            _row(sheet, form, row, it, number, found.printed.get(row, ()))
        sources = [source for row, it in rows.items() for source in _numbers(sheet, figures, row, it, address)]
        total = found.total + (last - found.last if found.total > found.last else 0)
        totals = list(_totals(sheet, figures, total, unit, address)) if total else []
        missing = [it.name for it in units if it not in rows.values()]
        notes = _notes(form, unit, when, missing, strange)
        sheet.add_sources([*notes, HEAD, *singles, *sources, *totals])
        empty = sum(it.written(it.below[below.pk]) is None for it in figures for below in rows.values())
        left = len(rows) * _unconfirmed(form, found)
        return Filled(sheet.saved(), len(singles) + len(sources), empty, left, missing, strange)


def _unconfirmed(form: Form, found: Layout) -> int:
    """How many columns are left for a person to type into."""
    return sum(not it.formula and not form.mapping.get(it.letter) for it in found.columns)


def fill_list(
    pack: Pack, form: Form, unit: Unit, when: Period, address: Address, opens: Opens, *, on: date | None = None
) -> Filled:
    """A row for each record of the list that the columns were confirmed as, in force on the last day. Raises `Refused`."""
    found = _confirmed(form)
    key = next(iter(proposals.lists_of(form.mapping.values())), "")
    it = lists.lists(pack).get(key)
    if it is None:
        raise Refused("form.list", "这张表的各行不是名册里的记录，没有生成文件。请核对各列填什么。")
    records = lists.rows(pack, it, unit, when, MOST_UNITS)
    _check_rows(len(records), f"{unit.name}没有{it.name}")
    with book.opened(bytes(form.blank), found.sheet) as sheet:
        singles = list(_singles(sheet, form, found, unit, when, on, address))
        last = _grown(sheet, found, len(records))
        sources = [
            _record(sheet, form, found, it, row, number, record, opens)
            for number, (row, record) in enumerate(zip(range(found.first, last + 1), records, strict=False), start=1)
        ]
        sheet.add_sources([*_notes(form, unit, when, [], []), HEAD, *singles, *sources])
        left = len(records) * _unconfirmed(form, found)
        return Filled(sheet.saved(), len(singles) + len(sources), left=left)


def _confirmed(form: Form) -> Layout:
    if form.confirmed_on is None:
        raise Refused("form.unconfirmed", "这张表的各列还没有确认，不能填。请先核对各列。")
    return services.layout_of(form)


def _check_rows(rows: int, none: str) -> None:
    if not rows:
        raise Refused("form.units", f"{none}，没有生成文件。请换一个单位，或换一类作为各行。")
    if rows > MOST_UNITS:
        raise Refused("form.many", f"一张表最多 {MOST_UNITS:,} 行，没有生成文件。请到下一级去填。")


def _units(form: Form, figures: list[Figures], unit: Unit, when: Period, kind: str) -> list[Unit]:
    """Whose rows they are: the unit's own where no column names units; none where there are only single cells."""
    if not figures:
        return []
    named = {target for letter, target in form.mapping.items() if letter.isalpha()}
    if not named & {proposals.NAME, proposals.CODE}:
        return [unit]
    units = [it for it, _ in queries.children(figures[0].it.key, unit, when, kinds={kind})]
    _check_rows(len(units), f"{unit.name}下面没有这类单位")
    return units


def _singles(
    sheet: Book, form: Form, found: Layout, unit: Unit, when: Period, on: date | None, address: Address
) -> Iterator[tuple[str | Link, ...]]:
    """Single cells, filled for the unit itself; where each figure among them comes from."""
    said = {
        proposals.NAME: unit.name,
        proposals.CODE: unit.code,
        proposals.DAY: when.last.isoformat(),
        proposals.FILLED_ON: (on or when.last).isoformat(),
    }
    for cell in found.cells:
        target = form.mapping.get(cell.letter, "")
        if said.get(target):
            sheet.write(cell.letter, cell.before + said[target])
        elif target.startswith(proposals.FIGURE):
            key = target.removeprefix(proposals.FIGURE)
            it = Figures(cell, queries.definition(key), {}, queries.value(key, unit, when))
            number = it.written(it.whole)
            if number is not None:
                sheet.write(cell.letter, f"{cell.before}{_said(number)}" if cell.before else number)
            yield _source(sheet, it, cell.letter, unit, _filled(number), it.whole, address)


def _record(
    sheet: Book, form: Form, found: Layout, it: RecordList, row: int, number: int, record: Row, opens: Opens
) -> tuple[str | Link, ...]:
    """Write the record's cells; where it opens. No name is repeated there: the link leads to it."""
    written = []
    for column in found.columns:
        target = form.mapping.get(column.letter, "")
        text = number if target == proposals.SERIAL else record.cells.get(target.rsplit(".", 1)[-1], "")
        if target and text:
            sheet.write(f"{column.letter}{row}", text)
            written.append(f"{column.letter}{row}")
    to = opens(it.table, record.pk)
    return sheet.link(written[0] if written else f"A{row}"), record.cells["unit"], it.name, "记录", "", "", Link(to, to)


def _figures(form: Form, found: Layout, unit: Unit, when: Period, kind: str) -> Iterator[Figures]:
    columns = {it.letter: it for it in found.columns}
    for letter, target in form.mapping.items():
        if not target.startswith(proposals.FIGURE) or letter not in columns:
            continue
        key = target.removeprefix(proposals.FIGURE)
        below, whole = queries.children(key, unit, when, kinds={kind}), queries.value(key, unit, when)
        of_each = {unit.pk: whole} | {it.pk: value for it, value in below}
        yield Figures(columns[letter], queries.definition(key), of_each, whole)


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
    last = _grown(sheet, found, len(units)) if units else found.last
    return dict(zip(range(found.first, last + 1), units, strict=False)), last, []


def _grown(sheet: Book, found: Layout, rows: int) -> int:
    """The last row when there is room for that many, the totals with them."""
    last = sheet.grow(found.first, found.last, rows)
    if found.first == found.last < last and found.total:
        at = found.total + (last - found.last if found.total > found.last else 0)
        sheet.widen_sums(at, [it.letter for it in found.columns], found.first, last)
    return last


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
        yield _source(sheet, it, cell, unit, _filled(number), value, address)


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
    to = address(it.it.key, unit)
    return sheet.link(cell), unit.name, it.column.label, it.it.name, said, known, Link(to, to)


def _notes(form: Form, unit: Unit, when: Period, missing: list[str], strange: list[str]) -> list[tuple[str, ...]]:
    said: list[tuple[str, ...]] = [
        (f"{form.title}：{unit.name}，{when.first} 至 {when.last}。存量取截止日，发生数取期间。",)
    ]
    if missing:
        said.append((f"表中没有行、因此没有填的单位：{'、'.join(missing)}。",))
    if strange:
        said.append((f"表中写着、系统里没有的单位：{'、'.join(strange)}。",))
    return said


def _filled(number: Decimal | int | None) -> str:
    return "空（无数据）" if number is None else _said(number)


def _said(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():f}"


def _equal(text: str, number: Decimal | int) -> bool:
    try:
        return abs(Decimal(text) - Decimal(number)) < Decimal("0.000001")
    except InvalidOperation:
        return False
