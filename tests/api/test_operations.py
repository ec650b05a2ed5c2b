"""Every operation: one call that succeeds and one that is refused, both by the table of operations.py; and who may call it at all."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hangshi.api import services as tokens
from tests.api.conftest import Caller, Land
from tests.api.operations import ALL, Operation

Call = Callable[[str | None], Caller]
each = pytest.mark.parametrize("it", ALL, ids=lambda it: it.name)
SCOPES = tuple(tokens.SCOPES)


def filled(it: Any, land: Land) -> Any:
    """Names in braces become ids: `"{东湾村}"` the number, `"/units/{东湾村}"` the address."""
    if isinstance(it, dict):
        return {key: filled(value, land) for key, value in it.items()}
    if isinstance(it, list):
        return [filled(value, land) for value in it]
    if isinstance(it, str) and it[1:-1] in land.ids:
        return land.ids[it[1:-1]]
    return re.sub(r"{(\w+)}", lambda found: str(land.ids[found[1]]), it) if isinstance(it, str) else it


def asked(caller: Caller, land: Land, path: str, body: dict[str, Any] | None) -> Any:
    path = filled(path, land)
    return caller.get(path) if body is None else caller.post(path, filled(body, land))


def refusal(caller: Caller, land: Land, it: Operation) -> Any:
    """The answer to the call that is refused: one that changes nothing, whoever makes it."""
    assert it.refused
    return asked(caller, land, it.refused[0], it.refused[1])


def first(said: Any) -> Any:
    """The answer, or its first item where it is a list."""
    said = said.get("items", said) if isinstance(said, dict) else said
    return said[0] if isinstance(said, list) else said


@each
def test_the_operation_does_what_it_says(call: Call, land: Land, it: Operation) -> None:
    answer = asked(call("shi"), land, it.path, it.body)
    assert answer.status_code == it.status, answer.content.decode()
    expected = {name.rstrip("_"): value for name, value in it.says}
    assert {name: first(answer.json())[name] for name in expected} == expected


@each
def test_the_operation_refuses_with_a_problem(call: Call, land: Land, it: Operation) -> None:
    assert it.refused
    path, body, status, code = it.refused
    answer = asked(call("shi"), land, path, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said = answer.json()
    assert (said["status"], said["code"], said["type"]) == (status, code, f"urn:hangshi:problem:{code}")
    assert said["detail"].endswith("。")


@each
def test_a_stranger_is_told_nothing(land: Land, it: Operation) -> None:
    answer = asked(Caller(None, Client()), land, it.path, it.body)
    assert (answer.status_code, answer.json()["code"]) == (401, "token.none")
    assert answer["WWW-Authenticate"] == 'Bearer realm="hangshi"'


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_does_what_its_scope_says_and_nothing_else(
    land: Land, one_token: Callable[..., Caller], scope: str
) -> None:
    caller = one_token("shi", scope)
    let_in = {it.name for it in ALL if refusal(caller, land, it).status_code != 403}
    assert let_in == {it.name for it in ALL if it.needs in ("", scope)}


@pytest.mark.parametrize(
    ("who", "may_not"),
    [
        ("shi", set()),
        ("xian", set()),
        ("zhen", {"unit.write"}),
        (
            "kan",
            {
                "unit.write",
                "register.write",
                "duty.write",
                "activity.write",
                "visit.write",
                "case.write",
                "entry.write",
            },
        ),
    ],
)
def test_a_token_is_no_wider_than_the_role_of_its_owner(call: Call, land: Land, who: str, may_not: set[str]) -> None:
    shut = {it.needs for it in ALL if refusal(call(who), land, it).status_code == 403}
    assert shut == may_not


@pytest.mark.parametrize("it", [it for it in ALL if it.body], ids=lambda it: it.name)
def test_nothing_is_recorded_for_a_day_to_come(call: Call, land: Land, it: Operation) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert asked(call("shi"), land, it.path, (it.body or {}) | {"on": tomorrow}).json()["code"] == "day.future"


def test_the_table_names_every_operation(land: Land) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"].values()
    assert {it.name for it in ALL} == {it["operationId"] for methods in paths for it in methods.values()}
