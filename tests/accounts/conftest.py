"""An office with a clerk, a reader and a security administrator, met through the pages, with the second factor in force."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from hangshi.access import services as access
from hangshi.access.models import Account, Event, Factor, Grant
from hangshi.access.passwords import SizedArgon2
from hangshi.access.scope import EVERYTHING, acting
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry.models import Unit

PASSWORD = "河东小学门前有三棵柳"
OTHER_PASSWORD = "雨后的操场积了一滩水"
JAN_1 = date(2017, 1, 1)
STEP = 30
PEOPLE = (("clerk", "赵干事", "township_clerk"), ("reader", "钱主任", "reader"), ("guard", "孙管理", "security_admin"))


class Clock:
    """The time of the installation; it stands still until a test lets some pass."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, 10, tzinfo=UTC)  # a Monday, 9:00:10 in the office

    def goes_on(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", lambda: made.now)
    return made


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`test_passwords` says how dear a real one is."""
    monkeypatch.setattr(SizedArgon2, "time_cost", 1)
    monkeypatch.setattr(SizedArgon2, "memory_cost", 64)


@pytest.fixture(scope="session")
def kinds() -> Any:
    return load("base", "ankang").kinds.unit


@pytest.fixture
def standard(settings: Any) -> Any:
    """Nothing switched off."""
    settings.PROFILE = "standard"
    return settings


@pytest.fixture
def office(db: None, standard: Any, kinds: Any) -> Unit:
    with installation():
        city = registry.create(kinds["city"], name="安康市", parent=None, on=JAN_1, actor=None)
        county = registry.create(kinds["county"], name="汉滨区", parent=city, on=JAN_1, actor=None)
        town = registry.create(kinds["township"], name="关庙镇", parent=county, on=JAN_1, actor=None)
        for username, name, role in PEOPLE:
            account = access.open_account(username, name=name, password=PASSWORD)
            access.grant(account, role=role, unit_id=town.pk, path=town.path, since=JAN_1)
    return town


def code(secret: str, *, steps: int = 0) -> str:
    """What a telephone shows, `steps` half minutes from now."""
    return pyotp.TOTP(secret).generate_otp(int(timezone.now().timestamp()) // STEP + steps)


@contextmanager
def installation() -> Iterator[None]:
    """The installation itself acts; afterwards nobody does, though the transaction of the test goes on."""
    with acting(EVERYTHING):
        yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.lo', '', true), set_config('hangshi.hi', '', true)")


@dataclass
class Browser:
    """Somebody at one computer: what they type, and where that leads."""

    address: str = "10.1.1.1"
    agent: str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/100.0 Safari/537.36"
    secret: str = ""
    recovery: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = Client(REMOTE_ADDR=self.address, headers={"User-Agent": self.agent})

    def get(self, path: str, **query: str) -> HttpResponse:
        return self.client.get(path, query)

    def post(self, path: str, **said: str) -> HttpResponse:
        return self.client.post(path, said)

    def name(self, username: str, password: str = PASSWORD) -> HttpResponse:
        return self.post("/sign-in/", username=username, password=password)

    def enrol(self) -> HttpResponse:
        """Take the square picture's letters into a telephone, and type its first code."""
        page = self.get("/sign-in/enrol/").content.decode()
        self.secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
        answer = self.post("/sign-in/enrol/", code=code(self.secret, steps=-1))
        self.recovery = re.findall(r"<code>([A-Z2-7-]{19})</code>", answer.content.decode())
        return answer

    def is_in(self) -> bool:
        return self.get("/account/").status_code == 200


@pytest.fixture
def enter(office: Unit) -> Callable[..., Browser]:
    """`enter("clerk")`: signed in from a new computer, the second factor enrolled where the role needs one."""

    def entered(username: str, **computer: str) -> Browser:
        browser = Browser(**computer)
        if browser.name(username)["Location"] == "/sign-in/enrol/":
            browser.enrol()
        assert browser.is_in()
        return browser

    return entered


@pytest.fixture
def again() -> Callable[..., Browser]:
    """The same person, who has a telephone, at another computer."""

    def entered(first: Browser, username: str, *, steps: int = 0, **computer: str) -> Browser:
        browser = Browser(**computer, secret=first.secret)
        browser.name(username)
        browser.post("/sign-in/code/", code=code(first.secret, steps=steps))
        assert browser.is_in()
        return browser

    return entered


def events() -> list[str]:
    with installation():
        return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def change(username: str, **values: Any) -> None:
    """What the installation itself writes about the account."""
    with installation():
        Account.objects.filter(username=username).update(**values)


def end_grants(username: str, *, until: date) -> None:
    with installation():
        Grant.objects.filter(account__username=username).update(until=until)


def sealed_secret(username: str) -> bytes:
    with installation():
        return bytes(Factor.objects.get(account__username=username).sealed)
