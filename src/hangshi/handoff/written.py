"""The file that goes to the upper system, written row by row in its own form."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator

import xlsxwriter

from hangshi.audit import queries as audited
from hangshi.handoff import shaping, sources
from hangshi.handoff.models import Handoff
from hangshi.handoff.shaping import Shaper
from hangshi.packs.uppers import Upper
from hangshi.refusal import Refused

TOLD = 2000
Tell = Callable[[int, int, str], None]


def file(shaper: Shaper, handoff: Handoff, rows: int, tell: Tell) -> bytes:
    """Raises `Refused` where a record is not as it was previewed: nobody sends what nobody has seen."""
    write = _xlsx if shaper.upper.file == "xlsx" else _csv
    data, number = write(shaper.upper, _line(handoff, rows), _rows(shaper, handoff, rows, tell))
    if number != rows:
        raise Refused("handoff.stale", _STALE)
    return data


_STALE = "预览之后，在册记录有了变动，没有上报任何一行。请撤回后重新拟制。"


def _rows(shaper: Shaper, handoff: Handoff, total: int, tell: Tell) -> Iterator[list[str]]:
    key, done = shaping.key(handoff.key_number), 0
    for gone in (False, True):
        for act, index, digest, record in sources.of_file(shaper.upper, handoff, gone=gone):
            shaped = shaper.shaped(record)
            if (shaper.index(record, shaped), shaper.digest(record.subject, shaped, key)) != (index, digest):
                raise Refused("handoff.stale", _STALE)
            yield list(shaper.cells(act, record, shaped))
            done += 1
            if done % TOLD == 0:
                tell(done, total, "写文件")


def _line(handoff: Handoff, rows: int) -> str:
    """Who made it, and of what; the day it is checked stands in the system, not in the file."""
    maker = audited.names_of([handoff.made_by]).get(handoff.made_by, "")
    return f"填报单位：{handoff.unit.name}　截止日：{handoff.day}　制表人：{maker}　制表日期：{handoff.made_on}　共 {rows:,} 行"


def _xlsx(upper: Upper, line: str, rows: Iterator[list[str]]) -> tuple[bytes, int]:
    """Every cell is text: a number of eighteen digits stays whole, and nothing is computed."""
    with tempfile.TemporaryFile() as sink:
        with xlsxwriter.Workbook(sink, {"constant_memory": True}) as book:
            sheet, head = book.add_worksheet(upper.sheet[:31]), int(upper.line)
            bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
            if upper.line:
                sheet.write_string(0, 0, line)
            for column, it in enumerate(upper.columns):
                sheet.set_column(column, column, 20, text)
                sheet.write_string(head, column, it.name, bold)
            number = head
            for number, row in enumerate(rows, start=head + 1):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell, text)
        sink.seek(0)
        return sink.read(), number - head


def _csv(upper: Upper, line: str, rows: Iterator[list[str]]) -> tuple[bytes, int]:
    sink, body = io.StringIO(), list(rows)
    out = csv.writer(sink, lineterminator="\r\n")
    if upper.line:
        out.writerow([line])
    out.writerow([it.name for it in upper.columns])
    out.writerows(body)
    return sink.getvalue().encode(upper.encoding), len(body)
