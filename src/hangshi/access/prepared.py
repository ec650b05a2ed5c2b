"""What every page asks, prepared on the server once a connection: PostgreSQL takes longer to plan these than to answer them.

Only for statements whose best plan is the same whatever the values are, such as a look-up by keys: they are planned
without knowing the values. `HANGSHI_PREPARE=0` plans them each time, for a pooler that keeps no statements.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.postgresql import base


class _Preparing(base.ServerBindingCursor):  # type: ignore[misc, name-defined]  # the stubs do not know it
    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        return super().execute(query, params, **how | {"prepare": True})


def fetch(statement: str, values: Sequence[str | bytes | object]) -> list[tuple[Any, ...]]:
    """The rows of a `SELECT`. Numbers are best given as text with a cast: by their size they would be prepared twice."""
    with _cursor(connections["default"]) as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _cursor(connection: Any) -> Any:
    """Where queries are logged, as tests that count them do, an ordinary one: a prepared one keeps no text."""
    connection.ensure_connection()
    if connection.queries_logged:
        return connection.cursor()
    with connection.wrap_database_errors:
        return connection.make_cursor(_Preparing(connection.connection))


def numbers(found: Sequence[int]) -> str:
    """For a value that the statement casts by `%s::bigint[]`."""
    return "{" + ",".join(map(str, found)) + "}"
