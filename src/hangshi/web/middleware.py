"""Two layers around every view: who is asking and on which rows; and what a refusal or a fault looks like."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.http import urlencode

from hangshi.access import lookup, origin, roles
from hangshi.access.append import refusal
from hangshi.access.models import Account, Grant
from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.queries import line_of
from hangshi.web import permissions, session
from hangshi.web.address import caller
from hangshi.web.views import errors

log = logging.getLogger("hangshi.web")
Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOT_USED = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"
HOMES = {
    "security": "grants",
    "system": "switch",
    "audit": "audit",
}  # where an administrator starts: 总览 is of the work
SAFE = ("GET", "HEAD", "OPTIONS")


class PersonRequest(HttpRequest):
    """What a view with a permission gets: somebody, acting under one grant.

    `units`: from the highest visible one down to theirs, the last of which is `unit`; of an administrator, who sees none, only that one.
    `permissions`: those of the role, for a page to show what can be done.
    """

    account: Account
    grant: Grant
    unit: Unit
    units: list[Unit]
    permissions: frozenset[str]


class PlainErrors:
    """A refusal becomes its sentence, a fault a page that gives nothing away; every answer carries the security headers."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", NOT_USED)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        said = refusal(error) or error
        if isinstance(said, Refused):
            return errors.refused(request, said)
        if isinstance(error, Http404 | PermissionDenied):
            return None  # Django's handlers, which urls.py names
        log.error("fault in %s %s", request.method, request.path, exc_info=error)
        return errors.fault(request)


class SignedIn:
    """Session → account → grant in force; the view runs in one transaction that sees the rows of that grant only."""

    def __init__(self, answer: Answer) -> None:
        permissions.stop_unless_declared(get_resolver().url_patterns)
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.account = request.grant = request.unit = None  # type: ignore[attr-defined]
        request.permissions = frozenset()  # type: ignore[attr-defined]
        if "%00" in request.META.get("QUERY_STRING", ""):
            return errors.refused(request, Refused("text.nul", "网址里有不能识别的字符（NUL），请删去后重试。"))
        held, safe = session.read(request), request.method in SAFE
        with (
            origin.coming_from(caller(request).address),
            session.opened(held, on=timezone.localdate(), read_only=safe) as grant,
        ):
            if grant:
                _introduce(request, grant)
            response = self.answer(request)
        if grant and not safe:
            _fold()
        if request.unit:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        needed = permissions.needs(view)
        if needed is None:
            return None
        if request.unit is None:  # type: ignore[attr-defined]
            return redirect(f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}")
        if needed == permissions.SIGNED_IN or permissions.holds(request.grant.role, needed):  # type: ignore[attr-defined]
            return None
        home = HOMES.get(request.grant.office)  # type: ignore[attr-defined]
        if home and request.path == "/":
            return redirect(home)
        raise PermissionDenied

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if getattr(request, "unit", None):
            transaction.set_rollback(True)  # a refusal or a fault writes nothing


def _fold() -> None:
    """What was saved is in the kept figures before the next page asks.

    It is saved already: a fault here must not look like a refusal, or it would be typed twice. Until a later fold the
    figures concerned are read live.
    """
    try:
        queries.fold()
    except DatabaseError:
        log.exception("fold failed after a write that was kept")


def _introduce(request: Any, grant: Grant) -> None:
    units = line_of(grant.path)
    if not units or units[-1].pk != grant.unit_id:
        name = lookup.unit_names([grant.unit_id]).get(grant.unit_id)
        if name is None:
            return
        units.append(Unit(pk=grant.unit_id, name=name, path=grant.path))  # named, though no row of it is open
    units[-1].line, units[-1].whole = (
        grant.line,
        grant.line == "party",
    )  # its rows are no range of paths: the policy says which
    request.account, request.grant, request.unit, request.units = grant.account, grant, units[-1], units
    role = roles.pack().roles.get(grant.role)
    request.permissions = frozenset(role.permissions if role else ())
