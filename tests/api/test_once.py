"""One key, one effect."""

from typing import Any

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from tests.api.conftest import Land


def visit(land: Land, **changed: Any) -> dict[str, Any]:
    return {"household": land.ids["李一"], "leader": land.ids["王建国"], "on": "2017-10-30", "topic": "一次"} | changed


def kept() -> int:
    with acting(EVERYTHING):
        return Activity.objects.filter(topic="一次").count()


def test_the_same_key_and_body_are_answered_as_before(call: Any, land: Land) -> None:
    first, again = (call("zhen").post("/visits", visit(land), key="k") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert kept() == 1


def test_the_same_words_in_another_order_are_the_same_body(call: Any, land: Land) -> None:
    said = visit(land)
    call("zhen").post("/visits", said, key="k")
    again = call("zhen").post("/visits", dict(reversed(said.items())), key="k")
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("path", ["/visits", "/entries"])
def test_the_same_key_for_something_else_is_refused(call: Any, land: Land, path: str) -> None:
    call("zhen").post("/visits", visit(land), key="k")
    other = call("zhen").post(path, visit(land, on="2017-10-31"), key="k")
    assert (other.status_code, other.json()["code"]) == (422, "once.other")
    assert kept() == 1


def test_the_key_of_another_account_is_another_key(call: Any, land: Land) -> None:
    first, other = (
        call("zhen").post("/visits", visit(land), key="k"),
        call("xian").post("/visits", visit(land), key="k"),
    )
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["id"] != other.json()["id"]
    assert kept() == 2


def test_a_refused_write_leaves_its_key_free(call: Any, land: Land) -> None:
    assert call("zhen").post("/visits", visit(land, on="2999-01-01"), key="k").status_code == 409
    assert call("zhen").post("/visits", visit(land), key="k").status_code == 201


def test_a_repeat_is_not_answered_to_a_token_without_the_permission(call: Any, one_token: Any, land: Land) -> None:
    call("zhen").post("/visits", visit(land), key="k")
    assert one_token("zhen", "records.read").post("/visits", visit(land), key="k").status_code == 403


@pytest.mark.parametrize("key", ["", "键", "a" * 65])
def test_a_write_without_a_usable_key_is_refused(call: Any, land: Land, key: str) -> None:
    caller = call("zhen")
    headers = {"Authorization": f"Bearer {caller.secret}"} | ({"Idempotency-Key": key} if key else {})
    answer = caller.client.post("/api/v1/visits", visit(land), content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "once.key")
    assert kept() == 0
