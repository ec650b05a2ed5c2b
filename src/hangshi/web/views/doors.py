"""In, out, and from one grant to another."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.access import lookup
from hangshi.access import services as access
from hangshi.access.models import Account, Grant
from hangshi.refusal import Refused
from hangshi.web import session
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import public, signed_in


@require_http_methods(["GET", "POST"])
@public("nobody is signed in yet")
def sign_in(request: HttpRequest) -> HttpResponse:
    target = _safe(request, request.GET.get("next", ""))
    context = {"next": target, "username": request.POST.get("username", "")}
    if request.method == "POST":
        try:
            account, grant = _first_grant(context["username"], request.POST.get("password", ""))
        except Refused as refusal:  # shown on the form, which keeps what was typed
            return render(request, "sign_in.html", context | {"wrong": refusal.sentence}, status=400)
        response = redirect(target or "overview")
        session.write(request, response, account, grant)
        return response
    return render(request, "sign_in.html", context)


@require_POST
@public("to leave needs no permission")
def sign_out(request: HttpRequest) -> HttpResponse:
    response = redirect("sign_in")
    session.forget(response)
    return response


@require_http_methods(["GET", "POST"])
@signed_in("one's own grants, whatever they allow")
def switch(request: PersonRequest) -> HttpResponse:
    """Act under another of one's own grants."""
    grants = session.active_grants(request.account.pk, on=timezone.localdate())
    if request.method == "POST":
        grant = get_object_or_404(grants, pk=request.POST.get("grant", "0"))
        response = redirect("overview")
        session.write(request, response, request.account, grant)
        return response
    names = lookup.unit_names([it.unit_id for it in grants])
    return render(request, "switch.html", {"grants": grants, "names": names})


def _first_grant(username: str, password: str) -> tuple[Account, Grant]:
    """The account and its widest grant. Raises `Refused`."""
    account = access.sign_in(username, password=password)
    grants = access.grants_of(account, timezone.localdate())
    if not grants:
        raise Refused("grant.none", "这个账号现在没有有效的授权，请联系管理员。")
    return account, grants[0]


def _safe(request: HttpRequest, target: str) -> str:
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""
