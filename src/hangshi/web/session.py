"""The session of a request: the cookie's token, the row it stands for, and the transaction under the row's grant."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hangshi.access import grants, sessions
from hangshi.access.models import Grant, Session
from hangshi.access.profiles import Profile, current
from hangshi.access.scope import under
from hangshi.access.signin import Entered

log = logging.getLogger("hangshi.web")
LONGEST_TOKEN = 64


@dataclass
class Held:
    """What the request brought: its token ("" none), and its session once `opened` has found it."""

    token: str
    now: datetime
    row: Session | None = None

    @property
    def stage(self) -> str:
        """What is still asked of the session; "" where nothing is, or where there is none."""
        return self.row.stage if self.row else ""


def cookie(request: HttpRequest) -> str:
    """The cookie's name: over HTTPS one that no other host and no plain page can set."""
    return "__Host-hangshi" if request.is_secure() else "hangshi"


def read(request: HttpRequest) -> Held:
    """What the request brings, kept on it as `request.held`; nothing is asked of the database yet."""
    token = request.COOKIES.get(cookie(request), "")
    held = Held(token if len(token) <= LONGEST_TOKEN else "", timezone.now())
    request.held = held  # type: ignore[attr-defined]  # what the pages about the account ask
    request.profile = current()  # type: ignore[attr-defined]  # base.html says where a safeguard is off
    return held


def held(request: HttpRequest) -> Held:
    return request.held  # type: ignore[attr-defined, no-any-return]


def profile(request: HttpRequest) -> Profile:
    return request.profile  # type: ignore[attr-defined, no-any-return]


def write(request: HttpRequest, response: HttpResponse, entered: Entered) -> None:
    """The browser forgets the cookie when it closes; how long the token holds is the table's to say."""
    response.set_cookie(
        cookie(request), entered.token, httponly=True, samesite="Lax", secure=request.is_secure(), path="/"
    )


def forget(request: HttpRequest, response: HttpResponse) -> None:
    response.delete_cookie(cookie(request), samesite="Lax", path="/")


def active_grants(account: int, *, on: date) -> QuerySet[Grant]:
    """The account's grants in force on the day `on`, with the account, if it is in use."""
    return grants.standing(on).select_related("account").filter(account_id=account).order_by("pk")


@contextmanager
def opened(held: Held, *, on: date, read_only: bool) -> Iterator[Grant | None]:
    """One transaction under the grant the session acts under, if it still may; None, and no transaction, if not.

    A session of which something is still asked stands in `held.row`, but gets no grant.
    """
    if not held.token:
        yield None
        return
    with ExitStack() as transaction:
        transaction.enter_context(sessions.reading(read_only=read_only))
        held.row = sessions.find(held.token, now=held.now, on=on)
        if held.row is None or held.row.stage:
            transaction.close()
            yield None
            return
        under(held.row.grant, on=on)
        yield held.row.grant
    _touch(held.row, held.now)


def _touch(row: Session, now: datetime) -> None:
    """After the page, since a page that is read writes nothing. That somebody was there is not worth an error page."""
    try:
        sessions.touch(row, now=now)
    except DatabaseError:
        log.exception("a session was used, which could not be noted")
