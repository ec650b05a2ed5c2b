"""The words of a template as blocks. A small part of Markdown: headings, paragraphs, a table of bars.

`#` begins the title, `##`, `###`, `####` the three levels below it, which are numbered 一、（一）1. in the order in which they appear:
a section that a condition leaves out leaves no gap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hangshi.reports.numbers import TABLE_CLOSE, TABLE_OPEN

TITLE, PARAGRAPH, FILLED, BARS = "title", "paragraph", "filled", "bars"
LEVELS = ("one", "two", "three")
_HEADING = re.compile(r"(#{1,4})\s+(\S.*)\Z")
_DIGITS = "〇一二三四五六七八九"
_RULE = re.compile(r"[\s|:-]+\Z")


@dataclass(frozen=True)
class Block:
    """`text` still holds the marks of its numbers. A filled table has its key there, a table of bars its cells in `rows`."""

    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...] = field(default=())


def blocks(text: str) -> Iterator[Block]:
    """What stands between empty lines is a paragraph; its lines are joined without a space, as Chinese is."""
    counted = [0, 0, 0]
    for piece in re.split(r"\n\s*\n|\n(?=#{1,4}\s)|(?<=\n)(?=\ue002)|(?<=\ue003)\n", text.replace("\r\n", "\n")):
        for lines in _pieces(piece):
            yield _block(lines, counted)


def _pieces(piece: str) -> Iterator[list[str]]:
    lines = [line.strip() for line in piece.split("\n") if line.strip()]
    if lines and _HEADING.match(lines[0]) and len(lines) > 1:
        yield lines[:1]
        lines = lines[1:]
    if lines:
        yield lines


def _block(lines: list[str], counted: list[int]) -> Block:
    first = lines[0]
    if found := _HEADING.match(first):
        depth = len(found[1])
        return Block(TITLE, found[2]) if depth == 1 else _numbered(depth - 2, found[2], counted)
    if first.startswith(TABLE_OPEN):
        return Block(FILLED, first[1 : first.index(TABLE_CLOSE)])
    if first.startswith("|"):
        rows = tuple(
            tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if not _RULE.match(line)
        )
        return Block(BARS, "", rows)
    return Block(PARAGRAPH, "".join(lines))


def _numbered(level: int, text: str, counted: list[int]) -> Block:
    counted[level] += 1
    counted[level + 1 :] = [0] * (2 - level)
    number = counted[level]
    said = (f"{han(number)}、", f"（{han(number)}）", f"{number}.")[level]
    return Block(LEVELS[level], said + text)


def han(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十, 99 → 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
