"""The history triggers, written anew after every migration: a column added, widened or dropped must not break the next update."""

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from psycopg import sql

KEPT = ("version", "op", "replaced_at", "replaced_by")
ORIGIN = {"grant_id": "bigint", "address": "text", "request": "text"}
TABLES = """
    SELECT b.relname FROM pg_class b JOIN pg_class h ON h.relname = b.relname || '_history' AND h.relnamespace = b.relnamespace
    WHERE b.relnamespace = 'public'::regnamespace AND b.relkind = 'r' AND h.relkind = 'r' ORDER BY 1
"""
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, l.collname
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
    WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
# Re-sealing changes no value, so it leaves no earlier version; only the owner, signed in as such, can say that it is doing so.
KEEP = """
    CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF session_user = current_user AND current_setting('hangshi.resealing', true) = 'on' THEN RETURN NULL; END IF;
        INSERT INTO {history} ({columns}, op, replaced_at, replaced_by, grant_id, address, request)
        SELECT {columns}, TG_OP, clock_timestamp(), nullif(current_setting('hangshi.actor', true), '')::bigint,
            nullif(current_setting('hangshi.grant', true), '')::bigint, left(current_setting('hangshi.address', true), 64),
            left(current_setting('hangshi.request', true), 64) FROM gone;
        RETURN NULL;
    END $$
"""


@dataclass(frozen=True)
class _Column:
    name: str
    type: str
    required: bool
    collation: str | None


def refresh(cursor: CursorWrapper) -> None:
    """Bring every `<table>_history` and its trigger function in step with its table; safe to repeat. As the owner."""
    cursor.execute(TABLES)
    for (table,) in cursor.fetchall():
        _refresh(cursor, table)


def _refresh(cursor: CursorWrapper, table: str) -> None:
    history, now = f"{table}_history", {it.name: it for it in _columns(cursor, table)}
    then = {it.name: it for it in _columns(cursor, history)}
    name = sql.Identifier(history)
    for column in now.values():
        if column.name not in then:
            _run(cursor, "ALTER TABLE {} ADD COLUMN {} {}", name, sql.Identifier(column.name), _type(column))
        elif column.type != then[column.name].type:
            _run(cursor, "ALTER TABLE {} ALTER COLUMN {} TYPE {}", name, sql.Identifier(column.name), _type(column))
    for word, type_ in ORIGIN.items():
        if word not in then:
            _run(cursor, "ALTER TABLE {} ADD COLUMN {} {}", name, sql.Identifier(word), sql.SQL(type_))
    for column in then.values():
        if column.required and column.name not in KEPT and not (column.name in now and now[column.name].required):
            _run(cursor, "ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", name, sql.Identifier(column.name))
    columns = sql.SQL(", ").join(map(sql.Identifier, now))
    function = sql.Identifier(f"{history}_keep")
    made = sql.SQL(KEEP).format(function=function, history=name, columns=columns)
    cursor.execute(made.as_string(cursor.cursor.connection))


def _columns(cursor: CursorWrapper, table: str) -> list[_Column]:
    cursor.execute(COLUMNS, [f'public."{table}"'])
    return [_Column(*row) for row in cursor.fetchall()]


def _type(column: _Column) -> sql.Composable:
    type_ = sql.SQL(column.type)
    return type_ + sql.SQL(" COLLATE {}").format(sql.Identifier(column.collation)) if column.collation else type_


def _run(cursor: CursorWrapper, statement: str, *parts: sql.Composable) -> None:
    cursor.execute(sql.SQL(statement).format(*parts).as_string(cursor.cursor.connection))
