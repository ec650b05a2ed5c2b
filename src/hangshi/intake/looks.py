"""How the user's sheet looks, as far as a workbook that goes back to them keeps it: widths of columns, and merged cells."""

import re
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from hangshi.intake import limits

BLOCK = 1 << 20
MOST_MERGED = 2000
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
COLUMN = re.compile(r'<col\b[^>]*?\bmin="(\d{1,5})"[^>]*?\bmax="(\d{1,5})"[^>]*?\bwidth="([\d.]{1,12})"')
WIDTH_FIRST = re.compile(r'<col\b[^>]*?\bwidth="([\d.]{1,12})"[^>]*?\bmin="(\d{1,5})"[^>]*?\bmax="(\d{1,5})"')
MERGED = re.compile(r'<mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


@dataclass(frozen=True)
class Looks:
    """`widths`: column (from 0) → width in characters. `merged`: ranges that do not overlap. Both empty where the file says nothing."""

    widths: dict[int, float]
    merged: tuple[Range, ...] = ()


def of(data: bytes, sheet: str) -> Looks:
    """Of an xlsx; other kinds of file look like nothing. What cannot be read is left out: it is looks alone."""
    if limits.kind_of(data) != "xlsx":
        return Looks({})
    try:
        with ZipFile(BytesIO(data)) as archive:
            before, after = _around_rows(archive, _part(archive, sheet))
    except (BadZipFile, KeyError, OSError, EOFError, ValueError):
        return Looks({})
    return Looks(_widths(before), tuple(_apart(MERGED.findall(after)[:MOST_MERGED])))


def _part(archive: ZipFile, sheet: str) -> str:
    """The entry of the archive that holds the sheet of that name. Raises `KeyError`."""
    names = {_said(it, "name"): _said(it, "r:id") for it in SHEET.findall(archive.read("xl/workbook.xml").decode())}
    relations = RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode())
    targets = {_said(it, "Id"): _said(it, "Target") for it in relations}
    target = targets[names[sheet]]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _said(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _around_rows(archive: ZipFile, part: str) -> tuple[str, str]:
    """What stands before the rows and what stands after them; the rows are passed over, a block at a time."""
    with archive.open(part) as source:
        block = source.read(BLOCK)
        before = block.partition(b"<sheetData")[0]
        last = b""
        while block:
            last, block = (last + block)[-2 * BLOCK :], source.read(BLOCK)
    return before.decode(errors="replace"), last.rpartition(b"</sheetData>")[2].decode(errors="replace")


def _widths(text: str) -> dict[int, float]:
    said = [*COLUMN.findall(text), *((low, high, width) for width, low, high in WIDTH_FIRST.findall(text))]
    return {
        column - 1: min(float(width), 255.0)
        for low, high, width in said
        for column in range(int(low), min(int(high), limits.MOST_COLUMNS) + 1)
    }


def _apart(found: list[tuple[str, str, str, str]]) -> list[Range]:
    kept: list[Range] = []
    for left, top, right, bottom in found:
        one = (int(top) - 1, _column(left), int(bottom) - 1, _column(right))
        if one[0] <= one[2] and one[1] <= one[3] and one[:2] != one[2:] and not any(_touch(one, it) for it in kept):
            kept.append(one)
    return kept


def _touch(a: Range, b: Range) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
