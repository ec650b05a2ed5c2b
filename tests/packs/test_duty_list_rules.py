"""What a list of duties may say, one rule a test; the good one has no problem at all."""

import pytest

from hangshi.packs import load

GOOD = """
[kind.case.duty]
name = "责任清单落实"
subject = "unit"
unit_kinds = ["county"]
stages = [{ key = "open", name = "在办" }, { key = "reported", name = "自报" }, { key = "verified", name = "核实" }]
source = "示例市〔2020〕3号"
[[kind.case.duty.catalogues]]
since = 2020-01-01
source = "示例市〔2020〕3号"
grounds = { a = "研究党建", b = "联系基层" }
groups = { head = ["a", "b"] }

[kind.case.against]
name = "反向评价要素"
subject = "unit"
unit_kinds = ["county"]
stages = [{ key = "triggered", name = "提出" }, { key = "held", name = "认定" }]
source = "示例市〔2020〕3号"
[[kind.case.against.catalogues]]
since = 2020-01-01
source = "示例市〔2020〕3号"
grounds = { x = "半年没有研究" }
groups = { a = ["x"] }

[duty_list.duties]
name = "责任清单"
case = "duty"
reverse = "against"
bearer = "县委"
headings = { head = "责任落实" }
due = { a = 6 }
evidence = { a = ["会议记录"] }
proofs = { b = { indicator = "visits", least = 4 } }
source = "示例市〔2020〕3号"
"""


def test_the_good_one_has_no_problem(codes_of):
    assert codes_of(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('case = "duty"', 'case = "dutty"', "P385"),
        ('reverse = "against"', 'reverse = "problem"', "P385"),
        ('bearer = "县委"', 'bearer = "县委"\nbelow = "citty"', "P385"),
        ('headings = { head = "责任落实" }', 'headings = { haed = "责任落实" }', "P385"),
        ("due = { a = 6 }", "due = { c = 6 }", "P386"),
        ("due = { a = 6 }", "due = { a = 13 }", "P113"),
        ("evidence = { a =", "evidence = { c =", "P386"),
        ("groups = { a =", "groups = { c =", "P386"),
        ('indicator = "visits"', 'indicator = "visit"', "P387"),
        ("least = 4", "least = 4, most = 9", "P387"),
        (", least = 4", "", "P387"),
    ],
)
def test_what_does_not_fit_is_told(codes_of, old, new, code):
    said = codes_of(GOOD.replace(old, new))
    assert code in said


def test_a_word_that_is_nearly_right_is_suggested(sentence_of):
    assert (
        sentence_of(GOOD.replace('indicator = "visits"', 'indicator = "visist"'))
        == "没有指标“visist”；是不是“visits”？"
    )


@pytest.mark.parametrize(("key", "headings", "items", "elements"), [("county", 9, 49, 73), ("organ", 8, 33, 44)])
def test_the_lists_of_jiuquan_are_those_of_the_document(key, headings, items, elements):
    pack = load("base", "jiuquan")
    it = pack.duty_lists[f"{key}_duties"]
    assert len(it.headings) == headings
    assert len(pack.kinds.case[it.case].catalogues[0].grounds) == items
    assert len(pack.kinds.case[it.reverse].catalogues[0].grounds) == elements
    assert pack.places[f"duty_list.{key}_duties"] == "6209"
