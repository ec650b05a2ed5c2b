"""One mark for every view that shows or hands out what is sensitive, and one place that says what more such a view asks."""

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase

from hangshi.web.recent import recent

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def delicate(view: View) -> View:
    """Reveal, export and the person's file: for somebody who has shown within five minutes who they are."""
    return recent(view)
