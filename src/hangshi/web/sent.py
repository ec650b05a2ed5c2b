"""A form that was sent: carried out once, led on to the record that it made, or shown again with what is wrong."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac

from hangshi.access.once import digest, once
from hangshi.web import telling
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest

SAVED_BEFORE = "这一页已经保存过一次，现在的内容与那一次不同。确实要再记一条的，请再按一次“保存”。"


def posted(request: PersonRequest) -> Any:
    return request.POST.dict() | request.FILES.dict() if request.method == "POST" else None


def answer(
    request: PersonRequest,
    form: Form,
    do: Callable[[dict[str, Any]], Model],
    *,
    then: Callable[[Any], str] | None = None,
) -> HttpResponse | None:
    """To the record that a valid form made, or where `then` leads; None: the form is to be shown, with what is wrong."""
    if not form.valid:
        return None
    lead = then or telling.address

    def effect(values: dict[str, Any]) -> dict[str, Any]:
        if not (key := request.POST.get("once", "")):
            return {"address": lead(do(values))}
        return once(request.account.pk, key, _asked(request), lambda: {"address": lead(do(values))}).answer

    answer = form.attempt(effect)
    return redirect(answer["address"]) if answer else None


def _asked(request: PersonRequest) -> bytes:
    """What the form asks, as a keyed digest: an identity number could be guessed out of a plain one."""
    said = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "once")}
    said |= {name: _digest_of(file) for name, file in request.FILES.items()}
    return salted_hmac("hangshi.once", digest(said | {"at": request.get_full_path()}), algorithm="sha256").digest()


def _digest_of(file: Any) -> str:
    """Of the content, which is to be read again from its beginning."""
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def page(request: PersonRequest, form: Form, context: dict[str, Any]) -> HttpResponse:
    key = request.POST.get("once") or uuid4().hex
    if form.code == "once.other":
        form.refused, key = SAVED_BEFORE, uuid4().hex
    status = 422 if form.data is not None else 200
    return render(request, "act.html", context | {"form": form, "once": key}, status=status)


def form_page(
    request: PersonRequest,
    form: Form,
    do: Callable[[dict[str, Any]], Model],
    *,
    title: str,
    back: str,
    heading: str,
    then: Callable[[Any], str] | None = None,
    **more: Any,
) -> HttpResponse:
    """A form about something that has a page at `back`, called `heading`; valid, it is carried out and leads on (`answer`)."""
    context = {"title": title, "back": back, "heading": heading, "scene": {}, "grave": False, "tells": ""}
    return answer(request, form, do, then=then) or page(request, form, context | more)
