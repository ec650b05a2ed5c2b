"""Excel out: text stays text, so that a name beginning with '=' is a name and not a formula."""

import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from django.http import FileResponse
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # ships no types

ROWS = 1_048_575  # below the head; the sheet of the format ends there
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> FileResponse:
    """A workbook of one sheet as a download. Rows are written one by one to a temporary file, whatever their number."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(head):
            sheet.write_string(0, column, text, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            if number > ROWS:
                break
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=TYPE)


def _write(sheet: Worksheet, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime | date):
        sheet.write_string(row, column, cell.isoformat())
    elif cell is not None:
        sheet.write_string(row, column, str(cell))
