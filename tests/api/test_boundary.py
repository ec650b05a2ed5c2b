"""What lies outside the scope does not exist; a session does not count; a read writes nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.registry.models import Household, Unit
from tests.api.conftest import PASSWORD, Land

FOREIGN = "999999"
# (address, body): `{}` is the id that is foreign, or that nobody has
WHERE = [
    ("/units/{}", None),
    ("/units/{}/children", None),
    ("/units?unit={}", None),
    ("/persons?unit={}", None),
    ("/indicators/visits/value?unit={}", None),
    ("/indicators/visits/rows?unit={}", None),
    ("/units/{}/rename", {"name": "新名", "on": "2017-10-30"}),
    ("/units/{}/close", {"on": "2017-10-30"}),
    ("/units", {"kind": "village", "name": "新村", "parent": "{}", "on": "2017-10-30"}),
    ("/units/{空村}/move", {"parent": "{}", "on": "2017-10-30"}),
    ("/units/{空村}/merge", {"into": "{}", "on": "2017-10-30"}),
    ("/cases", {"kind": "weak_branch", "unit": "{}", "title": "整顿", "on": "2017-10-30", "ground": "disunity"}),
    ("/entries", {"kind": "collective_income", "unit": "{}", "amount": "1", "on": "2017-10-30"}),
]


def answer_of(caller: Any, land: Land, address: str, body: dict[str, Any] | None, pk: int) -> Any:
    address = address.replace("{}", str(pk)).replace("{空村}", str(land.ids["空村"]))
    if body is None:
        return caller.get(address)
    return caller.post(address, {name: pk if value == "{}" else value for name, value in body.items()})


@pytest.mark.parametrize(("address", "body"), WHERE)
def test_foreign_and_nonexistent_are_one_answer(
    call: Any, land: Land, address: str, body: dict[str, Any] | None
) -> None:
    """A county clerk of 汉滨区 asks for the other county 旬阳县, and for what nobody has."""
    foreign = answer_of(call("xian"), land, address, body, land.ids["旬阳县"])
    nothing = answer_of(call("xian"), land, address, body, int(FOREIGN))
    assert (foreign.status_code, foreign.content) == (404, nothing.content)
    assert dict(foreign.headers) == dict(nothing.headers)


@pytest.mark.parametrize(
    "address", ["/persons/{李外人}", "/households/{李二}", "/units/{安康市}", "/units/{汉滨区}", "/units/{河街村}"]
)
def test_a_township_finds_neither_siblings_nor_what_is_above(call: Any, land: Land, address: str) -> None:
    name = address[address.index("{") + 1 : -1]
    assert call("shi").get(address.replace(f"{{{name}}}", str(land.ids[name]))).status_code == 200
    assert call("zhen").get(address.replace(f"{{{name}}}", str(land.ids[name]))).status_code == 404


def test_lists_hold_what_the_scope_holds(call: Any) -> None:
    heads = {who: [it["head"] for it in call(who).get("/households").json()["items"]] for who in ("shi", "zhen")}
    assert heads == {"shi": ["李一", "李二"], "zhen": ["李一"]}


def test_the_parent_above_one_s_scope_is_not_named(call: Any, land: Land) -> None:
    parents = {who: call(who).get(f"/units/{land.ids['关庙镇']}").json()["parent"] for who in ("shi", "zhen")}
    assert parents == {"shi": land.ids["汉滨区"], "zhen": None}


def test_a_restricted_case_shows_to_its_permission_only(call: Any, one_token: Any, land: Land) -> None:
    pk = land.ids["限制事项"]
    for caller, seen in ((call("xian"), True), (call("zhen"), False), (one_token("xian", "records.read"), False)):
        assert caller.get(f"/cases/{pk}").status_code == (200 if seen else 404)
        assert ("不宜外传" in caller.get("/cases").content.decode()) == seen


def test_a_restricted_case_is_neither_opened_nor_changed_without_its_permission(call: Any, land: Land) -> None:
    said = {"kind": "discipline", "unit": land.ids["东湾村"], "title": "立案", "on": "2017-10-30"}
    assert call("zhen").post("/cases", said | {"person": land.ids["王建国"]}).json()["code"] == "case.restricted"
    closing = {"verdict": "结", "on": "2017-10-30"}
    assert call("zhen").post(f"/cases/{land.ids['限制事项']}/close", closing).status_code == 404


def test_rows_of_a_restricted_kind_need_its_permission_and_their_figure_does_not(call: Any, one_token: Any) -> None:
    caller, wide = one_token("xian", "figures.read", "records.read"), call("xian")
    key = "disciplined_cadres"
    assert caller.get(f"/indicators/{key}/value").status_code == 200
    assert caller.get(f"/indicators/{key}/rows").json()["code"] == "permission"
    assert wide.get(f"/indicators/{key}/rows").status_code == 200


def test_a_session_opens_nothing_here(land: Land) -> None:
    client = Client()
    client.post("/sign-in/", {"username": "shi", "password": PASSWORD})
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/units").status_code == 401


def test_a_session_beside_a_token_lends_it_nothing(land: Land, call: Any) -> None:
    caller = call("zhen")
    caller.client.post("/sign-in/", {"username": "shi", "password": PASSWORD})
    assert [it["head"] for it in caller.get("/households").json()["items"]] == ["李一"]


def test_a_read_runs_in_a_transaction_that_cannot_write(call: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        call("zhen").get("/units")
    assert any("set_config('transaction_read_only', 'on', true)" in it["sql"] for it in queries)


def test_a_head_is_a_read_without_its_body(call: Any) -> None:
    caller = call("zhen")
    answer = caller.client.head("/api/v1/units", headers={"Authorization": f"Bearer {caller.secret}"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_refused_write_leaves_nothing(call: Any, land: Land) -> None:
    said = {"kind": "theme_day", "unit": land.ids["东湾村党支部"], "on": "2017-10-30", "leader": land.ids["王建国"]}
    answer = call("zhen").post("/activities", said | {"attendance": [{"person": land.ids["李外人"]}]})
    assert answer.json()["code"] == "activity.person"
    with acting(EVERYTHING):
        assert not Activity.objects.filter(kind="theme_day").exists()


def test_a_moved_unit_moves_the_scope_of_the_next_call(call: Any, land: Land) -> None:
    moved = {"parent": land.ids["大河镇"], "on": "2017-10-30"}
    assert call("shi").post(f"/units/{land.ids['东湾村']}/move", moved).status_code == 200
    assert call("zhen").get(f"/units/{land.ids['东湾村']}").status_code == 404


def test_restricted_fields_are_empty_without_their_permission(call: Any, one_token: Any, land: Land) -> None:
    fields = {
        "/persons/{王建国}": ("sex", "born"),
        "/activities/{走访}": ("minutes", "extra"),
        "/cases/{整顿}": ("verdict", "extra"),
    }
    for address, names in fields.items():
        name = address[address.index("{") + 1 : -1]
        address = address.replace(f"{{{name}}}", str(land.ids[name]))
        for caller in (
            call("kan"),
            one_token("zhen", "records.read") if address.startswith("/persons") else call("kan"),
        ):
            assert [caller.get(address).json()[field] for field in names] == [None, None]
    assert call("zhen").get(f"/activities/{land.ids['走访']}").json()["minutes"] == ""


def test_an_identity_number_does_not_leave(call: Any, land: Land) -> None:
    said = call("shi").get(f"/persons/{land.ids['王建国']}").json()
    assert set(said) == {"id", "name", "unit", "unit_name", "sex", "born", "cadre", "identified"}


@pytest.mark.parametrize(
    ("address", "queries"), [("/units", 12), ("/persons", 11), ("/households", 11), ("/cases", 11)]
)
def test_a_list_costs_the_same_queries_however_many_rows(call: Any, land: Land, address: str, queries: int) -> None:
    """Five of them let in: the token, its grant, the scope, the units above."""

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert call("shi").get(address).status_code == 200
        return len(seen)

    cost()  # the last use is noted once
    before = cost()
    with acting(EVERYTHING):
        bay = Unit.objects.get(pk=land.ids["东湾村"])
        for number in range(9):
            Household.objects.create(number=f"N{number}", head="多", unit=bay, path=bay.path)
            Unit.objects.create(kind="village", name="多", path=f"{bay.path}{900 + number}/", since="2017-01-01")
    assert (before, cost()) == (queries, queries)
