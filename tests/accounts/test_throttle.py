"""Guessing is slow from everywhere, and nobody can use that to keep somebody else out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hangshi.access import passwords, throttle
from hangshi.access.log import Caller
from hangshi.access.models import Throttle
from hangshi.registry.models import Unit
from tests.accounts.conftest import Browser, Clock, change, code, events, installation
from tests.committed import at_once, committed  # noqa: F401  # a fixture
from tests.refusals import refusal_of

Enter = Callable[..., Browser]
WRONG = "不是这个密码的密码"


def guess(username: str, times: int, *, address: str = "10.6.6.6") -> list[int]:
    browser = Browser(address=address)
    return [browser.name(username, WRONG).status_code for _ in range(times)]


def test_five_wrong_passwords_and_then_a_wait_that_doubles(office: Unit, clock: Clock):
    assert guess("clerk", 6) == [400, 400, 400, 400, 400, 429]
    waits = []
    for _ in range(10):
        answer = Browser(address="10.6.6.6").name("clerk", WRONG)
        waits.append(int(answer["Retry-After"]) - 1)
        clock.goes_on(seconds=waits[-1])
        assert guess("clerk", 1) == [400]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900]


def test_the_wait_is_told_and_so_is_that_nothing_is_locked(office: Unit):
    guess("clerk", 5)
    page = Browser(address="10.6.6.6").name("clerk", WRONG).content.decode()
    assert "尝试次数过多，请在3秒后再试。账号没有被锁定。" in page
    assert 'value="clerk"' in page


def test_while_one_waits_the_right_password_is_not_heard_either(office: Unit, clock: Clock):
    guess("clerk", 5)
    assert Browser(address="10.6.6.6").name("clerk").status_code == 429
    clock.goes_on(seconds=2)
    assert Browser(address="10.6.6.6").name("clerk").status_code == 302


def test_the_right_password_forgives_the_typing_errors_before(office: Unit):
    for _ in range(3):
        assert guess("clerk", 4) == [400] * 4
        assert Browser(address="10.6.6.6").name("clerk").status_code == 302


def test_errors_are_forgotten_after_a_day(office: Unit, clock: Clock):
    guess("clerk", 5)
    clock.goes_on(hours=24, seconds=1)
    assert guess("clerk", 6) == [400, 400, 400, 400, 400, 429]


def test_an_unknown_name_is_slowed_like_a_known_one(office: Unit):
    assert guess("nobody", 6) == guess("clerk", 6, address="10.7.7.7") == [400] * 5 + [429]


def test_an_unknown_name_a_closed_account_and_a_wrong_password_cost_the_same(office: Unit, monkeypatch):
    change("guard", active=False)
    hashes: list[str] = []

    def wrong(password: str, encoded: str) -> bool:
        hashes.append(encoded)
        return False

    monkeypatch.setattr(passwords, "check_password", wrong)
    costs = []
    for username in ("nobody", "guard", "clerk"):
        with CaptureQueriesContext(connection) as seen:
            answer = Browser().name(username, WRONG)
        costs.append((len(seen), len(hashes), answer.status_code))
        hashes.clear()
    assert costs == [costs[0]] * 3
    assert costs[0][1:] == (1, 400)


@pytest.mark.parametrize(
    "username", ["cl\0erk", "名" * 10_000, "'; DROP TABLE account; --", "\ud800".encode(errors="replace").decode()]
)
def test_a_name_out_of_its_mind_is_wrong_and_not_a_fault(office: Unit, username: str):
    assert Browser().name(username).status_code == 400


@pytest.mark.parametrize("written", ["CLERK", " clerk ", "ｃｌｅｒｋ"])
def test_another_spelling_of_the_name_counts_on(office: Unit, written: str):
    guess("clerk", 5)
    assert guess(written, 1) == [429]


def test_who_fails_at_one_address_keeps_nobody_out_at_another(office: Unit):
    guess("clerk", 20, address="10.6.6.6")
    assert Browser(address="10.1.1.1").name("clerk").status_code == 302


def flood(username: str) -> None:
    for number in range(throttle.FREE_OF_ACCOUNT + 10):
        guess(username, 1, address=f"10.200.0.{number}")


def test_a_flood_from_many_addresses_slows_addresses_the_account_does_not_know(office: Unit, clock: Clock):
    flood("reader")
    assert Browser(address="10.3.3.3").name("reader").status_code == 429
    clock.goes_on(minutes=15)
    assert Browser(address="10.3.3.3").name("reader").status_code == 302


def test_a_flood_does_not_keep_the_owner_out_where_they_work(enter: Enter):
    enter("reader", address="10.1.1.1")
    flood("reader")
    assert Browser(address="10.1.1.1").name("reader")["Location"] == "/"


def test_an_address_is_known_only_once_the_second_factor_was_given(enter: Enter):
    enter("clerk", address="10.1.1.1")
    Browser(address="10.6.6.6").name("clerk")  # who has the password only
    flood("clerk")
    assert Browser(address="10.6.6.6").name("clerk").status_code == 429
    assert Browser(address="10.1.1.1").name("clerk").status_code == 302


def test_an_address_is_forgotten_after_thirty_days(enter: Enter, clock: Clock):
    enter("reader", address="10.1.1.1")
    clock.goes_on(days=30)
    flood("reader")
    assert Browser(address="10.1.1.1").name("reader").status_code == 429


def test_one_address_that_tries_many_names_is_slowed(office: Unit):
    answers = [guess(f"name{number}", 1)[0] for number in range(51)]
    assert answers == [400] * 50 + [429]
    assert Browser(address="10.6.6.6").name("clerk").status_code == 429
    assert Browser(address="10.1.1.1").name("clerk").status_code == 302


def test_a_sprayer_in_the_office_does_not_keep_out_who_works_there(enter: Enter):
    enter("reader", address="10.6.6.6")
    for number in range(51):
        guess(f"name{number}", 1)
    assert Browser(address="10.6.6.6").name("reader").status_code == 302


def test_a_whole_office_behind_one_address_signs_in(office: Unit):
    assert {Browser(address="10.4.4.4").name("reader").status_code for _ in range(60)} == {302}


def test_codes_are_slowed_as_passwords_are(enter: Enter, clock: Clock):
    secret, thief = enter("clerk").secret, Browser(address="10.6.6.6")
    thief.name("clerk")
    assert [thief.post("/sign-in/code/", code="000000").status_code for _ in range(6)] == [400] * 5 + [429]
    assert thief.post("/sign-in/code/", code=code(secret)).status_code == 429
    fresh = Browser(address="10.6.6.6")
    assert fresh.name("clerk").status_code == 302
    assert fresh.post("/sign-in/code/", code="000000").status_code == 429  # signing in again gives no new tries
    assert events().count("code_failed") == 5


def admitted_in_a_day(addresses: int, clock: Clock) -> int:
    """How many codes a thief of the password can have checked in 24 hours, trying at every address whenever it may."""
    waiting = {f"10.{number}.0.1": timedelta() for number in range(addresses)}
    heard, elapsed, start = 0, timedelta(), clock.now
    while elapsed < timedelta(hours=24):
        address = min(waiting, key=lambda it: waiting[it])
        elapsed = waiting[address]
        try:
            throttle.charge("code", "clerk", Caller(address), now=start + elapsed, account=None)
            heard += 1
        except throttle.TooOften as refusal:
            waiting[address] = elapsed + timedelta(seconds=refusal.seconds)
    return heard


@pytest.mark.parametrize(("addresses", "at_most"), [(1, 109), (4, 124)])
def test_ten_thousand_guesses_take_months_however_many_addresses(
    office: Unit, clock: Clock, addresses: int, at_most: int
):
    assert admitted_in_a_day(addresses, clock) <= at_most


def test_what_cannot_be_counted_is_not_heard(office: Unit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttle, "at_the_door", transaction.atomic)  # the database refuses the rows now
    answer = Browser().name("clerk")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "系统暂时不能登记这次登录，因此没有受理。请稍后再试。" in answer.content.decode()


def test_the_table_tells_nobody_who_was_tried(office: Unit):
    guess("clerk", 1)
    with installation():
        rows = list(Throttle.objects.all())
    assert len(rows) == 3
    assert all(len(row.key) == 64 and "clerk" not in row.key and "10.6" not in row.key for row in rows)


def test_forgotten_rows_go(office: Unit, clock: Clock):
    guess("nobody", 1, address="10.6.6.6")
    clock.goes_on(hours=25)
    guess("somebody", 1, address="10.7.7.7")
    with installation():
        assert Throttle.objects.count() == 3


@pytest.mark.usefixtures("committed")
def test_guesses_at_the_same_time_are_all_counted(clock: Clock):
    caller = Caller("10.6.6.6")
    at_once(lambda _: throttle.charge("password", "clerk", caller, now=clock.now))
    with installation():
        assert set(Throttle.objects.values_list("failures", flat=True)) == {2}
    for _ in range(3):
        throttle.charge("password", "clerk", caller, now=clock.now)
    assert refusal_of(throttle.charge, "password", "clerk", caller, now=clock.now) == "throttle.wait"


def test_dengbao3_begins_with_a_minute(office: Unit, standard):
    standard.PROFILE = "dengbao3"
    assert guess("clerk", 6) == [400] * 5 + [429]
    assert Browser(address="10.6.6.6").name("clerk")["Retry-After"] == "61"
