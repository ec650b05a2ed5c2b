"""How a blank form is laid out: where its head stands, what its columns are called, which rows are to fill, which are totals and notes;
and which single cells are to fill, by the label to their left."""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hangshi.intake.heads import NOTES, TOTALS
from hangshi.intake.limits import kind_of
from hangshi.refusal import Refused

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2000, 200
LOOKED = 25  # rows from the top among which the head is sought
NUMBERING = re.compile(r"(?:栏次|[甲乙丙丁]|\d{1,3}(?:=[\d+\-*/×÷()]+)?)\Z")
MONEY = {"万元": 10_000, "千元": 1_000, "亿元": 100_000_000}
BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Column:
    """`label`: the texts of the head from the top down, joined by “/”. `formula`: the form computes it, nothing is written there.

    `divisor`: what an amount in yuan is divided by; `percent`: a rate is written as a part of 1, for the format multiplies.
    A single cell is told like a column: `letter` is then its address, and `before` what already stands in it, to be written before the value.
    """

    letter: str
    label: str
    formula: bool
    divisor: int
    percent: bool
    before: str = ""


@dataclass(frozen=True)
class Layout:
    """Rows are numbered from 1 and `first` and `last` are included; `total` 0: none. `printed`: row → texts that stand in it already.

    `cells`: the single cells to fill. A form of nothing else has no columns and no rows, `first` and `last` are 0.
    """

    sheet: str
    title: str
    columns: tuple[Column, ...]
    first: int
    last: int
    total: int
    printed: dict[int, tuple[str, ...]]
    cells: tuple[Column, ...] = ()

    @property
    def digest(self) -> str:
        """Equal for two forms whose columns are called the same, whatever their title, rows and notes; of one without columns, its cells."""
        named = self.columns or self.cells
        said = "\n".join(f"{it.letter} {it.label} {it.formula} {it.divisor}" for it in named)
        return hashlib.sha256(said.encode()).hexdigest()


def read(data: bytes) -> Layout:
    """The layout of the first visible sheet that has a head. Raises `Refused` for what is no xlsx, or has none."""
    if len(data) > MOST_BYTES:
        raise Refused("form.size", f"空白表超过 {MOST_BYTES // 2**20} MB，没有收下。请删去图片和用不到的工作表再上传。")
    if kind_of(data) != "xlsx":
        raise Refused(
            "form.type", "只收 xlsx 的空白表，没有收下。请在 Excel 或 WPS 中另存为“Excel 工作簿（*.xlsx）”再上传。"
        )
    try:
        book = load_workbook(BytesIO(data))
    except BROKEN as error:
        raise Refused("form.broken", "这个工作簿打不开，没有收下。请在 Excel 或 WPS 中打开后另存，再上传。") from error
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and (found := _Sheet(sheet).layout()):
            return found
    raise Refused(
        "form.head",
        f"前{LOOKED}行里没有找到表头，或表头下没有留出填写的行，没有收下。请保留列名和至少一个空行，再上传。",
    )


def words(value: object) -> str:
    """The text of a cell on one line, half-width, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value if value is not None else "")))


class _Sheet:
    """One sheet while it is looked at."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.rows, self.width = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
        self.merges = list(sheet.merged_cells.ranges)
        self.anchors = {
            (row, column): (it.min_row, it.min_col)
            for it in self.merges
            if it.size["rows"] * it.size["columns"] <= MOST_ROWS * MOST_COLUMNS
            for row, column in it.cells
        }

    def text(self, row: int, column: int) -> str:
        """What a reader sees there: of a merged cell, the text of the whole."""
        return words(self.sheet.cell(*self.anchors.get((row, column), (row, column))).value)

    def own(self, row: int) -> list[str]:
        """The texts that begin in the row, those of merged cells once."""
        return [it for cell in self.sheet[row][: self.width] if (it := words(cell.value))]

    def layout(self) -> Layout | None:
        top = next((row for row in range(1, min(self.rows, LOOKED) + 1) if self._is_head(row)), 0)
        if not top or self._is_pairs(top):
            return self._card()
        bottom = self._bottom(top)
        first = bottom + 1
        while first <= self.rows and self._is_numbering(first):
            first += 1
        total = first if self._is_total(first) else 0
        first += bool(total)
        last = self._last(first)
        if last < first:
            return None
        total = total or (last + 1 if self._is_total(last + 1) else 0)
        columns = tuple(self._columns(top, bottom, first))
        printed = {row: tuple(self.own(row)) for row in range(first, last + 1)}
        cells = tuple(it for row in range(1, top) for it in self._cells(row, marked=True))
        return Layout(self.sheet.title, self._title(top), columns, first, last, total, printed, cells)

    def _card(self) -> Layout | None:
        """A form of labels, each with the cell to fill to its right; without columns."""
        rows = range(1, self.rows + 1)
        cells = tuple(it for row in rows for it in self._cells(row, marked=not self._is_pairs(row)))
        top = next((row for row in rows if self._is_pairs(row)), 0)
        return Layout(self.sheet.title, self._title(top), (), 0, 0, 0, {}, cells) if top and len(cells) >= 2 else None

    def _is_pairs(self, row: int) -> bool:
        """Labels and gaps by turns, in this row and in one beside it: above a table the labels stand together."""
        return self._alternates(row) and any(self._alternates(it) for it in (row - 1, row + 1) if 1 <= it <= self.rows)

    def _alternates(self, row: int) -> bool:
        labels = list(self._labels(row))
        return bool(labels) and all(
            self._boxed(row, right) and (not (text := self.text(row, right)) or text.startswith("="))
            for _, right, _ in labels
        )

    def _labels(self, row: int) -> Iterator[tuple[int, int, str]]:
        """Of each text that begins in the row and is no formula: its column, the next one after it, and what it says."""
        for column in range(1, self.width + 1):
            anchor = self.anchors.get((row, column), (row, column))
            text = self.text(row, column)
            if text and not text.startswith("=") and anchor == (row, column):
                yield column, self._after(row, column), text

    def _after(self, row: int, column: int) -> int:
        return next((it.max_col for it in self.merges if (it.min_row, it.min_col) == (row, column)), column) + 1

    def _boxed(self, row: int, column: int) -> bool:
        if column > self.width:
            return False
        return bool(self.sheet.cell(*self.anchors.get((row, column), (row, column))).border.bottom.style)

    def _cells(self, row: int, *, marked: bool) -> Iterator[Column]:
        """The cells to fill of a row, each after its label; `marked`: only after labels that end in a colon, where there may be no cell but its own."""
        for column, right, text in self._labels(row):
            label = text.rstrip(":")
            if (marked and (text == label or text.startswith(NOTES))) or self.text(row, right).startswith("="):
                continue
            inside = marked and (right > self.width or bool(self.text(row, right)))
            at = self.sheet.cell(row, column if inside else right)
            if inside or self.anchors.get((row, right), (row, right)) == (row, right):
                money = MONEY[next((it for it in MONEY if it in label), "")] if any(it in label for it in MONEY) else 1
                before = str(self.sheet.cell(row, column).value) if inside else ""
                yield Column(at.coordinate, label, False, money, "%" in at.number_format, before)

    def _is_head(self, row: int) -> bool:
        own = self.own(row)
        return len(own) >= 2 and not any(":" in it or it.startswith("=") or it.isdecimal() for it in own)

    def _bottom(self, top: int) -> int:
        """The head goes down as far as its merged cells reach, and one row further where a merged cell spans columns to be named."""
        bottom = top
        while True:
            reach = max((it.max_row for it in self.merges if top <= it.min_row <= bottom), default=bottom)
            spans = any(
                it.min_row <= reach <= it.max_row and it.size["columns"] > 1 and it.min_row >= top for it in self.merges
            )
            if spans and self._names_columns(reach + 1):
                reach += 1
            if reach <= bottom:
                return bottom
            bottom = reach

    def _names_columns(self, row: int) -> bool:
        own = self.own(row) if row <= self.rows else []
        return (
            len(own) >= 2
            and not self._is_numbering(row)
            and not self._is_total(row)
            and not any("=" in it for it in own)
        )

    def _is_numbering(self, row: int) -> bool:
        """栏次: 甲 乙 1 2 3=1+2."""
        own = self.own(row)
        return len(own) >= 2 and all(NUMBERING.match(it) for it in own)

    def _is_total(self, row: int) -> bool:
        return row <= self.rows and any(it in TOTALS for it in self.own(row)[:2])

    def _last(self, first: int) -> int:
        """The row before the total or the notes, or the last one with borders or anything in it."""
        last = first - 1
        for row in range(first, self.rows + 1):
            own = self.own(row)
            if self._is_total(row) or (own and own[0].startswith((*NOTES, "注"))):
                return row - 1
            if own or any(isinstance(it, Cell | MergedCell) and it.border.bottom.style for it in self.sheet[row]):
                last = row
        return last

    def _columns(self, top: int, bottom: int, first: int) -> Iterator[Column]:
        money = next((it for it in MONEY if any(f"单位:{it}" in text for text in self._above(top))), "")
        for number in range(1, self.width + 1):
            parts = list(dict.fromkeys(it for row in range(top, bottom + 1) if (it := self.text(row, number))))
            if not parts:
                continue
            label, cell = "/".join(parts), self.sheet.cell(first, number)
            divisor = (
                MONEY[next((it for it in MONEY if it in label), money)]
                if money or any(it in label for it in MONEY)
                else 1
            )
            formula = str(cell.value if cell.value is not None else "").startswith("=")
            yield Column(get_column_letter(number), label, formula, divisor, "%" in cell.number_format)

    def _above(self, top: int) -> Iterator[str]:
        return (text for row in range(1, top) for text in self.own(row))

    def _title(self, top: int) -> str:
        return next((it for it in self._above(top) if ":" not in it and not re.match(r"附件|附表", it)), "")
