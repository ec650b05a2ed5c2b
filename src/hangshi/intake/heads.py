"""Where the head of a sheet stands, what its columns are called, and where the rows begin and end."""

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from hangshi.refusal import Refused

LOOKED = 25  # rows from the top among which a head is sought
TOTALS = ("合计", "总计", "小计", "共计")
NOTES = (
    "注：",
    "注:",
    "备注：",
    "备注:",
    "说明：",
    "说明:",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "单位负责人",
    "填表说明",
)
NUMBER = re.compile(r"[-+]?[\d,.]+%?\Z")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Head:
    """`labels`: a column's name, upper and lower head joined by “/”. `first` and `last`: the rows of the frame, both included; `last` < `first`: none."""

    labels: tuple[str, ...]
    top: int
    first: int
    last: int


def find(frame: pl.DataFrame, known: frozenset[str]) -> Head:
    """The head is the row, among the first ones, that names most fields in `known` (plain words), else the first full row of words.

    Raises `Refused` when no row looks like a head.
    """
    rows = [[_cell(it) for it in row] for row in frame.head(LOOKED).rows()]
    best = max(range(len(rows)), key=lambda i: (_score(rows[i], known), -i), default=-1)
    if best < 0 or _score(rows[best], known) < 1:
        best = next((i for i, row in enumerate(rows) if _is_words(row)), -1)
    if best < 0:
        raise Refused("intake.head", "前25行里没有找到表头，没有读入。请保留一行列名（如“姓名”“单位”），再上传。")
    top = _top(rows, best, known)
    bottom = _bottom(rows, best, top, known)
    first = bottom + 1
    while first < len(rows) and _is_numbering(rows[first]):
        first += 1
    return Head(_labels(rows[top : bottom + 1]), top, first, _last(frame, first))


def plain(text: str) -> str:
    """A head's words for comparison: half-width, without spaces, brackets and what stands in them, marks and units."""
    text = unicodedata.normalize("NFKC", text or "")
    text = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", SPACE.sub("", text))
    return re.sub(r"[*:：、,，.。_\-]", "", text).lower()


def _cell(text: str | None) -> str:
    return SPACE.sub("", text or "")


def _score(row: list[str], known: frozenset[str]) -> int:
    return sum(plain(it) in known for it in row if it)


def _is_words(row: list[str]) -> bool:
    filled = [it for it in row if it]
    return len(filled) >= 2 and len(filled) * 2 > len(row) and not any(NUMBER.match(it) for it in filled)


def _top(rows: list[list[str]], best: int, known: frozenset[str]) -> int:
    """The row above belongs to the head where it is a merged head: several words, with gaps where they were merged."""
    above = rows[best - 1] if best else []
    filled = [it for it in above if it]
    if (
        len(filled) >= 2
        and not any(NUMBER.match(it) for it in filled)
        and not any("：" in it or ":" in it for it in filled)
    ):
        return best - 1
    return best


def _bottom(rows: list[list[str]], best: int, top: int, known: frozenset[str]) -> int:
    """The row below belongs to it where it names columns that the head leaves open, and nothing under the columns it names."""
    if top < best or best + 1 >= len(rows):
        return best
    head, below = rows[best], rows[best + 1]
    opened = [i for i, it in enumerate(below) if it]
    gaps = [i for i in opened if i < len(head) and not head[i]]
    words = all(not NUMBER.match(below[i]) for i in opened)
    stands = sum(bool(below[i]) and bool(head[i]) for i in range(len(head)))
    return (
        best + 1
        if gaps and words and stands <= len(gaps) and len(opened) < len([it for it in head if it]) + len(gaps)
        else best
    )


def _is_numbering(row: list[str]) -> bool:
    """甲 乙 1 2 3: the numbering of columns (栏次)."""
    filled = [it for it in row if it]
    digits = [it for it in filled if it.isdecimal()]
    marks = all(it.isdecimal() or it in ("甲", "乙", "丙", "丁", "栏次") for it in filled)
    return (
        len(filled) >= 3 and marks and [int(it) for it in digits] == list(range(1, len(digits) + 1)) and len(digits) > 1
    )


def _labels(head: list[list[str]]) -> tuple[str, ...]:
    if len(head) == 1:
        return tuple(head[0])
    upper, lower = head
    labels, held = [], ""
    for i, below in enumerate(lower):
        held = upper[i] or (held if below else "")
        labels.append(f"{held}/{below}" if held and below and held != below else held or below)
    return tuple(labels)


def _last(frame: pl.DataFrame, first: int) -> int:
    """The last row before the totals and notes at the end; a total in between stays, and is refused as a row."""
    texts = pl.concat_str([pl.col(it).fill_null("") for it in frame.columns], separator="\x1f")
    tail = frame.select(texts.alias("t")).slice(first).to_series().to_list()
    last = first + len(tail) - 1
    while last >= first and _is_end(tail[last - first]):
        last -= 1
    return last


def _is_end(text: str) -> bool:
    cells = [_cell(it) for it in text.split("\x1f")]
    filled = [it for it in cells if it]
    return not filled or any(it in TOTALS for it in filled[:2]) or filled[0].startswith(NOTES)
