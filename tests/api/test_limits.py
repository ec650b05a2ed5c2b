"""How many calls a minute, counted for each token and each address."""

from typing import Any

from django.test import Client

from hangshi.api import limits
from hangshi.api.limits import Buckets


def test_a_bucket_holds_a_minute_s_calls_and_fills_evenly() -> None:
    buckets = Buckets()
    waits = [buckets.wait("a", a_minute=3, now=now) for now in (0, 0, 0, 0, 19, 20.5, 20.5)]
    assert waits == [0, 0, 0, 20, 1, 0, 20]


def test_each_key_has_a_bucket_of_its_own() -> None:
    buckets = Buckets()
    assert [buckets.wait(key, a_minute=1, now=0) for key in ("a", "b", "a")] == [0, 0, 60]


def test_full_buckets_are_forgotten_when_there_are_many(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MOST", 3)
    buckets = Buckets()
    for key, now in (("a", 0), ("b", 0), ("c", 50), ("d", 70)):
        buckets.wait(key, a_minute=5, now=now)
    assert set(buckets.held) == {"c", "d"}


def test_a_token_that_calls_too_often_is_told_when_to_come_back(call: Any, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = {"token": 2, "address": 100}
    answers = [call("zhen").get("/me") for _ in range(3)]
    assert [it.status_code for it in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "30"
    assert answers[2].json()["detail"] == "请求过于频繁，请30秒后再试。"
    assert call("xian").get("/me").status_code == 200  # another token is not held up


def test_an_address_that_tries_tokens_is_slowed_whatever_it_shows(land: Any, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = {"token": 100, "address": 2}
    said = [Client().get("/api/v1/me", headers={"Authorization": f"Bearer {it}"}).status_code for it in "abc"]
    assert said == [401, 401, 429]
    assert Client(REMOTE_ADDR="10.0.0.9").get("/api/v1/openapi.json").status_code == 200
