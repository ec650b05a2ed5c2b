"""Who gets in, and what the pages of others look like: as if they did not exist."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Household, Unit
from hangshi.web import permissions

SignIn = Callable[[str], Client]


def test_a_stranger_is_sent_to_the_door_and_then_back(town: dict[str, Unit]) -> None:
    answer = Client().get("/records/persons/", {"q": "王"})
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Frecords%2Fpersons%2F%3Fq%3D%25E7%258E%258B"


def test_a_wrong_password_and_an_unknown_name_read_the_same(town: dict[str, Unit]) -> None:
    answers = [
        Client().post("/sign-in/", {"username": name, "password": "错误的密码啊啊啊"}) for name in ("shi", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert all("账号或密码不对。" in answer.content.decode() for answer in answers)


def test_the_door_leads_nowhere_off_the_host(town: dict[str, Unit]) -> None:
    data = {"username": "shi", "password": "一个够长的密码-2017"}
    assert Client().post("/sign-in/?next=https://evil.example/", data)["Location"] == "/"


def test_a_form_without_its_token_is_refused(town: dict[str, Unit]) -> None:
    assert Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "shi", "password": "x"}).status_code == 403


def test_a_forged_cookie_is_nobody(town: dict[str, Unit]) -> None:
    client = Client()
    client.cookies["hangshi"] = "1.1.aaaa:forged"
    assert client.get("/").status_code == 302


def test_a_closed_account_is_out_at_the_next_page(sign_in: SignIn) -> None:
    client = sign_in("zhen")
    with acting(EVERYTHING):
        Account.objects.filter(username="zhen").update(active=False)
    assert client.get("/records/persons/").status_code == 302


def test_signing_out_forgets(sign_in: SignIn) -> None:
    client = sign_in("zhen")
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("unit", "status"), [("关庙镇", 200), ("东湾村", 200), ("大河镇", 404), ("city", 404)])
def test_a_unit_outside_the_scope_does_not_exist(
    sign_in: SignIn, town: dict[str, Unit], unit: str, status: int
) -> None:
    client = sign_in("zhen")
    assert client.get(f"/units/{town[unit].pk}/").status_code == status
    assert client.get(f"/records/persons/?unit={town[unit].pk}").status_code == status


def test_a_record_outside_the_scope_does_not_exist(sign_in: SignIn) -> None:
    with acting(EVERYTHING):
        inside, outside = Household.objects.get(number="H1").pk, Household.objects.get(number="H3").pk
    client = sign_in("zhen")
    assert client.get(f"/records/households/{inside}/").status_code == 200
    assert client.get(f"/records/households/{outside}/").status_code == 404


def test_a_reader_neither_records_nor_exports(sign_in: SignIn) -> None:
    client = sign_in("kan")
    assert client.get("/records/persons/").status_code == 200
    assert client.get("/records/persons.xlsx").status_code == 403
    assert client.get("/visits/new/").status_code == 403


def test_a_view_that_says_nothing_stops_the_server() -> None:
    def silent(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(ImproperlyConfigured, match="forgotten/"):
        permissions.stop_unless_declared([path("forgotten/", silent)])


def test_every_answer_forbids_inline_script(town: dict[str, Unit]) -> None:
    answer = Client().get("/sign-in/")
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("role", "may"), [("city_clerk", True), ("township_clerk", False), ("first_secretary", False), ("nobody", False)]
)
def test_who_reads_restricted_cases(role: str, may: bool) -> None:
    assert permissions.holds(role, "cases.restricted") == may


@pytest.mark.parametrize("address", ["/records/activities/?q=%00", "/?from=0001-01-01&to=9999-12-31"])
def test_an_address_out_of_its_mind_is_answered_in_a_sentence(sign_in: SignIn, address: str) -> None:
    assert sign_in("shi").get(address).status_code == 400


def test_a_fault_after_the_save_is_not_told_as_a_failure(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise DatabaseError("cut")

    client = sign_in("shi")
    monkeypatch.setattr("hangshi.web.middleware.queries.fold", broken)
    visit = {"household": "H1", "leader": "王建国", "day": "2017-10-30"}
    assert client.post("/visits/new/", visit).status_code == 302
