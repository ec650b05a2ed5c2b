"""电话抽查: only those drawn are asked, each once, nobody has to answer, and answers are counted and not shown."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.packs.work import Question, Survey
from hangshi.planning import calls, services
from hangshi.planning.models import Call, Draw
from hangshi.planning.sampling import Item, Quota
from tests.refusals import refusal_of

MAY_1, MAY_2 = date(2020, 5, 1), date(2020, 5, 2)
SURVEY = Survey(
    key="trial",
    name="试问",
    questions={
        "post": Question(name="在岗没有", choices={"yes": "在", "no": "不在"}),
        "talks": Question(name="谈心没有", choices={"yes": "谈了", "no": "没谈"}),
    },
)
NAMES = {"e": "东县", "w": "西县", "e1": "东镇", "w1": "西镇"}


@pytest.fixture
def draw(land: SimpleNamespace) -> Draw:
    """1 and 2 are of 东县 and were drawn; of 3 and 4 of 西县 one was."""
    items = [Item("1", "e", "e1"), Item("2", "e", "e1"), Item("3", "w", "w1"), Item("4", "w", "w1")]
    given = {"title": "抽查", "items": items[:2], "names": NAMES, "quota": Quota(2, 2), "on": MAY_1, "actor": None}
    frozen = services.freeze_sample(land.county, **given)
    return services.hold(frozen, on=MAY_1, actor=None)


def record(draw: Draw, key: str = "1", outcome: str = "answered", on: date = MAY_2, **answers: str) -> str | None:
    given = {"key": key, "outcome": outcome, "answers": answers, "on": on, "actor": 7}
    return refusal_of(calls.record_call, draw, SURVEY, **given)


def test_what_was_said_is_counted_by_question_and_who_would_not_say_is_counted_apart(draw: Draw) -> None:
    assert record(draw, "1", post="yes", talks="no") is None
    assert record(draw, "2", post="yes") is None  # would not say whether there were talks
    every, east = calls.results(draw, SURVEY)
    assert (every.group, east.group) == ("", "e")
    assert every.outcomes == {"answered": 2}
    assert every.answers == {"post": {"yes": 2}, "talks": {"no": 1, "": 1}}
    assert east.answers == every.answers


@pytest.mark.parametrize(
    ("east", "west", "told"),
    [
        (3, 3, {"": True, "e": True, "w": True}),
        (3, 2, {"": False, "e": True, "w": False}),  # all less 东县 would be 西县
        (2, 2, {"": True, "e": False, "w": False}),  # four together tell on nobody
        (1, 1, {"": False, "e": False, "w": False}),
    ],
)
def test_fewer_than_three_answers_are_not_told_nor_to_be_found_as_a_difference(
    land: SimpleNamespace, east: int, west: int, told: dict[str, bool]
) -> None:
    items = [Item(str(n), "e", "e1") for n in range(1, 5)] + [Item(str(n), "w", "w1") for n in range(5, 9)]
    given = {"items": items, "names": NAMES, "quota": Quota(4, 4), "on": MAY_1, "actor": None}
    drawn = services.hold(services.freeze_sample(land.county, title="抽查", **given), on=MAY_1, actor=None)
    for key in [*range(1, 1 + east), *range(5, 5 + west)]:
        assert record(drawn, str(key), post="yes") is None
    assert {it.group: not it.tells_on for it in calls.results(drawn, SURVEY)} == told


def test_who_declines_or_is_not_reached_answers_nothing(draw: Draw) -> None:
    assert record(draw, "1", "declined") is None
    assert record(draw, "2", "unreached") is None
    every = calls.results(draw, SURVEY)[0]
    assert (every.outcomes, every.answers) == ({"declined": 1, "unreached": 1}, {"post": {}, "talks": {}})


@pytest.mark.parametrize(
    ("first", "again"), [("answered", "call.twice"), ("declined", "call.twice"), ("unreached", None)]
)
def test_only_who_was_not_reached_is_called_again(draw: Draw, first: str, again: str | None) -> None:
    answers = {"post": "no"} if first == "answered" else {}
    assert record(draw, "1", first, **answers) is None
    assert record(draw, "1", post="yes") == again
    call = Call.objects.get()
    assert call.answers == (
        {"post": "yes", "talks": ""} if again is None else {"post": "no", "talks": ""} if answers else {}
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"key": "3"}, "call.other"),
        ({"on": date(2020, 4, 30)}, "call.dates"),
        ({"outcome": "talked"}, "call.outcome"),
        ({"outcome": "declined"}, "call.answers"),
        ({"post": "maybe"}, "call.choice"),
        ({"health": "yes"}, "call.choice"),
        ({}, None),
    ],
)
def test_what_is_refused_is_not_kept(draw: Draw, given: dict[str, str], code: str | None) -> None:
    assert record(draw, **({"post": "yes"} | given)) == code
    assert Call.objects.count() == (0 if code else 1)


def test_to_answer_nothing_is_to_decline(draw: Draw) -> None:
    assert record(draw) == "call.empty"


def test_before_the_draw_nobody_is_called(land: SimpleNamespace) -> None:
    given = {"title": "抽查", "items": [Item("1", "e", "e1")], "names": NAMES, "quota": Quota(1, 1)}
    frozen = services.freeze_sample(land.county, on=MAY_1, actor=None, **given)
    assert record(frozen, post="yes") == "call.undrawn"
    ring = services.freeze_ring(land.county, title="互查", units=["1", "2", "3"], on=MAY_1, actor=None)
    assert record(services.hold(ring, on=MAY_1, actor=None), post="yes") == "call.undrawn"
