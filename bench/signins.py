"""A morning: 1,000 people sign in within five minutes, with password and code, while others read their pages.

`python -m bench.signins [SECONDS]` (300) prints how long signing in and the pages took, measured from when each was due, so that
waiting in a queue counts. It starts a server of its own on this installation's data, opens accounts named `bench-…` and closes them.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
django.setup()

import pyotp  # noqa: E402  # after set-up, as Django asks
import requests  # noqa: E402
from django.utils import timezone  # noqa: E402

from hangshi.access import factors, services  # noqa: E402
from hangshi.access.models import Account  # noqa: E402
from hangshi.access.passwords import hashed  # noqa: E402
from hangshi.access.scope import EVERYTHING, acting  # noqa: E402
from hangshi.registry.models import Unit  # noqa: E402

EACH_SECOND = 1000 / 300  # people who sign in
PAGES_EACH_SECOND = 10
PAGES = ("/", "/records/persons/", "/records/households/", "/records/activities/", "/indicators/")
PASSWORD = f"{secrets.token_hex(8)}-柳树"
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
DROPPED = timedelta(hours=1)


@dataclass(frozen=True)
class Person:
    username: str
    secret: str
    address: str


def people(count: int) -> list[Person]:
    """Township clerks, each with a telephone; one hash for all of them, since making it is not what is measured."""
    made = []
    with acting(EVERYTHING):
        town = Unit.objects.filter(kind="township", until=None).order_by("path").first()
        if town is None:
            raise SystemExit("先装入演示数据：hangshi scenario load ankang --scale 0.02")
        one = hashed(PASSWORD)
        for number in range(count):
            name = f"bench-{secrets.token_hex(4)}"
            account = Account.objects.create(username=name, name="测试", password=one, password_since=timezone.now())
            services.grant(account, role="township_clerk", unit_id=town.pk, path=town.path, since=timezone.localdate())
            secret = factors.offer(account)
            before = datetime.now(UTC) - DROPPED
            factors.enrol(account, pyotp.TOTP(secret).at(before), now=before)
            made.append(Person(name, secret, f"10.{number // 62500}.{number // 250 % 250}.{number % 250}"))
    return made


def close() -> None:
    with acting(EVERYTHING):
        Account.objects.filter(username__startswith="bench-").update(active=False)


def serve(port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from hangshi.cli.main import main; main()", "serve", "--port", str(port)]
    environment = os.environ | {"HANGSHI_PROFILE": "standard", "HANGSHI_TRUSTED_PROXIES": "127.0.0.1"}
    return subprocess.Popen(
        [*command, "--workers", str(WORKERS)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


class Visitor:
    """One browser at the server `base`."""

    def __init__(self, base: str, person: Person) -> None:
        self.base, self.person = base, person
        self.http = requests.Session()
        self.http.headers["X-Forwarded-For"] = person.address

    def get(self, path: str) -> None:
        self.http.get(self.base + path, timeout=60, allow_redirects=False).raise_for_status()

    def post(self, path: str, **said: str) -> str:
        said["csrfmiddlewaretoken"] = self.http.cookies["csrftoken"]
        answer = self.http.post(self.base + path, said, timeout=60, allow_redirects=False)
        if answer.status_code != 302:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return answer.headers["Location"]

    def sign_in(self) -> None:
        """The form, the password, the code; the first page is counted with the pages."""
        self.get("/sign-in/")
        at_code = self.post("/sign-in/", username=self.person.username, password=PASSWORD)
        if at_code != "/sign-in/code/":
            raise RuntimeError(at_code)
        if self.post(at_code, code=pyotp.TOTP(self.person.secret).now()) != "/":
            raise RuntimeError("not in")


def timed(due: float, work: "Visitor", page: str | None) -> float:
    """Seconds from when it was due until it was done."""
    if page is None:
        work.sign_in()
    else:
        work.get(page)
    return time.perf_counter() - due


def run(base: str, seconds: float, persons: list[Person]) -> tuple[list[float], list[float], int]:
    """Times of sign-ins and of pages, and how many failed."""
    readers = [Visitor(base, person) for person in persons[:4]]
    for reader in readers:
        reader.sign_in()
    due = [(at / EACH_SECOND, Visitor(base, person), None) for at, person in enumerate(persons[4:])]
    pages = [
        (at / PAGES_EACH_SECOND, readers[at % 4], PAGES[at % len(PAGES)])
        for at in range(int(seconds * PAGES_EACH_SECOND))
    ]
    start = time.perf_counter()
    with ThreadPoolExecutor(64) as pool:
        waiting: list[tuple[bool, Future[float]]] = []
        for at, visitor, page in sorted([*due, *pages], key=lambda it: it[0]):
            time.sleep(max(0.0, start + at - time.perf_counter()))
            waiting.append((page is None, pool.submit(timed, start + at, visitor, page)))
    done = [(is_sign_in, future.result()) for is_sign_in, future in waiting if future.exception() is None]
    failed = [future.exception() for _, future in waiting if future.exception() is not None]
    for error in failed[:3]:
        print(f"  failed: {error}")
    return [it for is_in, it in done if is_in], [it for is_in, it in done if not is_in], len(failed)


def line(what: str, times: list[float], aim: float) -> None:
    ordered = sorted(times)
    p50, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95))
    print(
        f"{what:<10}{len(ordered):>6}   median {p50:.3f} s   p95 {p95:.3f} s (aim {aim:g})   worst {ordered[-1]:.3f} s"
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    persons = people(int(seconds * EACH_SECOND) + 4)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = serve(port)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base)
        signed, pages, failed = run(base, seconds, persons)
    finally:
        server.terminate()
        server.wait(20)
        close()
    line("sign-ins", signed, 3)
    line("pages", pages, 2)
    print(
        f"failed {failed}; {len(signed) / seconds * 60:.0f} sign-ins and {len(pages) / seconds * 60:.0f} pages a minute"
    )


def _wait(base: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            requests.get(f"{base}/sign-in/", timeout=2)
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
