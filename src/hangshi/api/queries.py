"""Tokens read: one's own, and the one that a call presents."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from hangshi.access import grants, lookup
from hangshi.access.models import Account, Grant
from hangshi.access.scope import NOWHERE, Scope, acting, enter, under
from hangshi.api.models import Token
from hangshi.registry.models import Unit
from hangshi.web.permissions import holds


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

    @property
    def permissions(self) -> frozenset[str]:
        return frozenset(name for name in self.token.scopes if self.may(name))

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
    token = living(on, Token.objects.filter(digest=_presented(digest_of(secret)))).first()
    _presented("")  # from here on the token is a row of its account like any other
    if token is None:
        return None
    enter(Scope("", "", token.account_id))
    known = grants.standing(on).select_related("account").filter(account_id=token.account_id)
    grant = known.filter(pk=token.grant_id).first()
    if grant is None:
        return None
    under(grant, on=on)
    units = _units(grant)
    return Caller(token, grant.account, grant, units) if units else None


def _presented(digest: str) -> str:
    """Let the policy of the tokens show the row of this digest, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.token', %s, true)", [digest])
    return digest


def _units(grant: Grant) -> list[Unit]:
    """Those the pages would show the account, from the highest visible one down to the grant's own."""
    units = list(Unit.objects.filter(pk__in=[int(it) for it in grant.path.split("/") if it]).order_by("path"))
    if not units or units[-1].pk != grant.unit_id:
        name = lookup.unit_names([grant.unit_id]).get(grant.unit_id)
        if name is None:
            return []
        units.append(Unit(pk=grant.unit_id, name=name, path=grant.path))  # named, though no row of it is open
    units[-1].line, units[-1].whole = (
        grant.line,
        grant.line == "party",
    )  # its rows are no range of paths: the policy says which
    return units
