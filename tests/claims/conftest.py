"""The small 安康 for a module, and the pages of the web tests' town."""

from collections.abc import Iterator

import pytest
from django.db import connections

from hangshi.scenarios.load import load
from tests.web.conftest import PASSWORD, sign_in, town

__all__ = ["sign_in", "town"]


@pytest.fixture(scope="module")
def ankang(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        load("ankang", 0.01, password=PASSWORD)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
            )
            cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
