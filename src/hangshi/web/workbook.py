"""Excel out: text stays text, so that a name beginning with '=' is a name and not a formula."""

import tempfile
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from django.conf import settings
from django.http import FileResponse
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # ships no types

from hangshi.refusal import Refused

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
    """A workbook of one sheet as a download; `says` is its `line`. Rows are written one by one to a temporary file that is never kept.

    `totals`: the columns (from 0) whose sums stand in a last row, with the number of rows that were written; none: no such row.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)  # the head on every printed page
        sheet.set_footer(f"&L{says[:200].replace('&', '&&')}")  # the format ends at 255
        sheet.write_string(0, 0, says)
        for column, text in enumerate(head):
            sheet.write_string(1, column, text, bold)
        sums, number = dict.fromkeys(totals, Decimal(0)), 1
        for number, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, money)
                if column in sums and cell is not None:
                    sums[column] += cell
        if sums:
            sheet.write_string(number + 1, 0, f"合计（{number - 1:,} 行）", bold)
            for column, total in sums.items():
                sheet.write_number(
                    number + 1, column, total, book.add_format({"bold": True, "num_format": _format(total)})
                )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=TYPE)


def _format(number: Decimal) -> str:
    return "#,##0" if number == int(number) else "#,##0.00"


def _write(sheet: Worksheet, row: int, column: int, cell: Any, money: Format) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, cell, money)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime | date):
        sheet.write_string(row, column, cell.isoformat())
    elif cell is not None:
        sheet.write_string(row, column, str(cell))
