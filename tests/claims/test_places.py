"""Spans are raw: whatever is mended for reading, the offsets are those of the file as stored."""

import pytest

from hangshi.claims.clean import clean
from hangshi.claims.extract import extract

DIRTY = {
    "full width": ("共有党员１２３名。", "１２３名"),
    "pinyin between": ("全區(qū)發(fā)展黨員45名。", "45名"),
    "no-break spaces": ("\u00a0\u00a0建成果园\u00a0800\u00a0亩。", "800\u00a0亩"),
    "zero width": ("培训\u200b干部6\u200b0名。", "6\u200b0名"),
    "line end in the number": ("选派干部3\n26名驻村。", "3\n26名"),
    "carriage return": ("选派干部，\r\n共26名。", "26名"),
    "byte order mark": ("\ufeff选派干部26名。", "26名"),
    "outside the basic plane": ("𠮷村选派干部26名。", "26名"),
}


@pytest.mark.parametrize(("raw", "words"), DIRTY.values(), ids=DIRTY)
def test_the_span_is_the_raw_slice(raw, words):
    [claim] = extract(raw)
    assert raw[claim.start : claim.end] == claim.text == words
    assert claim.start == raw.index(words)


def test_every_cleaned_character_knows_its_place():
    raw = "全區(qū)　有\u200b黨員１２名，\r\n其中女黨員(yuán)５名。"
    cleaned = clean(raw)
    assert cleaned.text == "全区有党员12名,其中女党员5名。"
    assert [raw[cleaned.place(at)] for at in range(len(cleaned.text))] == list("全區有黨員１２名，其中女黨員５名。")


def test_the_subject_is_copied_with_its_pinyin():
    [claim] = extract("打造10個鄉(xiāng)鎮(zhèn)。")
    assert claim.subject == "鄉(xiāng)鎮(zhèn)"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("全县组织专家，\n培训农民。", "全县组织专家,培训农民。"),
        ("第一行说完。\n第二行。", "第一行说完。\n第二行。"),
        ("队伍建设\n选派干部。", "队伍建设\n选派干部。"),
        ("队伍建设\n　　选派干部。", "队伍建设\n选派干部。"),
        ("甲村，乙村\n一、丙村", "甲村,乙村\n一、丙村"),
    ],
    ids=["inside a sentence", "after its end", "after a heading", "before an indent", "before a number of a list"],
)
def test_a_line_end_is_joined_only_inside_a_sentence(raw, text):
    assert clean(raw).text == text


def test_a_bracket_that_is_no_pinyin_stays():
    assert clean("党委(党组)和村(社区)、甲(A)").text == "党委(党组)和村(社区)、甲(A)"
