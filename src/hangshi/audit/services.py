"""What no trigger sees: a read, an export, a refusal, noted in the log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, connections
from django.db.backends.utils import CursorWrapper

from hangshi.audit.words import NOTED
from hangshi.refusal import Refused

SETTINGS = ("lo", "hi", "actor", "grant", "request", "address")


def note(
    kind: str,
    *,
    table: str = "",
    row: int | None = None,
    path: str | None = None,
    cursor: CursorWrapper | None = None,
    **detail: str | int | None,
) -> int:
    """Append an entry in the present transaction, and return its number; who acts, and from where, the database knows already.

    `path` is that of the row, for those who may read it. `detail` holds keys, ids and counts, never values of a record.
    """
    if kind not in NOTED:
        raise ValueError(f"unknown kind of audit entry: {kind}")
    values = [kind, table, row, path, json.dumps(detail, ensure_ascii=False) if detail else None]
    if cursor is not None:
        return _append(cursor, values)
    with connection.cursor() as own:
        return _append(own, values)


def _append(cursor: CursorWrapper, values: list[Any]) -> int:
    cursor.execute("SELECT audit_note(%s, %s, %s, %s, %s::jsonb)", values)
    return int(cursor.fetchone()[0])


@contextmanager
def apart() -> Iterator[CursorWrapper]:
    """A transaction of its own beside the present one, of the same person and scope, committed at the end of the block.

    For what must be on record whatever becomes of the request, before it is answered; a page's own transaction may be READ ONLY.
    Raises `Refused` where it cannot be written: no log, no answer.
    """
    with connection.cursor() as cursor:
        asked = ", ".join(f"current_setting('hangshi.{name}', true)" for name in SETTINGS)
        cursor.execute(f"SELECT {asked}")  # constants
        said = [value or "" for value in cursor.fetchone()]
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            told = ", ".join(f"set_config('hangshi.{name}', %s, true)" for name in SETTINGS)
            cursor.execute(f"SELECT {told}", said)  # constants
            yield cursor
        other.commit()
    except DatabaseError as error:
        raise Refused(
            "audit.unlogged", "审计登记没有写成，所以没有显示任何内容。请稍后重试，仍不行请联系管理员。"
        ) from error
    finally:
        other.close()


def note_first(kind: str, *, table: str = "", row: int | None = None, path: str | None = None, **detail: Any) -> int:
    """`note`, committed before this returns. Raises `Refused` where it cannot be written."""
    with apart() as cursor:
        return note(kind, table=table, row=row, path=path, cursor=cursor, **detail)
