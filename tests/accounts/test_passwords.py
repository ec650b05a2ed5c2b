"""Which passwords may be chosen, how a chosen one takes effect, and what a morning of sign-ins does to the other pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from hangshi.access import breached, passwords, profiles, signin
from hangshi.access.models import Account, FormerPassword
from hangshi.registry.models import Unit
from tests.accounts.conftest import OTHER_PASSWORD, PASSWORD, Browser, change, events, installation
from tests.refusals import refusal_of

Enter = Callable[..., Browser]
REAL = (passwords.SizedArgon2.memory_cost, passwords.SizedArgon2.time_cost, passwords.SizedArgon2.parallelism)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("河东小学门前有三棵", "密码至少10位。"),
        ("河" * 50 + "东" * 50 + "学" * 29, "密码最多128位。"),
        ("my-clerk-of-1998", "密码中不能包含账号。"),
        ("my-CLERK-of-1998", "密码中不能包含账号。"),
        ("赵干事赵干事的一本书", "密码中不能包含姓名。"),
        ("1q2w3e4r5t6y", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("Password2017", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("hangshi.2017", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("不忘初心牢记使命2021", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("ｐａｓｓｗｏｒｄ１２３", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("aaaaaaaaaabbb", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("9876543210", "这个密码太常见，或曾在别处泄露，请换一个。可以用几个不相干的词连成一句。"),
        ("一行字里有个\0在中间", "密码中有不能识别的字符（NUL）。"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_its_reason(enter: Enter, password: str, sentence: str):
    browser = enter("clerk")
    answer = browser.post("/account/password/", old=PASSWORD, password=password, again=password)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Browser().name("clerk", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "password", [OTHER_PASSWORD, "all small letters here", "3141592653589793", "dragonflies over 9 ponds"]
)
def test_no_kind_of_sign_is_demanded(enter: Enter, password: str):
    browser = enter("clerk")
    answer = browser.post("/account/password/", old=PASSWORD, password=password, again=password)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert Browser().name("clerk", password).status_code == 302
    assert Browser().name("clerk", PASSWORD).status_code == 400


@pytest.mark.parametrize(
    ("old", "again", "sentence"),
    [
        ("不是这个密码的密码", OTHER_PASSWORD, "密码或验证码不对，没有办理。"),
        (PASSWORD, "雨后的操场积了一滩泥", "两次填写的密码不同，请重新填写。"),
    ],
)
def test_a_change_needs_the_old_password_and_the_new_one_twice(enter: Enter, old: str, again: str, sentence: str):
    browser = enter("clerk")
    answer = browser.post("/account/password/", old=old, password=OTHER_PASSWORD, again=again)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert Browser().name("clerk", PASSWORD).status_code == 302


def test_who_was_given_a_password_chooses_an_own_one_before_anything_is_shown(office: Unit):
    change("reader", must_change=True)
    browser = Browser()
    assert browser.name("reader")["Location"] == "/sign-in/password/"
    assert browser.get("/records/persons/").status_code == 302
    same = browser.post("/sign-in/password/", password=PASSWORD, again=PASSWORD)
    assert "这个密码不久前用过" in same.content.decode()
    chosen = browser.post("/sign-in/password/", password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    assert chosen["Location"] == "/"
    assert browser.get("/records/persons/").status_code == 200
    assert Browser().name("reader", OTHER_PASSWORD)["Location"] == "/"


def test_the_passwords_in_use_are_no_surprise_to_the_list():
    assert len(breached.common()) > 19_000
    assert "1q2w3e4r5t" in breached.common()
    assert "zuzhibuzhang" in breached.common()


def test_a_hash_takes_what_it_should_and_an_unknown_name_as_much():
    assert REAL == (19 * 1024, 2, 1)
    assert passwords.NOBODY.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_of_4096_signs_is_wrong_and_not_a_fault(office: Unit):
    assert Browser().name("clerk", "长" * 4096).status_code == 400


def test_a_longer_text_that_begins_with_the_password_is_wrong(office: Unit):
    longest = "门前有三棵柳树，河里有两条船。" * 8 + "春天到了，花开了"
    assert len(longest) == 128
    with installation():
        signin.set_password(Account.objects.get(username="reader"), password=longest, now=timezone.now())
    assert Browser().name("reader", longest + "。").status_code == 400
    assert Browser().name("reader", longest).status_code == 302


def test_while_one_sign_in_is_reckoned_the_next_waits_and_other_pages_open(
    office: Unit, enter: Enter, monkeypatch: pytest.MonkeyPatch
):
    reader = enter("reader")
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords.turn:
        answer = Browser().name("clerk")
        other = reader.get("/records/persons/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "同时登录的人较多，这次没有受理。请过几秒再试。" in answer.content.decode()
    assert other.status_code == 200
    assert Browser().name("clerk").status_code == 302


class TestDengbao3:
    """The profile that 等保 asks for."""

    GOOD, ALSO_GOOD = "Liushu-3-ke-he", "Caochang-1-tan-shui"

    @pytest.fixture
    def strict(self, office: Unit, standard):
        standard.PROFILE = "dengbao3"
        with installation():
            signin.set_password(Account.objects.get(username="reader"), password=self.GOOD, now=timezone.now())

    def choose(self, *passwords_: str) -> list[str | None]:
        with installation():
            reader = Account.objects.get(username="reader")
            return [
                refusal_of(signin.set_password, reader, password=password, now=timezone.now())
                for password in passwords_
            ]

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("Liushu-3-ke", "account.password"),  # 11 signs
            ("liushu-san-ke-he", "account.password"),  # two classes
            ("liushu-3-ke-he", None),
            ("门前有三棵柳树，河里有两条船", "account.password"),  # one class
            ("门前有3棵柳树，tree河里", None),
        ],
    )
    def test_twelve_signs_of_three_classes(self, strict: None, password: str, code: str | None):
        assert self.choose(password) == [code]

    def test_the_last_five_do_not_come_back(self, strict: None):
        new = [f"Xin-mima-di-{n}-ge" for n in "12345"]
        assert self.choose(*new[:4]) == [None] * 4
        assert self.choose(self.GOOD, *new[:4]) == ["account.password"] * 5
        assert self.choose(new[4], self.GOOD) == [None, None]
        with installation():
            assert FormerPassword.objects.count() == 4

    @pytest.mark.parametrize(("days", "address"), [(89, "/"), (90, "/sign-in/password/"), (None, "/sign-in/password/")])
    def test_a_password_is_changed_after_ninety_days(self, strict: None, days: int | None, address: str):
        change("reader", password_since=None if days is None else timezone.now() - timedelta(days=days))
        browser = Browser()
        assert browser.name("reader", self.GOOD)["Location"] == address
        assert browser.is_in() == (address == "/")

    def test_the_others_are_as_before(self, standard):
        assert [profiles.PROFILES[name].rotation for name in ("standard", "demo")] == [None, None]


def test_an_unknown_profile_is_not_the_mildest_one(standard):
    standard.PROFILE = "dengbao"
    with pytest.raises(ImproperlyConfigured, match="只能是 standard、dengbao3、demo 之一"):
        profiles.current()


def test_a_change_is_told_to_the_log_without_the_password(enter: Enter):
    enter("reader").post("/account/password/", old=PASSWORD, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    assert events()[-3:] == ["confirmed", "sessions_ended", "password_set"]
