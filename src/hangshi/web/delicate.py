"""One mark for every view that shows or hands out what is sensitive, and one place that says what more such a view asks."""

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def delicate(view: View) -> View:
    """Reveal, export and the person's file. Who acts was asked at sign-in; to ask again shortly before, wrap the view here."""
    view.delicate = True  # type: ignore[attr-defined]  # a mark on a function
    return view
