"""The same report however it is kept: traditional, with pinyin in it, wrapped hard, in full width, with Windows line ends."""

import re

import pytest
from opencc import OpenCC

from hangshi.claims.extract import extract
from tests.claims.reading import HERE

CLEAN = (HERE / "reports" / "shuzhi.txt").read_text(encoding="utf-8")
HAN = re.compile("[\u4e00-\u9fff]")


def wrapped(width: int) -> str:
    lines = []
    for line in CLEAN.split("\n"):
        lines += [line[at : at + width] for at in range(0, len(line), width)] or [""]
    return "\n".join(lines)


def with_pinyin() -> str:
    text = OpenCC("s2tw").convert(CLEAN)
    return "".join(it + "(xiāng)" * (at % 7 == 0 and bool(HAN.match(it))) for at, it in enumerate(text))


DIRTY = {
    "traditional": OpenCC("s2tw").convert(CLEAN),
    "traditional with pinyin": with_pinyin(),
    "wrapped at 25": wrapped(25),
    "wrapped at 38": wrapped(38),
    "wrapped, Windows line ends": wrapped(60).replace("\n", "\r\n"),
    "full width": CLEAN.translate(str.maketrans("0123456789%.", "０１２３４５６７８９％．")),
    "half-width marks": CLEAN.translate(str.maketrans("，；（）", ",;()")),
    "no-break spaces": CLEAN.replace("　", "\u00a0"),
}


@pytest.mark.parametrize("text", DIRTY.values(), ids=DIRTY)
def test_dirt_changes_no_number(text):
    def told(raw):
        return [(it.low, it.high, it.unit, it.role) for it in extract(raw)]

    assert told(text) == told(CLEAN)
    assert len(told(CLEAN)) == 50
