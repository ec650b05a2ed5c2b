"""Who sees and writes what, asked of the database itself: without a view and without a check of the application."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.demands import answers, judging
from hangshi.demands.models import Answer, Demand, Filling, Item, Judgement
from tests.demands.conftest import DAY

MODELS = (Demand, Item, Judgement, Filling, Answer)


@pytest.fixture
def stored(pack, propose, land):
    """Two demands of the county in use, items judged the same, one filled by 东湾村; and a draft of 西镇."""
    made = [propose((label,), title=label) for label in ("巡查次数", "巡查数")]
    judging.judge(made[0].items.get(), made[1].items.get(), same=True, reason="", on=DAY, actor=7)
    Demand.objects.update(state="approved")
    demand = Demand.objects.get(pk=made[0].pk)
    answers.fill(pack, demand, land.bay, day=DAY, typed={1: "4"}, on=DAY, actor=7)
    propose(("甲", "乙"), title="西镇草稿", unit=land.west)
    return demand


def below(unit):
    return replace(Scope.below(unit.path), within=unit.path)


@pytest.mark.parametrize(
    ("who", "demands", "items", "judgements", "filled", "told"),
    [
        ("county", 3, 4, 1, 1, 1),
        ("east", 2, 2, 1, 1, 1),
        ("bay", 2, 2, 1, 1, 1),
        ("hill", 2, 2, 1, 0, 0),
        ("west", 3, 4, 1, 0, 0),
        ("ditch", 2, 2, 1, 0, 0),
    ],
)
def test_what_is_asked_is_seen_from_below_and_what_is_filled_only_from_above(
    stored, land, who, demands, items, judgements, filled, told
):
    with acting(below(getattr(land, who))):
        assert [it.objects.count() for it in MODELS] == [demands, items, judgements, filled, told]


def test_nothing_set_shows_nothing(stored):
    with acting(Scope("", "")):
        assert [it.objects.count() for it in MODELS] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("state", ["draft", "asked"])
def test_what_is_not_agreed_to_is_not_asked(stored, land, state):
    Demand.objects.filter(pk=stored.pk).update(state=state)
    with acting(below(land.bay)):
        assert list(Demand.objects.values_list("title", flat=True)) == ["巡查数"]
        assert Item.objects.filter(demand=stored.pk).count() == 0
    with acting(below(land.county)):
        assert Demand.objects.filter(pk=stored.pk).count() == 1


def test_from_below_nothing_of_a_demand_is_changed(stored, land):
    with acting(below(land.bay)):
        changed = (
            Demand.objects.update(title="不填了"),
            Item.objects.update(target="figure.visits"),
            Judgement.objects.update(same=False, reason="不同"),
        )
        assert changed == (0, 0, 0)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM demand_judgement")
            assert cursor.rowcount == 0
    with acting(EVERYTHING):
        assert Demand.objects.filter(title="不填了").count() == 0
        assert Judgement.objects.get().same


def test_nothing_is_written_for_a_unit_out_of_sight(stored, land):
    said = {"form": 1, "title": "表", "level": "village", "first": DAY, "last": DAY, "filled_on": DAY}
    counts = {"known": 0, "typed": 0, "empty": 0, "minutes": Decimal(0)}
    with acting(below(land.east)):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Filling.objects.create(unit=land.ditch, path=land.ditch.path, **said, **counts)
        Filling.objects.create(unit=land.hill, path=land.hill.path, **said, **counts)


def test_the_earlier_versions_of_an_answer_are_kept(pack, stored, land):
    answers.fill(pack, stored, land.bay, day=DAY, typed={1: "5"}, on=DAY, actor=8)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, op FROM demand_answer_history")
        assert cursor.fetchall() == [("4", "DELETE")]
        cursor.execute("SELECT op, replaced_by FROM demand_filling_history")
        assert cursor.fetchall() == [("UPDATE", 8)]


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE demand SET until = since - 1",
        "UPDATE demand SET into_id = id",
        "UPDATE demand_judgement SET same = false",
        "UPDATE demand_judgement SET first_id = second_id, second_id = first_id",
        "UPDATE demand_filling SET typed = -1",
        "UPDATE demand_filling SET demand_id = NULL",
        "INSERT INTO demand_item (demand_id, path, number, label, target) SELECT demand_id, path, number, label, target FROM demand_item",
    ],
)
def test_what_the_database_itself_refuses(stored, wrong):
    violated = pytest.raises(DatabaseError, match=r"violates (check|unique) constraint")
    with violated, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(wrong)
