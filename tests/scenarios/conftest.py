"""Scenarios loaded into the test database, and taken out again; questions asked of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal

import pytest
from django.db import connections

from hangshi.indicators.queries import fold
from hangshi.scenarios.figures import check
from hangshi.scenarios.load import load
from tests.committed import emptied

Load = Callable[..., AbstractContextManager[None]]


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Load:
    """`with standing(("nanpiao", 1.0)):` these scenarios, and nothing else, are in the database."""

    @contextmanager
    def stand(*scenarios: tuple[str, float]) -> Iterator[None]:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own type
            try:
                for name, scale in scenarios:
                    load(name, scale, password="only-for-show")
                yield
            finally:
                emptied()

    return stand


def moves(place: str, key: str, statement: str, back: str) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The figure before the statement, after it, and after it is taken back."""
    found = []
    for change in ("", statement, back):
        if change:
            ask(change)
            fold()
        [one] = [it.computed for it in check(place) if it.key == key]
        found.append(one)
    return found[0], found[1], found[2]
