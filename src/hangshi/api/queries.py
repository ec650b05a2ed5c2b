"""Tokens read: one's own, and the one that a call presents."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from hangshi.access.models import Account, Grant
from hangshi.access.scope import Scope, acting
from hangshi.api.models import Token
from hangshi.registry.models import Unit
from hangshi.web.permissions import holds

NOWHERE = Scope("", "")


@dataclass(frozen=True)
class Caller:
    """Who calls: a token, its account and grant. `units`: from the highest visible one down to the grant's own."""

    token: Token
    account: Account
    grant: Grant
    units: list[Unit]

    @property
    def unit(self) -> Unit:
        return self.units[-1]

    def may(self, permission: str) -> bool:
        """Both the token and the role of its grant must hold the permission: either may have become narrower since."""
        return permission in self.token.scopes and holds(self.grant.role, permission)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def mine(account: Account) -> "QuerySet[Token]":
    """The account's tokens, the newest first, revoked and expired ones among them."""
    return Token.objects.filter(account=account).order_by("-pk")


def living(on: date, tokens: "QuerySet[Token]") -> "QuerySet[Token]":
    """Neither revoked nor expired; a token is good on its last day."""
    return tokens.filter(revoked_at=None, expires_on__gte=on)


@contextmanager
def opened(secret: str, *, on: date, read_only: bool) -> Iterator[Caller | None]:
    """One transaction under the grant of the token; None, and no transaction, if the token, account or grant is not good that day."""
    with ExitStack() as stack:
        stack.enter_context(acting(NOWHERE, read_only=read_only))
        caller = _caller(secret, on)
        if caller is None:
            stack.close()
        yield caller


def _caller(secret: str, on: date) -> Caller | None:
    digest = digest_of(secret)
    _set(token=digest)
    token = living(on, Token.objects.filter(digest=digest)).first()
    if token is None:
        return None
    _set(token="", actor=str(token.account_id))  # from here on the token is a row of its account like any other
    grant = _in_force(on).filter(pk=token.grant_id, account=token.account_id).first()
    if grant is None:
        return None
    scope = Scope.below(grant.path)
    _set(lo=scope.lo, hi=scope.hi)
    units = list(Unit.objects.filter(pk__in=[int(it) for it in grant.path.split("/") if it]).order_by("path"))
    return Caller(token, grant.account, grant, units) if units and units[-1].pk == grant.unit_id else None


def _in_force(on: date) -> "QuerySet[Grant]":
    grants = Grant.objects.select_related("account").filter(account__active=True, since__lte=on)
    return grants.filter(Q(until=None) | Q(until__gte=on))


def _set(**settings: str) -> None:
    """Settings of this transaction, which the policies compare."""
    calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
    given = [word for name, value in settings.items() for word in (f"hangshi.{name}", value)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", given)  # a row of placeholders
