"""Tokens made, revoked, and seen in use."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from hangshi.access import log
from hangshi.access.log import NOWHERE, Caller
from hangshi.access.models import Account, Grant
from hangshi.api.models import Token
from hangshi.api.queries import digest_of, living, mine
from hangshi.packs.permissions import PERMISSIONS
from hangshi.refusal import Refused
from hangshi.web.permissions import holds

LONGEST_DAYS = 180
MOST = 20
PREFIX = "hs_"
EVERY = timedelta(minutes=1)  # how exactly the last use is kept: a write for each call would cost more than the call

OFFERED = (
    "figures.read",
    "records.read",
    "cases.restricted",
    "people.restricted",
    "visit.write",
    "activity.write",
    "duty.write",
    "case.write",
    "cases.accept",
    "entry.write",
    "register.write",
    "unit.write",
)
SCOPES = {name: PERMISSIONS[name].name for name in OFFERED}  # those that an operation asks for


@transaction.atomic
def make(
    account: Account,
    grant: Grant,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    on: date,
    caller: Caller = NOWHERE,
) -> tuple[Token, str]:
    """A token good from `on` for so many days, and its secret, which nobody can read again. Run as the account. Raises `Refused`."""
    check_may_make(account, grant, name=name, scopes=scopes, days=days, on=on)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=account,
        grant=grant,
        name=name.strip(),
        scopes=sorted(scopes),
        digest=digest_of(secret),
        tail=secret[-4:],
        expires_on=on + timedelta(days=days - 1),
    )
    log.event("token_made", account.pk, caller=caller, token=token.pk)
    return token, secret


def check_may_make(account: Account, grant: Grant, *, name: str, scopes: Collection[str], days: int, on: date) -> None:
    if not name.strip() or len(name.strip()) > 40:
        raise Refused("token.name", "令牌名称必须填写，最多40个字。")
    if not scopes:
        raise Refused("token.scopes", "请至少选择一项权限。")
    if wider := [name for name in scopes if name not in SCOPES or not holds(grant.role, name)]:
        said = "、".join(SCOPES.get(name, name) for name in sorted(wider))
        raise Refused("token.wider", f"您现在的身份没有“{said}”的权限，不能授给令牌。")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("token.days", f"有效期应为1至{LONGEST_DAYS}天。")
    if grant.account_id != account.pk:
        raise Refused("token.grant", "令牌只能用本人的授权。")
    alive = living(on, mine(account))
    if alive.filter(name=name.strip()).exists():
        raise Refused("token.known", f"已有名为“{name.strip()}”的令牌，请换一个名称，或先撤销原令牌。")
    if alive.count() >= MOST:
        raise Refused("token.many", f"有效的令牌最多{MOST}个，请先撤销不用的。")


@transaction.atomic
def revoke(token: Token, *, at: datetime, caller: Caller = NOWHERE) -> Token:
    """Dead from the next call on; a revoked one stays as it was."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        log.event("token_revoked", token.account_id, caller=caller, token=token.pk)
    return Token.objects.get(pk=token.pk)


def used(token: Token, *, at: datetime) -> None:
    """Keep the time of the last use, to the minute. Run as the account, in a transaction that may write."""
    if token.used_at is None or token.used_at < at - EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)
