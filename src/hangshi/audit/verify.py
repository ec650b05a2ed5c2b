"""Whether the log is what was sealed, link by link; the first bad row is named."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from hangshi.access import keyring
from hangshi.audit.anchors import Anchor
from hangshi.audit.sealing import CONTENT, FIRST, PLAIN

CHAIN = f"""SELECT l.seq, l.entry, l.link, e.id IS NOT NULL, {CONTENT}
    FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry ORDER BY l.seq"""  # noqa: S608  # a constant
LOOSE = """SELECT min(e.id) FROM audit_entry e
    WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.entry = e.id) AND NOT EXISTS (SELECT FROM audit_pending p WHERE p.entry = e.id)"""
PENDING = "SELECT count(*) FROM audit_pending"
STEP = 5_000


@dataclass(frozen=True)
class Fault:
    """`seq` is the place in the chain, None for an entry outside it; `entry` the entry's id, None where it is unknown."""

    seq: int | None
    entry: int | None
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """`checked` links were right, up to the fault if there is one. `pending` entries wait for the sealer and are not proved yet."""

    checked: int
    pending: int
    fault: Fault | None


def verify(anchors: Iterable[Anchor] = ()) -> Verdict:
    """Walk the whole chain in one snapshot, as the owner; memory stays small whatever its length."""
    kept: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        kept.setdefault(anchor.seq, []).append(anchor)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(PLAIN)
        checked, fault = _chain(cursor, kept)
        cursor.execute(PENDING)
        (pending,) = cursor.fetchone() or (0,)
        return Verdict(checked, pending, fault or _loose(cursor))


def _chain(cursor: CursorWrapper, kept: dict[int, list[Anchor]]) -> tuple[int, Fault | None]:
    before, checked, anchored = FIRST, 0, 0
    keys: dict[int, bytes] = {}
    for seq, entry, link, there, content in _links(cursor):
        if seq != checked + 1:
            return checked, Fault(checked + 1, None, f"封存链第{checked + 1}环缺失：该条审计记录已被删除。")
        if not there:
            return checked, Fault(seq, entry, f"封存链第{seq}环所指的审计记录（编号{entry}）已被删除。")
        number = link[0]
        if number not in keys:
            if number not in keyring.ring("audit").secrets:
                return checked, Fault(
                    seq, entry, f"封存链第{seq}环所用的{number}号密钥不在本系统中：该环不是本系统所封。"
                )
            keys[number] = keyring.ring("audit").key(number, b"audit:")
        if link[1:] != hmac.digest(keys[number], before + content, hashlib.sha256):
            return checked, Fault(
                seq, entry, f"封存链第{seq}环（审计记录编号{entry}）与封存时不符：被改动、插入或调换过。"
            )
        if any(anchor.link != link for anchor in kept.get(seq, ())):
            return checked, Fault(
                seq, entry, f"第{seq}环与外存锚点不符：第{anchored + 1}至{seq}环之间的记录被改动后重新封存过。"
            )
        anchored = seq if seq in kept else anchored
        before, checked = link, seq
    beyond = min((seq for seq in kept if seq > checked), default=None)
    if beyond is not None:
        return checked, Fault(
            checked + 1, None, f"外存锚点有第{beyond}环，现存链只到第{checked}环：尾部被截去，或恢复成了旧副本。"
        )
    return checked, None


def _links(cursor: CursorWrapper) -> Iterator[tuple[int, int, bytes, bool, bytes]]:
    raw = cursor.connection
    with raw.cursor(name="audit_chain", binary=True) as rows:
        rows.itersize = STEP
        rows.execute(CHAIN)
        yield from rows


def _loose(cursor: CursorWrapper) -> Fault | None:
    cursor.execute(LOOSE)
    (entry,) = cursor.fetchone() or (None,)
    if entry is None:
        return None
    return Fault(None, entry, f"审计记录编号{entry}不在封存链中，也不在待封存之列：是绕过系统插入的，或其封存被删除。")
