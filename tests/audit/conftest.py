"""A little work that is committed, so that it can be sealed and tampered with; gone again after the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit import attach
from hangshi.registry.models import Household, Unit
from tests.committed import committed

__all__ = ["committed"]


@pytest.fixture
def log(committed: None) -> Iterator[Any]:
    """An empty log, and a cursor of the owner, to whom the tables belong and no policy applies."""
    empty = "TRUNCATE audit_entry, audit_pending, audit_link RESTART IDENTITY"
    with connections["owner"].cursor() as cursor:
        # The sentences name a row by its number, and a sequence goes on after what was rolled back. Before the log: it notes this too.
        cursor.execute("TRUNCATE household, household_history RESTART IDENTITY CASCADE")
        cursor.execute(empty)
        attach.attach(cursor)  # other tests empty every table, the shapes of the digests with them
        yield cursor
    with connections["owner"].cursor() as cursor:  # anew: a test may have closed the line
        cursor.execute(empty)


@pytest.fixture
def village(log: Any) -> Unit:
    with acting(EVERYTHING):
        return Unit.objects.create(kind="village", name="东湾村", since="2016-01-01", path="1/2/")


@pytest.fixture
def five(village: Unit) -> Unit:
    """Five entries after the village's own: a household registered and renamed four times."""
    with acting(EVERYTHING):
        home = Household.objects.create(number="东湾-1", head="赵大山", unit=village, path=village.path)
    for name in ("赵二", "赵三", "赵四", "赵五"):
        with acting(EVERYTHING):
            Household.objects.filter(pk=home.pk).update(head=name)
    return village
