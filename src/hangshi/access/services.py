"""Accounts opened, and the scope under which an account acts; `grants` gives and ends grants."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from hangshi.access import grants
from hangshi.access.breached import check_choice
from hangshi.access.models import Account, Grant
from hangshi.access.passwords import hashed, matches
from hangshi.access.scope import Scope
from hangshi.refusal import Refused


@contextmanager
def at_the_door() -> Iterator[None]:
    """A transaction in which accounts and grants can be read before anybody acts, and nothing else can."""
    with transaction.atomic():
        _door("sign-in")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _door("")


def _door(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.door', %s, true)", [value])


@transaction.atomic
def open_account(username: str, *, name: str, password: str, must_change: bool = False) -> Account:
    """A new account without any grant. Run under `EVERYTHING`. Raises `Refused`.

    `must_change`: the password is known to whoever opens the account, so its owner is asked for another at the first sign-in.
    """
    username = username.strip()
    check_may_open(username, name=name, password=password)
    account = Account(username=username, name=name.strip(), password=hashed(password), must_change=must_change)
    account.password_since = timezone.now()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("account.known", f"账号“{username}”已经存在。") from error
    return account


def check_may_open(username: str, *, name: str, password: str) -> None:
    if not username or not name.strip():
        raise Refused("account.name", "账号和姓名必须填写。")
    check_choice(password, username=username, name=name.strip())


def sign_in(username: str, *, password: str) -> Account:
    """The account, if the password is right. Raises `Refused` with one and the same sentence for everything else."""
    with at_the_door():
        account = Account.objects.filter(username=username.strip()).first()
    right = matches(password, account.password if account else None)
    if account is None or not account.active or not right:
        raise Refused("account.sign_in", "账号或密码不对。")
    return account


def grants_of(account: Account, on: date) -> list[Grant]:
    """Those in force on that day, the widest first."""
    with at_the_door():
        given = grants.standing(on).filter(account=account)
        return sorted(given, key=lambda it: (it.path.count("/"), it.pk))


def scope_of(account: Account, on: date, *, grant_id: int | None = None) -> Scope:
    """What the account acts on that day: the grant named, or its widest. One grant acts at a time. Raises `Refused` without one."""
    for given in grants_of(account, on):
        if grant_id in (None, given.pk):
            return Scope.of(given, on=on)
    raise Refused("grant.none", f"账号“{account.name}”在{on}没有有效的授权。")


@transaction.atomic
def link_person(account: Account, *, person_id: int | None) -> Account:
    """Say which person of the registry the account belongs to. Raises `Refused` where the person would hold two offices."""
    account.person_id = person_id
    try:
        with transaction.atomic():
            account.save(update_fields=["person_id"])
    except IntegrityError as error:
        raise Refused("grant.office", grants.OTHER_OFFICE) from error
    return account


@transaction.atomic
def link(account: Account, *, person_id: int) -> None:
    """The same by a security administrator, who writes no account: only for a person of their unit and an account not acting elsewhere.

    Raises `Refused`, also where the person would hold two offices.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT link_account(%s, %s)", [account.pk, person_id])
            [done] = cursor.fetchone()
    except IntegrityError as error:
        raise Refused("grant.office", grants.OTHER_OFFICE) from error
    if not done:
        raise Refused(
            "account.elsewhere",
            f"账号“{account.name}”不能由您关联：不能关联自己的账号，也不能关联在您范围外有授权的账号。没有改动。",
        )


grant, revoke = grants.give, grants.end  # read as `access.services.grant`
