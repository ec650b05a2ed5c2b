"""How a record came to be what it is: its earlier versions from `<table>_history`, as changes from → to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

HIDDEN = {"id", "path", "id_sealed", "id_index", "slot", "recorded_by"}
OPS = {"UPDATE": "修改", "DELETE": "删除"}


@dataclass(frozen=True)
class Change:
    op: str
    at: datetime
    by: int | None
    fields: list[tuple[str, Any, Any]]  # (label, was, now)


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
            )
        )
        after = version
    return found


def _between(
    record: models.Model, was: dict[str, Any], now: dict[str, Any], shows: Callable[[str], bool]
) -> list[tuple[str, Any, Any]]:
    fields = [field for field in record._meta.concrete_fields if field.column not in HIDDEN and shows(field.name)]
    return [
        (str(field.verbose_name), was[field.column], now[field.column])
        for field in fields
        if field.column != "extra" and was[field.column] != now[field.column]
    ]


def facts(record: models.Model) -> list[tuple[str, Any, str, str]]:
    """The record's fields for a page: (label, value, address of what it points at or empty, column)."""
    found = []
    for field in record._meta.concrete_fields:
        if field.name in HIDDEN or field.name == "extra":
            continue
        value = getattr(record, field.name)
        if value not in (None, ""):
            found.append((str(field.verbose_name), value, _address(value), field.name))
    return found


def _address(value: Any) -> str:
    place = {"unit": "/units/{}/", "person": "/records/persons/{}/", "household": "/records/households/{}/"}
    form = place.get(value._meta.db_table) if isinstance(value, models.Model) else None
    return form.format(value.pk) if form else ""
