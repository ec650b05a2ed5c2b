"""`@recent`: what is delicate is shown or done only to somebody who has just shown again who they are.

The question comes with the form's own fields, so that nothing typed is lost: the answer goes to the same address together with them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from hangshi.access import signin
from hangshi.refusal import Refused
from hangshi.web import session
from hangshi.web.address import caller

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ANSWER = "confirm_answer"
NOT_KEPT = {ANSWER, "csrfmiddlewaretoken"}


def recent(view: View) -> View:
    """Ask for password or code unless that was done within five minutes. Put it below `@permission`, above the view."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        held = session.held(request)
        if held.row is None or held.stage:
            return to_the_door(request)
        if held.row.recent > held.now:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
        if ANSWER not in request.POST:
            return question(request)
        try:
            signin.confirm(held.row, request.POST[ANSWER], caller=caller(request), now=held.now)
        except Refused as refusal:
            return question(request, wrong=refusal.sentence)
        return view(request, *args, **kwargs)

    return cast(View, asked)


def question(request: HttpRequest, *, wrong: str = "", next_: str = "") -> HttpResponse:
    """The page that asks; it carries every field of the request. Chosen files a browser does not let us keep: it says so."""
    kept = [(name, value) for name in request.POST if name not in NOT_KEPT for value in request.POST.getlist(name)]
    context = {"kept": kept, "files": bool(request.FILES), "wrong": wrong, "next": next_}
    return render(request, "account_confirm.html", context, status=400 if wrong else 200)


def to_the_door(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': request.get_full_path()})}")
