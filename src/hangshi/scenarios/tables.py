"""Whole tables in by COPY, as the owner: row security and single-row checks are for people, not for a first load."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl
from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper

CHUNK = 200_000  # rows turned into text at a time: the server stores one chunk while we write the next
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u', 'x')
    ORDER BY contype <> 'f', conrelid::regclass::text, conname
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid::regclass::text = ANY(%s) AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
"""


TABLES = [
    "unit", "unit_name", "unit_link", "unit_path", "person", "household", "household_status", "household_member", "membership",
    "search_token", "duty", "activity", "attendance", "case_file", "case_step", "case_measure", "case_evidence", "entry",
]  # fmt: skip
NUMBERED = ("unit", "person", "household", "activity", "case_file")


@dataclass
class Sink:
    """Where rows go. A scenario counts its ids from 1; `base` is by how much those of a table lie higher in the database."""

    cursor: CursorWrapper
    base: dict[str, int] = field(default_factory=dict)

    @classmethod
    def above(cls, cursor: CursorWrapper) -> "Sink":
        """Rows come after those that are there."""
        base = {}
        for table in NUMBERED:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608  # our own table names
            (base[table],) = cursor.fetchone() or (0,)
        return cls(cursor, base)


def model_of(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


@contextmanager
def bare(cursor: CursorWrapper, tables: list[str]) -> Iterator[None]:
    """Without indexes and cross-table constraints inside; all of them again, and checked, at the end.

    Building an index over finished rows takes a fifth of the time of filling it row by row.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(CONSTRAINTS, [tables])
    constraints = cursor.fetchall()
    for table, name, _, _ in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(INDEXES, [tables])
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, _, definition in reversed(constraints):
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def copy(sink: Sink, table: str, frame: pl.DataFrame) -> int:
    """Append the rows; a column that the frame lacks gets the model's blank, default or NULL. Ids run from the highest one on.

    The ids of the frame, its own and those of other tables, are the scenario's; paths are those of the database already.
    """
    model, cursor = model_of(table), sink.cursor
    if "id" in frame.columns:
        frame = frame.with_columns(pl.col("id") + sink.base.get(table, 0))
    else:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")  # noqa: S608  # the name is a model's own
        (first,) = cursor.fetchone() or (1,)
        frame = frame.with_row_index("id", offset=first)
    have = set(frame.columns)
    frame = frame.with_columns(
        pl.col(str(field.column)) + sink.base[field.related_model._meta.db_table]
        for field in model._meta.concrete_fields
        if isinstance(field.related_model, type)
        and field.column in have
        and field.related_model._meta.db_table in sink.base
    )
    frame = frame.with_columns(
        (pl.col(field.column).fill_null(_blank(field)) if field.column in have else _blank(field)).alias(
            field.column or ""
        )
        for field in model._meta.concrete_fields
        if not field.primary_key and (field.column not in have or not field.null)
    )
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as rows:
        for start in range(0, frame.height, CHUNK):
            part = frame.slice(start, CHUNK)
            rows.write(part.write_csv(include_header=False, quote_style="non_numeric", null_value=""))
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608  # the same
    return frame.height


def _blank(field: "models.Field[Any, Any]") -> pl.Expr:
    if field.null:
        return pl.lit(None)
    if getattr(field, "auto_now_add", False):
        return pl.lit(datetime(2017, 11, 1, tzinfo=UTC).isoformat())
    value = field.get_default() if field.has_default() else ""
    return pl.lit(json.dumps(value) if isinstance(value, dict) else value)
