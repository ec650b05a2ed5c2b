"""What the pages show, and how many queries a list costs."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.cases.models import Case
from hangshi.registry.models import Household, Person, Unit

SignIn = Callable[[str], Client]
PAGES = [
    "/",
    "/indicators/",
    "/indicators/visits/",
    "/indicators/banquets_fall_percent/",
    "/search/?q=王",
    "/switch/",
    "/visits/new/",
]
LISTS = ["units", "persons", "households", "members", "duties", "activities", "cases", "entries"]


@pytest.mark.parametrize("address", [*PAGES, *(f"/records/{key}/" for key in LISTS)])
@pytest.mark.parametrize("who", ["shi", "zhen"])
def test_every_page_opens(sign_in: SignIn, address: str, who: str) -> None:
    assert sign_in(who).get(address).status_code == 200


@pytest.mark.parametrize("tab", ["figures", "children", *LISTS[1:]])
def test_every_tab_of_a_unit_opens(sign_in: SignIn, town: dict[str, Unit], tab: str) -> None:
    assert sign_in("shi").get(f"/units/{town['关庙镇'].pk}/?tab={tab}").status_code == 200


@pytest.mark.parametrize("key", LISTS)
def test_every_list_exports(sign_in: SignIn, key: str) -> None:
    answer = sign_in("shi").get(f"/records/{key}.xlsx")
    assert answer.status_code == 200
    assert _sheet(answer).max_row >= 1


def _sheet(answer: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def test_a_list_shows_the_rows_of_the_scope_only(sign_in: SignIn) -> None:
    shown = {
        who: [f"李{n}" in sign_in(who).get("/records/households/").content.decode() for n in "一二三"]
        for who in ("shi", "zhen")
    }
    assert shown == {"shi": [True, True, True], "zhen": [True, True, False]}


def test_a_list_costs_seven_queries_however_many_rows(sign_in: SignIn, town: dict[str, Unit]) -> None:
    client, village = sign_in("shi"), town["东湾村"]
    with acting(EVERYTHING):
        Person.objects.bulk_create(Person(name=f"赵{n}", unit=village, path=village.path) for n in range(120))
    client.get("/records/persons/")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get("/records/persons/?page=2")
    read = [it["sql"] for it in seen if not it["sql"].startswith(("BEGIN", "COMMIT", "SET ", "SAVEPOINT", "RELEASE"))]
    assert len(read) == 6, read  # scope and grant; scope and units; rows and count


def test_htmx_gets_the_fragment_and_a_restored_page_the_whole(sign_in: SignIn) -> None:
    client = sign_in("shi")
    whole, part = client.get("/records/persons/"), client.get("/records/persons/", headers={"HX-Request": "true"})
    restored = client.get("/records/persons/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert ["<html" in it.content.decode() for it in (whole, part, restored)] == [True, False, True]
    assert "HX-Request" in part["Vary"]


def test_a_pager_link_is_a_link(sign_in: SignIn, town: dict[str, Unit]) -> None:
    village = town["东湾村"]
    with acting(EVERYTHING):
        Person.objects.bulk_create(Person(name=f"赵{n}", unit=village, path=village.path) for n in range(60))
    assert 'href="/records/persons/?page=2"' in sign_in("shi").get("/records/persons/").content.decode()


def test_a_name_that_looks_like_a_formula_stays_a_name(sign_in: SignIn, town: dict[str, Unit]) -> None:
    village = town["西沟村"]
    with acting(EVERYTHING):
        Person.objects.create(name="=1+1", unit=village, path=village.path)
    answer = sign_in("shi").get(f"/records/persons.xlsx?unit={village.pk}")
    cell = _sheet(answer).cell(4, 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_visit_recorded_shows_in_the_figure_at_once(sign_in: SignIn) -> None:
    client = sign_in("zhen")
    said = {"household": "H1", "leader": "王建国", "day": "2017-10-30", "topic": "问收入"}
    answer = client.post("/visits/new/", said)
    with acting(EVERYTHING):
        made = Activity.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/records/activities/{made.pk}/")
    page = sign_in("shi").get("/indicators/visits/").content.decode()
    assert '<div class="h1 mb-1" id="value">1<' in page


def test_a_visit_to_nobody_keeps_what_was_typed(sign_in: SignIn) -> None:
    answer = sign_in("zhen").post("/visits/new/", {"household": "H3", "leader": "王建国", "day": "2017-10-30"})
    assert answer.status_code == 422
    assert "您的范围内没有这个户。" in answer.content.decode()
    assert 'value="H3"' in answer.content.decode()


def test_a_refusal_writes_nothing_and_says_why(sign_in: SignIn) -> None:
    answer = sign_in("zhen").post("/visits/new/", {"household": "H1", "leader": "王建国", "day": "2016-01-01"})
    assert answer.status_code == 422
    assert "存续期" in answer.content.decode()
    with acting(EVERYTHING):
        assert not Activity.objects.exists()


def test_a_wrong_day_is_a_sentence(sign_in: SignIn) -> None:
    answer = sign_in("shi").get("/?to=2017-13-01")
    assert answer.status_code == 400
    assert "不是日期" in answer.content.decode()


def test_the_demonstration_says_so(sign_in: SignIn) -> None:
    assert "演示数据：人员均为虚构" in sign_in("shi").get("/").content.decode()


def test_a_change_is_shown_from_and_to(sign_in: SignIn) -> None:
    with acting(EVERYTHING):
        household = Household.objects.get(number="H1")
        household.head = "李改名"
        household.save()
    page = sign_in("shi").get(f"/records/households/{household.pk}/").content.decode()
    assert '<span class="was">李一</span> → <span class="now">李改名</span>' in page


def test_search_finds_a_part_of_a_unit_name(sign_in: SignIn, town: dict[str, Unit]) -> None:
    pages = {
        who: f"/units/{town['西沟村'].pk}/" in sign_in(who).get("/search/?q=西沟").content.decode()
        for who in ("shi", "zhen")
    }
    assert pages == {"shi": True, "zhen": False}


def test_a_fault_gives_nothing_away(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("hangshi.web.lists.listed", broken)
    answer = sign_in("shi").get("/records/persons/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "系统出错" in answer.content.decode()


def test_search_finds_a_case_by_its_title_and_hides_restricted_kinds(sign_in: SignIn, town: dict[str, Unit]) -> None:
    with acting(EVERYTHING):
        for kind, title in (("weak_branch", "东湾村软弱涣散整顿"), ("discipline", "东湾村某人立案")):
            Case.objects.create(
                kind=kind,
                title=title,
                unit=town["东湾村"],
                path=town["东湾村"].path,
                opened_on=date(2017, 1, 1),
                stage="filed",
            )
    found = sign_in("zhen").get("/search/?q=东湾村").content.decode()
    assert "东湾村软弱涣散整顿" in found
    assert "某人立案" not in found
    assert "某人立案" in sign_in("shi").get("/search/?q=某人立").content.decode()
