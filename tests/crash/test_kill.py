"""kill -9 in the middle of work, on an installation of its own: what was acknowledged is there, what was not leaves no half."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from hangshi.database import urls

PASSWORD = "a-password-of-the-test"
COMMAND = [sys.executable, "-c", "from hangshi.cli.main import main; main()"]


class Installation:
    """Its own `var`, its own embedded server, driven through the commands an operator types."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {
            "HANGSHI_VAR": str(var)
        }

    def run(self, *words: str) -> None:
        subprocess.run([*COMMAND, *words], env=self.env, check=True, capture_output=True)

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*COMMAND, *words],
            env=self.env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        owner = urls.connections(self.var, self.env).owner
        with psycopg.connect(
            host=owner["HOST"],
            port=owner["PORT"],
            dbname=owner["NAME"],
            user=owner["USER"],
            password=owner["PASSWORD"],
            autocommit=True,
        ) as connection:
            return connection.execute(sql).fetchall()

    def kill_the_database(self) -> None:
        server = urls.embedded(self.var, self.env)
        assert server is not None
        first = (server.data / "postmaster.pid").read_text().split("\n", 1)[0]
        os.kill(int(first), signal.SIGKILL)


@pytest.fixture
def place() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="hangshi-crash-"))
    folder.chmod(0o711)  # the server's own account must pass; pytest's folders are closed to it
    made = Installation(folder / "var")
    made.run("migrate")
    yield made
    subprocess.run([sys.executable, "-m", "hangshi.database", "stop"], env=made.env, check=True, capture_output=True)
    shutil.rmtree(folder)


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain")


def is_writing(place: Installation) -> bool:
    """The loader holds its lock and has copied something: it stands in the middle of its transaction."""
    return (
        place.ask("SELECT 1 FROM pg_locks WHERE relation = 'attendance'::regclass AND mode = 'RowExclusiveLock'") != []
    )


def contents(place: Installation) -> list[tuple[object, ...]]:
    return place.ask(
        "SELECT (SELECT count(*) FROM unit), (SELECT count(*) FROM person), (SELECT count(*) FROM account)"
    )


@pytest.mark.parametrize("victim", ["loader", "database"])
def test_a_load_that_is_killed_leaves_nothing_and_can_be_begun_again(place: Installation, victim: str) -> None:
    loading = place.start("scenario", "load", "ankang", "--scale", "0.1")
    wait_for(lambda: is_writing(place))
    assert loading.poll() is None
    if victim == "loader":
        os.killpg(loading.pid, signal.SIGKILL)
    else:
        place.kill_the_database()
    loading.wait(60)
    assert loading.returncode != 0
    wait_for(lambda: contents(place) == [(0, 0, 0)])
    place.run("scenario", "load", "ankang", "--scale", "0.02", "--password", PASSWORD)
    assert contents(place)[0][2] == 5


class Clerk:
    """Signs in over HTTP and records visits until the line is cut."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def _post(self, path: str, **fields: str) -> str:
        page = self.opener.open(self.base + path, timeout=10).read().decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
        assert token
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        return str(
            self.opener.open(urllib.request.Request(self.base + path, data, {"Referer": self.base}), timeout=10).url
        )

    def sign_in(self) -> None:
        self._post("/sign-in/", username="shi", password=PASSWORD)

    def visit(self, household: str) -> int:
        """The number of the record, once the server has said that it is kept."""
        found = re.search(
            r"/records/activities/(\d+)/$",
            self._post("/visits/new/", household=household, leader="1", day="2017-10-30", topic="崩溃测试"),
        )
        assert found
        return int(found[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=2) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def test_every_visit_that_was_acknowledged_outlives_the_web_and_the_database(place: Installation) -> None:
    place.run("scenario", "load", "ankang", "--scale", "0.02", "--password", PASSWORD)
    [(household,)] = place.ask("SELECT number FROM household ORDER BY id LIMIT 1")
    kept: list[int] = []
    for victim in ("web", "database"):
        port = free_port()
        serving = place.start("serve", "--port", str(port), "--workers", "2")
        wait_for(partial(answers, port))
        clerk = Clerk(port)
        clerk.sign_in()
        kept += [clerk.visit(str(household)) for _ in range(10)]
        if victim == "web":
            os.killpg(serving.pid, signal.SIGKILL)
        else:
            place.kill_the_database()
            wait_for(lambda: place.ask("SELECT 1") == [(1,)])
            kept.append(after_the_fall(clerk, str(household)))
            os.killpg(serving.pid, signal.SIGKILL)
        serving.wait(30)
    found = {number for (number,) in place.ask("SELECT id FROM activity WHERE topic = '崩溃测试'")}
    assert len(kept) == 21
    assert found >= set(kept)


def after_the_fall(clerk: Clerk, household: str) -> int:
    """The running web finds the database again by itself, without a restart."""
    end = time.monotonic() + 30
    while True:
        try:
            return clerk.visit(household)
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
