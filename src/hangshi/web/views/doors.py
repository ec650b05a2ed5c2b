"""In, step by step; out; and from one grant to another."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.access import factors, lookup, sessions, signin
from hangshi.access.log import event
from hangshi.access.models import Session
from hangshi.access.services import at_the_door
from hangshi.access.throttle import TooOften
from hangshi.refusal import Refused
from hangshi.web import session
from hangshi.web.address import caller
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import public, signed_in
from hangshi.web.views.qr import picture

STAGES = {"code": "sign_in_code", "enrol": "sign_in_enrol", "password": "sign_in_password"}


@require_http_methods(["GET", "POST"])
@public("nobody is signed in yet")
def sign_in(request: HttpRequest) -> HttpResponse:
    held, target = session.held(request), safe_target(request)
    if request.method == "GET" and held.stage:
        return _step(held.stage, target)
    username = request.POST.get("username", "")
    context = {"next": target, "username": username, "sso": _sso_name()}
    if request.method == "POST":
        try:
            password = request.POST.get("password", "")
            entered = signin.enter(username, password, caller=caller(request), now=held.now, before=held.row)
        except Refused as refusal:  # shown on the form, which keeps what was typed
            return refused(request, "sign_in.html", context, refusal)
        return onwards(request, entered, target)
    return render(request, "sign_in.html", context)


@require_http_methods(["GET", "POST"])
@public("the second step of signing in")
def code(request: HttpRequest) -> HttpResponse:
    def answer(row: Session) -> signin.Entered:
        text = request.POST.get("code", "")
        return signin.give_code(row, text, caller=caller(request), now=session.held(request).now)

    return _asked(request, "code", "second_factor.html", {}, answer)


@require_http_methods(["GET", "POST"])
@public("the first sign-in of somebody who needs a second factor")
def enrol(request: HttpRequest) -> HttpResponse:
    held, target = session.held(request), safe_target(request)
    if held.row is None or held.stage != "enrol":
        return _step(held.stage, target)
    row = held.row
    if request.method == "POST":
        try:
            entered, codes = signin.enrol(row, request.POST.get("code", ""), caller=caller(request), now=held.now)
        except Refused as refusal:
            return refused(request, "account_enrol.html", offered(row), refusal)
        context = {"codes": codes, "onwards": _address(entered.stage, target)}
        response = render(request, "account_codes.html", context)
        session.write(request, response, entered)
        return response
    return render(request, "account_enrol.html", offered(row))


@require_http_methods(["GET", "POST"])
@public("a password of one's own, or a new one where the old is too old, before anything is shown")
def password(request: HttpRequest) -> HttpResponse:
    def answer(row: Session) -> signin.Entered:
        return signin.choose_password(row, typed_twice(request), caller=caller(request), now=session.held(request).now)

    return _asked(request, "password", "account_new_password.html", {}, answer)


@require_POST
@public("to leave needs no permission")
def sign_out(request: HttpRequest) -> HttpResponse:
    held = session.held(request)
    if held.row is not None:
        with at_the_door():
            sessions.end(held.row, now=held.now)
            event("signed_out", held.row.account_id, caller=caller(request))
    response = redirect("sign_in")
    session.forget(request, response)
    return response


@require_http_methods(["GET", "POST"])
@signed_in("one's own grants, whatever they allow")
def switch(request: PersonRequest) -> HttpResponse:
    """Act under another of one's own grants."""
    grants = session.active_grants(request.account.pk, on=timezone.localdate())
    held = session.held(request)
    if request.method == "POST" and held.row is not None:
        said = request.POST.get("grant", "0")
        grant = get_object_or_404(grants, pk=int(said) if said.isdecimal() else 0)
        entered = signin.act_under(held.row, grant, caller=caller(request), now=held.now)
        return onwards(request, entered, "")
    names = lookup.unit_names([it.unit_id for it in grants])
    return render(request, "switch.html", {"grants": grants, "names": names})


def onwards(request: HttpRequest, entered: signin.Entered, target: str) -> HttpResponse:
    """The new token, and the page for what is still asked, or where the person wanted to go."""
    response = redirect(_address(entered.stage, target))
    rotate_token(request)  # a form opened before does not act for whoever is signed in now
    session.write(request, response, entered)
    return response


def refused(request: HttpRequest, template: str, context: Mapping[str, object], refusal: Refused) -> HttpResponse:
    """The form again with the sentence; a browser that comes too often or too early is told when it may come."""
    wait = (
        refusal.seconds
        if isinstance(refusal, TooOften)
        else {"account.busy": 5, "throttle.closed": 30}.get(refusal.code)
    )
    status = 429 if isinstance(refusal, TooOften) else 503 if wait else 400
    response = render(request, template, {**context, "wrong": refusal.sentence}, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def offered(row: Session) -> dict[str, object]:
    """What the page shows of a telephone being enrolled: the picture, and its letters for whoever cannot take a picture."""
    with at_the_door():
        secret = factors.offer(row.account)
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"picture": picture(factors.address(row.account, secret)), "letters": letters}


def safe_target(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours; else ""."""
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


def typed_twice(request: HttpRequest) -> str:
    """The new password. Raises `Refused` where the two fields differ."""
    if request.POST.get("password", "") != request.POST.get("again", ""):
        raise Refused("account.again", "两次填写的密码不同，请重新填写。")
    return request.POST.get("password", "")


def _asked(
    request: HttpRequest,
    stage: str,
    template: str,
    context: dict[str, object],
    answer: Callable[[Session], signin.Entered],
) -> HttpResponse:
    """One step of signing in: whoever stands at another step is sent there."""
    held, target = session.held(request), safe_target(request)
    if held.row is None or held.stage != stage:
        return _step(held.stage, target)
    if request.method == "POST":
        try:
            return onwards(request, answer(held.row), target)
        except Refused as refusal:
            return refused(request, template, context, refusal)
    return render(request, template, context)


def _step(stage: str, target: str) -> HttpResponse:
    return redirect(_address(stage, target) if stage else _with(reverse("sign_in"), target))


def _address(stage: str, target: str) -> str:
    """The page of the step; without one, the target or the overview."""
    return _with(reverse(STAGES[stage]), target) if stage else target or reverse("overview")


def _with(address: str, target: str) -> str:
    return f"{address}?{urlencode({'next': target})}" if target else address


def _sso_name() -> str:
    return settings.OIDC["name"] if settings.OIDC["issuer"] else ""
