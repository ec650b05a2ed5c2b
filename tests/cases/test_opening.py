"""Many cases opened at once are what they would be opened one by one."""

from datetime import date
from typing import Any

import pytest

from hangshi.cases import services
from hangshi.cases.models import Case, Seat, Step
from hangshi.cases.opening import Opening, open_all
from hangshi.outbox.models import Event
from tests.cases.kinds import JUNE_1, PROBLEM
from tests.refusals import refusal_of

ACTOR = 7
KIND = PROBLEM.model_copy(update={"subject": "person", "grounds": {"late": "迟"}})
OWN = {"id", "case_id", "told_at", "source_id"}


def rows(model: Any, case: Case, by: str = "case") -> list[dict[str, Any]]:
    found = model.objects.filter(**{by: case.pk}).order_by("pk").values()
    return [{key: value for key, value in row.items() if key not in OWN} for row in found]


@pytest.mark.parametrize("due_on", [None, date(2020, 7, 1)])
def test_each_is_as_if_it_were_opened_alone(land, people, due_on):
    said = {"unit": land.bay, "title": " 漏项 ", "ground": "late", "person": people.wang, "extra": {"cause": "核实"}}
    said["due_on"] = due_on
    alone = services.open_case(KIND, on=JUNE_1, actor=ACTOR, **said)
    together = open_all(KIND, [Opening(**said), Opening(**said)], on=JUNE_1, actor=ACTOR)
    assert len({it.pk for it in together}) == 2
    for case in together:
        assert rows(Case, case, "pk") == rows(Case, alone, "pk")
        assert rows(Step, case) == rows(Step, alone)
        assert rows(Event, case, "source_id") == rows(Event, alone, "source_id")


def test_units_take_their_seats_on_the_first_day(land, people):
    opening = Opening(land.bay, "漏项", "late", people.wang, seats={"partner": land.east})
    (case,) = open_all(KIND, [opening], on=JUNE_1, actor=ACTOR)
    assert list(case.seats.values_list("seat", "unit", "since", "until")) == [("partner", land.east.pk, JUNE_1, None)]


@pytest.mark.parametrize(
    ("changed", "kind", "code"),
    [
        ({}, {}, None),
        ({"title": " "}, {}, "case.title"),
        ({"ground": "lost"}, {}, "case.ground"),
        ({"person": None}, {}, "case.subject"),
        ({"seats": {"owner": "east"}}, {}, "case.seat"),  # a person's seat
        ({"seats": {"boss": "east"}}, {}, "case.seat"),
        ({}, {"single": True}, "case.single"),
    ],
)
def test_one_that_may_not_be_opened_keeps_all_closed(land, people, changed, kind, code):
    sound = {"unit": land.bay, "title": "漏项", "ground": "late", "person": people.wang}
    said = sound | changed | {"seats": dict.fromkeys(changed.get("seats", {}), land.east)}
    asked = [Opening(**sound), Opening(**said)]
    assert refusal_of(open_all, KIND.model_copy(update=kind), asked, on=JUNE_1, actor=ACTOR) == code
    assert Case.objects.count() == Step.objects.count() == (0 if code else 2)


def test_none_asked_none_opened(land):
    assert open_all(KIND, [], on=JUNE_1, actor=ACTOR) == []
    assert not Seat.objects.exists()


def test_a_hundred_take_as_many_statements_as_two(land, people, django_assert_max_num_queries):
    asked = [Opening(land.bay, f"第{n}件", "late", people.wang, seats={"partner": land.east}) for n in range(100)]
    with django_assert_max_num_queries(16):
        open_all(KIND, asked, on=JUNE_1, actor=ACTOR)
