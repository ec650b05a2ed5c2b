"""A session can be seen and ended, ends by itself, and dies with the right it stands for."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hangshi.access import log, sessions
from hangshi.access import services as access
from hangshi.access.models import Account, Event, Session
from hangshi.access.scope import Scope, acting
from hangshi.registry.models import Unit
from tests.accounts.conftest import (
    OTHER_PASSWORD,
    PASSWORD,
    Browser,
    Clock,
    change,
    code,
    end_grants,
    events,
    installation,
)

Enter = Callable[..., Browser]
TODAY = date(2026, 3, 2)


def rows(username: str) -> list[Session]:
    with installation():
        return list(Session.objects.filter(account__username=username).order_by("pk"))


def token(browser: Browser) -> str:
    return browser.client.cookies["hangshi"].value


def test_the_table_keeps_only_the_digest_of_the_token(enter: Enter):
    browser = enter("reader")
    assert rows("reader")[0].key == hashlib.sha256(token(browser).encode()).hexdigest()
    assert len(token(browser)) == 43


def test_each_step_of_signing_in_gives_another_token(office: Unit):
    browser, tokens = Browser(), []
    browser.client.cookies["hangshi"] = "chosen-by-somebody-else"
    browser.name("clerk")
    tokens.append(token(browser))
    browser.enrol()
    tokens.append(token(browser))
    assert len({*tokens, "chosen-by-somebody-else"}) == 3
    browser.client.cookies["hangshi"] = tokens[0]
    assert not browser.is_in()


def test_signing_in_again_ends_the_session_before(enter: Enter):
    browser = enter("reader")
    before = token(browser)
    browser.name("reader")
    other = Browser()
    other.client.cookies["hangshi"] = before
    assert (browser.is_in(), other.is_in()) == (True, False)


def test_signing_out_ends_the_session_and_not_only_the_cookie(enter: Enter):
    browser = enter("reader")
    before = token(browser)
    browser.post("/sign-out/")
    browser.client.cookies["hangshi"] = before
    assert not browser.is_in()
    assert events()[-1] == "signed_out"


@pytest.mark.parametrize("cookie", ["", "x", "x" * 64, "x" * 65, "é", "1.1.aaaa:forged"])
def test_a_made_up_token_is_nobody(enter: Enter, cookie: str):
    browser = enter("reader")
    browser.client.cookies["hangshi"] = cookie
    assert not browser.is_in()


@pytest.mark.parametrize(
    ("profile", "minutes", "still"),
    [("standard", 29, True), ("standard", 30, False), ("dengbao3", 9, True), ("dengbao3", 10, False)],
)
def test_left_alone_it_ends(enter: Enter, standard, clock: Clock, profile: str, minutes: int, still: bool):
    browser = enter("reader")
    standard.PROFILE = profile
    clock.goes_on(minutes=minutes)
    assert browser.is_in() == still


def test_used_all_day_it_ends_after_eight_hours(enter: Enter, clock: Clock):
    browser = enter("reader")
    for _ in range(23):
        clock.goes_on(minutes=20)
        assert browser.is_in()
    clock.goes_on(minutes=20)
    assert not browser.is_in()


def test_another_identity_does_not_make_the_day_longer(enter: Enter, office: Unit, clock: Clock):
    second = grant("reader", "reader", office)
    browser = enter("reader")
    for _ in range(23):
        clock.goes_on(minutes=20)
        browser.post("/switch/", grant=str(second))
    clock.goes_on(minutes=20)
    assert not browser.is_in()


def test_when_it_was_last_used_is_written_once_a_minute(enter: Enter, clock: Clock):
    browser, began = enter("reader"), clock.now
    seen = []
    for _ in range(3):
        clock.goes_on(seconds=40)
        browser.get("/records/persons/")
        seen.append((rows("reader")[0].seen - began).total_seconds())
    assert seen == [0, 80, 80]


def test_a_page_costs_one_read_of_session_account_and_grant(enter: Enter):
    browser = enter("reader")
    with CaptureQueriesContext(connection) as seen:
        browser.get("/records/persons/")
    reads = [it["sql"] for it in seen if re.search(r"(FROM|JOIN) \"?(access_session|account)\b", it["sql"])]
    assert len(reads) == 1
    assert all(table in reads[0] for table in ("FROM access_session", "JOIN account", "JOIN access_grant"))


def test_the_read_goes_by_the_index(enter: Enter):
    browser = enter("reader")
    with sessions.reading(read_only=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        key = hashlib.sha256(token(browser).encode()).hexdigest()
        cursor.execute("EXPLAIN SELECT * FROM access_session WHERE key = %s", [key])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: ((key)::text" in plan


def test_a_new_password_ends_every_other_session(enter: Enter, again):
    here, there = enter("reader"), Browser(address="10.2.2.2")
    there.name("reader")
    here.post("/account/password/", old=PASSWORD, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    assert (here.is_in(), there.is_in()) == (True, False)


def test_a_closed_account_is_out_at_the_next_page(enter: Enter):
    browser = enter("reader")
    change("reader", active=False)
    assert not browser.is_in()


@pytest.mark.parametrize(("until", "still"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_a_session_does_not_outlive_its_grant(enter: Enter, until: date, still: bool):
    browser = enter("clerk")
    end_grants("clerk", until=until)
    assert browser.is_in() == still


def test_the_list_shows_ones_own_devices_and_no_others(enter: Enter):
    browser = enter("reader")
    enter("clerk", address="10.2.2.2", agent="Mozilla/5.0 (Android 14) Firefox/120.0")
    page = browser.get("/account/").content.decode()
    assert "Chrome · Windows · 10.1.1.1" in page
    assert "10.2.2.2" not in page


def test_one_device_is_ended_from_another(enter: Enter):
    here, there = enter("reader"), Browser(address="10.2.2.2", agent="Mozilla/5.0 (Android 14) Firefox/120.0")
    there.name("reader")
    assert "Firefox · Android · 10.2.2.2" in here.get("/account/").content.decode()
    here.post(f"/account/sessions/{rows('reader')[1].pk}/end/")
    assert (here.is_in(), there.is_in()) == (True, False)
    assert "Firefox · Android · 10.2.2.2" not in here.get("/account/").content.decode()


def test_all_others_are_ended_at_once(enter: Enter):
    here, others = enter("reader"), [Browser(address=f"10.2.2.{n}") for n in range(3)]
    for other in others:
        other.name("reader")
    here.post("/account/sessions/end/")
    assert [it.is_in() for it in (here, *others)] == [True, False, False, False]


def test_somebody_elses_session_does_not_exist(enter: Enter):
    browser, clerk = enter("reader"), enter("clerk")
    (mine, theirs) = (rows("reader")[0].pk, rows("clerk")[-1].pk)
    answers = [browser.post(f"/account/sessions/{pk}/end/") for pk in (theirs, 999_999)]
    assert [it.status_code for it in answers] == [404, 404]
    pages = [re.sub(r'(token"|middlewaretoken") (content|value)="\w+"', "", it.content.decode()) for it in answers]
    assert pages[0] == pages[1]
    assert clerk.is_in()
    assert mine != theirs


def test_the_database_shows_an_account_its_own_sessions_only(enter: Enter):
    enter("reader")
    enter("clerk")
    with installation():
        reader = Account.objects.get(username="reader").pk
    with acting(Scope("", "", reader)):
        assert set(Session.objects.values_list("account_id", flat=True)) == {reader}
        assert set(Event.objects.values_list("account", flat=True)) == {reader}
        assert Session.objects.exclude(account_id=reader).update(ended=None) == 0


def test_nobody_changes_or_removes_what_happened(enter: Enter):
    enter("reader")
    with installation():
        before = Event.objects.count()
        assert (Event.objects.update(kind="x"), Event.objects.all().delete()[0]) == (0, 0)
        assert Event.objects.count() == before > 0


def test_an_event_names_the_device_by_a_digest(enter: Enter):
    enter("reader", address="10.2.2.2")
    with installation():
        event = Event.objects.get(kind="signed_in")
    assert (event.address, len(event.agent)) == ("10.2.2.2", 16)
    assert set(event.ids) == {"grant"}


def test_one_reads_in_words_what_happened_to_ones_account(enter: Enter):
    Browser(address="10.6.6.6").name("reader", "不是这个密码的密码")
    page = enter("reader").get("/account/").content.decode()
    told = re.findall(r"<li><span>([^<]+)<small>([^<]+)</small></span></li>", page)
    assert told == [
        ("登录，密码正确", "2026-03-02 09:00 · 10.1.1.1"),
        ("登录失败，密码不对", "2026-03-02 09:00 · 10.6.6.6"),
    ]


def test_every_event_of_the_door_has_words():
    source = Path(log.__file__).parents[1]
    said = {kind for file in source.rglob("*.py") for kind in re.findall(r'\bevent\("(\w+)"', file.read_text())}
    assert {"signed_in", "sign_in_failed", "password_set"} <= said <= log.WORDS.keys()


class TestAnAdministrator:
    """孙管理 (security administrator) and what others have open."""

    @pytest.fixture
    def clerk_number(self, office: Unit) -> int:
        with installation():
            return Account.objects.get(username="clerk").pk

    def test_ends_anothers_sessions(self, enter: Enter, clerk_number: int):
        clerk, guard = enter("clerk"), enter("guard")
        page = guard.get(f"/accounts/{clerk_number}/").content.decode()
        assert "赵干事的登录" in page
        guard.post(f"/accounts/{clerk_number}/", what="sessions")
        assert (clerk.is_in(), guard.is_in()) == (False, True)
        assert events()[-1] == "sessions_ended_by_administrator"

    def test_finds_them_from_the_grants(self, enter: Enter, clerk_number: int):
        assert f'<a href="/accounts/{clerk_number}/">赵干事</a>' in enter("guard").get("/grants/").content.decode()

    def test_takes_away_a_lost_telephone(self, enter: Enter, clerk_number: int):
        clerk, guard = enter("clerk"), enter("guard")
        guard.post(f"/accounts/{clerk_number}/", what="factor")
        assert not clerk.is_in()
        assert Browser().name("clerk")["Location"] == "/sign-in/enrol/"

    def test_is_asked_again_who_they_are(self, enter: Enter, clerk_number: int, clock: Clock):
        clerk, guard = enter("clerk"), enter("guard")
        clock.goes_on(minutes=6)
        assert guard.get(f"/accounts/{clerk_number}/")["Location"].startswith("/account/confirm/")
        assert "请再次确认身份" in guard.post(f"/accounts/{clerk_number}/", what="sessions").content.decode()
        assert clerk.is_in()

    @pytest.mark.parametrize("who", ["clerk", "reader"])
    def test_others_are_none(self, enter: Enter, clerk_number: int, who: str):
        browser = enter(who)
        assert browser.get(f"/accounts/{clerk_number}/").status_code == 403
        assert browser.post(f"/accounts/{clerk_number}/", what="sessions").status_code == 403
        assert browser.is_in()

    def test_sees_no_business_page(self, enter: Enter):
        guard = enter("guard")
        assert [guard.get(address).status_code for address in ("/indicators/", "/records/persons/")] == [403, 403]


def grant(username: str, role: str, unit: Unit) -> int:
    with installation():
        account = Account.objects.get(username=username)
        return access.grant(account, role=role, unit_id=unit.pk, path=unit.path, since=date(2017, 1, 1)).pk


def test_another_identity_is_another_token(enter: Enter, office: Unit):
    second, browser = grant("reader", "reader", office), enter("reader")
    before = token(browser)
    assert browser.post("/switch/", grant=str(second))["Location"] == "/"
    assert token(browser) != before
    assert rows("reader")[-1].grant_id == second


def test_an_identity_that_needs_the_second_factor_asks_for_it(enter: Enter, office: Unit):
    second, browser = grant("reader", "township_clerk", office), enter("reader")
    assert browser.get("/switch/").content.decode().count("切换</button>") == 1
    assert browser.post("/switch/", grant=str(second))["Location"] == "/sign-in/enrol/"
    assert browser.get("/records/persons/").status_code == 302
    browser.enrol()
    assert browser.get("/records/persons/").status_code == 200


@pytest.mark.parametrize("number", ["0", "999999", "-1", "x", ""])
def test_an_identity_one_does_not_have_does_not_exist(enter: Enter, number: str):
    browser = enter("reader")
    assert browser.post("/switch/", grant=number).status_code == 404
    assert browser.is_in()


def test_over_https_the_cookie_is_bound_to_the_host(office: Unit):
    client = Client()
    answer = client.post("/sign-in/", {"username": "reader", "password": PASSWORD}, secure=True)
    cookie = answer.cookies["__Host-hangshi"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        True,
        "Lax",
        "/",
        "",
    )
    assert client.get("/account/", secure=True).status_code == 200
    assert client.get("/account/").status_code == 302


def test_old_sessions_are_removed_with_the_next_sign_in(enter: Enter, clock: Clock):
    enter("reader")
    clock.goes_on(days=91)
    enter("reader")
    assert [row.created for row in rows("reader")] == [clock.now]


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (Linux; Android 12) Chrome/99 MicroMessenger/8.0", "微信 · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Chrome/92 Edg/92", "Edge · 统信"),
        ("", "其他浏览器 · 其他系统"),
        ("<script>", "其他浏览器 · 其他系统"),
    ],
)
def test_a_device_is_named_by_browser_and_system(agent: str, shown: str):
    assert sessions.summary(agent) == shown


def test_the_code_is_asked_at_every_sign_in(enter: Enter, again):
    first = enter("clerk")
    again(first, "clerk", address="10.2.2.2")
    third = Browser()
    third.name("clerk")
    assert not third.is_in()
    assert third.post("/sign-in/code/", code=code(first.secret, steps=1)).status_code == 302
