"""The pages of the lists: how far each unit is, an item reported by the county and verified by the city."""

import re

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases.models import Case
from tests.responsibility.conftest import LIST


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def at(places):
    return lambda unit="肃州区", below="": f"/responsibility/{LIST}/{places[unit].pk}/{below}"


@pytest.fixture
def reported(sign_in, at):
    county = sign_in("suzhou")
    assert county.post(at(below="item_1_1/report/"), {"note": "常委会研究两次"}).url == at() + "#item_1_1"
    with acting(EVERYTHING):
        return Case.objects.get()


def test_the_city_sees_its_counties_in_the_order_of_the_tree(sign_in, reported):
    page = text(sign_in("shi").get("/responsibility/"))
    assert "县市区基层党建责任清单 县市区党委负责" in page
    assert re.search(r"肃州区 0 / 49 1 2 0 金塔县 0 / 49 0 3 0", page)
    assert "汉滨区" not in page


def test_a_county_elsewhere_answers_by_no_list_of_this_place(sign_in, at):
    client = sign_in("hanbin")
    assert "您的范围内没有按责任清单负责的单位" in text(client.get("/responsibility/"))
    assert client.get(at()).status_code == 404
    assert client.get(at("汉滨区")).status_code == 404


def test_a_list_shows_what_is_due_and_what_proves_it(sign_in, at):
    page = sign_in("suzhou").get(at()).content.decode()
    assert "2017-03-31 前自报" in page
    assert "佐证：党委（党组）研究记录" in page
    assert "/indicators/theme_days/?unit=" in page
    assert "要求至少 12" in page


def test_a_report_without_words_is_refused_and_its_form_stays_open(sign_in, at):
    answer = sign_in("suzhou").post(at(below="item_1_1/report/"), {"note": " "})
    assert answer.status_code == 422
    assert "没有上报：请写明做了什么" in text(answer)
    with acting(EVERYTHING):
        assert Case.objects.count() == 0


def test_the_city_verifies_and_the_county_does_not(sign_in, at, reported):
    county, city = sign_in("suzhou"), sign_in("shi")
    verify = at(below=f"verify/{reported.pk}/")
    assert "待核实" in text(county.get(at()))
    assert "没有核实：自己报的由上级核实" in text(county.post(verify, {"good": "1"}))
    refused = city.post(verify, {"good": "0", "note": ""})
    assert refused.status_code == 422
    assert "退回须说明哪里不属实" in text(refused)
    assert "请选属实或退回" in text(city.post(verify, {"note": "看过"}))
    assert city.post(verify, {"good": "1"}).status_code == 302
    assert "49 项中已核实 1 项，待核实 0 项" in text(county.get(at()))


def test_nobody_reports_for_another_or_looks_at_a_neighbour(sign_in, at, reported):
    city, neighbour = sign_in("shi"), sign_in("jinta")
    assert city.post(at(below="item_1_2/report/"), {"note": "代报"}).status_code == 422
    assert neighbour.get(at()).status_code == 404
    assert neighbour.post(at(below="item_1_2/report/"), {"note": "代报"}).status_code == 404
    assert neighbour.post(at(below=f"verify/{reported.pk}/"), {"good": "1"}).status_code == 404
    assert city.get("/responsibility/nothing/1/").status_code == 404


def test_another_year_is_read_only(sign_in, at):
    page = text(sign_in("suzhou").get(at() + "?year=2018"))
    assert "2018年" in page
    assert "自报 上报" not in page
    assert "2016年没有生效的清单" in text(sign_in("suzhou").get(at() + "?year=2016"))
