"""What stands around every call: who, how often, what for, how large; one transaction, one effect; every error a problem.

A middleware before all that knows sessions: cookies are dropped here, so that no page of another site can act through the API.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from hangshi.access.once import digest, once
from hangshi.access.origin import coming_from
from hangshi.access.scope import Scope, acting
from hangshi.api import body, calls, problems, services
from hangshi.api.limits import Buckets
from hangshi.api.problems import Wrong
from hangshi.api.queries import Caller, digest_of, opened
from hangshi.api.urls import OPEN, api
from hangshi.indicators import queries as figures
from hangshi.web import address

log = logging.getLogger("hangshi.api")
Answer = Callable[[HttpRequest], HttpResponse]
buckets = Buckets()
A_MINUTE = {"token": 600, "address": 1200}


@dataclass
class _Unsuccessful(Exception):
    """Carries an answer that is no success out of the transaction, so that nothing of the call is kept."""

    response: HttpResponse


class Door:
    """Everything below `/api/`; other addresses pass."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.answer(request)
        request.COOKIES = {}
        if request.method == "HEAD":
            request.method = "GET"
            response = self(request)
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
            return response
        try:
            with coming_from(address.caller(request).address):
                response = self._answered(request)
        except _Unsuccessful as stopped:
            response = stopped.response
        except Exception as error:  # noqa: BLE001  # the outermost edge: whatever it was, the answer is a problem
            response = problems.of(error)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        _check_rate(f"address {address.caller(request).address}", "address")
        route = _route(request)
        if route in OPEN:
            return self.answer(request)
        secret = _secret(request)
        _check_rate(f"token {digest_of(secret)}", "token")
        with opened(secret, on=timezone.localdate(), read_only=request.method == "GET") as caller:
            if caller is None:
                raise _nobody()
            response = self._called(request, route, caller)
        _after(caller, changed=request.method != "GET" and "Idempotent-Replayed" not in response)
        return response

    def _called(self, request: HttpRequest, route: str, caller: Caller) -> HttpResponse:
        """Within the caller's transaction; an answer that is no success leaves nothing in it."""
        _check_permission(request, route, caller)
        _check_query(request, route)
        request.caller = caller  # type: ignore[attr-defined]  # becomes a Call
        return self._read(request) if request.method == "GET" else self._written(request, caller)

    def _read(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response

    def _written(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        said = body.read(request)
        request.said = said  # type: ignore[attr-defined]  # becomes a Call
        key = request.headers.get("Idempotency-Key")
        if not key:
            raise Wrong(400, problems.UNUSABLE_KEY, "写入须带 Idempotency-Key（自定的提交编号），没有办理。")
        asked = digest({"path": request.path, "grant": caller.grant.pk, "said": said})
        done = once(caller.account.pk, key, asked, lambda: self._effect(request))
        status, answer = done.answer["status"], done.answer["answer"]
        headers = {"Idempotent-Replayed": "true"} if done.repeated else {}
        text = json.dumps(answer, ensure_ascii=False)
        return HttpResponse(text, status=status, content_type="application/json; charset=utf-8", headers=headers)

    def _effect(self, request: HttpRequest) -> dict[str, object]:
        response = self.answer(request)
        if response.status_code >= 400:
            raise _Unsuccessful(response)
        return {"status": response.status_code, "answer": json.loads(response.content)}


def _nobody() -> Wrong:
    return Wrong(401, "token.none", "没有令牌，或令牌无效、过期、已撤销。", WWW_Authenticate='Bearer realm="hangshi"')


def _route(request: HttpRequest) -> str:
    """The route asked for. Raises `Wrong`: 404 for none, 405 for a method that it does not have."""
    try:
        route = calls.route_of(resolve(request.path_info).route)
    except Resolver404:
        raise Wrong(404, "not_found", problems.MISSING) from None
    methods = ["GET"] if route in OPEN else calls.methods_of(route)
    if not methods:
        raise Wrong(404, "not_found", problems.MISSING)
    if request.method not in methods:
        allowed = ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))
        raise Wrong(405, "request.method", f"此处只接受 {allowed}。", Allow=allowed)
    return route


def _secret(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip() or len(secret) > 200:
        raise _nobody()
    return secret.strip()


def _check_rate(key: str, what: str) -> None:
    a_minute = getattr(settings, "API_CALLS_A_MINUTE", A_MINUTE)[what]
    if wait := buckets.wait(key, a_minute=a_minute, now=time.monotonic()):
        raise Wrong(429, "rate", f"请求过于频繁，请{wait}秒后再试。", Retry_After=str(wait))


def _check_permission(request: HttpRequest, route: str, caller: Caller) -> None:
    needed = calls.needs[str(request.method), route]
    if needed != calls.ANY and not caller.may(needed):
        name = services.SCOPES.get(needed, needed)
        raise Wrong(403, "permission", f"令牌没有“{name}”的权限，或您现在的身份已不能办理此事。")


def _check_query(request: HttpRequest, route: str) -> None:
    """A parameter that is misspelt or said twice must not silently widen what is asked."""
    known = api.parameters_of(str(request.method), route)
    for name, said in request.GET.lists():
        if name not in known:
            raise Wrong(400, "request.parameter", f"没有“{name[:40]}”这个参数。".replace("\x00", ""))
        if len(said) > 1:
            raise Wrong(400, "request.parameter", f"参数“{name}”写了{len(said)}次。")
        body.check_text(said[0])


def _after(caller: Caller, *, changed: bool) -> None:
    """What is saved is in the kept figures before the next call asks, and the token's last use is known.

    The answer stands already: a fault here must not look like a failure, or the call would be made again.
    """
    try:
        if changed:
            figures.fold()
        now = timezone.now()
        if caller.token.used_at is None or caller.token.used_at < now - services.EVERY:
            with acting(Scope("", "", caller.account.pk)):
                services.used(caller.token, at=now)
    except DatabaseError:
        log.exception("a call was answered, but not folded or noted")
