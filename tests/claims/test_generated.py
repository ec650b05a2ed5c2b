"""Sentences built from a small grammar, whose spans and intervals are known before they are read."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hangshi.claims.extract import extract

MEASURES = {
    "名": "person",
    "户": "household",
    "个": "item",
    "次": "item",
    "元": "yuan",
    "亩": "mu",
    "公里": "km",
    "%": "percent",
}
OPENINGS = ("全县共有", "截至目前，已完成", "去年以来，累计实现", "该镇新增", "")
THINGS = {
    "名": "党员",
    "户": "农户",
    "个": "合作社",
    "次": "活动",
    "元": "收入",
    "亩": "茶园",
    "公里": "道路",
    "%": "占比",
}


@dataclass(frozen=True)
class Said:
    words: str
    low: Decimal | None
    high: Decimal | None
    opens: tuple[bool, bool]
    unit: str


def place_of(number: int) -> int:
    place = 1
    while number % (place * 10) == 0:
        place *= 10
    return place


@st.composite
def quantities(draw):
    """A whole number with at most one hedge and perhaps 万, and what it allows."""
    measure = draw(st.sampled_from(sorted(MEASURES)))
    number = draw(st.integers(2, 99_999).filter(lambda it: not 1900 <= it <= 2099))
    power, scale = draw(st.sampled_from([("", 1), ("万", 10**4)])) if measure != "%" else ("", 1)
    value, place = Decimal(number * scale), Decimal(place_of(number) * scale)
    hedge = draw(st.sampled_from(["", "近", "约", "超过", "不足", "余", "以上", "以下", "左右"]))
    words = f"{number}{power}{'余' if hedge == '余' else ''}{measure}"
    words = words + hedge if hedge in ("以上", "以下", "左右") else words if hedge == "余" else hedge + words
    low, high, opens = {
        "": (value, value, (False, False)),
        "近": (value * 9 / 10, value, (False, True)),
        "约": (value * 95 / 100, value * 105 / 100, (False, False)),
        "左右": (value * 95 / 100, value * 105 / 100, (False, False)),
        "超过": (value, None, (True, False)),
        "不足": (None, value, (False, True)),
        "余": (value, value + place, (True, True)),
        "以上": (value, None, (False, False)),
        "以下": (None, value, (False, False)),
    }[hedge]
    return Said(words, low, high, opens, MEASURES[measure]), measure


@settings(max_examples=300, deadline=None)
@given(st.lists(quantities(), min_size=1, max_size=4), st.sampled_from(OPENINGS), st.booleans())
def test_what_was_built_is_read_back(built, opening, crlf):
    clauses = [f"{THINGS[measure]}{said.words}" for said, measure in built]
    text = f"题目\n{opening}{'，'.join(clauses)}。" + ("\r\n" if crlf else "\n") + "未提数字的一句话。"
    found = extract(text)
    assert [it.text for it in found] == [said.words for said, _ in built]
    for it, (said, _) in zip(found, built, strict=True):
        assert (it.low, it.high, (it.low_open, it.high_open), it.unit) == (said.low, said.high, said.opens, said.unit)
        assert text[it.start : it.end] == said.words


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="一二十百千万亿几数半个名元%年月日第、，。（）“”《》近约余至—0123456789.:+ \n党员村", max_size=60)
)
def test_any_text_is_read_without_fault_and_spans_hold(text):
    claims = extract(text)
    assert all(text[it.start : it.end] for it in claims)
    assert all(one.end <= nxt.start for one, nxt in pairwise(claims))
    assert all(it.low is None or it.high is None or it.low <= it.high for it in claims)
    assert claims == extract(text)  # the same text always says the same


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9_999))
def test_a_numeral_in_characters_means_its_digits(number):
    text = f"培训干部{in_characters(number)}名。"
    expected = [] if number == 1 else [number]  # 一名 alone is an article
    expected = expected if number not in (100, 1000) else []  # 百名, 千名 alone are slogans
    expected = expected if number != 2 else [2]
    assert [it.low for it in extract(text)] == expected


def in_characters(number: int) -> str:
    """How an official writes it: 105 → 一百零五, 12 → 十二, 2 → 两."""
    digits = "零一二三四五六七八九"
    if number == 2:
        return "两"
    if number in (10, 100, 1000):
        return {10: "十", 100: "百", 1000: "千"}[number]
    said, gap = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            said += ("零" if gap and said else "") + digits[digit] + word
        gap = not digit
    return said.removeprefix("一") if 10 < number < 20 else said
