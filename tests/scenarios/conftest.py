"""Scenarios loaded into the test database, and taken out again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connections

from hangshi.scenarios.load import load
from hangshi.scenarios.tables import TABLES

Load = Callable[..., AbstractContextManager[None]]


def emptied() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"TRUNCATE {', '.join([*TABLES, 'account', 'access_grant', 'indicator_built', 'finding', 'finding_looked'])} RESTART IDENTITY CASCADE"
        )


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
