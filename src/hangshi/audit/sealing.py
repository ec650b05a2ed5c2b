"""The chain over committed entries. One sealer at a time, after the commit: a chain drawn inside the writers' transactions forks or queues them.

`link` = the number of the audit key, then HMAC(key, the link before + the digest of the entry's content). Without the key, which is not in
the database, nobody can chain anew what they have changed; with it, the anchors still tell (see `anchors`).
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from hangshi.access import keyring

BATCH = 10_000
LOCK = 0x73656131  # a session's lock: two sealers would make two chains
FIRST = bytes(33)
# Everything but the salts, as text that no setting of the session changes (see PLAIN).
CONTENT = """sha256(convert_to(ROW(e.id, e.at, e.kind, e.table_name, e.rows, e.low, e.high, e.ids, e.shape, e.digests, e.path_first,
    e.path_last, e.account, e.grant_id, e.address, e.request, e.detail)::text, 'UTF8'))"""
PLAIN = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex'"
TAKE = (
    "DELETE FROM audit_pending WHERE entry IN (SELECT entry FROM audit_pending ORDER BY entry LIMIT %s) RETURNING entry"
)
READ = f"""
    SELECT p.entry, {CONTENT} FROM unnest(%s::bigint[]) p(entry) LEFT JOIN audit_entry e ON e.id = p.entry ORDER BY p.entry
"""  # noqa: S608  # a constant
HEAD = "SELECT seq, link FROM audit_link ORDER BY seq DESC LIMIT 1"


@dataclass(frozen=True)
class Head:
    """The last link: its number, and the link itself, which stands for everything before it. 0 and zeros: nothing is sealed."""

    seq: int
    link: bytes


def head(cursor: CursorWrapper) -> Head:
    cursor.execute(HEAD)
    found = cursor.fetchone()
    return Head(found[0], bytes(found[1])) if found else Head(0, FIRST)


def link(before: bytes, content: bytes | None, number: int) -> bytes:
    """The next link under the audit key `number`. An entry that has vanished is chained as nothing, and `verify` will miss it."""
    key = keyring.ring("audit").key(number, b"audit:")
    return bytes([number]) + hmac.new(key, before + (content or b""), hashlib.sha256).digest()


def seal() -> tuple[int, Head]:
    """Chain every committed entry that is not sealed yet; returns how many, and the head. As the owner.

    Batches are transactions: killed at any point, the next run goes on where this one stood. While another sealer works: 0.
    """
    done = 0
    with connections["owner"].cursor() as cursor:
        with _alone(cursor) as alone:
            while alone and (count := _batch(cursor)):
                done += count
        return done, head(cursor)


@contextmanager
def _alone(cursor: CursorWrapper) -> Iterator[bool]:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    mine = bool((cursor.fetchone() or (False,))[0])
    try:
        yield mine
    finally:
        if mine:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _batch(cursor: CursorWrapper) -> int:
    with transaction.atomic(using="owner"):
        cursor.execute(PLAIN)
        cursor.execute(TAKE, [BATCH])
        taken = [row[0] for row in cursor.fetchall()]
        last = head(cursor)
        cursor.execute(READ, [taken])
        number, before, rows = keyring.ring("audit").active, last.link, []
        for seq, (entry, content) in enumerate(cursor.fetchall(), start=last.seq + 1):
            before = link(before, bytes(content) if content is not None else None, number)
            rows.append((seq, entry, before))
        with cursor.copy("COPY audit_link (seq, entry, link) FROM STDIN") as sink:
            for row in rows:
                sink.write_row(row)
    return len(taken)
