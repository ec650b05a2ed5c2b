"""Tests with real commits: concurrent writers, and what the owner loads in bulk."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections

from hangshi.access.scope import EVERYTHING, acting


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Commits last until the test ends. pytest-django's own way empties the tables as the app role, which may not."""
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
        emptied()


def emptied() -> None:
    """Every table as it was before the first row: a scenario also leaves events, sheets and proposals behind."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('django_migrations', 'audit_shape')"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What `work(0)` and `work(1)` return when two connections begin them together, each under `EVERYTHING` in its own transaction."""
    start, results = threading.Barrier(2), []

    def run(index: int) -> None:
        try:
            with acting(EVERYTHING):
                start.wait(10)
                results.append(work(index))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
