"""What the checks of a place find in a scenario, and what they find when a record is taken away for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.standards.models import Finding
from hangshi.standards.refresh import settle


def found(key: str, on: date) -> int:
    """How many are found on the day."""
    pack = queries.pack()
    with acting(EVERYTHING):
        settle(pack.checks[key], pack, on)
        return Finding.objects.filter(check_key=key, closed_on=None).count()


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@contextmanager
def without(table: str, condition: str, *, day: str = "since") -> Iterator[int]:
    """One row of the table that meets the condition is dated a hundred years later inside."""
    row = f"(SELECT id FROM {table} WHERE {condition} ORDER BY id LIMIT 1)"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {day} = {day} + 36500 WHERE id = {row} RETURNING id")
        (moved,) = cursor.fetchone() or (0,)
    try:
        yield int(moved)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {day} = {day} - 36500 WHERE id = %s", [moved])
