"""The workbooks that are brought in: text cells only, as offices send them."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

import xlsxwriter


def write(to: Path | IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(to, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(chain([head], rows)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
