"""Single sign-on: the provider says who somebody is, an account here says what they may do, and whatever does not agree is refused."""

import time
from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from hangshi.access.models import Account
from hangshi.registry.models import Unit
from tests.accounts.conftest import Browser, change, events, installation
from tests.accounts.provider import CLIENT, FOREIGN, SECRET, SHARED, Provider, serving

NOT_PASSED = "统一身份认证没有通过，没有登录。请重新登录。"
NOT_AGREED = "统一身份认证的答复与本次登录不符，没有登录。请重新登录。"


@pytest.fixture
def provider(office: Unit, settings) -> Iterator[Provider]:
    with serving(Provider(says={"preferred_username": "reader"}), int(time.time())) as served:
        settings.OIDC = {
            "name": "省统一身份认证",
            "issuer": served.address,
            "client": CLIENT,
            "secret": SECRET,
            "claim": "preferred_username",
        }
        yield served


@pytest.fixture
def visitor() -> Browser:
    return Browser()


def come_back(visitor: Browser, provider: Provider, *, target: str = "") -> HttpResponse:
    sent = visitor.get("/sign-in/sso/", next=target)["Location"]
    return visitor.client.get(provider.visit(sent))


def test_without_an_issuer_there_is_no_such_page(office: Unit, visitor: Browser):
    assert visitor.get("/sign-in/sso/").status_code == 404
    assert visitor.get("/sign-in/sso/back/").status_code == 404
    assert "/sign-in/sso/" not in visitor.get("/sign-in/").content.decode()


def test_the_door_offers_it_by_its_name(provider: Provider, visitor: Browser):
    assert "用省统一身份认证登录" in visitor.get("/sign-in/").content.decode()


def test_somebody_known_comes_in_and_to_where_they_wanted(provider: Provider, visitor: Browser):
    answer = come_back(visitor, provider, target="/records/persons/")
    assert (answer.status_code, answer["Location"]) == (302, "/records/persons/")
    assert visitor.is_in()
    assert events()[-1] == "signed_in"


def test_it_asks_for_a_code_with_proof_of_who_asked(provider: Provider, visitor: Browser):
    come_back(visitor, provider)
    asked = provider.asked
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid profile")
    assert asked["redirect_uri"] == "http://testserver/sign-in/sso/back/"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 30


@pytest.mark.parametrize(
    ("amr", "step"), [(None, "/sign-in/enrol/"), (["pwd"], "/sign-in/enrol/"), (["pwd", "otp"], "/"), (["mfa"], "/")]
)
def test_the_second_factor_is_asked_here_unless_it_was_asked_there(
    provider: Provider, visitor: Browser, amr: list[str] | None, step: str
):
    provider.says = {"preferred_username": "clerk"} | ({"amr": amr} if amr else {})
    assert come_back(visitor, provider)["Location"] == step


@pytest.mark.parametrize("username", ["nobody", None, 17, ["reader"], ""])
def test_nobody_is_made_an_account(provider: Provider, visitor: Browser, username: object):
    provider.says = {"preferred_username": username}
    answer = come_back(visitor, provider)
    assert answer.status_code == 400
    assert "您的身份已经确认，但这里没有为您开设账号。请联系管理员。" in answer.content.decode()
    with installation():
        assert Account.objects.count() == 3


def test_a_closed_account_stays_closed(provider: Provider, visitor: Browser):
    change("reader", active=False)
    assert "没有为您开设账号" in come_back(visitor, provider).content.decode()


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ({"nonce": "of-another-journey"}, NOT_AGREED),
        ({"nonce": None}, NOT_AGREED),
        ({"aud": "another-system"}, NOT_AGREED),
        ({"iss": "http://127.0.0.1:1"}, NOT_AGREED),
        ({"exp": int(time.time()) - 600}, NOT_AGREED),
        ({"azp": "another-system", "aud": [CLIENT, "another-system"]}, NOT_AGREED),
    ],
)
def test_a_token_for_another_journey_or_system_is_refused(
    provider: Provider, visitor: Browser, says: dict[str, object], sentence: str
):
    provider.says |= says
    answer = come_back(visitor, provider)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not visitor.is_in()


@pytest.mark.filterwarnings("ignore:JWS algorithm")  # the library warns of "none", which is what is tried
@pytest.mark.parametrize(("key", "algorithm"), [(FOREIGN, "RS256"), (SHARED, "HS256"), (SHARED, "none")])
def test_a_token_signed_otherwise_is_refused(provider: Provider, visitor: Browser, key: object, algorithm: str):
    provider.signs, provider.algorithm = key, algorithm
    answer = come_back(visitor, provider)
    assert NOT_PASSED in answer.content.decode()
    assert not visitor.is_in()


def test_an_answer_that_was_begun_elsewhere_is_refused(provider: Provider, visitor: Browser):
    back = provider.visit(visitor.get("/sign-in/sso/")["Location"])
    victim = Browser()
    assert "不是从本机开始的" in victim.client.get(back).content.decode()
    assert not victim.is_in()


@pytest.mark.parametrize(
    "change_", [("state=", "state=x"), ("code=code-1", "code=code-2"), ("code=code-1", "error=access_denied")]
)
def test_a_changed_answer_is_refused(provider: Provider, visitor: Browser, change_: tuple[str, str]):
    back = provider.visit(visitor.get("/sign-in/sso/")["Location"]).replace(*change_)
    assert NOT_PASSED in visitor.client.get(back).content.decode()
    assert not visitor.is_in()


def test_an_answer_works_once(provider: Provider, visitor: Browser):
    back = provider.visit(visitor.get("/sign-in/sso/")["Location"])
    assert visitor.client.get(back).status_code == 302
    visitor.post("/sign-out/")
    assert visitor.client.get(back).status_code == 400


def test_a_wrong_client_secret_is_told_as_a_refusal(provider: Provider, visitor: Browser, settings):
    settings.OIDC = settings.OIDC | {"secret": "another"}
    assert NOT_PASSED in come_back(visitor, provider).content.decode()


def test_a_provider_that_calls_itself_otherwise_is_refused(provider: Provider, visitor: Browser):
    provider.issuer = "https://another.example"
    assert "统一身份认证的设置与本系统不符" in visitor.get("/sign-in/sso/").content.decode()


def test_a_provider_that_is_away_is_told_in_a_sentence(provider: Provider, visitor: Browser, settings):
    settings.OIDC = settings.OIDC | {"issuer": "http://127.0.0.1:9"}
    answer = visitor.get("/sign-in/sso/")
    assert answer.status_code == 400
    assert "统一身份认证暂时连不上。请稍后再试，或用密码登录。" in answer.content.decode()


def test_the_journey_never_leads_off_the_host(provider: Provider, visitor: Browser):
    assert come_back(visitor, provider, target="https://evil.example/")["Location"] == "/"


def test_whoever_is_in_already_just_goes_on(provider: Provider, visitor: Browser):
    back = provider.visit(visitor.get("/sign-in/sso/")["Location"])
    visitor.name("reader")
    assert visitor.client.get(back)["Location"] == "/"
