"""From the raw text of a page to the text the rules read, and back: every cleaned character knows its raw place.

What is mended: full-width forms, `(pinyin)` after a Han character, invisible characters, spaces inside a sentence, hard line
ends, traditional characters. Nothing here changes the raw text; spans are always given in raw code points.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20, 0xA0: 0x20, 0x2002: 0x20, 0x2003: 0x20, 0x2009: 0x20, 0x202F: 0x20, 0x09: 0x20, 0x0D: 0x20,
    0x2014: 0x2D, 0x2013: 0x2D, 0x2015: 0x2D, 0x2500: 0x2D, 0x7E: 0x2D, 0xFF5E: 0x2D, 0x223C: 0x2D, 0x2212: 0x2D,
    0x300C: 0x201C, 0x300D: 0x201D, 0x300E: 0x2018, 0x300F: 0x2019, 0xFE6A: 0x25, 0x2236: 0x3A,
}  # fmt: skip
_PINYIN = rf"(?<=[{HAN}])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]{{1,7}}[)）]"
_INVISIBLE = "[\u200b-\u200f\u2060\ufeff\u00ad]+"
_LINE_END = r"[^\S\n]{0,40}\n[^\S\n]{0,40}"
_SPACE = rf"(?<=[{HAN}0-9%,、。;:()\u201c\u201d]) (?=[{HAN}0-9%,、。;:()\u201c\u201d])"
_REMOVED = re.compile(f"{_PINYIN}|{_INVISIBLE}|{_SPACE}|(?P<line>{_LINE_END})")
_ENDS = "。!?;:…\u201d》)"
_STARTS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是要]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、)](?!\d)|[-·•●■◆*#=]|第[一二三四五六七八九十]{1,3}[章节条部]"
)
_NUMBERED = re.compile(
    r" {0,8}(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[章节部])"
)
_HEADING = 30  # a line without any mark inside and shorter than this stands alone
_LOOK = 200


@dataclass(frozen=True)
class Cleaned:
    """`text` is what the rules read; a hard line end inside a sentence is gone, another one is kept as `\\n`."""

    raw: str
    text: str
    _starts: tuple[int, ...]  # where each kept piece begins in `text`
    _places: tuple[int, ...]  # where that piece begins in `raw`

    def place(self, at: int) -> int:
        """The raw place of the cleaned character number `at`."""
        piece = bisect_right(self._starts, at) - 1
        return self._places[piece] + at - self._starts[piece]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of a cleaned, non-empty slice; what was removed at its edges stays outside."""
        return self.place(start), self.place(end - 1) + 1

    def copied(self, start: int, end: int) -> str:
        """The raw slice on one line, with the pinyin that belongs to its last character."""
        if end <= start:
            return ""
        first, last = self.span(start, end)
        tail = _PINYIN_AT.match(self.raw, last)
        return re.sub(r"\s+", "", self.raw[first : tail.end() if tail else last])


_PINYIN_AT = re.compile(_PINYIN)


@cache
def _converter() -> OpenCC:
    return OpenCC("tw2s")


def simplified(text: str) -> str:
    """Simplified characters, one for each; a line whose length would change is converted character by character."""
    convert = _converter().convert
    whole = convert(text)
    if len(whole) == len(text):
        return str(whole)
    lines = [(line, convert(line)) for line in text.split("\n")]
    return "\n".join(new if len(new) == len(old) else _each(old) for old, new in lines)


def _each(line: str) -> str:
    converted = ((it, _converter().convert(it)) for it in line)
    return "".join(new if len(new) == 1 else old for old, new in converted)


def clean(raw: str) -> Cleaned:
    """The text for the rules, with the way back to `raw`."""
    folded = simplified(raw.translate(_FOLDED))
    kept: list[str] = []
    starts, places = [0], [0]
    at = length = 0
    for found in _REMOVED.finditer(folded):
        said = _line_end(folded, found) if found["line"] is not None else ""
        piece = folded[at : found.start()] + said
        kept.append(piece)
        length += len(piece)
        at = found.end()
        starts.append(length)
        places.append(at)
        if said:  # the kept line end stands for the whole of what it replaces
            starts[-1:-1], places[-1:-1] = [length - 1], [found.start() + found[0].index("\n")]
    kept.append(folded[at:])
    return Cleaned(raw, "".join(kept), tuple(starts), tuple(places))


def _line_end(text: str, found: re.Match[str]) -> str:
    """Empty where the line was broken inside a sentence, else the line end."""
    before, after = found.start(), found.end()
    if before == 0 or after >= len(text) or text[after] == "\n" or text[before - 1] == "\n":
        return "\n"
    last, nxt = text[before - 1], text[after]
    if nxt in ",、。;:!?)\u201d》%":
        return ""
    if (last.isdigit() or last == ".") and nxt.isdigit() and text[before - 2 : before - 1] != "\n":
        return ""
    if last in _ENDS or _STARTS.match(text, after):
        return "\n"
    if last in ",、(《\u201c":
        return ""
    if _is_indented(found[0]):
        return "\n"
    line = text[max(text.rfind("\n", max(0, before - _LOOK), before) + 1, before - _LOOK) : before]
    if _NUMBERED.match(line) and "。" not in line and len(line) <= _HEADING + 10:
        return "\n"  # 一、强化引领,压实责任: a heading, whatever marks are in it
    broken = any(mark in line for mark in ",。、;") or len(line) >= _HEADING
    if last.isdigit() and nxt in "万亿个名人户元亩项家年%.":
        return ""
    return "" if broken else "\n"


def _is_indented(found: str) -> bool:
    return len(found) - found.index("\n") > 2  # two spaces open a paragraph
