"""The known world, committed once for a module; each test acts in a transaction that is rolled back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from tests.proof_access.oracle import OURS, TABLES
from tests.proof_access.world import World, build


@pytest.fixture(scope="module")
def committed_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        with connections["owner"].cursor() as cursor:  # ids that are no part of another number on a page
            for number, table in enumerate((*TABLES, *OURS), 1):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, 7_000_000 + number * 10_000]
                )
        with acting(EVERYTHING):
            made = build()
        yield made
        connections["default"].close()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
            )
            cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")


@pytest.fixture
def bare(committed_world: World, django_db_blocker: Any) -> Iterator[World]:
    """Outside a transaction, for what the owner changes must be committed to be seen. Only for asking, never for saving."""
    with django_db_blocker.unblock():
        yield committed_world


@pytest.fixture
def world(committed_world: World, db: None) -> World:
    return committed_world
