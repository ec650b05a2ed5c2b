"""Whether the records themselves are what the log says: a row changed, added or removed with the triggers switched off is named."""

from dataclasses import dataclass

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from hangshi.audit import words
from hangshi.audit.attach import ORIGIN

# The latest entry of each row, with the row's own slice of the digests. One salt may be shared by a bulk statement; a salt of zeros was
# destroyed with a person's data.
LATEST = """
    CREATE TEMP TABLE audit_latest ON COMMIT DROP AS
    SELECT DISTINCT ON (u.row) u.row, e.id AS entry, e.kind, e.shape,
        substr(e.digests, (32 * (u.n - 1) + 1)::int, 32) AS digest,
        CASE WHEN length(e.salts) = 16 THEN e.salts ELSE substr(e.salts, (16 * (u.n - 1) + 1)::int, 16) END AS salt
    FROM audit_entry e, unnest(e.ids) WITH ORDINALITY u(row, n)
    WHERE e.table_name = %s AND e.kind IN ('insert', 'update', 'delete', 'baseline') ORDER BY u.row, e.id DESC
"""
GONE = "SELECT l.row FROM audit_latest l WHERE l.kind <> 'delete' AND NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = l.row) LIMIT 1"
BACK = "SELECT l.row FROM audit_latest l JOIN {table} t ON t.{key} = l.row WHERE l.kind = 'delete' LIMIT 1"
CHANGED = """
    SELECT l.row FROM audit_latest l JOIN {table} t ON t.{key} = l.row WHERE l.kind <> 'delete' AND l.shape = {shape}
      AND l.salt IS NOT NULL AND l.salt <> {erased} AND l.digest <> sha256(l.salt || convert_to(ROW({columns})::text, 'UTF8')) LIMIT 1
"""
UNKNOWN = "SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM audit_latest l WHERE l.row = t.{key} AND l.salt <> {erased})"
BASELINE = """
    WITH made AS (
        INSERT INTO audit_entry (at, kind, table_name, shape, rows, low, high, ids, digests, salts, path_first, path_last,
            account, grant_id, address, request)
        SELECT clock_timestamp(), 'baseline', {name}, {shape}, count(*), min(key), max(key), array_agg(key::bigint), string_agg(d, ''),
            string_agg(s, ''), min(at_path), max(at_path), {origin}
        FROM (SELECT audit_key AS key, at_path, s, sha256(s || convert_to(ROW({columns})::text, 'UTF8')) d FROM
                (SELECT t.*, t.{key} AS audit_key, {path} AS at_path, uuid_send(gen_random_uuid()) AS s FROM {table} t
                 WHERE NOT EXISTS (SELECT FROM audit_latest l WHERE l.row = t.{key} AND l.salt <> {erased}) OFFSET 0) t) x
        HAVING count(*) > 0 RETURNING id, rows),
    noted AS (INSERT INTO audit_pending SELECT id FROM made)
    SELECT coalesce(sum(rows), 0)::bigint FROM made
"""
ERASED = bytes(16)
FORGET_SHARED = """UPDATE audit_entry SET salts = decode(repeat('00', 16), 'hex')
    WHERE table_name = %s AND id <= %s AND ids && %s::bigint[] AND rows > 1 AND length(salts) = 16"""
FORGET = """UPDATE audit_entry SET salts = overlay(salts PLACING %(erased)s FROM 16 * (array_position(ids, %(row)s) - 1) + 1 FOR 16)
    WHERE table_name = %(table)s AND id <= %(up_to)s AND low <= %(row)s AND high >= %(row)s AND ids @> ARRAY[%(row)s]::bigint[]
      AND (rows = 1 OR length(salts) > 16)"""
TABLES = """
    SELECT s.table_name, k.attname, array_agg(s.id ORDER BY s.id), EXISTS (SELECT FROM pg_attribute p
        WHERE p.attrelid = i.indrelid AND p.attname = 'path' AND NOT p.attisdropped)
    FROM audit_shape s JOIN pg_index i ON i.indrelid = to_regclass(quote_ident(s.table_name)) AND i.indisprimary AND i.indnkeyatts = 1
    JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = i.indkey[0] AND k.atttypid IN ('int8'::regtype, 'int4'::regtype)
    GROUP BY s.table_name, k.attname, i.indrelid ORDER BY s.table_name
"""


@dataclass(frozen=True)
class Table:
    name: str
    key: str
    shapes: list[int]
    has_path: bool


@dataclass(frozen=True)
class Proof:
    """`unknown`: rows of which the log proves nothing, loaded before it began or past it (see `baseline`). `fault`: None if all agree."""

    table: str
    unknown: int
    fault: str | None


def prove() -> list[Proof]:
    """Every audited table against the log, as the owner; the earlier versions (`…_history`) too."""
    with connections["owner"].cursor() as cursor:
        found = []
        for table in _tables(cursor):
            with transaction.atomic(using="owner"):
                cursor.execute(LATEST, [table.name])
                found.append(Proof(table.name, _one(cursor, UNKNOWN, table), _fault(cursor, table)))
        return found


def baseline() -> int:
    """Take the rows that the log does not know as they stand now; returns how many. After a bulk load past the triggers."""
    done = 0
    with connections["owner"].cursor() as cursor:
        for table in _tables(cursor):
            with transaction.atomic(using="owner"):
                cursor.execute(LATEST, [table.name])
                columns = _columns(cursor, table.shapes[-1])
                parts = {
                    "columns": _list(columns),
                    "shape": sql.Literal(table.shapes[-1]),
                    "name": sql.Literal(table.name),
                }
                parts |= {"origin": sql.SQL(ORIGIN), "path": sql.SQL("t.path" if table.has_path else "NULL::text")}
                done += _one(cursor, BASELINE, table, **parts)
    return done


def forget(cursor: CursorWrapper, table: str, ids: list[int], *, up_to: int) -> bool:
    """Destroy the salts of these rows in the entries up to that one: their digests then match nothing, whoever tries. As the owner.

    Returns whether a salt was shared by a bulk statement, whose other rows then need `baseline` to be proved again.
    """
    cursor.execute(FORGET_SHARED, [table, up_to, ids])
    shared = bool(cursor.rowcount > 0)
    for row in ids:
        cursor.execute(FORGET, {"row": row, "table": table, "up_to": up_to, "erased": ERASED})
    return shared


def _fault(cursor: CursorWrapper, table: Table) -> str | None:
    what = words.table(table.name)
    if row := _one(cursor, GONE, table):
        return f"{what}{row}号已不在库中，而审计没有它的删除记录：是绕过系统删除的。"
    if row := _one(cursor, BACK, table):
        return f"{what}{row}号在审计中已删除，却仍在库中：是绕过系统放回的。"
    for shape in table.shapes:
        columns = _columns(cursor, shape)
        if not _all_there(cursor, table.name, columns):
            continue  # a column was dropped since: these digests can no longer be asked
        parts = {"shape": sql.Literal(shape), "columns": _list(columns)}
        if row := _one(cursor, CHANGED, table, **parts):
            return f"{what}{row}号与审计记录的摘要不符：是绕过系统修改的。"
    return None


def _tables(cursor: CursorWrapper) -> list[Table]:
    cursor.execute(TABLES)
    return [Table(*row) for row in cursor.fetchall()]


def _columns(cursor: CursorWrapper, shape: int) -> list[str]:
    cursor.execute("SELECT columns FROM audit_shape WHERE id = %s", [shape])
    return list((cursor.fetchone() or ([],))[0])


def _all_there(cursor: CursorWrapper, table: str, columns: list[str]) -> bool:
    now = {it.name for it in connections["owner"].introspection.get_table_description(cursor, table)}
    return set(columns) <= now


def _list(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in columns)


def _one(cursor: CursorWrapper, statement: str, table: Table, **parts: sql.Composable) -> int:
    made = sql.SQL(statement).format(
        table=sql.Identifier(table.name), key=sql.Identifier(table.key), erased=sql.Literal(ERASED), **parts
    )
    cursor.execute(made.as_string(cursor.cursor.connection))
    found = cursor.fetchone()
    return int(found[0]) if found else 0
