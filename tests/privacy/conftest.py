"""Persons with planted identity numbers, and a ring of keys in a file of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry import identity
from hangshi.registry.models import Person, Unit
from tests.committed import committed
from tests.land import land, people
from tests.web.conftest import sign_in, town

__all__ = ["committed", "land", "people", "sign_in", "town"]
PLANTED = 1000


@pytest.fixture
def ring(tmp_path: Path, settings: Any) -> Path:
    """The folder of the key files; each ring begins with one key, under which nothing is sealed yet."""
    settings.VAR = tmp_path / "var"
    settings.SECRETS, settings.FIELD_KEY, settings.INDEX_KEY = tmp_path, "", ""
    for name in ("field", "index"):
        (tmp_path / f"{name}.key").write_text(f"the first {name} secret")
    return tmp_path


def number(n: int) -> str:
    """The n-th planted number: of a division that does not exist, with a right check digit."""
    first = f"999999{1950 + n % 50}01{1 + n % 28:02d}{n % 1000:03d}"
    return first + identity.check_digit(first)


@pytest.fixture
def planted(ring: Path, committed: None) -> Iterator[SimpleNamespace]:
    """A thousand persons, each with a number, one of them renamed so that an earlier version is kept."""
    with acting(EVERYTHING):
        village = Unit.objects.create(kind="village", name="东湾村", since="2016-01-01", path="1/2/")
        rows = [
            Person(pk=n, name=f"人{n}", unit=village, path="1/2/", id_sealed=identity.seal(number(n), row=n),
                   id_index=identity.index(number(n)))
            for n in range(1, PLANTED + 1)
        ]  # fmt: skip
        Person.objects.bulk_create(rows)
        Person.objects.filter(pk=1).update(name="改名")
    yield SimpleNamespace(village=village, numbers={n: number(n) for n in range(1, PLANTED + 1)})
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry, audit_pending, audit_link RESTART IDENTITY")
