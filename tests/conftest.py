"""A database for the tests: migrated by the owner, used as the app role, so that row-level security bites in every test."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.attach import after_migrate
from hangshi.database import urls

# As in a demonstration: the second factor would stand before every page. `tests/accounts` asks for it. Commands inherit it.
PROFILE = "demo"


def pytest_configure() -> None:
    os.environ["HANGSHI_PROFILE"] = settings.PROFILE = PROFILE


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    name = f"hangshi_test_{os.getpid()}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own type
        urls.create_database(name)
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        call_command("migrate", database="owner", verbosity=0)
        after_migrate()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own type
        for alias in ("default", "owner"):
            connections[alias].close()
        urls.drop_database(name)


@pytest.fixture
def everything(db: None) -> Iterator[None]:
    """The test acts as the installation itself, over all units, in the app role."""
    with acting(EVERYTHING):
        yield
