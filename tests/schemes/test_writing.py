"""The text of a draft changed in place: what is added, replaced and taken away, and how numbers are written."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.schemes.reading import read
from hangshi.schemes.writing import Writing, begun

HEAD = """[scheme.five_outcomes]
name = "五看"
unit_kinds = ["village"]
source = "东县〔2018〕3号"
"""
EARLIER = """[[scheme.five_outcomes.editions]]
since = 2017-01-01
grades = [{ key = "all", name = "都算", least = 0 }]
criteria = [{ key = "old", name = "旧", weight = 100, nature = "outcome", by = "reviewers" }]
"""
LATER = """[[scheme.five_outcomes.editions]]
since = 2018-06-01
grades = [{ key = "all", name = "都算", least = 0 }]
criteria = [
    { key = "a", name = "甲", weight = 60, nature = "outcome", by = "reviewers" },
    { key = "b", name = "乙", weight = 40, nature = "outcome", by = "reviewers" },
]
"""
TEXT = begun(HEAD + LATER, since=date(2018, 6, 1), place=0)
LIST = {"key": "a", "name": "甲", "weight": Decimal(60), "nature": "duty", "by": "checklist"}


@pytest.fixture
def writing() -> Writing:
    return Writing(TEXT)


def scheme(writing: Writing):
    reading = read(writing.text)
    assert reading.scheme is not None, reading.problems
    return reading.scheme


def criterion(writing: Writing, key: str = "a"):
    return next(it for it in scheme(writing).editions[0].criteria if it.key == key)


def test_a_draft_keeps_one_edition_of_many_from_its_own_day():
    text = begun(HEAD + EARLIER + LATER, since=date(2019, 1, 1), place=1)
    [edition] = read(text).scheme.editions
    assert (edition.since, [it.key for it in edition.criteria]) == (date(2019, 1, 1), ["a", "b"])
    [earlier] = read(begun(HEAD + EARLIER + LATER, since=date(2019, 1, 1), place=0)).scheme.editions
    assert [it.key for it in earlier.criteria] == ["old"]


def test_criteria_written_in_one_line_each_become_tables_that_can_be_read():
    assert '[[scheme.five_outcomes.editions.criteria]]\nkey = "a"\nname = "甲"' in TEXT


@pytest.mark.parametrize(
    ("weight", "written"),
    [(Decimal("12.5"), "12.5"), (Decimal("30.00"), "30"), (Decimal("0.05"), "0.05"), (Decimal("1E+1"), "10")],
)
def test_a_number_is_written_as_it_is_read(writing, weight, written):
    writing.weigh({"a": weight})
    assert f"weight = {written}\n" in writing.text
    assert criterion(writing).weight == weight


def test_lists_of_a_criterion_are_added_replaced_and_taken_away(writing):
    writing.put_criterion("a", LIST | {"items": {"x": {"name": "子项", "points": Decimal(2)}}, "evidence": ["台账"]})
    assert (criterion(writing).items["x"].points, criterion(writing).evidence) == (2, ("台账",))
    writing.put_criterion("a", LIST | {"items": {"x": {"name": "子项"}, "y": {"name": "另一项"}}})
    assert [it.name for it in criterion(writing).items.values()] == ["子项", "另一项"]
    assert criterion(writing).evidence == ()
    writing.put_criterion(
        "a", {"key": "a", "name": "甲", "weight": Decimal(60), "nature": "outcome", "by": "reviewers"}
    )
    assert criterion(writing).items == {}
    assert "子项" not in writing.text


def test_a_word_with_quotes_and_lines_comes_back_as_it_was(writing):
    said = '“大抓基层”\\ 与"实"\n第二行'
    writing.put_scheme({"doc": said})
    assert scheme(writing).doc == said


def test_a_key_of_the_scheme_is_set_changed_and_taken_away(writing):
    writing.put_scheme({"within": "county", "places": 1, "doc": ""})
    assert (scheme(writing).within, scheme(writing).places) == ("county", 1)
    writing.put_scheme({"within": None, "places": 2})
    assert (scheme(writing).within, scheme(writing).places) == ("", 2)


def test_headings_and_vetoes_come_and_go(writing):
    writing.put_edition({"headings": [{"key": "h", "name": "实绩", "cap": Decimal(50)}], "vetoes": {"v": "造假"}})
    edition = scheme(writing).editions[0]
    assert (edition.headings[0].cap, edition.vetoes) == (50, {"v": "造假"})
    writing.put_edition({"headings": [], "vetoes": {}})
    edition = scheme(writing).editions[0]
    assert (edition.headings, edition.vetoes) == ([], {})


def test_a_weight_of_a_criterion_that_is_not_there_changes_nothing(writing):
    writing.weigh({"c": Decimal(5)})
    writing.take_out("c")
    writing.shift("c", 1)
    assert writing.text == TEXT
