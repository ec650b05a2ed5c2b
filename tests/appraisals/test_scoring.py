"""Points from inputs: every source, deductions, caps, what is missing; and the plain evaluator agrees on anything."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hangshi.appraisals.scoring import half_up, score
from tests.appraisals import naive
from tests.appraisals.schemes import CHOICES, criterion, edition


def points_of(said, places=2, **more):
    """Of one criterion worth 100, "wait" or "out" where there are none."""
    by = more.pop("by", "reviewers")
    found = score(edition(criterion("it", 100, by, **more)), places, {"it": said})
    [part] = found.parts
    return part.points if part.state == "scored" else part.state


@pytest.mark.parametrize(
    ("value", "points"), [("-3", "0"), ("0", "0"), ("3", "25"), ("7", "58.33"), ("12", "100"), ("40", "100")]
)
def test_a_figure_is_scored_along_the_line_between_two_knots(value, points):
    assert points_of({"value": value}, by="indicator") == Decimal(points)


@pytest.mark.parametrize(("value", "points"), [("2.99", "0"), ("3", "60"), ("5.99", "60"), ("6", "100")])
def test_a_step_begins_at_its_knot(value, points):
    curve = [{"at": 0, "percent": 0}, {"at": 3, "percent": 60}, {"at": 6, "percent": 100}]
    assert points_of({"value": value}, by="indicator", shape="steps", curve=curve) == Decimal(points)


def test_fewer_may_be_better():
    curve = [{"at": 0, "percent": 100}, {"at": 3, "percent": 0}]
    assert points_of({"value": "1"}, by="indicator", curve=curve) == Decimal("66.67")


@pytest.mark.parametrize(("combine", "points"), [("mean", "76.67"), ("median", "80"), ("trimmed", "80")])
def test_reviewers_are_taken_together(combine, points):
    assert points_of({"marks": ["90", "60", "80"]}, combine=combine) == Decimal(points)


def test_the_spread_of_reviewers_gives_the_strictest_and_the_mildest_total():
    found = score(
        edition(criterion("a", 60), criterion("b", 40, "indicator")),
        2,
        {"a": {"marks": ["70", "90"]}, "b": {"value": "6"}},
    )
    assert (found.low, found.total, found.high) == (Decimal(62), Decimal(68), Decimal(74))


def test_residents_answers_are_weighed():
    assert points_of({"counts": {"yes": 6, "half": 2, "no": 2}}, by="residents", least=10) == Decimal(70)


def test_a_checklist_counts_the_lines_that_hold_by_their_points():
    items = {"a": {"name": "甲", "points": 3}, "b": {"name": "乙", "points": 1}}
    assert points_of({"ticks": {"a": True, "b": False}}, by="checklist", items=items) == Decimal(75)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("indicator", {}),
        ("indicator", {"value": None}),
        ("reviewers", {"marks": ["90"]}),
        ("residents", {"counts": {"yes": 1}}),
        ("checklist", {"ticks": {"a": True}}),
    ],
)
def test_what_is_missing_is_no_zero(by, said):
    assert points_of(said, by=by, least=2) == "wait"
    assert points_of(said, by=by, least=2, missing="out") == "out"
    assert points_of(said, by=by, least=2, missing="zero") == Decimal(0)


def test_a_criterion_left_out_hands_its_share_to_the_others():
    form = edition(criterion("a", 70), criterion("b", 30, "indicator", missing="out"))
    assert score(form, 2, {"a": {"marks": ["85"]}}).total == Decimal(85)
    assert score(form, 2, {}).total is None


def test_elements_deduct_as_often_as_they_are_found_but_not_below_nothing():
    elements = {"late": {"name": "延期", "item": "a", "points": 30}, "false": {"name": "虚报", "points": 15}}
    ticks = {"ticks": {"a": True, "b": True}}
    for found, points in (({"late": 1}, 70), ({"late": 1, "false": 2}, 40), ({"late": 4}, 0)):
        assert points_of(ticks | {"elements": found}, by="checklist", elements=elements) == Decimal(points)
    capped = points_of(ticks | {"elements": {"late": 4}}, by="checklist", elements=elements, most_deducted=50)
    assert capped == Decimal(50)


def test_a_heading_gives_no_more_than_its_cap():
    form = edition(
        criterion("a", 30, heading="life"), criterion("b", 30, heading="life"), criterion("c", 40),
        headings=[{"key": "life", "name": "组织生活", "cap": 45}],
    )  # fmt: skip
    marks = {key: {"marks": ["100"]} for key in "abc"}
    assert score(form, 2, marks).total == Decimal(85)


@pytest.mark.parametrize(
    ("mark", "grade"), [("80", "good"), ("79.99", "fair"), ("60", "fair"), ("59.99", "poor"), ("0", "poor")]
)
def test_a_grade_begins_at_its_least(mark, grade):
    assert score(edition(criterion("a", 100)), 2, {"a": {"marks": [mark]}}).grade == grade


def test_a_veto_makes_the_last_grade_whatever_the_total():
    form = edition(criterion("a", 100), vetoes={"breach": "严重违纪"})
    found = score(form, 2, {"a": {"marks": ["99"]}, "vetoes": ["breach"]})
    assert (found.total, found.grade, found.vetoed) == (Decimal(99), "poor", True)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("1/2", 0, "1"), ("33.185", 2, "33.19"), ("2/3", 4, "0.6667"), ("0.005", 2, "0.01"), ("0.0049", 2, "0")],
)
def test_a_half_goes_up(value, places, rounded):
    assert half_up(Fraction(value), places) == Decimal(rounded)


NUMBER = st.decimals(min_value=0, max_value=100, places=2)
WEIGHTS = (
    st.lists(st.integers(1, 30), min_size=3, max_size=3)
    .map(lambda three: [*three, 100 - sum(three)])
    .filter(lambda it: it[-1] > 0)
)


@st.composite
def sheets(draw):
    """An edition with one criterion of each source, its inputs, some missing."""
    curve = sorted(draw(st.lists(NUMBER, min_size=2, max_size=5, unique=True)))
    knots = [{"at": at, "percent": draw(NUMBER)} for at in curve]
    missing = draw(st.sampled_from(("wait", "zero", "out")))
    first, second, third, fourth = draw(WEIGHTS)
    elements = {"x": {"name": "扣", "points": draw(st.sampled_from(("0.5", "2", "7.25")))}}
    form = edition(
        criterion("figure", first, "indicator", curve=knots, shape=draw(st.sampled_from(("linear", "steps"))), missing=missing),
        criterion("marks", second, heading="h", least=2, combine=draw(st.sampled_from(("mean", "median", "trimmed"))), missing=missing),
        criterion("said", third, "residents", heading="h", missing=missing),
        criterion("list", fourth, "checklist", elements=elements, most_deducted=draw(st.sampled_from((None, 3)))),
        headings=[{"key": "h", "name": "大项", "cap": draw(st.sampled_from((None, 10)))}],
    )  # fmt: skip
    inputs = {
        "figure": {"value": draw(st.one_of(st.none(), NUMBER.map(str)))},
        "marks": {"marks": draw(st.lists(NUMBER.map(str), max_size=6))},
        "said": {"counts": {key: draw(st.integers(0, 9)) for key in CHOICES}},
        "list": {
            "ticks": {"a": draw(st.booleans()), "b": draw(st.booleans())},
            "elements": {"x": draw(st.integers(0, 4))},
        },
    }
    return form, draw(st.integers(0, 4)), inputs


@settings(max_examples=300, deadline=None)
@given(sheets())
def test_the_plain_evaluator_agrees_to_the_last_digit(sheet):
    form, places, inputs = sheet
    found = score(form, places, inputs)
    assert found.total == naive.total(form, places, inputs)
    if found.total is not None:
        assert 0 <= found.low <= found.total <= found.high <= 100


@settings(max_examples=100, deadline=None)
@given(sheets())
def test_an_element_found_once_more_never_adds(sheet):
    form, places, inputs = sheet
    more = inputs | {"list": inputs["list"] | {"elements": {"x": inputs["list"]["elements"]["x"] + 1}}}
    before, after = score(form, places, inputs).total, score(form, places, more).total
    assert (before is None) == (after is None)
    assert before is None or after <= before
