"""Who may open which page. A view that says neither `@permission` nor `@public` stops the server at start."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from hangshi.access.roles import holds
from hangshi.packs.permissions import PERMISSIONS

__all__ = ["SIGNED_IN", "holds", "needs", "permission", "public", "signed_in", "stop_unless_declared", "undeclared"]

SIGNED_IN = ""  # what a view needs that is for everybody under a grant, whatever the role
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def permission(name: str) -> Callable[[View], View]:
    """The view is for those whose role holds the permission `name`. Raises `ImproperlyConfigured` for a name not on the list."""
    if name not in PERMISSIONS:
        raise ImproperlyConfigured(f"no permission is called {name!r}; the list is in hangshi.packs.permissions")

    def mark(view: View) -> View:
        view.permission = name  # type: ignore[attr-defined]  # a mark on a function
        return view

    return mark


def signed_in(why: str) -> Callable[[View], View]:
    """The view is for everybody who acts under a grant; `why` is for the reader of the code."""

    def mark(view: View) -> View:
        view.permission = SIGNED_IN  # type: ignore[attr-defined]
        view.signed_in_because = why  # type: ignore[attr-defined]
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
