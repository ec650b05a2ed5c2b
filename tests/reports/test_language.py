"""The language of templates is closed: names we give, calls of our helpers, conditions, one loop."""

import pytest

from hangshi.refusal import Refused
from hangshi.reports.blocks import Block, blocks, han
from hangshi.reports.language import Language, parsed, rendered, wanted
from tests.refusals import refusal_of

GIVEN = {
    "值": lambda name, child=None: f"[{name}{child or ''}]",
    "数": lambda name, child=None: 3,
    "有": lambda name, child=None: name != "空",
    "单位": "示例县",
    "下级": ["东镇", "西镇"],
}


def said(text: str) -> str:
    return rendered(text, Language(), GIVEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ 单位 }}有党员{{ 值('党员数') }}。", "示例县有党员[党员数]。"),
        ("{% if 有('空') %}甲{% else %}乙{% endif %}", "乙"),
        ("{% if 数('a') > 2 and not 有('空') %}甲{% elif 数('a') == 0 %}乙{% endif %}", "甲"),
        ("{% for 镇 in 下级 %}{{ 镇 }}{{ 值('党员数', 镇) }}；{% endfor %}", "东镇[党员数东镇]；西镇[党员数西镇]；"),
    ],
)
def test_what_a_template_can_say(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 单位.__class__ }}", "template.language"),
        ("{{ 单位['name'] }}", "template.language"),
        ("{{ 单位 | upper }}", "template.language"),
        ("{{ 单位 * 1000000 }}", "template.language"),
        ("{{ 单位 ~ 单位 }}", "template.language"),
        ("{{ config }}", "template.language"),
        ("{{ 值.__globals__ }}", "template.language"),
        ("{{ 值(单位) }}", "template.language"),
        ("{{ 值(*下级) }}", "template.language"),
        ("{{ 值() }}", "template.language"),
        ("{{ range(3) }}", "template.language"),
        ("{{ 单位() }}", "template.language"),
        ("{% set 值 = 1 %}", "template.language"),
        ("{% for 值 in 下级 %}{% endfor %}", "template.language"),
        ("{% for a, b in 下级 %}{% endfor %}", "template.language"),
        ("{% for 字 in 单位 %}{% endfor %}", "template.language"),
        ("{% for 镇 in 下级 recursive %}{% endfor %}", "template.language"),
        ("{% include 'x' %}", "template.language"),
        ("{% import 'x' as y %}", "template.language"),
        ("{% macro m() %}{% endmacro %}", "template.language"),
        ("{% if 单位 is defined %}{% endif %}", "template.language"),
        ("{{ 值('a', '不是单位', 3) }}", "template.use"),
        ("{{ 值('a' }}", "template.syntax"),
        ("字" * 100_001, "template.long"),
    ],
)
def test_what_it_cannot_say_is_refused(text, code):
    assert refusal_of(said, text) == code


def test_a_refusal_names_the_line():
    with pytest.raises(Refused) as refused:
        said("第一行\n第二行{{ 党员 }}")
    assert refused.value.sentence == "模板第 2 行：没有“党员”这个词。模板没有使用，请改正后再生成。"


def test_the_figures_of_a_text_are_known_before_it_is_filled():
    text = "{{ 值('甲') }}{% if 有('乙') %}{{ 近('丙') }}{% endif %}{% for 镇 in 下级 %}{{ 值('丁', 镇) }}{% endfor %}{{ 值('甲') }}"
    assert wanted(parsed(text, Language())) == ["甲", "乙", "丙"]


def test_in_the_text_of_a_docx_signs_are_escaped():
    assert rendered("{{ 单位 }}", Language(xml=True), {"单位": "<w:p>&"}) == "&lt;w:p&gt;&amp;"


def test_headings_are_numbered_in_the_order_in_which_they_appear():
    text = "# 标题\n\n第一段\n接着。\n## 甲\n### 子甲\n正文。\n\n### 子乙\n\n## 乙\n### 子丙\n#### 小\n#### 节"
    assert [(it.kind, it.text) for it in blocks(text)] == [
        ("title", "标题"),
        ("paragraph", "第一段接着。"),
        ("one", "一、甲"),
        ("two", "（一）子甲"),
        ("paragraph", "正文。"),
        ("two", "（二）子乙"),
        ("one", "二、乙"),
        ("two", "（一）子丙"),
        ("three", "1.小"),
        ("three", "2.节"),
    ]


def test_a_table_of_bars_and_the_place_of_a_regular_table():
    found = list(blocks("前文。\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n\ue002some_table\ue003\n后文。"))
    assert found == [
        Block("paragraph", "前文。"),
        Block("bars", "", (("甲", "乙"), ("1", "2"))),
        Block("filled", "some_table"),
        Block("paragraph", "后文。"),
    ]


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")])
def test_numbers_of_headings(number, said):
    assert han(number) == said
