"""Ways out: closed by default, an address never leads into the house, quiet hours, and nothing personal leaves."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.notices import channels
from hangshi.notices.models import Channel, Message
from hangshi.notices.sending import send_all
from tests.refusals import refusal_of

CHINA = ZoneInfo("Asia/Shanghai")
NOON, NIGHT = datetime(2017, 7, 3, 12, 0, tzinfo=CHINA), datetime(2017, 7, 3, 23, 0, tzinfo=CHINA)
TEN, SEVEN = time(22), time(7)


@pytest.fixture
def webhook() -> Iterator[SimpleNamespace]:
    """A server on the loopback that keeps what it is sent."""
    got: list[dict[str, Any]] = []

    class Keeping(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(type(self).status)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """A test run prints no requests."""

    server = HTTPServer(("127.0.0.1", 0), Keeping)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(host=f"127.0.0.1:{server.server_port}", got=got, handler=Keeping)
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_house(settings: Any, webhook: SimpleNamespace) -> SimpleNamespace:
    settings.CHANNELS = frozenset({"webhook", "dingtalk", "mail"})
    settings.WEBHOOK_HOSTS = frozenset({webhook.host})
    settings.MAIL_RELAY = "mailtos://relay:secret@mail.example.cn?from=hangshi@example.cn"
    return webhook


def choose(kind: str = "webhook", address: str = "", **quiet: time | None) -> Channel:
    return channels.choose(7, kind=kind, address=address, **quiet)


def told(number: int, account: int = 7) -> None:
    with acting(EVERYTHING):
        Message.objects.create(
            account=account, kind="task", cause=f"task-{number}", source="approval", source_id=number
        )


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [
        ("wecombot", "0123456789abcdef", "channel.closed"),
        ("sms", "13900000000", "channel.closed"),
        ("dingtalk", "0123456789abcdef", None),
        ("dingtalk", "https://oapi.example.cn/robot?access_token=0123456789abcdef", "channel.token"),
        ("dingtalk", "0123456789abcdef/../x?", "channel.token"),
        ("mail", "wang@example.cn", None),
        ("mail", "wang@example.cn&bcc=x@y.cn", "channel.mail"),
        ("mail", "wang", "channel.mail"),
        ("webhook", "http://{host}/in", None),
        ("webhook", "http://127.0.0.1:5432/", "channel.host"),
        ("webhook", "http://{host}@10.0.0.1/", "channel.webhook"),
        ("webhook", "http://{host}/in?method=get", "channel.webhook"),
        ("webhook", "file:///etc/passwd", "channel.webhook"),
        ("webhook", "http://[::1", "channel.webhook"),
    ],
)
def test_which_address_is_taken(
    everything: None, open_house: SimpleNamespace, kind: str, address: str, code: str | None
) -> None:
    address = address.format(host=open_house.host)
    assert refusal_of(choose, kind, address) == code
    assert Channel.objects.count() == (code is None)


def test_by_default_nothing_is_open(everything: None) -> None:
    assert channels.offered() == {}
    assert refusal_of(choose, "dingtalk", "0123456789abcdef") == "channel.closed"


def test_an_address_is_sealed_and_a_new_one_takes_its_place(everything: None, open_house: SimpleNamespace) -> None:
    choose("dingtalk", "0123456789abcdef")
    it = choose("dingtalk", "fedcba9876543210")
    assert Channel.objects.get().pk == it.pk
    assert b"fedcba" not in bytes(it.sealed)
    assert (channels.address_of(it), it.hint) == ("dingtalk://fedcba9876543210/", "3210")


def test_mail_goes_through_the_relay_of_the_installation(everything: None, open_house: SimpleNamespace) -> None:
    assert channels.address_of(choose("mail", "wang@example.cn")).endswith("&to=wang@example.cn")


@pytest.mark.parametrize(("now", "quiet"), [(time(21, 59), False), (TEN, True), (time(3), True), (SEVEN, False)])
def test_quiet_hours_pass_midnight(now: time, quiet: bool) -> None:
    assert channels.is_quiet(Channel(quiet_from=TEN, quiet_until=SEVEN), now) is quiet


@pytest.mark.parametrize(("now", "quiet"), [(time(11, 59), False), (time(12), True), (time(14), False)])
def test_quiet_hours_within_a_day(now: time, quiet: bool) -> None:
    assert channels.is_quiet(Channel(quiet_from=time(12), quiet_until=time(14)), now) is quiet


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "code"),
    [(TEN, None, "channel.quiet"), (None, SEVEN, "channel.quiet"), (TEN, TEN, "channel.never"), (None, None, None)],
)
def test_quiet_hours_are_whole(
    everything: None, open_house: SimpleNamespace, quiet_from: time | None, quiet_until: time | None, code: str | None
) -> None:
    given = {"quiet_from": quiet_from, "quiet_until": quiet_until}
    assert refusal_of(choose, "dingtalk", "0123456789abcdef", **given) == code


@pytest.fixture
def chosen(everything: None, open_house: SimpleNamespace) -> SimpleNamespace:
    choose("webhook", f"http://{open_house.host}/in", quiet_from=TEN, quiet_until=SEVEN)
    return open_house


def test_what_leaves_is_how_much_waits_and_nothing_else(chosen: SimpleNamespace) -> None:
    told(1)
    told(2)
    told(3, account=8)
    assert send_all(NOON) == 1
    [said] = chosen.got
    assert (said["title"], said["message"]) == ("夯实", "您有2件待办")
    assert "task" not in json.dumps(said)


def test_it_is_said_once_and_again_only_when_something_new_came(chosen: SimpleNamespace) -> None:
    told(1)
    assert [send_all(NOON), send_all(NOON)] == [1, 0]
    told(2)
    assert send_all(NOON) == 1
    assert [it["message"] for it in chosen.got] == ["您有1件待办", "您有2件待办"]


def test_in_quiet_hours_nothing_is_sent_and_nothing_is_lost(chosen: SimpleNamespace) -> None:
    told(1)
    assert (send_all(NIGHT), chosen.got) == (0, [])
    assert send_all(NOON) == 1


def test_what_is_stopped_or_closed_by_the_installation_sends_nothing(chosen: SimpleNamespace, settings: Any) -> None:
    told(1)
    settings.CHANNELS = frozenset()
    assert send_all(NOON) == 0
    settings.CHANNELS = frozenset({"webhook"})
    channels.stop(Channel.objects.get())
    assert (send_all(NOON), bytes(Channel.objects.get().sealed)) == (0, b"")


def test_what_does_not_arrive_is_said_on_the_page_and_not_tried_again(chosen: SimpleNamespace) -> None:
    chosen.handler.status = 500
    told(1)
    assert send_all(NOON) == 0
    assert Channel.objects.get().failed == "没有送达，请核对地址。"
    chosen.handler.status = 200
    assert send_all(NOON) == 0
