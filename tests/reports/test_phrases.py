"""Numbers in words: how they are said, and that a reader of claims takes each to allow the value it was made from."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hangshi.claims.extract import extract
from hangshi.claims.verdicts import allows
from hangshi.refusal import Refused
from hangshi.reports.phrases import PHRASES, check_sayable

SAID = """
    值     | 5665      | 个   | 5665个
    值     | 96.5753   | %    | 96.58%
    值     | 2669.126  | 元   | 约2669.13元
    值     | 0         | 户   | 0户
    值     | 1985      | 平方米 | 1,985平方米
    万     | 147012    | 名   | 14.7万名
    万     | 146500    | 名   | 14.7万名
    万     | 150020    | 名   | 15.0万名
    万     | 150000    | 名   | 15万名
    万     | 135000000 | 元   | 1.35亿元
    万     | 9999      | 名   | 9999名
    近     | 394000000 | 元   | 近4亿元
    近     | 310000000 | 元   | 近3.2亿元
    近     | 9700      | 名   | 近1万名
    近     | 12        | 名   | 12名
    余     | 72345     | 名   | 7万余名
    余     | 4873      | 名   | 4800余名
    余     | 1170      | 名   | 1100余名
    余     | 70000     | 名   | 70000名
    约     | 62582     | 户   | 约6.3万户
    不少于 | 4873      | 名   | 不少于4800名
    超过   | 4873      | 名   | 超过4800名
    超过   | 4800      | 名   | 4800名
    近     | 96.5      | %    | 96.5%
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in SAID.strip().splitlines()]
THINGS = {
    "名": "党员", "人": "党员", "户": "农户", "个": "党支部", "支": "驻村工作队", "次": "走访", "份": "调查", "人次": "教育群众", "元": "收入",
    "亩": "茶园", "平方米": "场地", "%": "覆盖率", "分": "得分",
}  # fmt: skip
AMOUNTS = st.one_of(
    st.integers(0, 10**12).map(Decimal),
    st.integers(0, 200).map(Decimal),
    st.integers(1, 99).flatmap(lambda digits: st.integers(0, 8).map(lambda power: Decimal(digits * 10**power))),
    st.decimals(0, 10**9, places=2),
    st.decimals(0, 100, places=6),
)


@pytest.mark.parametrize(("phrase", "value", "word", "said"), ROWS)
def test_how_a_number_is_said(phrase, value, word, said):
    assert PHRASES[phrase](Decimal(value), word) == said


@settings(max_examples=600, deadline=None)
@given(AMOUNTS, st.sampled_from(sorted(PHRASES)), st.sampled_from(sorted(THINGS)))
@example(Decimal(2017), "值", "户")  # no year
@example(Decimal(13786650925), "值", "元")  # no telephone number
@example(Decimal(20693635), "万", "元")
@example(Decimal(99999999), "近", "元")
@example(Decimal("0.005"), "值", "元")
def test_whatever_is_said_of_a_number_allows_it(value, phrase, word):
    said = PHRASES[phrase](value, word)
    [claim] = extract(f"全县{THINGS[word]}{said}。")
    assert claim.text in said
    assert allows(claim, value), (said, claim.low, claim.high)


def test_a_negative_number_is_not_written_as_if_it_were_none():
    check_sayable(Decimal(0), "收入")
    with pytest.raises(Refused) as refused:
        check_sayable(Decimal(-3), "收入")
    assert refused.value.sentence == "“收入”算得 -3，是负数，不能这样写进材料；请先核对冲销的记录。"
