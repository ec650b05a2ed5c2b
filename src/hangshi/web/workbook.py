"""Excel out: text stays text, so that a name beginning with '=' is a name and not a formula."""

import tempfile
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.conf import settings
from django.http import FileResponse
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hangshi.refusal import Refused

HEAD, FIRST = 2, 3  # rows of the sheet, from 0, below its title and its line
LOOKED, WIDEST = 200, 48  # rows by which a column's width is judged, and the widest
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def check_size(rows: int) -> None:
    """Raises `Refused` beyond the cap: an export is whole or it is not made, never cut in silence."""
    if rows > settings.EXPORT_ROWS:
        raise Refused(
            "export.cap",
            f"符合条件的超过 {settings.EXPORT_ROWS:,} 行，是一次导出的上限，没有导出任何一行。请按单位、类别或日期分次导出；"
            "确需一次导出更多，请说明用途向系统管理员申请调高上限。",
        )


def line(by: str, *, at: datetime, of: str, rows: int) -> str:
    """Who made it, when, of what, how many rows: the first row of every workbook, and the foot of every printed page."""
    return f"制表人：{by}　导出时间：{at:%Y-%m-%d %H:%M}　范围：{of}　共 {rows:,} 行　内部资料，用后妥善保管"


def answer(
    name: str, head: Iterable[str], rows: Iterable[Iterable[Any]], *, says: str, totals: Collection[int] = ()
) -> FileResponse:
    """A workbook of one sheet as a download: title, `says` (its `line`), head, rows. Written row by row to a temporary file that is never kept.

    `totals`: the columns (from 0) whose sums stand in a last row, with the number of rows that were written; none: no such row.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True, "remove_timezone": True}) as book:
        sheet, formats = book.add_worksheet("数据"), _formats(book)
        labels = list(head)
        _open(sheet, formats, name, says, labels)
        sums, number = dict.fromkeys(totals, Decimal(0)), HEAD
        widths = [_width(it) for it in labels]
        for number, row in enumerate(rows, start=FIRST):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, formats)
                if column in sums and cell is not None:
                    sums[column] += cell
                if number < FIRST + LOOKED and column < len(widths):
                    widths[column] = max(widths[column], _width(cell))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, WIDEST))
        if sums:
            sheet.write_string(number + 1, 0, f"合计（{number - HEAD:,} 行）", formats["bold"])
            for column, total in sums.items():
                sheet.write_number(number + 1, column, total, formats["sum" if total == int(total) else "sums"])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=TYPE)


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    said = {
        "title": {"bold": True, "font_size": 16},
        "bold": {"bold": True},
        "money": {"num_format": "#,##0.00"},
        "day": {"num_format": "yyyy-mm-dd", "align": "left"},
        "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
        "sum": {"bold": True, "num_format": "#,##0"},
        "sums": {"bold": True, "num_format": "#,##0.00"},
    }
    return {key: book.add_format(it) for key, it in said.items()}


def _open(sheet: Worksheet, formats: dict[str, Format], name: str, says: str, head: list[str]) -> None:
    sheet.freeze_panes(FIRST, 0)
    sheet.repeat_rows(HEAD)  # the head on every printed page
    sheet.set_footer(f"&L{says[:200].replace('&', '&&')}")  # the format ends at 255
    sheet.write_string(0, 0, name, formats["title"])
    sheet.write_string(1, 0, says)
    for column, text in enumerate(head):
        sheet.write_string(HEAD, column, text, formats["bold"])


def _width(cell: Any) -> int:
    """In characters of the narrow kind; a Chinese one is twice as wide."""
    if isinstance(cell, datetime | date):
        return 16 if isinstance(cell, datetime) else 10
    return sum(1 if it.isascii() else 2 for it in str(cell if cell is not None else ""))


def _write(sheet: Worksheet, row: int, column: int, cell: Any, formats: dict[str, Format]) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, cell, formats["money"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        sheet.write_datetime(row, column, local, formats["moment"])
    elif isinstance(cell, date) and cell.year >= 1900:
        sheet.write_datetime(row, column, cell, formats["day"])
    elif cell is not None:
        sheet.write_string(row, column, str(cell))
