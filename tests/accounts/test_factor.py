"""The second factor: who needs it, that a code works once, and what there is for a day without the telephone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hangshi.access import factors, keyring
from hangshi.access.models import Account, Factor, RecoveryCode
from hangshi.registry.models import Unit
from tests.accounts.conftest import Browser, code, events, installation, sealed_secret
from tests.refusals import refusal_of

Enter = Callable[..., Browser]
# RFC 6238, appendix B: this secret, these times, these codes (the last six digits of eight).
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
AT_59, CODE_59 = datetime.fromtimestamp(59, UTC), "287082"
AT_1111111109, CODE_1111111109 = datetime.fromtimestamp(1111111109, UTC), "081804"
AT_1111111111, CODE_1111111111 = datetime.fromtimestamp(1111111111, UTC), "050471"


@pytest.fixture
def telephone(everything: None, standard) -> Account:
    """An account whose telephone holds the secret of the standard."""
    account = Account.objects.create(username="rfc", name="标准", password="!")
    Factor.objects.create(account=account, sealed=keyring.seal(SECRET, bound=b"factor:%d" % account.pk))
    return account


@pytest.mark.parametrize(
    ("now", "text"), [(AT_59, CODE_59), (AT_1111111109, CODE_1111111109), (AT_1111111111, CODE_1111111111)]
)
def test_the_codes_of_the_standard_are_right_at_their_times(telephone: Account, now: datetime, text: str):
    assert factors.accept(telephone, text, now=now) == "code"


@pytest.mark.parametrize(
    ("second", "how"), [(0, "code"), (29, "code"), (30, "code"), (60, "code"), (89, "code"), (90, ""), (1200, "")]
)
def test_a_clock_may_be_out_by_one_step_either_way(telephone: Account, second: int, how: str):
    assert (
        factors.accept(telephone, CODE_59, now=datetime.fromtimestamp(second, UTC)) == how
    )  # 59 lies in the second step


def test_a_code_works_once_even_within_its_half_minute(telephone: Account):
    assert [factors.accept(telephone, CODE_59, now=AT_59) for _ in range(2)] == ["code", ""]


def test_an_older_code_does_not_work_after_a_newer_one(telephone: Account):
    # 1111111109 and …111 lie in neighbouring steps, so each is near enough to the other's time.
    assert factors.accept(telephone, CODE_1111111111, now=AT_1111111111) == "code"
    assert factors.accept(telephone, CODE_1111111109, now=AT_1111111109) == ""


@pytest.mark.parametrize("text", ["", "28708", "2870822", "２８７０８２", "28708a", "\0", "287 083"])
def test_what_is_no_code_is_wrong(telephone: Account, text: str):
    assert factors.accept(telephone, text, now=AT_59) == ""


def test_a_code_may_be_typed_in_two_groups(telephone: Account):
    assert factors.accept(telephone, "287 082", now=AT_59) == "code"


def test_a_secret_copied_to_another_account_does_not_open(telephone: Account):
    other = Account.objects.create(username="other", name="别人", password="!")
    Factor.objects.create(account=other, sealed=Factor.objects.get(account=telephone).sealed)
    assert refusal_of(factors.accept, other, CODE_59, now=AT_59) == "identity.seal"


def test_the_secret_is_not_readable_in_the_table(enter: Enter):
    browser = enter("clerk")
    assert browser.secret.encode() not in sealed_secret("clerk")


@pytest.mark.parametrize(("who", "step"), [("clerk", "/sign-in/enrol/"), ("guard", "/sign-in/enrol/"), ("reader", "/")])
def test_all_but_readers_must_enrol(office: Unit, who: str, step: str):
    assert Browser().name(who)["Location"] == step


def test_nothing_is_shown_before_the_second_factor(office: Unit):
    browser = Browser()
    browser.name("clerk")
    for address in ("/", "/records/persons/", "/account/", "/account/password/", "/switch/", "/accounts/1/"):
        assert browser.get(address)["Location"].startswith("/sign-in/?next=")
    assert browser.get("/sign-in/")["Location"] == "/sign-in/enrol/"
    assert browser.post("/sign-in/code/", code="000000")["Location"] == "/sign-in/enrol/"
    assert browser.post("/sign-in/password/", password="x", again="x")["Location"] == "/sign-in/enrol/"


def test_a_stranger_has_no_second_step(office: Unit):
    for address in ("/sign-in/code/", "/sign-in/enrol/", "/sign-in/password/"):
        assert Browser().get(address)["Location"] == "/sign-in/"


def test_enrolment_shows_a_picture_and_ten_codes_and_leads_on(office: Unit):
    browser = Browser()
    browser.name("clerk")
    page = browser.get("/sign-in/enrol/", next="/records/persons/").content.decode()
    assert "<svg" in page
    assert "script" not in page.split("<svg", 1)[1].split("</svg>")[0]
    answer = browser.enrol()
    assert (answer.status_code, len(set(browser.recovery))) == (200, 10)
    assert browser.is_in()


def test_a_reload_of_the_enrolment_shows_the_same_secret(office: Unit):
    browser = Browser()
    browser.name("clerk")
    pages = [browser.get("/sign-in/enrol/").content.decode().split("<code>")[1][:39] for _ in range(2)]
    assert pages[0] == pages[1]


def test_enrolment_with_a_wrong_code_enrols_nothing(office: Unit):
    browser = Browser()
    browser.name("clerk")
    browser.get("/sign-in/enrol/")
    answer = browser.post("/sign-in/enrol/", code="000000")
    assert answer.status_code == 400
    assert "请核对手机时间是否准确" in answer.content.decode()
    assert not browser.is_in()
    assert Browser().name("clerk")["Location"] == "/sign-in/enrol/"


def test_the_code_leads_to_where_one_wanted_to_go(enter: Enter):
    secret, browser = enter("clerk").secret, Browser()
    answer = browser.client.post(
        "/sign-in/?next=/records/persons/", {"username": "clerk", "password": "河东小学门前有三棵柳"}
    )
    assert answer["Location"] == "/sign-in/code/?next=%2Frecords%2Fpersons%2F"
    assert browser.client.post(answer["Location"], {"code": code(secret)})["Location"] == "/records/persons/"


def test_a_code_that_was_seen_over_the_shoulder_is_of_no_use(enter: Enter):
    first, second = Browser(), Browser(address="10.9.9.9")
    secret = enter("clerk").secret
    shown = code(secret)
    for browser in (first, second):
        browser.name("clerk")
    assert first.post("/sign-in/code/", code=shown)["Location"] == "/"
    assert "已经用过" in second.post("/sign-in/code/", code=shown).content.decode()
    assert (first.is_in(), second.is_in()) == (True, False)


def test_a_recovery_code_works_once(enter: Enter):
    recovery = enter("clerk").recovery
    answers = []
    for _ in range(2):
        browser = Browser()
        browser.name("clerk")
        answers.append(browser.post("/sign-in/code/", code=recovery[3].lower()).status_code)
    assert answers == [302, 400]
    with installation():
        assert RecoveryCode.objects.filter(used=None).count() == 9
        assert not RecoveryCode.objects.filter(digest__in=[it.replace("-", "") for it in recovery]).exists()
    assert "recovery_code_used" in events()


def test_new_recovery_codes_void_the_old_ones(enter: Enter):
    browser = enter("clerk")
    page = browser.post("/account/codes/").content.decode()
    fresh = page.split("<li><code>")[1][:19]
    other = Browser()
    other.name("clerk")
    assert other.post("/sign-in/code/", code=browser.recovery[0]).status_code == 400
    assert other.post("/sign-in/code/", code=fresh).status_code == 302


def test_another_persons_recovery_code_is_wrong(enter: Enter):
    recovery = enter("guard").recovery
    enter("clerk")
    other = Browser()
    other.name("clerk")
    assert other.post("/sign-in/code/", code=recovery[0]).status_code == 400


def test_the_old_telephone_holds_until_the_new_one_has_given_a_code(enter: Enter):
    browser = enter("clerk")
    page = browser.post("/account/factor/").content.decode()
    new = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    assert new != browser.secret
    other = Browser()
    other.name("clerk")
    assert other.post("/sign-in/code/", code=code(browser.secret)).status_code == 302
    assert browser.post("/account/factor/", code=code(new, steps=-1)).status_code == 200
    assert (browser.is_in(), other.is_in()) == (True, False)
    third = Browser()
    third.name("clerk")
    assert third.post("/sign-in/code/", code=code(browser.secret, steps=1)).status_code == 400
    assert third.post("/sign-in/code/", code=code(new)).status_code == 302


def test_a_reader_who_enrolled_is_asked_too(enter: Enter):
    browser = enter("reader")
    page = browser.post("/account/factor/").content.decode()
    secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    browser.post("/account/factor/", code=code(secret, steps=-1))
    assert Browser().name("reader")["Location"] == "/sign-in/code/"


def test_the_demonstration_asks_for_none_and_says_so_on_every_page(office: Unit, standard):
    standard.PROFILE = "demo"
    browser = Browser()
    line = "演示环境未启用二次验证"
    assert line in browser.get("/sign-in/").content.decode()
    assert browser.name("clerk")["Location"] == "/"
    assert [line in browser.get(address).content.decode() for address in ("/", "/account/", "/records/persons/")] == [
        True
    ] * 3
    standard.PROFILE = "standard"
    assert line not in browser.get("/account/").content.decode()


def test_new_keys_void_neither_telephone_nor_recovery_codes(enter: Enter, standard):
    standard.FIELD_KEY, standard.INDEX_KEY = "first", "first"
    browser = enter("clerk")
    standard.FIELD_KEY, standard.INDEX_KEY = "first,second", "first,second"
    by_code, by_recovery = Browser(), Browser()
    for other in (by_code, by_recovery):
        other.name("clerk")
    assert by_code.post("/sign-in/code/", code=code(browser.secret)).status_code == 302
    assert by_recovery.post("/sign-in/code/", code=browser.recovery[0]).status_code == 302


def test_without_the_key_a_code_is_neither_right_nor_a_fault(enter: Enter, standard):
    standard.FIELD_KEY = "first"
    secret, other = enter("clerk").secret, Browser()
    standard.FIELD_KEY = "another"
    other.name("clerk")
    answer = other.post("/sign-in/code/", code=code(secret))
    assert answer.status_code == 400
    assert "密钥不对" in answer.content.decode()
    assert not other.is_in()
