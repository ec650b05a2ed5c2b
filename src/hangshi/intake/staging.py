"""The sound rows in a temporary table, joined step by step with what the register holds: who is meant, what is new, what differs.

COPY into a guarded table is refused by PostgreSQL, so the rows go to a temporary table of the app role; every join reads under the asker's policies.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from hangshi.cases.terms import due_after
from hangshi.intake.checking import extras
from hangshi.intake.shape import Field, Link, Part, Target
from hangshi.packs.models import Pack

TYPES = {
    "text": "text",
    "day": "date",
    "number": "numeric(18,2)",
    "int": "bigint",
    "choice": "text",
    "bool": "text",
    "person": "text",
    "household": "text",
}
MANY = "符合的在册记录不止一条，请补充公民身份号码或更多内容。"
MISSING = {"person": "您的范围内没有这个人，请核对姓名和号码。", "household": "您的范围内没有这个户编号。"}
ACTIVITY = "a.unit_id = s.unit_id AND a.kind = s.kind AND a.day = s.day AND (s.topic IS NULL OR a.topic = s.topic)"
SHOWN = 200  # of changed rows a page


@dataclass
class Staged:
    """What the comparison found. `states`: n → new, changed or same; `faults`: (n, field, sentence) of the rows taken out of the stage."""

    states: dict[int, str] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)


def stage(target: Target, frame: pl.DataFrame, *, pack: Pack, actor: int | None) -> Staged:
    """Fill the table `stage` and compare it; what has a fault is taken out again."""
    found = Staged()
    with connection.cursor() as cursor:
        _fill(cursor, target, frame, pack, actor)
        _join(cursor, target, frame, found)
        for fault in target.faults:
            cursor.execute(f"SELECT s.n, {fault.sentence} FROM stage s WHERE {fault.condition}")
            found.faults += [(n, fault.key, sentence) for n, sentence in cursor.fetchall()]
        cursor.execute("DELETE FROM stage WHERE n = ANY(%s)", [sorted({n for n, *_ in found.faults})])
        found.states = _states(cursor, target)
    return found


def columns(target: Target) -> list[str]:
    """The stage's columns that the sheet fills; of numbers the blind indexes only, never a number."""
    made = ["n", "actor", *target.constants]
    for it in target.fields:
        made += _columns_of(it)
    if any(link.within == "home" for link in target.links):
        made += ["home_id", "home_path"]
    if target.key.startswith("cases."):
        made += ["limit_on", "limit_assumed", "stage_on"]
    return [*made, "extra", "sealed_extra"]


def _columns_of(it: Field) -> list[str]:
    if it.extra is not None:
        return []
    if it.type == "identity":
        return [f"{it.key}_index", f"{it.key}_older"]
    return [f"{it.key}_id", f"{it.key}_path"] if it.type == "unit" else [it.key]


def _fill(cursor: CursorWrapper, target: Target, frame: pl.DataFrame, pack: Pack, actor: int | None) -> None:
    made = columns(target)
    frame = extras(_with_terms(frame, target, pack), target).with_columns(
        pl.lit(actor, dtype=pl.Int64).alias("actor"),
        *(pl.lit(value).alias(key) for key, value in target.constants.items()),
    )
    absent = [pl.lit(None, dtype=pl.String).alias(it) for it in made if it not in frame.columns]
    rows = frame.with_columns(absent).select(made)
    cursor.execute("SELECT intake_begin()")
    with cursor.copy(f"COPY stage ({', '.join(made)}) FROM STDIN (FORMAT csv)") as copy:
        for piece in rows.iter_slices(20_000):
            copy.write(piece.write_csv(include_header=False, quote_style="non_numeric"))


def _with_terms(frame: pl.DataFrame, target: Target, pack: Pack) -> pl.DataFrame:
    """The deadlines of cases opened on each day of the sheet."""
    if not target.key.startswith("cases."):
        return frame
    stages = pack.kinds.case[target.kind].stages
    days: list[date] = frame["day"].drop_nulls().unique().to_list()
    whole, first = {it: due_after(stages, it) for it in days}, {it: due_after(stages[:1], it) for it in days}
    rows = [
        (it, w.day if w else None, bool((w and w.assumed) or (f and f.assumed)), f.day if f else None)
        for it in days
        for w, f in [(whole[it], first[it])]
    ]
    schema = {"day": pl.Date, "limit_on": pl.Date, "limit_assumed": pl.Boolean, "stage_on": pl.Date}
    return frame.join(pl.DataFrame(rows, schema=schema, orient="row"), on="day", how="left", maintain_order="left")


def _join(cursor: CursorWrapper, target: Target, frame: pl.DataFrame, found: Staged) -> None:
    """Who is meant, and what of it stands already: every link and part in one statement, for each copy of the stage takes as long as the joins."""
    held, source = columns(target), "stage"
    for link in target.links:
        held, source = _wider(held, source, *_linked(target, link, frame))
    for part in target.parts:
        held, source = _wider(held, source, *_matched(part, held))
    cursor.execute(f"INSERT INTO stage_next ({', '.join(held)}) SELECT {', '.join(held)} FROM {source} joined")
    copies = cursor.rowcount
    cursor.execute("SELECT intake_turn()")
    for link in target.links:
        _check_linked(cursor, target, link, found)
    if copies > frame.height:
        _take_out_several(cursor, target, found)


def _wider(held: list[str], source: str, made: Mapping[str, str], join: str) -> tuple[list[str], str]:
    """The rows of `source` with more columns: those `held`, then `made` (column → expression) over the `join`."""
    kept = [it for it in held if it not in made]
    said = [*(f"s.{it}" for it in kept), *(f"{how} AS {it}" for it, how in made.items())]
    return [*kept, *made], f"(SELECT {', '.join(said)} FROM {source} s {join})"


def _linked(target: Target, link: Link, frame: pl.DataFrame) -> tuple[dict[str, str], str]:
    key = link.key
    if link.table == "activity":
        return {"activity_id": "a.id"}, f"LEFT JOIN activity a ON {ACTIVITY}"
    if link.table == "household":
        made = {f"{key}_id": "h.id", f"{key}_unit": "h.unit_id", f"{key}_path": "h.path"}
        return made, f"LEFT JOIN household h ON h.number = s.{key}"
    older = f"{link.number}_older" in frame.columns and frame[f"{link.number}_older"].null_count() < frame.height
    made = {f"{key}_id": "r.id", f"{key}_many": "b.many", f"{key}_unit": "r.unit_id", f"{key}_path": "r.path"}
    return made, _person_join(link, _named(target, link), older=older)


def _named(target: Target, link: Link) -> str:
    """The field whose words say who is meant, and which a fault is told of."""
    if link.table == "activity":
        return "day"
    return link.key if any(it.key == link.key for it in target.fields) else "name"


def _person_join(link: Link, name: str, *, older: bool) -> str:
    """By number under any key still held; without a number by name, in the unit where one is said."""
    index = f"s.{link.number}_index"
    again = f"LEFT JOIN person o ON a.id IS NULL AND o.id_index = ANY(s.{link.number}_older)" if older else ""
    within = {"unit": "s.unit_id", "home": "s.home_id", "household": "s.household_unit"}.get(link.within, "")
    group, by_name = (
        ("p.unit_id, p.name", f"b.unit_id = {within} AND b.name = s.{name}")
        if within
        else ("p.name", f"b.name = s.{name}")
    )
    return f"""LEFT JOIN person a ON a.id_index = {index} {again}
        LEFT JOIN (SELECT {group}, min(p.id) AS id, count(*) AS many FROM person p
            WHERE p.name IN (SELECT x.{name} FROM stage x WHERE x.{link.number}_index IS NULL) GROUP BY {group}) b
            ON {index} IS NULL AND {by_name}
        LEFT JOIN person r ON r.id = coalesce(a.id, {"o.id, " if older else ""}b.id)"""


def _matched(part: Part, held: Sequence[str]) -> tuple[dict[str, str], str]:
    made = {} if f"{part.key}_id" in held else {f"{part.key}_id": "t.id"}
    made |= {
        f"{part.key}_new": f"(t.id IS NULL AND {part.when})",
        f"{part.key}_changed": f"(t.id IS NOT NULL AND {_differs(part)})",
    }
    return made, f"LEFT JOIN {part.table} t ON {part.match} AND {part.when}"


def _check_linked(cursor: CursorWrapper, target: Target, link: Link, found: Staged) -> None:
    key, name = link.key, _named(target, link)
    if link.table == "person":
        cursor.execute(f"SELECT DISTINCT n FROM stage WHERE {key}_many > 1")
        _take_out(cursor, found, [(n, name) for (n,) in cursor.fetchall()])
    if any(it.key == key for it in target.fields):
        said = f"(s.{key} IS NOT NULL{f' OR s.{link.number}_index IS NOT NULL' if link.number else ''})"
        cursor.execute(f"SELECT DISTINCT s.n FROM stage s WHERE {said} AND s.{key}_id IS NULL")
        found.faults += [(n, key, MISSING[link.table]) for (n,) in cursor.fetchall()]


def _take_out_several(cursor: CursorWrapper, target: Target, found: Staged) -> None:
    """A row that fits several records is refused, not given to one of them; told at the link that fits several, else at the first field."""
    names = [_named(target, it) for it in target.links]
    apart = "".join(f", count(DISTINCT {it.key}_id) > 1" for it in target.links)
    cursor.execute(f"SELECT n{apart} FROM stage GROUP BY n HAVING count(*) > 1")
    rows = cursor.fetchall()
    first = target.fields[0].key
    _take_out(cursor, found, [(n, next(compress(names, several), first)) for n, *several in rows])


def _take_out(cursor: CursorWrapper, found: Staged, several: Sequence[tuple[int, str]]) -> None:
    if several:
        found.faults += [(n, key, MANY) for n, key in sorted(several)]
        cursor.execute("DELETE FROM stage WHERE n = ANY(%s)", [[n for n, _ in several]])


def _differs(part: Part) -> str:
    if not part.updates:
        return "false"
    now, then = (f"({', '.join(it)})" for it in ([_now(it) for it in part.updates], [f"t.{it}" for it in part.updates]))
    return f"{now} IS DISTINCT FROM {then}" if len(part.updates) > 1 else f"{now[1:-1]} IS DISTINCT FROM {then[1:-1]}"


def _now(column: str) -> str:
    """What the column becomes: an empty cell leaves it as it is."""
    return (
        "t.extra || coalesce(jsonb_strip_nulls(s.extra), '{}')"
        if column == "extra"
        else f"coalesce(s.{column}, t.{column})"
    )


def setting(part: Part) -> str:
    return ", ".join(f"{it} = {_now(it)}" for it in part.updates)


def _states(cursor: CursorWrapper, target: Target) -> dict[int, str]:
    other = " OR ".join(f"{it.key}_new OR {it.key}_changed" for it in target.parts)
    cursor.execute(
        f"SELECT n, CASE WHEN {target.counted.key}_new THEN 'new' WHEN {other} THEN 'changed' ELSE 'same' END FROM stage"
    )
    return dict(cursor.fetchall())


def changes(target: Target) -> list[tuple[int, str, str, str]]:
    """What the stage would change, for a page to show."""
    with connection.cursor() as cursor:
        return list(_changes(cursor, target))


def _changes(cursor: CursorWrapper, target: Target) -> Iterator[tuple[int, str, str, str]]:
    """Row, field, before, after, of the rows that change; of a part that comes to a known row only that it comes."""
    names = {it.key: it.name for it in target.fields}
    words = {it.key: {key: word for word, key in reversed(list(it.options.items()))} for it in target.fields}
    for part in target.parts:
        for column in part.updates:
            cursor.execute(
                f"""SELECT s.n, coalesce(t.{column}::text, ''), ({_now(column)})::text FROM stage s JOIN {part.table} t ON t.id = s.{part.key}_id
                    WHERE s.{part.key}_changed AND {_now(column)} IS DISTINCT FROM t.{column} ORDER BY s.n LIMIT {SHOWN}"""
            )
            known = words.get(column, {})
            yield from (
                (n, names.get(column, "附加字段"), known.get(a, a), known.get(b, b)) for n, a, b in cursor.fetchall()
            )
        if part.key == target.counted.key:
            continue
        key, before, after = part.turns or ("", "''", f"'{PARTS.get(part.key, part.key)}'")
        cursor.execute(
            f"SELECT s.n, coalesce({before}, ''), {after} FROM stage s WHERE s.{part.key}_new AND NOT s.{target.counted.key}_new ORDER BY s.n LIMIT {SHOWN}"
        )
        known = words.get(key, {})
        yield from ((n, names.get(key, "新增"), known.get(a, a), known.get(b, b)) for n, a, b in cursor.fetchall())


PARTS: dict[str, Any] = {"person": "人员", "membership": "组织关系", "status": "户类别", "member": "家庭成员"}
