"""The API and the pages say the same: one figure, its rows, a list, a refusal."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import services as activities
from hangshi.packs import load
from hangshi.registry.models import Household, Person
from tests.api.conftest import PASSWORD, Land

YEAR = {"from": "2017-01-01", "to": "2017-10-31"}
Pages = Callable[[str], Client]


@pytest.fixture
def pages(land: Land) -> Pages:
    def signed_in(username: str) -> Client:
        client = Client()
        client.post("/sign-in/", {"username": username, "password": PASSWORD})
        return client

    return signed_in


@pytest.fixture
def visits(land: Land) -> None:
    """Three more in 东湾村, one in 西沟村."""
    kind = load("base").kinds.activity["visit"]
    with acting(EVERYTHING):
        leader = Person.objects.get(pk=land.ids["王建国"])
        for name, days in (("李一", (2, 3, 4)), ("李二", (5,))):
            household = Household.objects.select_related("unit").get(pk=land.ids[name])
            for day in days:
                said = {"unit": household.unit, "leader": leader, "household": household, "present": 1}
                activities.record(kind, on=date(2017, 10, day), actor=None, **said)


def figure(page: str) -> str:
    """The large number of an indicator's page."""
    return re.search(r'id="value">([\d,.—]+)<', page)[1]


def rows(page: str) -> list[list[str]]:
    """The records beneath it."""
    table = page[page.index("逐条记录") :]
    found = re.findall(r"<tr>(<td>.*?)</tr>", table[: table.index("</table>")])
    return [re.findall(r"<td>([^<]*)</td>", re.sub(r"</?a\b[^>]*>", "", row)) for row in found]


@pytest.mark.parametrize(
    ("who", "value", "count"), [("shi", "5", 5), ("xian", "5", 5), ("zhen", "4", 4), ("kan", "4", 4)]
)
def test_the_api_and_the_page_say_the_same(
    visits: None, pages: Pages, call: Any, who: str, value: str, count: int
) -> None:
    page = pages(who).get("/indicators/visits/", YEAR).content.decode()
    said = call(who).get("/indicators/visits/rows", **YEAR).json()
    assert figure(page) == call(who).get("/indicators/visits/value", **YEAR).json()["value"] == value
    assert rows(page) == [[cell or "" for cell in row] for row in said["rows"]]
    assert (len(said["rows"]), said["total"]) == (count, count)


@pytest.mark.parametrize("key", ["registered_households", "first_secretaries", "villages", "members", "visits"])
def test_every_level_is_the_figure_of_its_page(visits: None, pages: Pages, call: Any, land: Land, key: str) -> None:
    said = {it["unit_name"]: it["value"] for it in call("shi").get(f"/indicators/{key}/children", **YEAR).json()}
    page = pages("shi").get(f"/indicators/{key}/", YEAR).content.decode()
    shown = re.findall(r'<td><a href="/units/\d+/[^"]*">(\w+)</a></td><td class="num">\s*(?:<a[^>]*>)?([\d,.—]+)', page)
    assert shown == [(name, value or "—") for name, value in said.items()]


LISTS = {"units": "units", "persons": "persons", "households": "households", "members": "memberships"} | {
    room: room for room in ("duties", "activities", "cases", "entries")
}


@pytest.mark.parametrize("register", LISTS)
@pytest.mark.parametrize("who", ["shi", "xian", "zhen", "kan"])
def test_a_list_holds_the_records_of_its_page(visits: None, pages: Pages, call: Any, register: str, who: str) -> None:
    page = pages(who).get(f"/records/{register}/").content.decode()
    shown = {int(pk) for pk in re.findall(rf'"/records/{register}/(\d+)/"', page)}
    assert shown == {it["id"] for it in call(who).get(f"/{LISTS[register]}").json()["items"]} != set()


def test_the_same_filters_find_the_same(visits: None, pages: Pages, call: Any, land: Land) -> None:
    asked = {"from": "2017-10-03", "to": "2017-10-04", "kind": "visit", "unit": land.ids["东湾村"]}
    page = pages("shi").get("/records/activities/", asked).content.decode()
    items = call("shi").get("/activities", **asked).json()["items"]
    assert [it["day"] for it in items] == ["2017-10-03", "2017-10-04"]
    assert {int(pk) for pk in re.findall(r'"/records/activities/(\d+)/"', page)} == {it["id"] for it in items}


def test_a_visit_told_to_the_api_is_on_the_page(pages: Pages, call: Any, land: Land) -> None:
    said = {"household": land.ids["李一"], "leader": land.ids["王建国"], "on": "2017-10-30", "topic": "核对收入"}
    made = call("zhen").post("/visits", said).json()
    page = pages("zhen").get(f"/records/activities/{made['id']}/").content.decode()
    assert "核对收入" in page
    assert figure(pages("zhen").get("/indicators/visits/", YEAR).content.decode()) == "2"


def test_a_refusal_is_the_sentence_of_the_page(pages: Pages, call: Any, land: Land) -> None:
    typed = {"household": "H1", "leader": "王建国", "day": "2016-12-31"}
    said = {"household": land.ids["李一"], "leader": land.ids["王建国"], "on": "2016-12-31"}
    sentence = call("zhen").post("/visits", said).json()["detail"]
    assert sentence == "“东湾村”在2016-12-31不在存续期内。"
    assert sentence in pages("zhen").post("/visits/new/", typed).content.decode()
