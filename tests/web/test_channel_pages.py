"""通知方式: one's own, and only what the installation opens."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from hangshi.notices.models import Channel

SignIn = Callable[[str], Client]
SAID = {"kind": "dingtalk", "address": "0123456789abcdef", "quiet_from": "22:00", "quiet_until": "07:00"}


def test_without_an_open_way_the_page_says_so(sign_in: SignIn, count: Any) -> None:
    client = sign_in("zhen")
    assert "本系统没有开通向外发送的通知方式" in client.get("/channels/").content.decode()
    assert client.post("/channels/", SAID).status_code == 422
    assert count(Channel) == 0


def test_a_way_is_chosen_shown_by_its_tail_and_stopped(sign_in: SignIn, settings: Any, row: Any) -> None:
    settings.CHANNELS = frozenset({"dingtalk"})
    client = sign_in("zhen")
    assert client.post("/channels/", SAID)["Location"] == "/channels/"
    page = client.get("/channels/").content.decode()
    assert ("尾号 cdef" in page, "0123456789abcdef" in page, "22:00 到 07:00 不发" in page) == (True, False, True)
    assert sign_in("shi").post(f"/channels/{row(Channel).pk}/stop/").status_code == 404
    client.post(f"/channels/{row(Channel).pk}/stop/")
    assert row(Channel).enabled is False


def test_what_was_typed_wrongly_is_kept(sign_in: SignIn, settings: Any) -> None:
    settings.CHANNELS = frozenset({"dingtalk"})
    answer = sign_in("zhen").post("/channels/", SAID | {"address": "太短", "quiet_until": "25点"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("应写成 09:30 这样" in page, "太短" in page) == (True, True)
