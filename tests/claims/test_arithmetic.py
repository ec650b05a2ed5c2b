"""What a text says against itself, without any record."""

import pytest

from hangshi.claims.arithmetic import contradictions
from hangshi.claims.extract import extract

CASES = [
    ("共培训干部120人，其中男性50人、女性90人。", ["各部分之和 140 大于总数 120"]),
    ("共培训干部120人，其中男性50人、女性70人。", []),
    ("共培训干部120人，其中女性70人。", []),  # a part may be less
    ("共培训干部120人，其中党员125人。", ["各部分之和 125 大于总数 120"]),
    ("共培训干部100余人，其中党员125人。", []),  # 余 is no exact total
    ("抽查的60个支部中，有9个支部记录不全，占15%。", []),
    ("抽查的60个支部中，有9个支部记录不全，占25%。", ["9 占 60 的 15%，不是 25%"]),
    ("全镇有党员300名，其中女党员100名，占33.3%。", []),
    ("全镇有党员300名，其中女党员100名，占33.4%。", ["100 占 300 的 33.33%，不是 33.4%"]),
    ("报酬由1500元提高到2800元，增幅达86.7%。", []),
    ("报酬由1500元提高到2800元，增幅达68.7%。", ["从 1500元 到 2800元 变动 86.67%，不是 68.7%"]),
    ("覆盖率由20%提高到30%，提高10个百分点。", []),
    ("全镇建成合作社23家。三年来，建成合作社23家。", []),
    ("建成示范基地23家。会后又说，建成示范基地32家。", ["“示范基地”前后不一：23家 与 32家"]),
    ("建成示范基地20余家。会后又说，建成示范基地23家。", []),  # both can be true
    ("建成示范基地近23家。会后又说，建成示范基地23家。", ["“示范基地”前后不一：近23家 与 23家"]),
    ("全县30个行政村按每个行政村2至3名的要求，共储备后备人才100名。", ["30个按“2至3名”应为 60 至 90，写的是 100名"]),
    ("全县30个行政村按每个行政村2至3名的要求，共储备后备人才80名。", []),
]


@pytest.mark.parametrize(("text", "sentences"), CASES, ids=[text[:24] for text, _ in CASES])
def test_what_does_not_add_up_is_said(text, sentences):
    assert [it.sentence for it in contradictions(extract(text), text)] == sentences


def test_an_empty_text_has_no_contradiction():
    assert contradictions([], "") == []


def test_a_contradiction_names_its_claims():
    text = "共培训干部120人，其中党员125人。"
    [found] = contradictions(extract(text), text)
    assert (found.rule, [it.text for it in found.claims]) == ("parts", ["120人", "125人"])
