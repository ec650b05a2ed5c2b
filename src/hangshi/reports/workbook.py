"""A regular table as a workbook: numbers as numbers, each a link to where it opens if the address of the site is known."""

import io
from datetime import datetime

import xlsxwriter
from django.utils import timezone

from hangshi.reports.tables import Filled


def of(it: Filled, *, unit: str, by: str, at: datetime) -> bytes:
    """`by` and `at`: who made it and when, written below the title."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True, "valign": "vcenter"})
        name, whole, part = (book.add_format({"border": 1, "num_format": how}) for how in ("@", "#,##0", "#,##0.00"))
        sheet, width = book.add_worksheet(it.table.name[:31]), len(it.heads)
        sheet.merge_range(0, 0, 0, width, f"{unit}{it.table.name}", title)
        note = f"{it.period.first}至{it.period.last}　制表：{by}　{timezone.localtime(at):%Y-%m-%d %H:%M}　依据：{it.table.source}"
        sheet.write_string(1, 0, note)
        for column, text in enumerate(("单位", *(f"{one.name}（{one.measure}）" for one in it.heads))):
            sheet.write_string(2, column, text, head)
        for number, row in enumerate(it.rows, start=3):
            sheet.write_string(number, 0, row.unit.name, name)
            for column, cell in enumerate(row.cells, start=1):
                if cell.value is None:
                    sheet.write_string(number, column, "—", name)
                else:
                    sheet.write_number(number, column, cell.value, whole if cell.value == int(cell.value) else part)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, width, 14)
        sheet.freeze_panes(3, 1)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return kept.getvalue()
