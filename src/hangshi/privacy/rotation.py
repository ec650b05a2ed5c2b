"""Re-sealing under the active key: in batches, each its own transaction, so that a run cut at any point is gone on with by the next.

What is done is told by the data itself (the first byte of what is sealed), so there is no state that could be wrong. A row that does not open
stops the run before anything of its batch is written.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from hangshi.access import keyring
from hangshi.files import sealed as files
from hangshi.refusal import Refused
from hangshi.registry import identity, sealed_fields

BATCH = 2_000
# Table → its key: an earlier version is sealed for the row it was a version of.
PERSONS = {"person": "id", "person_history": "version"}
STALE = """SELECT {key}, id, id_sealed FROM {table} WHERE {key} > %s AND id_sealed IS NOT NULL AND ({stale})
    ORDER BY {key} LIMIT %s FOR UPDATE"""
RESEAL = "UPDATE {table} t SET id_sealed = v.sealed, id_index = v.index FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) v(key, sealed, index) WHERE t.{key} = v.key"


@dataclass(frozen=True)
class Sealed:
    """A column sealed by `keyring.seal` and bound to `<prefix>:<number in key>`. Of a room above or beside this one, so named by table."""

    table: str
    column: str
    key: str
    prefix: str


OTHERS = (
    Sealed("draw", "seed_kept", "id", "person"),
    Sealed("access_factor", "sealed", "account_id", "factor"),
    Sealed("access_factor", "offered", "account_id", "factor"),
    Sealed("roster_row", "sealed", "id", "roster_row"),
)
OTHER = """SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} IS NOT NULL AND get_byte({column}, 0) <> {header}
    ORDER BY {key} LIMIT %s FOR UPDATE"""
RESEAL_OTHER = "UPDATE {table} t SET {column} = v.sealed FROM unnest(%s::bigint[], %s::bytea[]) v(key, sealed) WHERE t.{key} = v.key"
EXTRA = "SELECT {key}, extra FROM {table} WHERE {key} > %s AND extra::text LIKE %s ORDER BY {key} LIMIT %s FOR UPDATE"
REWRITE = (
    "UPDATE {table} t SET extra = v.extra FROM unnest(%s::bigint[], %s::jsonb[]) v(key, extra) WHERE t.{key} = v.key"
)
WITH_EXTRA = """SELECT c.relname, CASE WHEN c.relname LIKE '%\\_history' THEN 'version' ELSE 'id' END FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'extra' AND a.atttypid = 'jsonb'::regtype AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1"""
Progress = Callable[[int], None]


def waiting() -> int:
    """How many identity numbers, earlier versions included, and files are sealed under another key or cipher than the active one."""
    with connections["owner"].cursor() as cursor:
        numbers = sum(count for _, number, count in _census(cursor) if number != keyring.header())
    return numbers + sum(1 for _ in files.stale())


def census() -> dict[int, int]:
    """First byte of what is sealed → how many identity numbers; the key's number, plus 128 for SM4."""
    found: dict[int, int] = {}
    with connections["owner"].cursor() as cursor:
        for _, number, count in _census(cursor):
            found[number] = found.get(number, 0) + count
    return found


def _census(cursor: CursorWrapper) -> list[tuple[str, int, int]]:
    found = []
    for table in PERSONS:
        cursor.execute(
            f"SELECT get_byte(id_sealed, 0), count(*) FROM {table} WHERE id_sealed IS NOT NULL GROUP BY 1"  # noqa: S608  # constants
        )
        found += [(table, number, count) for number, count in cursor.fetchall()]
    return found


def rotate(*, batch: int = BATCH, reindex: bool = False, progress: Progress = lambda done: None) -> int:
    """Re-seal whatever waits, and with `reindex` the blind index of every number too; returns how many rows and files. As the owner.

    Raises `Refused` for a row that does not open under the keys held, and for two persons with one number.
    """
    done = 0
    for table, key in PERSONS.items():
        for count in _persons(table, key, batch, reindex):
            progress(done := done + count)
    with connections["owner"].cursor() as cursor:
        cursor.execute(WITH_EXTRA)
        tables = cursor.fetchall()
        there = set(connections["owner"].introspection.table_names(cursor))
    for kind in OTHERS:
        for count in _others(kind, batch) if kind.table in there else ():
            progress(done := done + count)
    for table, key in tables:
        for count in _extras(table, key, batch):
            progress(done := done + count)
    for place in files.stale():
        files.reseal(place)
        progress(done := done + 1)
    return done


def _persons(table: str, key: str, batch: int, reindex: bool) -> Iterator[int]:
    last = 0
    stale = "true" if reindex else f"get_byte(id_sealed, 0) <> {keyring.header()}"
    read, write = _made(STALE, table, key, stale=sql.SQL(stale)), _made(RESEAL, table, key)
    while True:
        with _resealing() as cursor:
            cursor.execute(read, [last, batch])
            if not (rows := cursor.fetchall()):
                return
            opened = [_opened(table, row) for row in rows]
            sealed = [identity.seal(number, row=row[1]) for number, row in zip(opened, rows, strict=True)]
            try:
                cursor.execute(write, [[row[0] for row in rows], sealed, [identity.index(number) for number in opened]])
            except IntegrityError as error:
                raise Refused(
                    "keys.twice", "有两名人员登记了同一公民身份号码，请先合并后再运行轮换；已完成的部分保留。"
                ) from error
            last = rows[-1][0]
        yield len(rows)


def _others(kind: Sealed, batch: int) -> Iterator[int]:
    last, names = 0, {"column": sql.Identifier(kind.column)}
    read = _made(OTHER, kind.table, kind.key, header=sql.Literal(keyring.header()), **names)
    write = _made(RESEAL_OTHER, kind.table, kind.key, **names)
    while True:
        with _resealing() as cursor:
            cursor.execute(read, [last, batch])
            if not (rows := cursor.fetchall()):
                return
            last = rows[-1][0]
            sealed = [_anew(kind, number, it) for number, it in rows]
            cursor.execute(write, [[number for number, _ in rows], sealed])
        yield len(rows)


def _anew(kind: Sealed, number: int, sealed: bytes) -> bytes:
    bound = f"{kind.prefix}:{number}".encode()
    return keyring.seal(keyring.unseal(sealed, bound=bound), bound=bound)


def _opened(table: str, row: tuple[Any, ...]) -> str:
    try:
        return identity.reveal(row[2], row=row[1])
    except Refused as refused:
        where = f"人员{row[1]}号{'的原版本' if table != 'person' else ''}"
        raise Refused(refused.code, f"{where}：{refused.sentence}轮换停在此处，已完成的部分保留，没有丢失。") from None


def _extras(table: str, key: str, batch: int) -> Iterator[int]:
    last = 0
    read, write = _made(EXTRA, table, key), _made(REWRITE, table, key)
    while True:
        with _resealing() as cursor:
            cursor.execute(read, [last, f'%"{sealed_fields.MARK}"%', batch])
            if not (rows := cursor.fetchall()):
                return
            last = rows[-1][0]
            loaded = [(row, json.loads(extra) if isinstance(extra, str) else extra) for row, extra in rows]
            anew = [(row, sealed_fields.resealed(extra)) for row, extra in loaded if sealed_fields.is_stale(extra)]
            if anew:
                cursor.execute(
                    write, [[row for row, _ in anew], [json.dumps(extra, ensure_ascii=False) for _, extra in anew]]
                )
        yield len(anew)


@contextmanager
def _resealing() -> Iterator[CursorWrapper]:
    """A transaction of the owner whose updates leave no earlier version: the value stays the same."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.resealing', 'on', true)")
        yield cursor


def _made(statement: str, table: str, key: str, **parts: sql.Composable) -> str:
    made = sql.SQL(statement).format(table=sql.Identifier(table), key=sql.Identifier(key), **parts)
    return made.as_string(None)
