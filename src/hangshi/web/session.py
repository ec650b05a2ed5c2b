"""The session: a signed cookie with the account, the grant it acts under, and a fingerprint of the password."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from hangshi.access import grants
from hangshi.access.models import Account, Grant
from hangshi.access.scope import Scope, acting, under

COOKIE = "hangshi"
HOURS = 12
NOWHERE = Scope("", "")


@dataclass(frozen=True)
class Session:
    account: int
    grant: int
    fingerprint: str  # changes with the password, and so ends the sessions opened with the old one


def read(request: HttpRequest) -> Session | None:
    """The session of the request's cookie; None if there is none, or it is too old or not ours."""
    try:
        text = request.get_signed_cookie(COOKIE, max_age=HOURS * 3600) or ""
        account, grant, fingerprint = text.split(".")
        return Session(int(account), int(grant), fingerprint)
    except (KeyError, ValueError, signing.BadSignature):
        return None


def write(request: HttpRequest, response: HttpResponse, account: Account, grant: Grant) -> None:
    value = f"{account.pk}.{grant.pk}.{_fingerprint(account)}"
    response.set_signed_cookie(
        COOKIE, value, max_age=HOURS * 3600, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def active_grants(account: int, *, on: date) -> QuerySet[Grant]:
    """The account's grants in force on the day `on`, with the account, if it is in use."""
    return grants.standing(on).select_related("account").filter(account_id=account).order_by("pk")


@contextmanager
def opened(session: Session | None, *, on: date, read_only: bool) -> Iterator[Grant | None]:
    """One transaction under the grant the session acts under, if it still may; None, and no transaction, if not."""
    if session is None:
        yield None
        return
    with ExitStack() as transaction:
        transaction.enter_context(acting(Scope(NOWHERE.lo, NOWHERE.hi, session.account), read_only=read_only))
        grant = active_grants(session.account, on=on).filter(pk=session.grant).first()
        if grant is None or _fingerprint(grant.account) != session.fingerprint:
            transaction.close()
            yield None
            return
        under(grant, on=on)
        yield grant


def _fingerprint(account: Account) -> str:
    return account.get_session_auth_hash()[:24]
