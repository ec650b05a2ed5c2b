"""How a record came to be what it is: its earlier versions from `<table>_history`, as changes from → to."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

HIDDEN = {"id", "path", "id_sealed", "id_index", "slot", "recorded_by"}
OUT_OF_SIGHT = "（不在您的范围内）"
OPS = {"UPDATE": "修改", "DELETE": "删除"}


@dataclass(frozen=True)
class Change:
    op: str
    at: datetime
    by: int | None
    fields: list[tuple[str, Any, Any]]  # (column, was, now)
    address: str = ""  # empty: not by a request of the pages or the API
    request: str = ""


def changes(record: models.Model, limit: int = 50, *, shows: Callable[[str], bool]) -> list[Change]:
    """The latest changes first, of the columns that the reader may see (`shows`): an earlier value is as private as the present one."""
    table = connection.ops.quote_name(f"{record._meta.db_table}_history")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s ORDER BY version DESC LIMIT %s", [record.pk, limit])  # noqa: S608
        names = [column.name for column in cursor.description or ()]
        versions = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    after = {field.column: getattr(record, field.attname) for field in record._meta.concrete_fields}
    found = []
    for version in versions:
        found.append(
            Change(
                OPS.get(str(version["op"]), ""),
                version["replaced_at"],
                version["replaced_by"],
                _between(record, version, after, shows),
                version["address"] or "",
                version["request"] or "",
            )
        )
        after = version
    return found


def origin(address: str, request: str) -> str:
    """From where and by which request, in words; empty for what was not asked over the network."""
    said = [f"来自 {address}"] if address else []
    return "，".join([*said, f"请求 {request}"] if request else said)


def _between(
    record: models.Model, was: dict[str, Any], now: dict[str, Any], shows: Callable[[str], bool]
) -> list[tuple[str, Any, Any]]:
    """(column, was, now) of what differs; a field that the pack adds is `extra.` and its key."""
    seen = [it for it in record._meta.concrete_fields if it.column not in HIDDEN | {"extra"} and shows(it.name)]
    found = [(it.column, was[it.column], now[it.column]) for it in seen if was[it.column] != now[it.column]]
    before, after = _table(was.get("extra")), _table(now.get("extra"))
    keys = sorted(before.keys() | after.keys()) if "extra" in was and shows("extra") else []
    return found + [
        (f"extra.{key}", before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def _table(extra: Any) -> dict[str, Any]:
    """A jsonb column as a table: read past Django's field it comes as text."""
    return json.loads(extra) if isinstance(extra, str) else extra or {}
