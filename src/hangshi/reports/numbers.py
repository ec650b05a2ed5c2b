"""A number of a report and what it is bound to."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from hangshi.indicators.queries import Period
from hangshi.packs.models import Pack
from hangshi.registry.models import Unit

OPEN, CLOSE = "\ue000", "\ue001"  # around the index of a number in a text
TABLE_OPEN, TABLE_CLOSE = "\ue002", "\ue003"  # around the key of a table
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
MARKS = str.maketrans(dict.fromkeys((OPEN, CLOSE, TABLE_OPEN, TABLE_CLOSE)))


@dataclass(frozen=True)
class Desk:
    """For whom and when a report is written. `tree`: the day whose tree the figures roll up; None: today's."""

    pack: Pack
    unit: Unit
    period: Period
    tree: date | None = None


@dataclass(frozen=True)
class Number:
    """What stands in the text, and what it is bound to. `standard`: a dated amount of the packs, no figure. `value` as it was computed."""

    index: int
    key: str
    name: str
    unit: int
    unit_name: str
    first: date
    last: date
    tree: date | None
    version: str
    value: Decimal
    text: str
    standard: bool = False

    @property
    def address(self) -> str:
        """Where the number opens, from the root of the site."""
        said = {"unit": self.unit, "from": self.first, "to": self.last}
        return "/indicators/" if self.standard else f"/indicators/{self.key}/?{urlencode(said)}"

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    def kept(self) -> dict[str, Any]:
        """As it is written into the file and into the table of issues."""
        days = {"first": self.first, "last": self.last, "tree": self.tree}
        return (
            {"index": self.index, "key": self.key, "name": self.name, "unit": self.unit, "unit_name": self.unit_name}
            | {name: it.isoformat() if it else "" for name, it in days.items()}
            | {"version": self.version, "value": str(self.value), "text": self.text, "standard": self.standard}
        )


def read(said: dict[str, Any]) -> Number:
    """What `kept` wrote."""
    days = {name: date.fromisoformat(said[name]) if said[name] else None for name in ("first", "last", "tree")}
    return Number(**{**said, **days, "value": Decimal(said["value"])})


def digest(title: str, text: str, numbers: Sequence[Number]) -> str:
    """Of what a report says and of every number with its binding."""
    said = {"title": title, "text": text, "numbers": [it.kept() for it in numbers]}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
