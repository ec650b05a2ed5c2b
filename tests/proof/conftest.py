"""The small 安康, loaded once for a module and taken away after it; each test acts in a transaction that is rolled back."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connections

from hangshi.indicators.queries import Period
from hangshi.scenarios.load import load
from tests.proof.small import PASSWORD


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


@pytest.fixture
def year() -> Period:
    return Period(date(2017, 1, 1), date(2017, 10, 31))
