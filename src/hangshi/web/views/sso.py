"""To the single sign-on and back; what the browser must bring back with it travels in a signed cookie of ten minutes."""

from dataclasses import asdict

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from hangshi.access import oidc
from hangshi.refusal import Refused
from hangshi.web import session
from hangshi.web.address import caller
from hangshi.web.permissions import public
from hangshi.web.views.doors import onwards, safe_target

COOKIE = "hangshi-sso"
MINUTES = 10


@require_GET
@public("nobody is signed in yet")
def go(request: HttpRequest) -> HttpResponse:
    if not oidc.on():
        raise Http404
    address, journey = oidc.depart(_back(request))
    response = redirect(address)
    kept = signing.dumps(asdict(journey) | {"next": safe_target(request)}, salt=COOKIE)
    response.set_cookie(
        COOKIE,
        kept,
        max_age=MINUTES * 60,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
        path="/sign-in/sso/",
    )
    return response


@require_GET
@public("the provider sends the browser here")
def back(request: HttpRequest) -> HttpResponse:
    if not oidc.on():
        raise Http404
    held = session.held(request)
    if held.row is not None and not held.stage:
        return redirect("overview")  # signed in meanwhile, in another tab
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=MINUTES * 60)
    except signing.BadSignature as error:
        raise Refused("sso.cookie", "这次登录已经过期，或不是从本机开始的。请重新登录。") from error
    target = kept.pop("next")
    answer = f"{_back(request)}?{request.META.get('QUERY_STRING', '')}"
    entered = oidc.arrive(
        answer, oidc.Journey(**kept), _back(request), caller=caller(request), now=held.now, before=held.row
    )
    response = onwards(request, entered, target)
    response.delete_cookie(COOKIE, path="/sign-in/sso/", samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sso_back"))
