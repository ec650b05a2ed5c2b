"""What all villages have said in a term: the figures, the answers, those taken over, and who has not filled it."""

from datetime import date

import pytest

from hangshi.activities.models import Activity
from hangshi.demands import answers, collecting, judging
from hangshi.demands.models import Demand
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit
from tests.land import make

MARCH, ON = Period(date(2020, 3, 1), date(2020, 3, 31)), date(2020, 4, 2)
LABELS = ("走访次数", "防溺水巡查次数", "警示牌")


@pytest.fixture
def demand(propose, land):
    for unit, days in ((land.bay, (5, 31)), (land.ditch, (7,))):
        for day in days:
            Activity.objects.create(kind="visit", unit=unit, path=unit.path, day=date(2020, 3, day))
    made = propose(LABELS)
    Demand.objects.update(state="approved")
    made.refresh_from_db()
    return made


def table(demand, top):
    units = list(collecting.units_of(demand, top, MARCH))
    rows = collecting.collected(demand, top, MARCH, units)
    return [(it.unit.name, it.filling is not None, it.cells) for it in rows]


def test_each_unit_has_a_row_whether_it_has_filled_the_form_or_not(pack, demand, land):
    answers.fill(pack, demand, land.bay, day=MARCH.last, typed={2: "4", 3: "无"}, on=ON, actor=7)
    answers.fill(pack, demand, land.hill, day=date(2020, 4, 1), typed={2: "9"}, on=ON, actor=7)
    assert table(demand, land.county) == [
        ("东湾村", True, (2, "4", "无")),
        ("东坡村", False, (0, "", "")),
        ("西沟村", False, (1, "", "")),
    ]
    assert [it[0] for it in table(demand, land.east)] == ["东湾村", "东坡村"]
    assert table(demand, land.bay) == [("东湾村", True, (2, "4", "无"))]


def test_an_answer_of_another_form_stands_unless_the_unit_gave_its_own(pack, demand, propose, land):
    other = propose(("巡查水域次数",), title="河长月报")
    Demand.objects.update(state="approved")
    other.refresh_from_db()
    for unit, said in ((land.bay, "6"), (land.hill, "7")):
        answers.fill(pack, other, unit, day=MARCH.last, typed={1: said}, on=ON, actor=7)
    answers.fill(pack, demand, land.hill, day=MARCH.last, typed={2: "8"}, on=ON, actor=7)
    judging.judge(other.items.get(), demand.items.get(number=2), same=True, reason="", on=ON, actor=7)
    assert [it[2][1] for it in table(demand, land.county)] == ["6", "8", ""]


def test_a_unit_that_ended_before_the_term_is_not_asked(demand, land):
    Unit.objects.filter(pk=land.hill.pk).update(until=date(2020, 2, 29))
    Unit.objects.filter(pk=land.ditch.pk).update(until=date(2020, 3, 1))
    assert [it[0] for it in table(demand, land.county)] == ["东湾村", "西沟村"]


def test_the_number_of_statements_does_not_grow_with_the_units(demand, land, django_assert_num_queries):
    for another in ("东山村", "东河村"):
        units = list(collecting.units_of(demand, land.county, MARCH))
        with django_assert_num_queries(9):
            collecting.collected(demand, land.county, MARCH, units)
        make("village", another, land.east)
