"""What was sent back (退回) does not count until it has been put right: not the activity, not who was there, in no cell and at no level."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.activities import reviews, services
from hangshi.activities.models import Activity
from hangshi.duties import services as duties
from hangshi.indicators import cells, queries
from hangshi.indicators.models import Dirty
from hangshi.indicators.queries import Period
from hangshi.packs.loader import load
from hangshi.packs.models import ActivityKind
from hangshi.registry.models import Person, Unit
from tests.land import land, people

__all__ = ["land", "people"]
MEETING = ActivityKind(key="b", name="支部党员大会", attendance="named")
JULY, JULY_3, JULY_9 = Period(date(2024, 7, 1), date(2024, 7, 31)), date(2024, 7, 3), date(2024, 7, 9)
COUNTED: dict[str, dict[str, Any]] = {
    "held": {"where": "kind = 'b'"},
    "people": {"where": "kind = 'b'", "measure": "sum(present)"},
    "units": {"where": "kind = 'b'", "measure": "count(distinct unit_id)"},
    "there": {"fact": "attendances", "where": "state = 'present'"},
    "attended": {"fact": "attended", "where": "kind = 'b' and state = 'present'"},
}
WHOLE, NOTHING = (1, 2, 1, 2, 2), (0, 0, 0, 0, 0)
Tree = dict[str, Unit]


@pytest.fixture
def held(define: Callable[..., Any], tree: Tree) -> Activity:
    """A meeting of the branch in 东湾 with two members there."""
    define(**COUNTED)
    branch = tree["东湾支部"]
    there = [Person.objects.create(name=name, unit=tree["东湾"], path=tree["东湾"].path) for name in "甲乙"]
    states = {person.pk: "present" for person in there}
    return services.record(MEETING, unit=branch, on=JULY_3, actor=7, attendance=states)


def figures(unit: Unit, when: Period = JULY) -> tuple[int, ...]:
    return tuple(int(queries.value(key, unit, when).value or 0) for key in COUNTED)


@pytest.mark.parametrize("place", ["东湾支部", "东湾", "某县", "某市"])
@pytest.mark.parametrize("when", [JULY, Period(date(2024, 7, 2), date(2024, 7, 20))])
def test_it_leaves_every_figure_and_comes_back_when_put_right(
    held: Activity, tree: Tree, place: str, when: Period
) -> None:
    assert figures(tree[place], when) == WHOLE
    sent = reviews.review(held, to="sent_back", on=JULY_9, actor=8, note="到会人数不对")
    assert figures(tree[place], when) == NOTHING
    assert queries.rows("held", tree[place], when).total == 0  # and is not among the rows behind the figure
    reviews.correct(MEETING, sent, on=JULY_9, actor=7, topic="更正")
    assert figures(tree[place], when) == WHOLE


def test_the_cells_follow_and_are_read_again(held: Activity, tree: Tree) -> None:
    queries.fold()
    reviews.review(held, to="sent_back", on=JULY_9, actor=8, note="到会人数不对")
    assert cells.dirty() > 0
    assert figures(tree["某市"]) == NOTHING  # read live until it is folded
    queries.fold()
    assert cells.dirty() == 0
    assert figures(tree["某市"]) == NOTHING


def test_a_review_that_sends_nothing_back_asks_for_no_recount_of_attendances(held: Activity, tree: Tree) -> None:
    queries.fold()
    checked = reviews.review(held, to="checked", on=JULY_9, actor=8)
    assert figures(tree["某市"]) == WHOLE
    assert set(Dirty.objects.values_list("fact", flat=True)) == {"activities"}
    reviews.review(checked, to="accepted", on=JULY_9, actor=8)
    assert figures(tree["某市"]) == WHOLE


def test_a_mobile_member_is_not_active_by_what_was_sent_back(land: SimpleNamespace, people: SimpleNamespace) -> None:
    kind = load("base").kinds.duty["mobile_member"]
    given = {"bearer": people.wang, "target": land.bay_branch, "on": date(2024, 1, 1), "actor": None}
    duties.assign(kind, **given, extra={"region": "广东"})
    states = {people.wang.pk: "present"}
    it = services.record(MEETING, unit=land.bay_branch, on=JULY_3, actor=7, attendance=states)

    def active() -> Any:
        return queries.value("mobile_members_active", land.county, JULY_9).value

    assert active() == 1
    reviews.review(it, to="sent_back", on=JULY_9, actor=8, note="到会人数不对")
    assert active() == 0
