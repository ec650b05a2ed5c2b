"""Those whose scope is a Party line, or the households they are paired with, record what is theirs to record."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access import grants, services
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities import plans, reviews
from hangshi.activities import services as activities
from hangshi.activities.models import Activity, AgendaItem, Plan
from hangshi.activities.services import Item
from hangshi.duties import services as duties
from hangshi.outbox.models import Event
from hangshi.packs import load
from hangshi.registry import tree
from hangshi.registry.models import Unit
from hangshi.registry.services import hang
from tests.land import FIRST, make

KINDS = load("base").kinds
DAY = date(2020, 6, 10)


def granted(username: str, role: str, unit: Unit, person: int) -> Grant:
    account = Account.objects.create(username=username, name=username, password="!")  # nobody signs in here
    services.link_person(account, person_id=person)
    return grants.give(account, role=role, unit_id=unit.pk, path=unit.path, since=FIRST)


@pytest.fixture
def secretary(land: SimpleNamespace, people: SimpleNamespace) -> Iterator[Grant]:
    committee = make("committee", "东镇党委", land.east)
    hang(committee, line=tree.PARTY, parent=None, on=FIRST, actor=None)
    hang(land.bay_branch, line=tree.PARTY, parent=committee, on=FIRST, actor=None)
    grant = granted("secretary", "branch_secretary", land.bay_branch, people.wang.pk)
    with acting(Scope.of(grant, on=DAY)):
        yield grant


def test_a_branch_secretary_plans_records_and_corrects(secretary: Grant, land: SimpleNamespace) -> None:
    kind, actor = KINDS.activity["theme_day"].model_copy(update={"leader": False}), secretary.account_id
    plan = plans.plan(kind, unit=land.bay_branch, on=DAY, topic="学习", agenda=["学习"], actor=actor)
    plans.notify(plan, on=DAY, actor=actor)
    activity = activities.record(
        kind, unit=land.bay_branch, on=DAY, actor=actor, plan=plan, satisfies=["party_lesson"], present=0
    )
    reviews.correct(kind, activity, on=DAY, actor=actor, minutes="详", agenda=[Item("学习"), Item("议事")])
    assert (Plan.objects.get().state, AgendaItem.objects.count()) == ("held", 2)
    assert Event.objects.get().told_by == actor


def test_what_others_told_is_not_seen(secretary: Grant, land: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        kind = KINDS.activity["theme_day"].model_copy(update={"leader": False})
        activities.record(kind, unit=land.hill_branch, on=DAY, actor=None)
        assert Event.objects.count() == 1
    assert (Event.objects.count(), Activity.objects.count()) == (0, 0)


def test_a_paired_cadre_records_a_visit(land: SimpleNamespace, people: SimpleNamespace) -> None:
    duties.assign(KINDS.duty["pairing"], bearer=people.li, target=people.zhao, on=FIRST, actor=None)
    grant = granted("paired", "paired_cadre", land.county, people.li.pk)
    with acting(Scope.of(grant, on=DAY)):
        activities.record(
            KINDS.activity["visit"],
            unit=land.bay,
            on=DAY,
            actor=grant.account_id,
            leader=people.li,
            household=people.zhao,
        )
        assert (Activity.objects.count(), Event.objects.count()) == (1, 1)
