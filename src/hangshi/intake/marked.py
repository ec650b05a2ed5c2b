"""The refused rows back in a workbook shaped as the user's own: cells coloured, the reason at the cell, a first sheet that leads to each."""

from collections.abc import Sequence
from io import BytesIO

import polars as pl
import xlsxwriter

from hangshi.intake.heads import Head
from hangshi.intake.looks import Looks
from hangshi.intake.reading import LIST, Sheet
from hangshi.intake.shape import Target

LISTED = 20_000  # links in a sheet; beyond, the cells still say it
LONGEST = 32_000
DATA = "数据"
PADDING = 0.71  # of a cell, which the file counts in and the writer adds
MIDNIGHT = r" 00:00:00(\.0+)?$"  # a cell with a date is read with it


def workbook(
    target: Target,
    sheet: Sheet,
    head: Head,
    mapping: dict[str, int],
    faults: Sequence[tuple[int, str, str]],
    looks: Looks,
) -> bytes:
    """The title and head as they were, merged cells and widths too, then the refused rows only. Every cell is text, so that a number stays as it was read."""
    numbers = sorted({n for n, *_ in faults})
    kept = pl.concat([sheet.frame.head(head.first), sheet.frame[[n - 1 for n in numbers]]])
    kept = kept.with_columns(pl.all().str.replace(MIDNIGHT, ""))
    place = {n: head.first + i for i, n in enumerate(numbers)}
    sink = BytesIO()
    with xlsxwriter.Workbook(
        sink, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        listed, data = book.add_worksheet(LIST), book.add_worksheet(DATA)
        red, bold = book.add_format({"bg_color": "#FFC7CE", "num_format": "@"}), book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        for r, row in enumerate(kept.iter_rows()):
            for c, cell in enumerate(row):
                if cell is not None:
                    data.write_string(r, c, cell[:LONGEST], bold if r < head.first else text)
        _dress(book, data, kept, head, looks)
        data.freeze_panes(head.first, 0)
        _mark(data, place, mapping, faults, kept, red)
        _list(listed, target, place, mapping, faults, bold)
    return sink.getvalue()


def _dress(
    book: "xlsxwriter.Workbook", data: "xlsxwriter.worksheet.Worksheet", kept: pl.DataFrame, head: Head, looks: Looks
) -> None:
    """Widths of all columns, and the merged cells of title and head; those of the rows are left apart, for their neighbours may be gone."""
    for column, width in looks.widths.items():
        data.set_column(column, column, max(width - PADDING, 0))
    middle = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
    for top, left, bottom, right in looks.merged:
        if bottom < head.first and right < kept.width:
            data.merge_range(top, left, bottom, right, (kept.item(top, left) or "")[:LONGEST], middle)


def _mark(
    data: "xlsxwriter.worksheet.Worksheet",
    place: dict[int, int],
    mapping: dict[str, int],
    faults: Sequence[tuple[int, str, str]],
    kept: pl.DataFrame,
    red: object,
) -> None:
    said: dict[tuple[int, int], list[str]] = {}
    for n, key, sentence in faults:
        said.setdefault((place[n], mapping.get(key, 0)), []).append(sentence)
    for (r, c), sentences in said.items():
        cell = kept.item(r, c)
        data.write_string(r, c, (cell or "")[:LONGEST], red) if cell else data.write_blank(r, c, None, red)
        data.write_comment(r, c, "\n".join(dict.fromkeys(sentences)), {"x_scale": 2})


def _list(
    listed: "xlsxwriter.worksheet.Worksheet",
    target: Target,
    place: dict[int, int],
    mapping: dict[str, int],
    faults: Sequence[tuple[int, str, str]],
    bold: object,
) -> None:
    names = {it.key: it.name for it in target.fields}
    listed.write_string(0, 0, "请在“数据”表中改正红色的单元格后，把这个文件重新上传；已写入的行不在其中。", bold)
    for c, word in enumerate(("原表行号", "列", "原因", "位置")):
        listed.write_string(1, c, word, bold)
    for r, (n, key, sentence) in enumerate(faults[:LISTED], start=2):
        cell = xlsxwriter.utility.xl_rowcol_to_cell(place[n], mapping.get(key, 0))
        listed.write_number(r, 0, n)
        listed.write_string(r, 1, names.get(key, key))
        listed.write_string(r, 2, sentence)
        listed.write_url(r, 3, f"internal:'{DATA}'!{cell}", string=cell)
    if len(faults) > LISTED:
        listed.write_string(
            LISTED + 2, 0, f"共 {len(faults):,} 处，这里列出前 {LISTED:,} 处，其余见“数据”表中的红色单元格。"
        )
    listed.set_column(2, 2, 60)
