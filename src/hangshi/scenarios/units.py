"""The units of a scenario while they are being made: numbered from 1, standing in the place line and some in the Party line."""

import json
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from hangshi.scenarios.draw import Ints
from hangshi.scenarios.tables import Sink, copy

FOUNDED = date(2000, 12, 1)


@dataclass
class Units:
    """Column by column; the unit with the id n is at n - 1. `base` is added to ids in the database, and in paths."""

    base: int = 0
    kind: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    parent: list[int | None] = field(default_factory=list)
    since: list[date] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    party: dict[int, int | None] = field(default_factory=dict)
    former: dict[int, tuple[str, str, date]] = field(default_factory=dict)  # name, code, last day

    def add(
        self, kind: str, name: str, parent: int | None, *, code: str = "", since: date = FOUNDED, **extra: object
    ) -> int:
        """The id of the new unit below `parent` in the place line."""
        number = len(self.kind) + 1
        self.kind.append(kind)
        self.name.append(name)
        self.code.append(code)
        self.parent.append(parent)
        self.path.append(f"{self.path[parent - 1] if parent else ''}{number + self.base}/")
        self.since.append(since)
        self.extra.append(json.dumps(extra, ensure_ascii=False))
        return number

    def ids(self, *kinds: str) -> Ints:
        return np.array([at + 1 for at, kind in enumerate(self.kind) if kind in kinds], dtype=np.int64)

    def parents(self, ids: Ints) -> Ints:
        return np.array([self.parent[at - 1] for at in ids], dtype=np.int64)

    def paths(self, ids: Ints) -> pl.Series:
        return pl.Series(self.path, dtype=pl.String).gather(pl.Series(ids - 1))

    def party_path(self, unit: int) -> str:
        above = self.party[unit]
        return f"{self.party_path(above) if above else ''}{unit + self.base}/"

    def write(self, sink: Sink) -> int:
        """The four tables of units; returns the rows written."""
        units = pl.DataFrame({
            "id": range(1, len(self.kind) + 1), "kind": self.kind, "name": self.name, "code": self.code,
            "path": self.path, "since": self.since, "extra": self.extra,
        })  # fmt: skip
        return (
            copy(sink, "unit", units)
            + copy(sink, "unit_name", self._names())
            + copy(sink, "unit_link", self._links())
            + copy(sink, "unit_path", self._paths())
        )

    def _names(self) -> pl.DataFrame:
        rows: list[tuple[int, str, str, str, date, date | None]] = []
        for at, name in enumerate(self.name):
            since = self.since[at]
            if before := self.former.get(at + 1):
                rows.append((at + 1, before[0], before[1], self.path[at], since, before[2]))
                since = date.fromordinal(before[2].toordinal() + 1)
            rows.append((at + 1, name, self.code[at], self.path[at], since, None))
        return pl.DataFrame(
            rows, ["unit_id", "name", "code", "path", "since", "until"], orient="row", infer_schema_length=None
        )

    def _links(self) -> pl.DataFrame:
        place = [("place", at + 1, parent, self.path[at], self.since[at]) for at, parent in enumerate(self.parent)]
        party = [
            ("party", unit, above, self.path[unit - 1], self.since[unit - 1]) for unit, above in self.party.items()
        ]
        return pl.DataFrame(
            place + party, ["line", "unit_id", "parent_id", "path", "since"], orient="row", infer_schema_length=None
        )

    def _paths(self) -> pl.DataFrame:
        place = [
            ("place", at + 1, path, path.count("/") - 1, path, self.since[at]) for at, path in enumerate(self.path)
        ]
        party = []
        for unit in self.party:
            tree = self.party_path(unit)
            party.append(("party", unit, tree, tree.count("/") - 1, self.path[unit - 1], self.since[unit - 1]))
        return pl.DataFrame(place + party, ["line", "unit_id", "tree_path", "depth", "path", "since"], orient="row")
