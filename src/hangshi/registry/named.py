"""Who may be named in one's scope: those who live there, and those from elsewhere who bear a duty or led something there."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from hangshi.access.roles import pack


@dataclass(frozen=True)
class Named:
    """`unit` is the name of the person's home unit; `title` what the pack calls the latest duty in scope, or empty."""

    pk: int
    name: str
    unit: str
    title: str


def named_people(text: str) -> list[Named]:
    """Those in scope whose name contains `text`, the same name first, at most 50; of a single character, whose name begins with it.

    An empty text finds nobody: a search is not a list.
    """
    return _asked("SELECT * FROM named_in_scope(%s)", text.strip())


def names_of(ids: Collection[int]) -> dict[int, Named]:
    """Id → who it is, for those of the ids that may be named here; the others are left out."""
    return {it.pk: it for it in _asked("SELECT * FROM names_in_scope(%s)", sorted(ids))} if ids else {}


def _asked(statement: str, value: str | list[int]) -> list[Named]:
    kinds = pack().kinds.duty
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        return [
            Named(pk, name, unit, kinds[kind].name if kind in kinds else "")
            for pk, name, unit, kind in cursor.fetchall()
        ]
