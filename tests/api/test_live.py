"""A live server over a port: the client of `hangshi.client`, lost answers, and many writes at once."""

import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.client import Client, Problem
from hangshi.registry.models import Household, Unit
from tests.api.conftest import Land, build

OCT_30 = date(2017, 10, 30)
MANY, AT_ONCE = 1000, 20


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A test run prints no requests."""


@pytest.fixture
def site(committed: None, settings: Any) -> Iterator[tuple[str, Land]]:
    """Its address, and what lives there."""
    settings.API_CALLS_A_MINUTE = {"token": 10**6, "address": 10**6}
    land = build()
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", land
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def client(site: tuple[str, Land]) -> Iterator[Client]:
    made = Client(site[0], site[1].secrets["zhen"], pause=0)
    yield made
    made.close()


@pytest.fixture
def visit(site: tuple[str, Land]) -> dict[str, Any]:
    ids = site[1].ids
    return {"household": ids["李一"], "leader": ids["王建国"], "on": OCT_30, "topic": "一次"}


def kept() -> list[int]:
    with acting(EVERYTHING):
        return list(Activity.objects.filter(topic="一次").values_list("pk", flat=True))


def test_a_program_reads_and_writes(client: Client, visit: dict[str, Any]) -> None:
    assert client.me()["unit"]["name"] == "关庙镇"
    assert [it["name"] for it in client.units(kind="village")] == ["东湾村", "空村"]
    assert [it["name"] for it in client.children(client.me()["unit"]["id"], on=OCT_30)] == ["东湾村", "空村"]
    made = client.record_visit(**visit)
    assert (made["kind"], made["topic"]) == ("visit", "一次")
    first, last = date(2017, 10, 1), date(2017, 10, 31)
    assert client.value("visits", first=first, last=last)["value"] == "1"
    [row] = client.rows("visits", first=first, last=last)
    assert (row["单位"], row["日期"]) == ("东湾村", "2017-10-30")


def test_every_room_is_written(client: Client, site: tuple[str, Land]) -> None:
    ids = site[1].ids
    duty = client.assign_duty(
        kind="pairing", bearer={"person": ids["王建国"]}, target={"household": ids["李一"]}, on=OCT_30
    )
    case = client.open_case(kind="weak_branch", unit=ids["空村"], title="整顿", on=OCT_30, ground="disunity")
    entry = client.book_entry(kind="collective_income", unit=ids["空村"], amount="5.00", on=OCT_30)
    meeting = client.record_activity(
        kind="theme_day", unit=ids["东湾村党支部"], on=OCT_30, leader=ids["王建国"], present=7
    )
    moved = client.write(f"/cases/{case['id']}/move", {"to": "plan", "on": OCT_30})
    said = (duty["kind"], moved["stage"], entry["amount"], meeting["present"])
    assert said == ("pairing", "plan", "5.00", 7)
    assert [it["id"] for it in client.records("entries", first=OCT_30)] == [entry["id"]]


def test_a_list_goes_through_all_its_pages(client: Client, site: tuple[str, Land]) -> None:
    with acting(EVERYTHING):
        unit = Unit.objects.get(pk=site[1].ids["空村"])
        Household.objects.bulk_create(
            Household(number=f"K{it}", head=f"户{it}", unit=unit, path=unit.path) for it in range(450)
        )
    heads = [it["head"] for it in client.households(unit=unit.pk)]
    assert heads == [f"户{it}" for it in range(450)]
    assert [it["name"] for it in client.persons()] == ["王建国"]


def test_a_refusal_is_raised_with_the_sentence_of_the_page(client: Client, visit: dict[str, Any]) -> None:
    with pytest.raises(Problem) as problem:
        client.record_visit(**(visit | {"on": date(2999, 1, 1)}))
    assert (problem.value.status, problem.value.code) == (409, "day.future")
    assert problem.value.sentence == f"日期不能晚于今天（{timezone.localdate()}）。"


class Cutter:
    """Stands between client and server and cuts the line `cuts` times after the server has answered."""

    def __init__(self, port: int, cuts: int) -> None:
        self.port, self.cuts = port, cuts
        self.door = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.stand, daemon=True)
        self.thread.start()

    def stand(self) -> None:
        while True:
            try:
                inner, _ = self.door.accept()
            except OSError:
                return
            with inner, socket.create_connection(("127.0.0.1", self.port)) as outer:
                outer.sendall(self.whole(inner))
                outer.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: outer.recv(65536), b""))
                if self.cuts:
                    self.cuts -= 1  # the effect stands, its answer is lost
                else:
                    inner.sendall(answer)

    @staticmethod
    def whole(inner: socket.socket) -> bytes:
        said = b""
        while b"\r\n\r\n" not in said:
            said += inner.recv(65536)
        head, _, body = said.partition(b"\r\n\r\n")
        length = next((int(it[15:]) for it in head.split(b"\r\n") if it.lower().startswith(b"content-length:")), 0)
        while len(body) < length:
            body += inner.recv(65536)
        return head + b"\r\nConnection: close\r\n\r\n" + body


@pytest.fixture
def cut(site: tuple[str, Land]) -> Iterator[Callable[[int], Client]]:
    """`cut(n)`: a client whose first n answers are lost on the way."""
    made: list[Cutter] = []

    def client(cuts: int) -> Client:
        made.append(Cutter(int(site[0].rsplit(":", 1)[1]), cuts))
        port = made[-1].door.getsockname()[1]
        return Client(f"http://127.0.0.1:{port}", site[1].secrets["zhen"], pause=0)

    yield client
    for it in made:
        it.door.close()


def test_a_write_whose_answer_is_lost_is_sent_again_and_stays_one(
    cut: Callable[[int], Client], visit: dict[str, Any]
) -> None:
    made = cut(3).record_visit(**visit)
    assert kept() == [made["id"]]


def test_a_line_that_stays_cut_is_told_and_the_key_can_be_used_later(
    cut: Callable[[int], Client], client: Client, visit: dict[str, Any]
) -> None:
    with pytest.raises(OSError, match="closed connection"):
        cut(99).record_visit(**visit, key="mine")
    assert kept() == [client.record_visit(**visit, key="mine")["id"]]


def test_a_thousand_writes_at_once_with_one_key_are_one_effect(site: tuple[str, Land], visit: dict[str, Any]) -> None:
    address, land = site
    key = str(uuid.uuid4())

    def send(share: int) -> list[int]:
        client = Client(address, land.secrets["zhen"], pause=0.05)
        gate.wait(10)
        told = [int(client.record_visit(**visit, key=key)["id"]) for _ in range(share)]
        client.close()
        return told

    gate = threading.Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = [pk for share in pool.map(send, [MANY // AT_ONCE] * AT_ONCE) for pk in share]
    assert len(told) == 1000
    assert kept() == [told[0]]
    assert set(told) == {told[0]}
