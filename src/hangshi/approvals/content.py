"""The digest of what is approved."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in one fixed writing: the same whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def fields_of(record: Model, names: Iterable[str]) -> dict[str, Any]:
    """The record's columns of those names; a relation by its id."""
    fields = {field.name: field for field in record._meta.concrete_fields}
    return {name: getattr(record, fields[name].attname) for name in names}


def _plain(value: object) -> str:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"not part of a content: {type(value).__name__}")
