"""Tokens: no wider than their owner, shown once, and dead the moment their owner's right ends."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from hangshi.access import roles
from hangshi.access import services as access
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.api import services as tokens
from hangshi.api.models import Token
from hangshi.api.queries import digest_of
from tests.api.conftest import PASSWORD, Caller, Land, token
from tests.refusals import refusal_of

JUNE_1 = date(2017, 6, 1)
GOOD: dict[str, Any] = {"name": "报送", "scopes": ["records.read"], "days": 30, "on": JUNE_1}


@pytest.fixture
def zhen(land: Land) -> Account:
    with access.at_the_door():
        return Account.objects.get(username="zhen")


@pytest.fixture
def grant(zhen: Account) -> Grant:
    return access.grants_of(zhen, JUNE_1)[0]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"days": 180}, None),
        ({"name": " "}, "token.name"),
        ({"name": "长" * 41}, "token.name"),
        ({"scopes": []}, "token.scopes"),
        ({"scopes": ["records.read", "unit.write"]}, "token.wider"),  # a township clerk may not
        ({"scopes": ["cases.restricted"]}, "token.wider"),
        ({"scopes": ["records.export"]}, "token.wider"),  # a permission of pages only
        ({"days": 0}, "token.days"),
        ({"days": 181}, "token.days"),
        ({"name": "试", "on": timezone.localdate()}, "token.known"),
    ],
)
def test_what_a_token_may_be(zhen: Account, grant: Grant, changed: dict[str, Any], refusal: str | None) -> None:
    with acting(Scope("", "", zhen.pk)):
        before = Token.objects.count()
        assert refusal_of(tokens.make, zhen, grant, **(GOOD | changed)) == refusal
        assert Token.objects.count() == before + (refusal is None)


def test_a_token_is_good_on_its_last_day(zhen: Account, grant: Grant) -> None:
    with acting(Scope("", "", zhen.pk)):
        made, _ = tokens.make(zhen, grant, **GOOD)
    assert made.expires_on == date(2017, 6, 30)


def test_the_grant_of_somebody_else_is_refused(land: Land, grant: Grant) -> None:
    with access.at_the_door():
        other = Account.objects.get(username="kan")
    assert refusal_of(tokens.make, other, grant, **GOOD) == "token.grant"


def test_twenty_living_tokens_are_the_most(zhen: Account, grant: Grant) -> None:
    with acting(Scope("", "", zhen.pk)):
        Token.objects.all().delete()
        for number in range(20):
            last, _ = tokens.make(zhen, grant, **(GOOD | {"name": f"第{number}个"}))
        assert refusal_of(tokens.make, zhen, grant, **GOOD) == "token.many"
        tokens.revoke(last, at=timezone.now())
        assert refusal_of(tokens.make, zhen, grant, **GOOD) is None


def test_the_secret_is_nowhere_in_the_database(land: Land) -> None:
    secret = land.secrets["zhen"]
    with acting(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.token', %s, true)", [digest_of(secret)])
        cursor.execute("SELECT t::text FROM api_token t")
        [(row,)] = cursor.fetchall()
    assert secret not in row
    assert secret[3:-4] not in row


def test_nobody_sees_the_tokens_of_others(land: Land, zhen: Account) -> None:
    with acting(Scope("", "", zhen.pk)):
        assert [it.name for it in Token.objects.all()] == ["试"]
    with acting(EVERYTHING):
        assert not Token.objects.exists()


def end_the_grant(account: Account) -> None:
    Grant.objects.filter(account=account).update(until=timezone.localdate() - timedelta(days=1))


def take_the_grant_away(account: Account) -> None:
    Grant.objects.filter(account=account).delete()


def close_the_account(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(active=False)


@pytest.mark.parametrize("end", [end_the_grant, take_the_grant_away, close_the_account])
def test_a_token_dies_with_the_right_of_its_owner(call: Any, zhen: Account, end: Callable[[Account], None]) -> None:
    caller = call("zhen")
    assert caller.get("/me").status_code == 200
    with acting(EVERYTHING):
        end(zhen)
    assert caller.get("/me").status_code == 401


def test_a_revoked_token_is_dead_at_once(call: Any, zhen: Account) -> None:
    with acting(Scope("", "", zhen.pk)):
        tokens.revoke(Token.objects.get(), at=timezone.now())
    assert call("zhen").get("/me").status_code == 401


@pytest.mark.parametrize(("ended", "status"), [(0, 200), (1, 401)])
def test_an_expired_token_is_dead_the_day_after(land: Land, ended: int, status: int) -> None:
    began = timezone.localdate() - timedelta(days=9 + ended)
    secret = token("zhen", ["records.read"], name="短", days=10, on=began)
    assert Caller(secret, Client()).get("/units").status_code == status


@pytest.fixture
def pack_without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`pack_without("visit.write")`: the installation's pack takes the permissions from the township clerk."""

    def narrowed(*names: str) -> None:
        pack = roles.pack()
        clerk = pack.roles["township_clerk"]
        left = tuple(name for name in clerk.permissions if name not in names)
        known = pack.roles | {"township_clerk": clerk.model_copy(update={"permissions": left})}
        monkeypatch.setattr(roles, "pack", lambda: pack.model_copy(update={"roles": known}))

    return narrowed


def test_a_role_that_became_narrower_narrows_the_token(call: Any, pack_without: Callable[..., None]) -> None:
    caller = call("zhen")
    pack_without("visit.write")
    assert "visit.write" not in caller.get("/me").json()["scopes"]
    assert caller.post("/visits", {}).json()["code"] == "permission"


def test_a_role_that_no_pack_knows_any_more_opens_nothing(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    caller, pack = call("zhen"), roles.pack()
    monkeypatch.setattr(roles, "pack", lambda: pack.model_copy(update={"roles": {}}))
    assert [caller.get(address).status_code for address in ("/units", "/indicators", "/persons")] == [403, 403, 403]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic c2hpOng=", "Bearer hs_falsch", "Bearer " + "x" * 500]
)
def test_what_is_no_token_is_nobody(land: Land, header: str) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "token.none")


def test_the_last_use_is_known(call: Any, zhen: Account) -> None:
    before = timezone.now()
    call("zhen").get("/units")
    with acting(Scope("", "", zhen.pk)):
        assert before <= Token.objects.get().used_at <= timezone.now()


@pytest.fixture
def signed(land: Land) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": "zhen", "password": PASSWORD})
    return client


def test_the_page_shows_a_new_token_once(signed: Client) -> None:
    said = {"name": "县直报送", "days": "90", "scopes": ["records.read", "visit.write"]}
    shown = signed.post("/tokens/", said).content.decode()
    [secret] = [word for word in shown.split('"') if word.startswith("hs_")]
    assert Caller(secret, Client()).get("/me").json()["scopes"] == ["records.read", "visit.write"]
    again = signed.get("/tokens/").content.decode()
    assert "县直报送" in again
    assert secret not in again


def test_the_page_offers_no_more_than_one_holds(signed: Client) -> None:
    shown = signed.get("/tokens/").content.decode()
    assert "登记走访" in shown
    assert "单位变动" not in shown
    refused = signed.post("/tokens/", {"name": "宽", "days": "9", "scopes": ["unit.write"]})
    assert refused.status_code == 422
    assert "不能授给令牌" in refused.content.decode()
    assert 'value="宽"' in refused.content.decode()  # what was typed is kept


def test_the_page_revokes_one_s_own_and_no_other(signed: Client, land: Land, zhen: Account) -> None:
    with acting(Scope("", "", zhen.pk)):
        mine = Token.objects.get()
    assert signed.post(f"/tokens/{mine.pk}/revoke/").status_code == 302
    assert Caller(land.secrets["zhen"], Client()).get("/me").status_code == 401
    assert signed.post(f"/tokens/{mine.pk + 1}/revoke/").status_code == 404
    assert "已撤销" in signed.get("/tokens/").content.decode()


def test_an_unforeseen_field_of_the_page_is_a_sentence(signed: Client) -> None:
    answer = signed.post("/tokens/", {"name": "", "days": "x"})
    assert answer.status_code == 422
    assert "请至少选择一项权限。" in answer.content.decode()
