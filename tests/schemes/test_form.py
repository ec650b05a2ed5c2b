"""What is typed becomes data of the pack, or says in words where it cannot; nothing typed is lost."""

from decimal import Decimal

import pytest

from hangshi.web.scheme_form import (
    CURVE,
    ELEMENTS,
    GRADES,
    ITEMS,
    Typed,
    criterion_data,
    criterion_inputs,
    new_key,
    scheme_data,
    summed,
    weights,
)
from tests.appraisals.schemes import criterion, edition

REVIEW = {"name": ["评议"], "weight": ["20"], "nature": ["outcome"], "by": ["reviewers"], "missing": ["wait"], "least": ["3"]}  # fmt: skip
FRAME = {
    "name": ["五看"], "source": ["东县〔2018〕3号"], "since": ["2018-06-01"], "places": ["2"], "objection_days": ["5"], "peers": ["all"],
    "grades.key": ["good", ""], "grades.name": ["好", "差"], "grades.least": ["80", "0"],
}  # fmt: skip


def data(**more):
    """What the form of a criterion comes to, and what is wrong with it."""
    typed = Typed(REVIEW | more)
    return criterion_data(typed, "a"), typed.errors


def test_what_is_as_usual_is_not_written():
    assert data(combine=["mean"], heading=[""], evidence=[" \n"]) == (
        {"key": "a", "name": "评议", "weight": 20, "nature": "outcome", "by": "reviewers", "least": 3},
        {},
    )
    assert "least" not in data(least=["1"])[0]


@pytest.mark.parametrize(
    ("typed", "at", "sentence"),
    [
        ({"weight": ["二十"]}, "weight", "“分值”应填数字。"),
        ({"weight": [""]}, "weight", "“分值”必须填写。"),
        ({"name": [" "]}, "name", "“名称”必须填写。"),
        ({"least": ["2.5"]}, "least", "“至少几人”应填整数。"),
        ({"most_deducted": ["很多"]}, "most_deducted", "“扣分上限”应填数字。"),
        ({"name": ["甲" * 201]}, "name", "“名称”最多200字，现有201字。"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_input(typed, at, sentence):
    assert data(**typed)[1] == {at: sentence}


def test_a_full_width_number_is_a_number():
    assert data(weight=["１２．５"])[0]["weight"] == Decimal("12.5")


def test_rows_without_anything_are_left_out_and_half_a_row_is_told():
    curve = {"by": ["indicator"], "indicator": ["theme_days"], "curve.at": ["0", "", "12"], "curve.percent": ["0", "", ""]}  # fmt: skip
    said, wrong = data(**curve)
    assert said["curve"] == [{"at": 0, "percent": 0}, {"at": 12}]
    assert wrong == {"curve.2.percent": "计分曲线第 3 行：“得分率（%）”必须填写。"}


def test_a_new_row_gets_a_key_that_is_not_taken():
    said, _ = data(**{"by": ["checklist"], "items.key": ["item_1", "", ""], "items.name": ["甲", "乙", "丙"]})
    assert said["items"] == {"item_1": {"name": "甲"}, "item_2": {"name": "乙"}, "item_3": {"name": "丙"}}


def test_only_what_the_source_asks_is_taken():
    said, _ = data(**{"indicator": ["theme_days"], "items.key": [""], "items.name": ["甲"]})
    assert "indicator" not in said
    assert "items" not in said


def test_elements_name_their_line_and_cost_points():
    said, _ = data(**{"elements.key": ["late"], "elements.name": ["迟办"], "elements.item": ["a"], "elements.points": ["1.5"]})  # fmt: skip
    assert said["elements"] == {"late": {"name": "迟办", "item": "a", "points": Decimal("1.5")}}


def test_a_form_shows_its_rows_and_two_blank_ones():
    typed = Typed({"grades.key": ["good"], "grades.name": ["好"], "grades.least": ["80"]})
    assert [row["name"] for row in typed.shown(GRADES)] == ["好", "", ""]
    assert [row["name"] for row in Typed({}).shown(ITEMS)] == ["", ""]


def test_lines_that_have_a_key_may_be_chosen_for_an_element():
    typed = Typed({"items.key": ["a", ""], "items.name": ["甲", "新的"], "items.points": ["1", "1"]})
    assert typed.options(ITEMS) == [("a", "甲")]


def test_the_frame_takes_away_what_is_left_empty():
    typed = Typed(FRAME | {"doc": [""], "within": [""], "counts_ground": [" "]})
    of_scheme, of_edition = scheme_data(typed)
    assert typed.errors == {}
    assert {key for key, value in of_scheme.items() if value is None} == {"doc", "within", "counts_ground", "peers"}
    assert of_edition["grades"] == [{"key": "good", "name": "好", "least": 80}, {"key": "grade_1", "name": "差", "least": 0}]  # fmt: skip
    assert (of_edition["headings"], of_edition["vetoes"]) == ([], {})


def test_a_frame_that_cannot_be_read_says_every_place():
    typed = Typed(FRAME | {"since": ["六月"], "places": ["两位"], "grades.least": ["八十", "0"]})
    scheme_data(typed)
    assert set(typed.errors) == {"since", "places", "grades.0.least"}


def test_a_new_criterion_gets_a_key_that_is_not_taken():
    assert new_key(edition(criterion("a", 100))) == "criterion_1"
    assert new_key(edition(criterion("criterion_1", 50), criterion("criterion_2", 50))) == "criterion_3"


def test_a_new_form_asks_three_reviewers_about_what_came_of_it():
    typed = criterion_inputs(None)
    assert [typed.one(name) for name in ("by", "nature", "least", "weight")] == ["reviewers", "outcome", "3", ""]
    assert typed.rows(CURVE) == typed.rows(ELEMENTS) == []


def test_the_sum_tells_what_is_lacking_and_whether_counts_outweigh():
    written = edition(criterion("a", 30, nature="activity"), criterion("b", 50), criterion("c", 10, nature="duty"))
    found = summed(written)
    assert (found.total, found.lacking, found.counts_outweigh) == (Decimal(90), Decimal(10), False)
    assert found.natures == {"outcome": 50, "activity": 30, "duty": 10}
    typed = Typed({"w.a": ["60.5"], "w.b": ["x"], "w.c": ["10"]})
    said = weights(typed, written)
    assert said == {"a": Decimal("60.5"), "c": 10}
    assert (summed(written, said).total, summed(written, said).counts_outweigh) == (Decimal("120.5"), True)
