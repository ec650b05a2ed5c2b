"""Operations declared: each with the permission it needs. What is not declared here, the door lets nobody call."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router

from hangshi.api.queries import Caller

Function = TypeVar("Function", bound=Callable[..., Any])

ANY = ""  # any living token: what it reads is no record and no figure
PREFIX = "api/v1"
router = Router()
needs: dict[tuple[str, str], str] = {}  # (method, route as Django names it) → permission


class Call(HttpRequest):
    """What an operation gets: the door has let somebody in and opened their transaction."""

    caller: Caller
    said: dict[str, Any]


def reads(path: str, permission: str, gives: Any, *, summary: str, tag: str) -> Callable[[Function], Function]:
    """A read: runs in a READ ONLY transaction."""
    return _declared("GET", path, permission, {200: gives}, summary, tag)


def writes(
    path: str, permission: str, gives: Any, *, summary: str, tag: str, makes: bool = True
) -> Callable[[Function], Function]:
    """A write: one effect for one `Idempotency-Key`. `makes`: something new (201), else a change (200)."""
    return _declared("POST", path, permission, {201 if makes else 200: gives}, summary, tag)


def _declared(
    method: str, path: str, permission: str, response: dict[int, Any], summary: str, tag: str
) -> Callable[[Function], Function]:
    needs[method, route_of(path)] = permission

    def declare(function: Function) -> Function:
        name = function.__name__
        made = router.api_operation(
            [method], path, response=response, summary=summary, tags=[tag], operation_id=name, url_name=f"api_{name}"
        )
        return made(function)

    return declare


def route_of(path: str) -> str:
    """One name for an operation's path, however it is written: `/units/{int:pk}`, `<int:pk>`, `{pk}`."""
    plain = re.sub(r"[{<](?:\w+:)?(\w+)[}>]", r"<\1>", path)
    return plain if plain.startswith(PREFIX) else f"{PREFIX}{plain}"


def methods_of(route: str) -> list[str]:
    return [method for method, known in needs if known == route]
