"""Names that a page may show though their rows lie outside the scope: of accounts that acted, of people, of the units above."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from hangshi.audit import queries as audited
from hangshi.registry.queries import names_of

OUTSIDE = "（不在您的范围内）"


def accounts(ids: Sequence[int | None]) -> dict[int, str]:
    """Account id → whose it is, for the rows that the reader sees."""
    return audited.names_of(ids)


def persons(ids: Sequence[int]) -> dict[int, str]:
    """Person id → name, of those in the scope and of those from elsewhere who bear a duty or led something in it."""
    return {pk: it.name for pk, it in names_of(ids).items()}


def above() -> list[str]:
    """The names of the units above one's scope, from the top down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM units_above()")
        return [name for (name,) in cursor.fetchall()]


def moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
