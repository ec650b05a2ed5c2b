"""抽样: frozen, held, published; and anybody can compute it again."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.duties import services as duties
from hangshi.packs import load
from hangshi.planning.models import Draw
from hangshi.planning.proof import faults
from hangshi.registry.models import Person, Unit

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
ASKED = {
    "title": "第三季度抽查",
    "kind": "pledge",
    "group": "county",
    "part": "township",
    "most": "2",
    "cover": "0",
    "total": "",
}


@pytest.fixture
def pledged(town: dict[str, Unit], party: dict[str, Person]) -> None:
    """The three members of 东湾村 each made a pledge."""
    with acting(EVERYTHING):
        for person in party.values():
            duties.assign(KINDS.duty["pledge"], bearer=person, target=town["东湾村"], on=date(2017, 5, 1), actor=None)


def test_a_draw_is_frozen_held_and_checked_by_its_file(sign_in: SignIn, pledged: None, row: Any) -> None:
    client = sign_in("shi")
    assert client.post("/draws/new/", ASKED | {"least": "2"}).status_code == 302
    it = row(Draw)
    here = f"/draws/{it.pk}/"
    assert "还没有抽取" in client.get(here).content.decode()
    assert faults(json.loads(client.get(f"/draws/{it.pk}.json").content)) == ["还没有抽取，种子尚未公布。"]
    assert client.post(f"{here}hold/", {"witness": "4711"})["Location"] == here
    page = client.get(here).content.decode()
    assert ("抽中 2 名" in page, "结果一致" in page, f"{here}hold/" in page) == (True, True, False)
    assert sum(name in page for name in ("张爱民", "李建军", "陈小红")) == 2
    said = json.loads(client.get(f"/draws/{it.pk}.json").content)
    assert faults(said) == []
    assert "张爱民" not in json.dumps(said, ensure_ascii=False)


def test_what_cannot_be_met_is_said_by_name_and_nothing_is_frozen(sign_in: SignIn, pledged: None, count: Any) -> None:
    answer = sign_in("shi").post("/draws/new/", ASKED | {"least": "10"})
    assert answer.status_code == 422
    said = "汉滨区只有1个乡镇有可抽对象，每个乡镇至多2名，合计至多2名，达不到不少于10名的要求。"
    assert said in answer.content.decode()
    assert count(Draw) == 0


def test_a_draw_is_held_once(sign_in: SignIn, pledged: None, row: Any) -> None:
    client = sign_in("shi")
    client.post("/draws/new/", ASKED | {"least": "1"})
    here = f"/draws/{row(Draw).pk}/"
    client.post(f"{here}hold/", {"witness": ""})
    first = row(Draw).result
    answer = client.post(f"{here}hold/", {"witness": "8"})
    assert (answer.status_code, "不能再抽" in answer.content.decode()) == (422, True)
    assert row(Draw).result == first


@pytest.mark.parametrize("address", ["/draws/new/", "/draws/1/hold/"])
def test_a_township_holds_no_draws(sign_in: SignIn, address: str) -> None:
    assert sign_in("zhen").get(address).status_code == 403


def test_a_draw_of_the_city_is_not_there_for_the_township(sign_in: SignIn, pledged: None, row: Any) -> None:
    sign_in("shi").post("/draws/new/", ASKED | {"least": "1"})
    pk = row(Draw).pk
    client = sign_in("zhen")
    assert [client.get(address).status_code for address in (f"/draws/{pk}/", f"/draws/{pk}.json")] == [404, 404]
    assert "第三季度抽查" not in client.get("/draws/").content.decode()
