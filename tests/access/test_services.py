from datetime import date

import pytest
from django.db import connection

from hangshi.access import services
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from tests.refusals import refusal_of

DAY, LAST = date(2017, 7, 1), date(2017, 12, 31)
PASSWORD = "河东小学门前有三棵柳"


@pytest.fixture
def clerk(everything: None) -> Account:
    return services.open_account("clerk", name="东镇干事", password=PASSWORD)


@pytest.mark.parametrize(
    ("username", "name", "password", "code"),
    [
        ("clerk", "别人", PASSWORD, "account.known"),
        (" ", "别人", PASSWORD, "account.name"),
        ("other", " ", PASSWORD, "account.name"),
        ("other", "别人", "short", "account.password"),
        ("other", "别人", "other-is-my-password", "account.password"),
        ("other", "别人", PASSWORD, None),
    ],
)
def test_which_accounts_are_opened(clerk: Account, username: str, name: str, password: str, code: str | None) -> None:
    assert refusal_of(services.open_account, username, name=name, password=password) == code


def test_the_password_is_kept_as_argon2id(clerk: Account) -> None:
    assert clerk.password.startswith("argon2$argon2id$")
    assert services.sign_in("clerk", password=PASSWORD) == clerk


@pytest.mark.parametrize(("username", "password"), [("clerk", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_every_failed_sign_in_says_the_same(clerk: Account, username: str, password: str) -> None:
    assert refusal_of(services.sign_in, username, password=password) == "account.sign_in"


def test_an_account_switched_off_does_not_sign_in_and_has_no_scope(clerk: Account) -> None:
    services.grant(clerk, role="township_clerk", unit_id=3, path="1/3/", since=DAY)
    Account.objects.update(active=False)
    assert refusal_of(services.sign_in, "clerk", password=PASSWORD) == "account.sign_in"
    assert refusal_of(services.scope_of, clerk, LAST) == "grant.none"


@pytest.mark.parametrize(
    ("on", "code"), [(date(2017, 6, 30), "grant.none"), (DAY, None), (LAST, None), (date(2018, 1, 1), "grant.none")]
)
def test_a_grant_holds_on_its_first_and_its_last_day(clerk: Account, on: date, code: str | None) -> None:
    services.grant(clerk, role="township_clerk", unit_id=3, path="1/3/", since=DAY, until=LAST)
    assert refusal_of(services.scope_of, clerk, on) == code


def test_one_grant_acts_at_a_time_and_without_choice_the_widest(clerk: Account) -> None:
    narrow = services.grant(clerk, role="township_clerk", unit_id=3, path="1/2/3/", since=DAY)
    wide = services.grant(clerk, role="reader", unit_id=2, path="1/2/", since=DAY)
    bounds = {"actor": clerk.pk, "on": DAY}
    assert services.scope_of(clerk, DAY) == Scope("1/2/", "1/20", unit=2, within="1/2/", grant=wide.pk, **bounds)
    chosen = services.scope_of(clerk, DAY, grant_id=narrow.pk)
    assert chosen == Scope("1/2/3/", "1/2/30", unit=3, within="1/2/3/", grant=narrow.pk, **bounds)
    other = services.open_account("other", name="别人", password=PASSWORD)
    assert refusal_of(services.scope_of, other, DAY, grant_id=narrow.pk) == "grant.none"


@pytest.mark.parametrize(
    ("path", "until", "code"),
    [("1/2/", None, "grant.path"), ("1/3/", date(2017, 1, 1), "grant.dates"), ("1/3/", None, None)],
)
def test_which_grants_are_given(clerk: Account, path: str, until: date | None, code: str | None) -> None:
    assert (
        refusal_of(services.grant, clerk, role="township_clerk", unit_id=3, path=path, since=DAY, until=until) == code
    )


def test_a_revoked_grant_ends_on_its_day(clerk: Account) -> None:
    given = services.grant(clerk, role="township_clerk", unit_id=3, path="1/3/", since=DAY)
    services.revoke(given, on=LAST)
    assert refusal_of(services.scope_of, clerk, date(2018, 1, 1)) == "grant.none"
    services.revoke(given, on=date(2017, 1, 1))
    assert Grant.objects.count() == 0


def test_the_door_shows_accounts_and_closes_again(db: None) -> None:
    with acting(EVERYTHING):
        services.open_account("clerk", name="东镇干事", password=PASSWORD)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('hangshi.lo', '', true), set_config('hangshi.hi', '', true)")
        assert Account.objects.count() == 0
        with services.at_the_door():
            assert Account.objects.count() == 1
        assert Account.objects.count() == 0
