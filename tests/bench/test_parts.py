"""Each part of the bench runs on a small 安康 and says numbers that a measurement can have."""

import socket
import threading
from contextlib import suppress

import pytest
from django.db import connections

from bench import client, duplicates, figures, intake, lists, load, measure, month, peers, policies, refresh, rosters
from bench.__main__ import PARTS
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.indicators import cells, queries


def check(found):
    for line in found:
        assert line.median > 0 or line.unit == "rows", line  # of the same file again no row is written
        assert line.worst >= 0, line
        assert line.floor is None or line.ratio > 0, line
    return [line.what for line in found]


def test_each_part_that_measures_what_is_there(ankang):
    said = [what for part in (figures, month, policies, refresh) for what in check(list(part.run()))]
    assert len(said) == len(set(said)) == 12 + 1 + 6 + 4


def test_the_refresh_leaves_nothing_behind(ankang):
    with acting(EVERYTHING, read_only=True):
        before = Activity.objects.count()
    list(refresh.run())
    with acting(EVERYTHING, read_only=True):
        assert Activity.objects.count() == before
        assert cells.dirty() == 0
        city, _ = measure.nodes()
        kept = queries.value("visits", city, refresh.MONTH).value
        assert kept == queries.value("visits", city, refresh.MONTH, tree=measure.DAY).value
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'dirty_%' AND tgenabled = 'O'")
        assert cursor.fetchone() == (6,)


def test_pages_are_asked_of_a_real_server(ankang):
    assert len(check(list(lists.run(0.5, ankang)))) == 4


def test_a_wrong_password_ends_the_part_with_a_sentence(ankang):
    with pytest.raises(SystemExit, match="登录不上"):
        list(lists.run(0.5, "另一个密码-2017"))


def test_the_load_has_a_database_of_its_own(committed):
    name = connections["owner"].settings_dict["NAME"]
    [line] = load.run(0.02)
    check([line])
    assert connections["owner"].settings_dict["NAME"] == name
    with acting(EVERYTHING, read_only=True), pytest.raises(SystemExit, match="make demo"):
        measure.nodes()


def test_every_part_can_be_asked_for_by_name():
    assert list(PARTS) == [
        "figures",
        "month",
        "policies",
        "refresh",
        "lists",
        "appraisals",
        "load",
        "intake",
        "duplicates",
        "rosters",
        "handoff",
    ]


def test_a_line_says_its_floor_and_how_many_times_that_it_takes():
    line = measure.Line("a save", 12.0, 20.0, 4.0, last="p95")
    assert str(line).split() == ["a", "save", "12.00", "ms", "p95", "20.00", "floor", "4.00", "ratio", "3.00"]
    assert measure.Line("a save", 12.0, 20.0).ratio is None


def test_the_nineteenth_of_twenty_is_the_95th_percentile():
    assert measure.p95([float(it) for it in range(20, 0, -1)]) == 19


@pytest.fixture
def answering():
    """A server that answers every request with the bytes given; `answering(bytes)` gives its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    answers: list[bytes] = []

    def answer(held):
        with held, suppress(ConnectionResetError):  # the client goes away without a word
            while held.recv(65536):
                held.sendall(answers[0])

    def accept():
        for _ in range(client.CONNECTIONS):
            held, _ = listening.accept()
            threading.Thread(target=answer, args=(held,), daemon=True).start()

    def start(text):
        answers.append(text)
        threading.Thread(target=accept, daemon=True).start()
        return listening.getsockname()[1]

    yield start
    listening.close()


@pytest.mark.parametrize(
    ("answer", "fails"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", False),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", True),
    ],
)
def test_our_own_client_counts_whole_answers_and_failures(answering, answer, fails):
    found = client.by_sockets(answering(answer), "/", "", 0.2)
    assert found.rate > 0
    assert 0 < found.median <= found.worst
    assert (found.failed > 0) == fails


def test_an_import_says_what_each_promise_costs_and_what_a_peer_takes(committed, monkeypatch):
    monkeypatch.setattr(peers, "SLICE", 200)
    said = {line.what.strip(): line for line in intake.run(0.001)}
    check(said.values())
    assert [it for it in said if it.startswith("step")] == [
        "step 读取文件",
        "step 逐列核对",
        "step 与在册记录比对",
        "step 写入",
    ]
    assert len([it for it in said if it.startswith("of it: ")]) == 6
    assert [it for it in said if it.startswith("django-import-export")] == [
        "django-import-export, default, extrapolated from 200",
        "django-import-export, bulk, extrapolated from 200",
    ]
    assert said["the same file again: rows that it would write"].median == 0
    assert said["of both cores, floor and ours"].floor > 0


def test_who_stands_twice_is_found_and_counted_against_what_was_planted(committed):
    said = {line.what.strip(): line for line in duplicates.run(0.01)}
    search, precision, recall, *slips = said.values()
    assert (search.floor, search.median < search.floor) == (60_000, True)
    assert (precision.median > 50, recall.median > 80) == (True, True)
    assert [line.what.strip() for line in slips] == list(duplicates.SLIPS)
    assert said["as it was"].median == 100


def test_five_lists_are_held_against_the_register_and_every_row_is_accounted_for(committed):
    total, *lists = rosters.run(0.01)
    assert (total.floor, total.median < total.floor) == (60_000, True)
    states = [line.what.split(": ")[1].split(",")[0].split("/") for line in lists]
    assert [sum(map(int, it)) for it in states] == [500] * 5
    assert all(int(count) > 0 for it in states for count in it)
