"""What cannot be read is refused with its status and a sentence, never with a fault; and nothing of it is kept."""

import json
from typing import Any

import pytest
from django.db import DataError, OperationalError

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.registry.models import Household
from tests.api.conftest import Land

LARGE = 256 * 1024


def visit(land: Land, **changed: Any) -> dict[str, Any]:
    return {"household": land.ids["李一"], "leader": land.ids["王建国"], "on": "2017-10-30"} | changed


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "request.body"),
        (b"{", 400, "request.body"),
        (b"[]", 400, "request.body"),
        (b'"text"', 400, "request.body"),
        (b"\xff\xfe{}", 400, "request.body"),
        (b'{"household": NaN}', 400, "request.body"),
        (b'{"household": Infinity}', 400, "request.body"),
        (b'{"on": "2017-10-30", "on": "2017-10-31"}', 400, "request.body"),  # said twice
        (b'{"household": ' + b"9" * 5000 + b"}", 400, "request.body"),
        (b"[" * 100_000, 400, "request.body"),
        (b'{"a":' * 13 + b"1" + b"}" * 13, 400, "request.deep"),
        (b'{"topic": "\\u0000"}', 400, "text.nul"),
        (b'{"\\u0000": 1}', 400, "text.nul"),
        (b'{"topic": "\\ud800"}', 400, "text.nul"),
        (b'{"topic": "' + b"a" * LARGE + b'"}', 413, "request.large"),
    ],
    ids=lambda it: it[:24].decode("latin-1") if isinstance(it, bytes) else None,
)
def test_a_body_that_cannot_be_read(call: Any, body: bytes, status: int, code: str) -> None:
    answer = call("zhen").post("/visits", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].endswith(("没有办理。", "重试。"))


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type(call: Any, land: Land, kind: str) -> None:
    answer = call("zhen").post("/visits", visit(land), kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "request.type")


@pytest.mark.parametrize(
    ("changed", "at", "sentence"),
    [
        ({"household": None}, "household", "应为整数"),
        ({"household": "1"}, "household", "应为整数"),
        ({"household": True}, "household", "应为整数"),
        ({"household": 1.5}, "household", "应为整数"),
        ({"household": 0}, "household", "数值过小"),
        ({"household": 2**63}, "household", "数值过大"),
        ({"on": 20171030}, "on", "应为日期，写成 2017-10-31 这样"),
        ({"on": "2017-02-30"}, "on", "应为日期，写成 2017-10-31 这样"),
        ({"on": "2017-10-30T00:00:00"}, "on", "应为日期，写成 2017-10-31 这样"),
        ({"topic": 5}, "topic", "应为文字"),
        ({"topic": "长" * 201}, "topic", "文字过长"),
        ({"photo": "x"}, "photo", "没有这个字段"),
    ],
)
def test_a_field_of_the_wrong_sort_is_named(
    call: Any, land: Land, changed: dict[str, Any], at: str, sentence: str
) -> None:
    answer = call("zhen").post("/visits", visit(land, **changed))
    assert (answer.status_code, answer.json()["code"]) == (400, "request.values")
    assert answer.json()["errors"] == [{"at": at, "sentence": sentence}]
    with acting(EVERYTHING):
        assert Activity.objects.count() == 1  # the one of the land


def test_a_missing_field_is_named_in_the_sentence(call: Any, land: Land) -> None:
    answer = call("zhen").post("/visits", {"household": land.ids["李一"], "on": "2017-10-30"})
    assert answer.json()["detail"] == "“leader”必须填写，没有办理。"


@pytest.mark.parametrize(
    ("amount", "status"),
    [
        ("1200.00", 201),
        ("0.01", 201),
        (1200, 400),
        ("1,200", 400),
        ("-5", 400),
        ("1.005", 400),
        ("1e3", 400),
        ("9" * 15, 400),
    ],
)
def test_an_amount_is_text_to_the_cent(call: Any, land: Land, amount: Any, status: int) -> None:
    said = {"kind": "collective_income", "unit": land.ids["东湾村"], "amount": amount, "on": "2017-10-30"}
    assert call("zhen").post("/entries", said).status_code == status


@pytest.mark.parametrize(
    ("extra", "status", "code"),
    [
        ({"reserve": True}, 201, None),
        ({"reserve": "x" * 501}, 400, "request.values"),
        ({"reserve": [1]}, 400, "request.values"),
        ({"reserve": {"a": 1}}, 400, "request.values"),
        ({"reserve": "是"}, 409, "extra.type"),
        ({"height": 1}, 409, "extra.unknown"),
        ({"height": "1e999999999"}, 409, "extra.unknown"),
    ],
)
def test_fields_of_a_kind_hold_plain_values(
    call: Any, land: Land, extra: dict[str, Any], status: int, code: str | None
) -> None:
    said = {
        "kind": "first_secretary",
        "bearer": {"person": land.ids["王建国"]},
        "target": {"unit": land.ids["空村"]},
        "on": "2017-10-30",
        "extra": extra,
    }
    answer = call("zhen").post("/duties", said)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize("persons", ["1e999999999", "99999999999999999999", -1, "NaN", "Infinity"])
def test_a_number_out_of_its_mind_is_refused_at_once(call: Any, land: Land, persons: Any) -> None:
    said = {
        "kind": "household_income",
        "unit": land.ids["东湾村"],
        "household": land.ids["李一"],
        "amount": "1",
        "on": "2017-12-31",
        "extra": {"persons": persons},
    }
    answer = call("zhen").post("/entries", said)
    assert (answer.status_code, answer.json()["code"][:6]) == (409, "extra.")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/units?q=%00", 400, "text.nul"),
        ("/units?%00=1", 400, "request.parameter"),
        ("/units?limit=1_0", 400, "request.values"),
        ("/units?limit=１０", 400, "request.values"),
        ("/units?unit=99999999999999999999", 400, "request.values"),
        ("/units/99999999999999999999", 400, "request.values"),
        ("/units/1e3", 404, "not_found"),
        ("/indicators/%00", 404, "not_found"),
        ("/indicators/%F0%9F/value", 404, "not_found"),
        ("/entries?from=2017-10-30%27--", 400, "request.values"),
        ("/nothing", 404, "not_found"),
        ("", 404, "not_found"),
    ],
)
def test_an_address_out_of_its_mind(call: Any, address: str, status: int, code: str) -> None:
    answer = call("shi").get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "\x00" not in json.dumps(answer.json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", "/units", "GET, HEAD, POST"),
        ("PUT", "/units/1", "GET, HEAD"),
        ("GET", "/visits", "POST"),
        ("OPTIONS", "/visits", "POST"),
        ("TRACE", "/me", "GET, HEAD"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
def test_another_method(call: Any, method: str, address: str, allowed: str) -> None:
    answer = call("shi").client.generic(method, f"/api/v1{address}")
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, allowed, "request.method")


@pytest.mark.parametrize(
    ("error", "status", "code", "again"),
    [
        (ZeroDivisionError("the secret inside"), 500, "fault", None),
        (OperationalError("the secret inside"), 503, "database", "5"),
        (DataError("the secret inside"), 409, "data.refused", None),
        (Household.DoesNotExist("the secret inside"), 404, "not_found", None),
    ],
)
def test_a_fault_is_told_without_its_reason(
    call: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str, again: str | None
) -> None:
    def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr("hangshi.api.listing.page", broken)
    answer = call("shi").get("/units")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["code"], answer.get("Retry-After")) == (code, again)
    assert "secret" not in answer.content.decode()
