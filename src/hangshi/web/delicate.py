"""One mark for every view that shows or hands out what is sensitive, or changes who may."""

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase

from hangshi.web.recent import recent

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def delicate(view: View) -> View:
    """Reveal, export, the person's file, grants: only for somebody who has shown again within five minutes who they are."""
    asked = recent(view)
    asked.delicate = True  # type: ignore[attr-defined]  # a mark on a function
    return asked
