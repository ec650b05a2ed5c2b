"""A database for the tests: migrated by the owner, used as the app role, so that row-level security bites in every test."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

import hangshi
from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.attach import after_migrate
from hangshi.database import urls

# As in a demonstration: the second factor would stand before every page. `tests/accounts` asks for it. Commands inherit it.
PROFILE = "demo"


def pytest_configure() -> None:
    os.environ["HANGSHI_PROFILE"] = settings.PROFILE = PROFILE


SOURCES = Path(hangshi.__file__).parent
# What decides how an empty database looks; a change of any of these asks for a new template.
DECIDING = ("*/migrations/*.py", "access/*.py", "audit/*.py", "database/*.py", "registry/models.py")
KEPT = 2  # templates of earlier states


def template() -> str:
    """The name of the migrated, empty database that the sources ask for."""
    files = sorted(file for pattern in DECIDING for file in SOURCES.glob(pattern))
    total = hashlib.sha256(b"".join(file.read_bytes() for file in files))
    total.update(os.environ.get("HANGSHI_DB_PREFIX", "").encode())  # whose roles the policies name
    return f"hangshi_template_{total.hexdigest()[:12]}"


def use(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Runs that begin together wait here: rights are given to roles that all databases of the server share."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "tests.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def migrated(name: str) -> None:
    urls.create_database(name)
    use(name)
    call_command("migrate", database="owner", verbosity=0)
    after_migrate()


def keep(name: str) -> None:
    """Keep the fresh database as the template of the next runs, and the last few before it. Two that do so at once do no harm."""
    use("postgres")
    try:
        urls.copy_database(name, template())
    except psycopg.errors.DuplicateDatabase:
        return
    for old in urls.databases("hangshi_template_")[:-KEPT]:
        urls.drop_database(old)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    name = f"hangshi_test_{os.getpid()}"
    with django_db_blocker.unblock(), one_at_a_time():  # type: ignore[attr-defined]  # pytest-django's own type
        if urls.copy_database(template(), name):
            urls.create_database(name)
        else:
            migrated(name)
            keep(name)
        use(name)
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
