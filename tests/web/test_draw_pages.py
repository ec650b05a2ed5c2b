"""抽样: frozen, held, published; and anybody can compute it again."""

import html
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs import load
from hangshi.planning.models import Draw
from hangshi.planning.proof import faults
from hangshi.registry import people
from hangshi.registry import services as registry
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


@pytest.fixture
def villages(town: dict[str, Unit], party: dict[str, Person]) -> dict[str, Unit]:
    """Two more villages beside 东湾村 and 西沟村; 赵检查 and 钱检查 are at home in the city, 张爱民 in 东湾村."""
    with acting(EVERYTHING):
        for name, township in (("南岭村", "关庙镇"), ("北坡村", "大河镇")):
            town[name] = registry.create(
                KINDS.unit["village"], name=name, parent=town[township], on=date(2017, 1, 1), actor=None
            )
        for name in ("赵检查", "钱检查"):
            people.register_person(town["city"], name=name, on=date(2017, 1, 1), actor=None)
    return town


PAIRING = {"title": "双随机督查", "inspectors": "赵检查\n钱检查\n张爱民", "kind": "village", "most": "", "avoid": ""}


def avoided(draw: Draw, villages: dict[str, Unit]) -> set[tuple[str, str]]:
    names = {str(unit.pk): name for name, unit in villages.items()}
    with acting(EVERYTHING):
        persons = {str(pk): name for pk, name in Person.objects.values_list("pk", "name")}
    return {(persons[who], names[unit]) for who, unit in draw.rule["avoid"]}


def test_inspectors_are_drawn_to_villages_and_nobody_to_their_own(
    sign_in: SignIn, villages: dict[str, Unit], row: Any
) -> None:
    client = sign_in("shi")
    there = client.post("/draws/new/pairing/", PAIRING | {"avoid": "钱检查 西沟村"})["Location"]
    draw = row(Draw)
    assert avoided(draw, villages) == {("张爱民", "东湾村"), ("钱检查", "西沟村")}
    client.post(f"{there}hold/", {"witness": "88"})
    page = client.get(there).content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    assert sorted(line.split("</th>")[0].split(">")[-1] for line in table) == ["东湾村", "北坡村", "南岭村", "西沟村"]
    assert not any(("东湾村" in line and "张爱民" in line) or ("西沟村" in line and "钱检查" in line) for line in table)
    assert ("结果一致" in page, "回避" in page, "2 对" in page) == (True, True, True)
    said = json.loads(client.get(f"/draws/{draw.pk}.json").content)
    assert (faults(said), "张爱民" in json.dumps(said, ensure_ascii=False)) == ([], False)


def test_who_is_at_home_in_a_township_inspects_no_village_of_it_for_the_city(
    sign_in: SignIn, villages: dict[str, Unit], row: Any
) -> None:
    with acting(EVERYTHING):
        people.register_person(villages["关庙镇"], name="孙检查", on=date(2017, 1, 1), actor=None)
    sign_in("shi").post("/draws/new/pairing/", PAIRING | {"inspectors": "孙检查\n赵检查"})
    assert avoided(row(Draw), villages) == {("孙检查", "东湾村"), ("孙检查", "南岭村")}


def test_where_one_bears_a_duty_one_does_not_inspect(sign_in: SignIn, villages: dict[str, Unit], row: Any) -> None:
    with acting(EVERYTHING):
        zhao = Person.objects.get(name="赵检查")
        for village, until in (("南岭村", None), ("北坡村", date(2017, 10, 30))):  # the second is over
            given = {"bearer": zhao, "target": villages[village], "on": date(2017, 5, 1), "until": until}
            duties.assign(KINDS.duty["first_secretary"], actor=None, **given)
    sign_in("shi").post("/draws/new/pairing/", PAIRING)
    assert avoided(row(Draw), villages) == {("张爱民", "东湾村"), ("赵检查", "南岭村")}


def test_a_village_that_everybody_must_avoid_is_named_and_given_to_nobody(
    sign_in: SignIn, villages: dict[str, Unit]
) -> None:
    client = sign_in("shi")
    there = client.post("/draws/new/pairing/", PAIRING | {"inspectors": "张爱民"})["Location"]
    client.post(f"{there}hold/", {"witness": ""})
    page = client.get(there).content.decode()
    assert "没有配上，请另派或调整名单后重新封存：东湾村。" in page
    assert page.split("<tbody>")[1].count("张爱民") == 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"avoid": "孙检查 西沟村"}, "“孙检查”不在检查人员里。"),
        ({"avoid": "赵检查 没有村"}, "“赵检查 没有村”：您的范围内没有这个单位。"),
        ({"inspectors": "赵检查\n赵检查"}, "检查人员中有重复的人，每人只能出现一次。"),
        ({"most": "0"}, "每人至多检查的单位数至少为1。"),
        ({"kind": "community"}, "至少列出一名检查人员和一个受检单位。"),
        ({"inspectors": ""}, "“检查人员”必须填写。"),
    ],
)
def test_a_pairing_that_is_refused_is_not_frozen_and_keeps_what_was_typed(
    sign_in: SignIn, villages: dict[str, Unit], count: Any, said: dict[str, str], sentence: str
) -> None:
    answer = sign_in("shi").post("/draws/new/pairing/", PAIRING | said)
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, sentence in page, count(Draw), 'value="双随机督查"' in page) == (422, True, 0, True)


def test_townships_check_each_other_in_one_ring(sign_in: SignIn, villages: dict[str, Unit], row: Any) -> None:
    client = sign_in("shi")
    there = client.post("/draws/new/ring/", {"title": "互查互学", "kind": "village"})["Location"]
    client.post(f"{there}hold/", {"witness": "7"})
    pairs = row(Draw).result["drawn"]["pairs"]
    four = {str(villages[name].pk) for name in ("东湾村", "西沟村", "南岭村", "北坡村")}
    assert (set(pairs), set(pairs.values())) == (four, four)  # each checks one and is checked by one
    assert not [one for one, other in pairs.items() if one == other or pairs[other] == one]  # not itself, no mere swap
    page = client.get(there).content.decode()
    assert ("谁查谁" in page, "结果一致" in page, page.split("<tbody>")[1].count("<tr>")) == (True, True, 4)


def test_two_units_are_no_ring(sign_in: SignIn, town: dict[str, Unit], count: Any) -> None:
    answer = sign_in("shi").post("/draws/new/ring/", {"title": "互查", "kind": "village"})
    said = "互查至少要有三个单位；只有两个单位时只能互换，不成互查。"
    assert (answer.status_code, said in answer.content.decode(), count(Draw)) == (422, True, 0)


def test_the_list_of_draws_says_how_each_was_drawn(sign_in: SignIn, villages: dict[str, Unit]) -> None:
    client = sign_in("shi")
    client.post("/draws/new/ring/", {"title": "互查互学", "kind": "village"})
    assert ">互查</td>" in client.get("/draws/").content.decode()
    assert client.get("/draws/new/nothing/").status_code == 404


def test_a_drawn_ring_is_written_down_as_who_checks_whom(
    sign_in: SignIn, villages: dict[str, Unit], row: Any, count: Any
) -> None:
    client = sign_in("shi")
    there = client.post("/draws/new/ring/", {"title": "互查互学互鉴", "kind": "village"})["Location"]
    assert "登记互查分工" not in client.get(there).content.decode()  # not before it is drawn
    client.post(f"{there}hold/", {"witness": "3"})
    assert f"{there}share/" in client.get(there).content.decode()
    days = {"since": "2017-10-10", "until": "2017-12-31"}
    assert client.post(f"{there}share/", days)["Location"] == there
    with acting(EVERYTHING):
        pairs = set(Duty.objects.filter(kind="mutual_check").values_list("bearer_unit_id", "target_unit_id"))
    assert pairs == {(int(one), int(other)) for one, other in row(Draw).result["drawn"]["pairs"].items()}
    assert f"{there}share/" not in client.get(there).content.decode()  # and not twice
    assert client.post(f"{there}share/", days | {"until": "2017-12-30"}).status_code == 422
    assert count(Duty) == 4
    assert all(name in client.get("/duties/mutual_check/").content.decode() for name in ("东湾村", "南岭村", "北坡村"))


def test_a_ceremony_is_recorded_by_a_form_with_a_day_and_a_number(sign_in: SignIn, town: dict[str, Unit]) -> None:
    page = (
        sign_in("zhen").get(f"/records/activities/new/?kind=ceremony_count&unit={town['东湾村'].pk}").content.decode()
    )
    assert 'name="present"' in page
    assert "简办次数" in page
    assert [name for name in ("topic", "place", "minutes", "leader") if f'name="{name}"' in page] == []
