"""A real browser on a live server: the small scenario 安康, committed, served to the app role, and removed afterwards."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from frontend.browser import install
from hangshi.scenarios.load import load
from tests.committed import emptied

PASSWORD = "only-for-show"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SHOTS = Path(__file__).parents[2] / "docs" / "images"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Site:
    """Where the pages are, and what the tests need to know of the data behind them."""

    address: str
    township: int  # 关庙镇
    foreign: int  # another township of the same county
    household: tuple[str, str]  # number and head, in 关庙镇
    person: int  # one of 关庙镇


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A test run prints no requests."""


def _one(statement: str) -> tuple[Any, ...]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    assert row, statement
    return tuple(row)


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock():
        load("ankang", 0.02, password=PASSWORD)
        try:
            path, township = _one("SELECT path, id FROM unit WHERE name = '关庙镇' AND kind = 'township'")
            county = path.rsplit("/", 2)[0]
            (foreign,) = _one(
                f"SELECT id FROM unit WHERE kind = 'township' AND path LIKE '{county}/%' AND id <> {township} ORDER BY id LIMIT 1"
            )
            household = _one(f"SELECT number, head FROM household WHERE path LIKE '{path}%' ORDER BY id LIMIT 1")
            (person,) = _one(f"SELECT id FROM person WHERE path LIKE '{path}%' ORDER BY id LIMIT 1")
            server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
            server.daemon_threads = True
            server.set_app(get_wsgi_application())
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield Site(f"http://127.0.0.1:{server.server_port}", township, foreign, household, person)
            server.shutdown()
            server.server_close()
            thread.join(10)
        finally:
            connections["default"].close()
            emptied()


def _program() -> str:
    try:
        return install.find()
    except install.NoBrowser as missing:
        pytest.fail(f"{missing} 浏览器测试不能跳过。", pytrace=False)


@pytest.fixture(scope="package")
def chromium(site: Site) -> Iterator[Browser]:
    """Started after the data are in and gone before they are removed: Django refuses the database beside its event loop."""
    program = _program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`open_page(size=…, java_script=…)`: an empty page of a new visitor. A fault of its scripts fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(size: dict[str, int] = WIDE, *, java_script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": size["width"], "height": size["height"]},
            java_script_enabled=java_script,
            locale="zh-CN",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def enter(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """`enter("shi")`: signed in, on the overview."""

    def entered(username: str, size: dict[str, int] = WIDE, *, java_script: bool = True) -> Page:
        page = open_page(size, java_script=java_script)
        page.goto("/sign-in/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_selector("h1:has-text('工作总览')")
        return page

    return entered


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Writes docs/images/NAME.png where HANGSHI_SHOTS=1 asks for it."""

    def taken(page: Page, name: str) -> None:
        if os.environ.get("HANGSHI_SHOTS") == "1":
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1200)  # until the charts stand still
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")

    return taken
