"""The register of personal fields: for each field of each table with personal data its purpose, legal basis, class and retention.

Data, in `fields.toml`. What a page may show follows from the class, so a field that is not registered is not shown to anybody.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from django.apps import apps
from django.db import models

CLASSES = ("open", "restricted", "sensitive")
OWN_ROOMS = "hangshi."


@dataclass(frozen=True)
class Registered:
    """`kind`: open, restricted or sensitive. `basis` and `retention` are sentences for the person concerned."""

    table: str
    column: str
    kind: str
    purpose: str
    basis: str
    retention: str


@cache
def fields() -> dict[tuple[str, str], Registered]:
    """(table, column) → entry. Raises `ValueError` for an entry whose words the register does not know."""
    said = _said()
    return {(it.table, it.column): it for table, about in said["table"].items() for it in _of_table(table, about, said)}


@cache
def without() -> dict[str, str]:
    """The tables without personal data, and why."""
    return dict(_said()["without"])


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads((files("hangshi.privacy") / "fields.toml").read_text(encoding="utf-8"))


def _of_table(table: str, about: dict[str, Any], said: dict[str, Any]) -> Iterator[Registered]:
    for column, it in about["fields"].items():
        own = {"class": it} if isinstance(it, str) else it
        kind = own["class"]
        basis, retention = (own.get(name, about[name]) for name in ("basis", "retention"))
        if kind not in CLASSES or basis not in said["basis"] or retention not in said["retention"]:
            raise ValueError(f"fields.toml: {table}.{column} has an unknown class, basis or retention")
        purpose = own.get("purpose", about["purpose"])
        yield Registered(table, column, kind, purpose, said["basis"][basis], said["retention"][retention])


def unregistered() -> list[str]:
    """`table.column` of every field of our own models that has no entry, and every table that has neither fields nor a reason."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if not model.__module__.startswith(OWN_ROOMS) or table in without():
            continue
        columns = [str(field.column) for field in model._meta.concrete_fields]
        found += [f"{table}.{column}" for column in columns if (table, column) not in fields()]
    return sorted(found)


def class_of(model: type[models.Model], column: str) -> str:
    """The class of a model's column; sensitive where nothing is registered, and open in a table without personal data."""
    table = model._meta.db_table
    if table in without():
        return "open"
    entry = fields().get((table, column))
    return entry.kind if entry else "sensitive"


def may_show(model: type[models.Model], source: str, *, restricted: bool) -> bool:
    """Whether a page may show the column that `source` names from `model` (`person__name` goes through relations).

    `restricted`: the reader holds the permission for restricted fields. Sensitive ones are never shown here: they are revealed.
    """
    kind = _kind_of(model, source)
    return kind == "open" or (kind == "restricted" and restricted)


@lru_cache(maxsize=4096)
def _kind_of(model: type[models.Model], source: str) -> str:
    for part in source.split("__")[:-1]:
        model = model._meta.get_field(part).related_model  # type: ignore[assignment]  # a relation, as the source says
    field = model._meta.get_field(source.split("__")[-1])
    return class_of(model, str(getattr(field, "column", "")))
