"""Who may open which page. A view that says neither `@permission` nor `@public` stops the server at start."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

READ = frozenset({"figures.read", "records.read"})
RECORD = frozenset({"duty.write", "activity.write", "case.write", "entry.write", "register.write"})
WRITE = READ | {"records.export", "visit.write"} | RECORD
ROLES = {
    "city_clerk": WRITE | {"cases.restricted", "unit.write"},  # 市、县区组织部门经办人
    "county_clerk": WRITE | {"cases.restricted", "unit.write"},
    "township_clerk": WRITE,  # 乡镇党委经办人
    "first_secretary": WRITE,  # 第一书记
    "reader": READ,  # 领导、督查人员
}


def permission(name: str) -> Callable[[View], View]:
    """The view is for those whose role holds the permission `name`."""

    def mark(view: View) -> View:
        view.permission = name  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def public(why: str) -> Callable[[View], View]:
    """The view is for everybody; `why` is for the reader of the code."""

    def mark(view: View) -> View:
        view.permission = None  # type: ignore[attr-defined]
        view.public_because = why  # type: ignore[attr-defined]
        return view

    return mark


def needs(view: Callable[..., HttpResponseBase]) -> str | None:
    """The permission the view asks for; None: it is public."""
    return view.permission  # type: ignore[attr-defined, no-any-return]


def holds(role: str, name: str) -> bool:
    """An unknown role holds nothing."""
    return name in ROLES.get(role, frozenset())


def undeclared(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """The addresses whose views say neither."""
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from undeclared(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and not hasattr(pattern.callback, "permission"):
            yield address


def stop_unless_declared(patterns: list[Any]) -> None:
    if missing := list(undeclared(patterns)):
        raise ImproperlyConfigured(f"these views need @permission(…) or @public(…): {', '.join(missing)}")
