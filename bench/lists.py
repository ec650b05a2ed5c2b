"""A list page of 50 rows under row-level security and load; beside it the same rows as bare JSON, and an answer of one word."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.test import Client

from bench import floor
from bench.client import Load, loaded
from bench.measure import Line, nodes
from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Unit

PATH = "/records/activities/"
SECONDS = 6.0
WARM = 8


def run(seconds: float = SECONDS, password: str = "ankang-demo-2017", username: str = "hanbin") -> Iterator[Line]:  # noqa: S107  # the demonstration's own, shown on its console
    """The account must be one of the demonstration's; its county is the scope."""
    nodes()
    cookie = signed_in(username, password)
    with acting(EVERYTHING, read_only=True):
        path = Unit.objects.get(kind="county", name="汉滨区").path
    with served(path) as port:
        hello, json = (_measured(port, it, "", seconds) for it in (floor.HELLO, floor.JSON))
        page = _measured(port, PATH, cookie, seconds)
        persons = _measured(port, "/records/persons/", cookie, seconds)
    yield Line(f"an answer of one word ({hello.client})", hello.rate, hello.worst, unit="req/s", last="99% ms")
    yield Line("the same 50 rows as json_agg", json.rate, json.worst, hello.rate, "req/s", "99% ms")
    yield Line("list of activities, 50 rows, one county's scope", page.rate, page.worst, json.rate, "req/s", "99% ms")
    yield Line(
        "list of persons, 50 rows, one county's scope", persons.rate, persons.worst, json.rate, "req/s", "99% ms"
    )


def signed_in(username: str, password: str) -> str:
    client = Client()
    client.get("/sign-in/")  # as a browser, which has the cookie of the form before it sends it
    answer = client.post("/sign-in/", {"username": username, "password": password})
    if answer.status_code != 302:
        raise SystemExit(f"账号 {username} 登录不上：演示数据要以默认密码装入（make demo）")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def _measured(port: int, path: str, cookie: str, seconds: float) -> Load:
    for _ in range(WARM):  # each worker has its connection, its templates and its statements
        _once(port, path, cookie)
    loaded(port, path, cookie, min(1.0, seconds))
    found = loaded(port, path, cookie, seconds)
    if found.failed:
        raise SystemExit(f"{found.failed} answers to {path} were no 200")
    return found


def _once(port: int, path: str, cookie: str) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked.request("GET", path, headers={"Cookie": cookie})
        if (status := asked.getresponse().status) != 200:
            raise SystemExit(f"{path} answers {status}, not 200")
    finally:
        asked.close()


@contextmanager
def served(path: str) -> Iterator[int]:
    """Pages and floors by two workers on a free port, on the database of this process; stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += [
        "--workers",
        "2",
        "--blocking-threads",
        "1",
        "--no-ws",
        "--log-level",
        "warning",
        "bench.floor:application",
    ]
    name = connections["default"].settings_dict["NAME"]
    env = os.environ | {"HANGSHI_VAR": str(settings.VAR), floor.DATABASE: str(name), floor.BELOW: path}
    process = subprocess.Popen(command, env=env)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")
