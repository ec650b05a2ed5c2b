"""Writing into somebody else's workbook. The one place that knows excelize: it moves merges, heights, formulas and lists along with the rows."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import excelize  # type: ignore[import-untyped]  # ships no marker of its types

from hangshi.refusal import Refused

SOURCES = "数据来源"
LONGEST_LINK = 2000
BROKEN = "这张空白表写不进去，没有生成文件。请在 Excel 或 WPS 中打开空白表另存后重新上传。"


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere: an address, or a place in the workbook."""

    text: str
    to: str
    inside: bool = False


class Book:
    """A workbook open for writing. Rows are numbered from 1."""

    def __init__(self, file: excelize.File, sheet: str) -> None:
        self.file, self.sheet = file, sheet

    def grow(self, first: int, last: int, rows: int) -> int:
        """Make room for that many rows from `first` on; the new ones look like the last but one, inside every range. Returns the last row."""
        for _ in range(rows - (last - first + 1)):
            self.file.duplicate_row(self.sheet, max(first, last - 1))
            last += 1
        return last

    def widen_sums(self, total: int, letters: Iterable[str], first: int, last: int) -> None:
        """A sum over one single row does not grow by itself: let it reach from `first` to `last`."""
        for letter in letters:
            formula = self.file.get_cell_formula(self.sheet, f"{letter}{total}")
            if re.fullmatch(rf"=?SUM\(\$?{letter}\$?{first}(:\$?{letter}\$?{first})?\)", formula, re.IGNORECASE):
                self.file.set_cell_formula(self.sheet, f"{letter}{total}", f"SUM({letter}{first}:{letter}{last})")

    def link(self, cell: str) -> Link:
        """To a cell of the form itself."""
        return Link(cell, f"'{self.sheet.replace(chr(39), chr(39) * 2)}'!{cell}", inside=True)

    def has(self, cell: str) -> bool:
        """Whether anything stands in the cell."""
        return bool(self.file.get_cell_value(self.sheet, cell))

    def write(self, cell: str, value: Decimal | int | str) -> None:
        """Text stays text, whatever it begins with."""
        if isinstance(value, str):
            self.file.set_cell_str(self.sheet, cell, value)
        elif value == int(value):
            self.file.set_cell_value(self.sheet, cell, int(value))
        else:
            self.file.set_cell_value(self.sheet, cell, float(value))

    def computed(self, cell: str) -> str:
        """What the formula of the cell comes to; "" where there is none."""
        if not self.file.get_cell_formula(self.sheet, cell):
            return ""
        return str(self.file.calc_cell_value(self.sheet, cell, excelize.Options(raw_cell_value=True)))

    def add_sources(self, rows: Iterable[tuple[str | Link, ...]]) -> None:
        """A second sheet of text and links."""
        name = SOURCES
        while name in self.file.get_sheet_list():
            name += "1"
        self.file.new_sheet(name)
        for number, row in enumerate(rows, start=1):
            for letter, it in zip("ABCDEFGH", row, strict=False):
                cell = f"{letter}{number}"
                self.file.set_cell_str(name, cell, it.text if isinstance(it, Link) else it)
                if isinstance(it, Link) and len(it.to) < LONGEST_LINK:
                    self.file.set_cell_hyperlink(name, cell, it.to, "Location" if it.inside else "External")
        for letters, width in (("AA", 10), ("BC", 22), ("DD", 24), ("EF", 14), ("GG", 60)):
            self.file.set_col_width(name, letters[0], letters[1], width)

    def saved(self) -> bytes:
        """The workbook; whoever opens it recalculates it first."""
        self.file.set_calc_props(excelize.CalcPropsOptions(full_calc_on_load=True))
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "form.xlsx"
            self.file.save_as(str(place))
            return place.read_bytes()


@contextmanager
def opened(data: bytes, sheet: str) -> Iterator[Book]:
    """Raises `Refused` where the library cannot take the workbook."""
    try:
        file = excelize.open_reader(data)
    except RuntimeError as error:
        raise Refused("form.write", BROKEN) from error
    try:
        yield Book(file, sheet)
    except RuntimeError as error:  # all that the library raises
        raise Refused("form.write", BROKEN) from error
    finally:
        file.close()
