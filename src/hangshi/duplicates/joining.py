"""Two persons made one, and made two again: every row that names the other is turned to the kept one, and noted.

The tables are asked of the catalogue, so a new room is joined without being remembered. Amounts stay as they were booked: an entry is never
edited, so of two persons the one with entries is kept. What both have twice (the same branch, household or meeting) is taken out of the
other's rows, and comes back from the history on undo, as the other person does.
"""

from collections.abc import Iterator
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from hangshi.duplicates.models import Pair
from hangshi.duplicates.services import locked, numbered
from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.registry.search import write_tokens
from hangshi.registry.signing import sign

NAMING = """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'person'::regclass AND cardinality(c.conkey) = 1 ORDER BY 1, 2"""
COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"""
FIXED = ("entry",)
DAYS = "daterange(o.since, o.until, '[]') && daterange(k.since, k.until, '[]')"
TWICE = {  # of a table: what makes a row of the other say no more than one of the kept
    "membership": f"k.unit_id = o.unit_id AND {DAYS}",
    "household_member": f"k.household_id = o.household_id AND {DAYS}",
    "attendance": "k.activity_id = o.activity_id",
}
CLASHES = Refused(
    "pair.clashes", "两人的组织关系、责任等在同一时间分属不同单位，不能合并；请先结束或更正其中一条。没有改动任何记录。"
)
BEYOND = Refused("pair.beyond", "其中一人还有您范围之外的记录，请由上级合并。没有改动任何记录。")
LATER = Refused("pair.later", "合并之后这些记录又有变动，不能整体撤销；请逐条更正。没有改动任何记录。")


@transaction.atomic
def join(pair: Pair, *, keep: int, on: date, account: int | None) -> Pair:
    """Make the two one, with the id `keep`. Raises `Refused`, and then nothing is changed."""
    sign(account)
    pair = locked(pair)
    if pair.state == "joined" and pair.kept == keep:
        return pair  # the button was pressed twice
    check_may_join(pair, keep=keep)
    gone = pair.second if keep == pair.first else pair.first
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            pair.versions = dict(_taken_out(cursor, keep, gone))
            pair.moved = dict(_turned(cursor, keep, gone))
            pair.versions |= _removed(cursor, gone)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise BEYOND if getattr(error.__cause__, "sqlstate", "") == "23503" else CLASHES from error
    pair.state, pair.kept, pair.judged_by, pair.judged_on = "joined", keep, account, on
    pair.save(update_fields=["state", "kept", "moved", "versions", "judged_by", "judged_on"])
    return pair


def check_may_join(pair: Pair, *, keep: int) -> None:
    if pair.state != "same":
        raise Refused("pair.unjudged", "请先判断为“是同一人”并写明理由，再合并。")
    if keep not in (pair.first, pair.second):
        raise Refused("pair.keep", "请选择保留哪一条。")
    gone = pair.second if keep == pair.first else pair.first
    persons = Person.objects.in_bulk([keep, gone])
    if len(persons) < 2:
        raise Refused("pair.gone", "其中一人已不在册，或不在您的范围之内，不能合并。")
    if numbered(pair) == 2:
        raise Refused("pair.numbers", "两人各有公民身份号码，不能合并；号码登记有误的，请先更正。")
    if persons[gone].id_index is not None:
        raise Refused("pair.number", "请保留登记有公民身份号码的一条。")
    if _has_account(gone):
        raise Refused(
            "pair.account", "不保留的一条关联着登录账号；请保留这一条，或请安全管理员先把账号改关联到保留的一条。"
        )
    if _has_fixed(gone):
        raise Refused("pair.entries", "不保留的一条名下有台账，台账不能改记；请保留这一条，或先冲销。")


def _has_account(person: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_has_account(%s)", [person])
        return bool((cursor.fetchone() or (False,))[0])


def _has_fixed(person: int) -> bool:
    with connection.cursor() as cursor:
        for table in FIXED:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE person_id = %s)", [person])
            if (cursor.fetchone() or (False,))[0]:
                return True
    return False


def _taken_out(cursor: CursorWrapper, keep: int, gone: int) -> Iterator[tuple[str, list[int]]]:
    for table, same in TWICE.items():
        cursor.execute(
            f"DELETE FROM {table} o WHERE o.person_id = %s AND EXISTS (SELECT FROM {table} k WHERE k.person_id = %s AND {same}) RETURNING o.id",
            [gone, keep],
        )
        if ids := [pk for (pk,) in cursor.fetchall()]:
            yield table, _versions(cursor, table, ids)


def _versions(cursor: CursorWrapper, table: str, ids: list[int]) -> list[int]:
    """The latest earlier version of each row: what the deletion just kept."""
    cursor.execute(f"SELECT max(version) FROM {table}_history WHERE id = ANY(%s) GROUP BY id", [ids])
    return [version for (version,) in cursor.fetchall()]


def _turned(cursor: CursorWrapper, keep: int, gone: int) -> Iterator[tuple[str, list[int]]]:
    cursor.execute(NAMING)
    for table, column in cursor.fetchall():
        if table in FIXED:
            continue
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s RETURNING id", [keep, gone])
        if ids := [pk for (pk,) in cursor.fetchall()]:
            yield f"{table}.{column}", ids


def _removed(cursor: CursorWrapper, gone: int) -> dict[str, list[int]]:
    cursor.execute("DELETE FROM search_token WHERE target = 'person' AND target_id = %s", [gone])
    cursor.execute("DELETE FROM person WHERE id = %s", [gone])
    if cursor.rowcount != 1:
        raise BEYOND
    return {"person": _versions(cursor, "person", [gone])}


@transaction.atomic
def part(pair: Pair, *, account: int | None) -> Pair:
    """Undo the joining: both are as they were, and the pair is judged the same again. Raises `Refused`, and then nothing is changed."""
    sign(account)
    pair = locked(pair)
    if pair.state != "joined" or pair.kept is None:
        raise Refused("pair.not_joined", "这两条没有合并，不需要撤销。")
    gone = pair.second if pair.kept == pair.first else pair.first
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _restored(cursor, "person", pair.versions["person"])
            for name, ids in pair.moved.items():
                _turned_back(cursor, name, ids, keep=pair.kept, gone=gone)
            for table in TWICE:
                _restored(cursor, table, pair.versions.get(table, []))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise LATER from error
    write_tokens("person", Person.objects.get(pk=gone))
    pair.state, pair.kept, pair.moved, pair.versions = "same", None, {}, {}
    pair.save(update_fields=["state", "kept", "moved", "versions"])
    return pair


def _restored(cursor: CursorWrapper, table: str, versions: list[int]) -> None:
    cursor.execute(COLUMNS, [table])
    names = ", ".join(name for (name,) in cursor.fetchall())
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_history WHERE version = ANY(%s)", [versions]
    )
    if cursor.rowcount != len(versions):
        raise LATER


def _turned_back(cursor: CursorWrapper, name: str, ids: list[int], *, keep: int, gone: int) -> None:
    table, column = name.split(".")
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = ANY(%s) AND {column} = %s", [gone, ids, keep])
    if cursor.rowcount != len(ids):
        raise LATER
