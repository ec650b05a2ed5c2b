"""A visit typed in a village is in the figure of the village, the township, the county and the city right afterwards."""

import re

import pytest
from django.test import Client

from hangshi.access.models import Grant
from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import cells, queries
from hangshi.registry.models import Household, Person, Unit
from tests.proof.small import PASSWORD, upwards


@pytest.fixture
def village(ankang, db) -> Unit:
    with acting(EVERYTHING):
        return Unit.objects.get(pk=Grant.objects.get(account__username="cun").unit_id)


def signed_in(username):
    client = Client()
    assert client.post("/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def visit_of(village):
    with acting(EVERYTHING):
        household = Household.objects.filter(unit=village).first()
        leader = Person.objects.filter(unit=village).first()
    return {"household": household.number, "leader": str(leader.pk), "day": "2017-10-30", "topic": "问收入"}


def visits_at(units, when):
    with acting(EVERYTHING):
        return [queries.value("visits", it, when).value for it in units]


def shown(client, unit):
    page = client.get(f"/indicators/visits/?unit={unit.pk}").content.decode()
    return int(re.search(r'id="value">\s*([\d,]+)', page)[1].replace(",", ""))


@pytest.fixture
def elsewhere(village) -> Unit:
    with acting(EVERYTHING):
        township = upwards(village)[1]
        return Unit.objects.filter(kind="township").exclude(pk=township.pk).order_by("pk").first()


def test_one_visit_raises_every_level_by_one(village, elsewhere, year):
    with acting(EVERYTHING):
        units = [*upwards(village), elsewhere]
    before = visits_at(units, year)
    answer = signed_in("cun").post("/visits/new/", visit_of(village))
    assert answer.status_code == 302
    *line, other = (after - was for after, was in zip(visits_at(units, year), before, strict=True))
    assert [it.kind for it in units] == ["village", "township", "county", "city", "township"]
    assert (line, other) == ([1, 1, 1, 1], 0)


def test_the_kept_cells_say_what_a_live_count_says(village, elsewhere, year):
    signed_in("cun").post("/visits/new/", visit_of(village))
    queries.fold()
    with acting(EVERYTHING):
        units = [*upwards(village), elsewhere]
        live = [queries.value("visits", it, year, tree=year.last).value for it in units]  # a dated tree is read live
        assert cells.dirty() == 0
    assert visits_at(units, year) == live


def test_the_page_shows_it_at_once(village, elsewhere):
    with acting(EVERYTHING):
        units = [*upwards(village), elsewhere]
    reader = signed_in("shi")
    before = [shown(reader, it) for it in units]
    signed_in("cun").post("/visits/new/", visit_of(village))
    assert [shown(reader, it) - was for it, was in zip(units, before, strict=True)] == [1, 1, 1, 1, 0]


def test_a_visit_refused_reaches_nobody(village, elsewhere, year):
    with acting(EVERYTHING):
        units = [*upwards(village), elsewhere]
        abroad = Household.objects.exclude(unit=village).first().number
    before = visits_at(units, year)
    assert signed_in("cun").post("/visits/new/", visit_of(village) | {"household": abroad}).status_code == 422
    assert visits_at(units, year) == before
