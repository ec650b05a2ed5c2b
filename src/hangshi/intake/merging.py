"""The stage written to the register in the transaction under way, what it wrote noted, and all of it taken back."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from hangshi.intake.models import Intake, Written
from hangshi.intake.shape import Part, Target
from hangshi.intake.staging import setting
from hangshi.refusal import Refused
from hangshi.registry import identity

COLLIDED = Refused("intake.collided", "写入时与刚刚登记的记录冲突，没有写入任何一行。请重新检查后再写入。")
LATER = "导入的{}条记录后来又有变动，不能整批撤销。请先处理这些变动，或逐条更正。"
COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    AND attgenerated = '' AND attname NOT IN ('id', 'path') ORDER BY attnum"""


def write(target: Target, intake: Intake, numbers: pl.DataFrame | None) -> None:
    """Insert what is new and change what differs. `numbers`: n and number of the rows that have one, to be sealed.

    Raises `Refused` where a row collides with one written meanwhile; the transaction is then to be given up.
    """
    try:
        with connection.cursor() as cursor:
            _number(cursor, target.parts)
            for part in target.parts:
                _write_part(cursor, part, intake, numbers)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") in ("23505", "23P01", "23503"):
            raise COLLIDED from error
        raise


def analyse(target: Target) -> None:
    """Let the database look at the tables of the target anew, as it does by itself within a minute or more; best after the commit."""
    tables = {part.table for part in target.parts} | (
        {"search_token"} if any(it.beside for it in target.parts) else set()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_analyse(%s)", [sorted(tables)])


def _number(cursor: CursorWrapper, parts: Sequence[Part]) -> None:
    """The ids that the new rows will have, of all parts in one pass; the sequence is looked up once, not for each row."""
    sets = []
    for part in parts:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [part.table])
        (sequence,) = cursor.fetchone() or ("",)
        key = f"{part.key}_id"
        sets.append(f"{key} = CASE WHEN {part.key}_new THEN nextval('{sequence}') ELSE {key} END")
    cursor.execute(f"UPDATE stage SET {', '.join(sets)} WHERE {' OR '.join(f'{it.key}_new' for it in parts)}")


def _write_part(cursor: CursorWrapper, part: Part, intake: Intake, numbers: pl.DataFrame | None) -> None:
    _seal_beside(cursor, part, numbers)
    for statement in part.before:
        cursor.execute(f"{statement} RETURNING t.id")
        _note_changed(cursor, intake, part.changes or part.table, [pk for (pk,) in cursor.fetchall()])
    if part.updates:
        cursor.execute(
            f"UPDATE {part.table} t SET {setting(part)} FROM stage s WHERE t.id = s.{part.key}_id AND s.{part.key}_changed RETURNING t.id"
        )
        _note_changed(cursor, intake, part.table, [pk for (pk,) in cursor.fetchall()])
    names = ", ".join(part.columns)
    sealed = "LEFT JOIN intake_seal z ON z.n = s.n" if part.table == "person" else ""
    values = ", ".join(f"jsonb_strip_nulls({it})" if name == "extra" else it for name, it in part.columns.items())
    cursor.execute(
        f"""INSERT INTO {part.table} (id, {names}) SELECT s.{part.key}_id, {values}
            FROM stage s {sealed} WHERE s.{part.key}_new ORDER BY s.n"""
    )
    cursor.execute(
        f"""INSERT INTO intake_written (intake_id, account_id, part, table_name, act, ids, versions)
            SELECT %s, %s, %s, %s, 'insert', array_agg(s.{part.key}_id ORDER BY s.n), '{{}}' FROM stage s WHERE s.{part.key}_new HAVING count(*) > 0""",
        [intake.pk, intake.account_id, part.key, part.table],
    )
    for statement in part.after:
        cursor.execute(statement)


def _seal_beside(cursor: CursorWrapper, part: Part, numbers: pl.DataFrame | None) -> None:
    """The numbers of new persons, sealed to the ids that they will have, by a thread while the database does what needs none of them."""
    with ThreadPoolExecutor(1) as thread:
        said = _to_seal(cursor, numbers) if part.table == "person" and numbers is not None else {}
        sealing = thread.submit(identity.seal_all, list(said.values()))
        for statement in part.beside:
            cursor.execute(statement)
        sealed = zip(said, sealing.result(), strict=True)
    with cursor.copy("COPY intake_seal FROM STDIN (FORMAT csv)") as copy:
        while lines := [f"{n},\\x{it.hex()}\n" for n, it in islice(sealed, 20_000)]:
            copy.write("".join(lines))


def _to_seal(cursor: CursorWrapper, numbers: pl.DataFrame) -> dict[int, tuple[str, int]]:
    """Row of the sheet → number, and id of the new person."""
    cursor.execute("SELECT n, person_id FROM stage WHERE person_new AND number_index IS NOT NULL ORDER BY n")
    said = dict(numbers.iter_rows())
    return {n: (said[n], pk) for n, pk in cursor.fetchall()}


def _note_changed(cursor: CursorWrapper, intake: Intake, table: str, ids: list[int]) -> None:
    """Which rows an update changed, and which earlier version of each it left behind."""
    if not ids:
        return
    cursor.execute(f"SELECT id, max(version) FROM {table}_history WHERE id = ANY(%s) GROUP BY id", [ids])
    versions = dict(cursor.fetchall())
    Written.objects.create(
        intake=intake, account_id=intake.account_id, part="", table_name=table, act="update", ids=ids, versions=[versions[it] for it in ids]
    )  # fmt: skip


def undo(target: Target, intake: Intake, *, on: date, actor: int | None) -> int:
    """Take back everything that the import wrote; returns the number of rows. Entries are reversed, for a book is never erased.

    Raises `Refused` as soon as a row was changed later, or something later rests on it; the transaction is then to be given up.
    """
    undone = 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for it in Written.objects.filter(intake=intake).order_by("-pk"):
                if it.table_name == "entry":
                    _reverse(cursor, it.ids, on, actor)
                elif it.act == "update":
                    _restore(cursor, it.table_name, it.ids, it.versions)
                else:
                    _delete(cursor, it, {part.key: part for part in target.parts})
                undone += len(it.ids)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise Refused("intake.depends", "后来的记录已经用到这次导入的内容，不能整批撤销。请先处理那些记录。") from error
    return undone


def _restore(cursor: CursorWrapper, table: str, ids: list[int], versions: list[int]) -> None:
    cursor.execute(
        f"""SELECT count(DISTINCT h.id) FROM {table}_history h JOIN unnest(%s::bigint[], %s::bigint[]) e (id, version) ON h.id = e.id
            WHERE h.version > e.version""",
        [ids, versions],
    )
    _check_none(cursor.fetchone())
    cursor.execute(COLUMNS, [table])
    names = [name for (name,) in cursor.fetchall()]
    sets = ", ".join(f"{it} = h.{it}" for it in names)
    cursor.execute(
        f"""UPDATE {table} t SET {sets} FROM {table}_history h JOIN unnest(%s::bigint[], %s::bigint[]) e (id, version)
            ON h.id = e.id AND h.version = e.version WHERE t.id = e.id""",
        [ids, versions],
    )


def _delete(cursor: CursorWrapper, it: Written, parts: Mapping[str, Part]) -> None:
    cursor.execute(f"SELECT count(DISTINCT id) FROM {it.table_name}_history WHERE id = ANY(%s)", [it.ids])
    _check_none(cursor.fetchone())
    for statement in parts[it.part].clear:
        cursor.execute(statement, {"ids": it.ids})
    cursor.execute(f"DELETE FROM {it.table_name} WHERE id = ANY(%s)", [it.ids])
    _check_none((len(it.ids) - cursor.rowcount,))


def _check_none(row: Sequence[int] | None) -> None:
    if row and row[0]:
        raise Refused("intake.later", LATER.format(row[0]))


def _reverse(cursor: CursorWrapper, ids: list[int], on: date, actor: int | None) -> None:
    cursor.execute(
        """INSERT INTO entry (unit_id, path, extra, kind, day, since, until, amount, source, household_id, person_id, reverses_id, note, recorded_by)
           SELECT e.unit_id, e.path, e.extra, e.kind, greatest(e.day, %s), e.since, e.until, -e.amount, e.source, e.household_id, e.person_id, e.id,
               '撤销导入', %s FROM entry e WHERE e.id = ANY(%s) AND NOT EXISTS (SELECT FROM entry r WHERE r.reverses_id = e.id)""",
        [on, actor, ids],
    )
