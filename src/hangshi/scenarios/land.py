"""The divisions of a place, from its CSV: which of them a scale takes, and how they stand in the place line."""

import csv
from collections.abc import Collection
from datetime import date
from pathlib import Path

import numpy as np

from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

DATA = Path(__file__).parent / "data"
Rows = list[dict[str, str]]
COMMITTEES = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("居委会", "社区"),
)


def read(name: str) -> Rows:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def short(name: str) -> str:
    """The place without the word for its committee: 双龙村委会 → 双龙村."""
    for ending, kept in COMMITTEES:
        if name.endswith(ending):
            return name.removesuffix(ending) + kept
    return name


def chosen(rows: Rows, scale: Totals, kept: Collection[str] = ()) -> Rows:
    """All of them in full; below that an even choice of villages in each county (those `kept` among them), with their townships.

    Parents first.
    """
    rows.sort(key=lambda row: (len(row["code"]), row["code"]))
    if scale.scale >= 1:
        return rows
    found = {row["code"] for row in rows if row["level"] in ("city", "county")}
    for county in [row["code"] for row in rows if row["level"] == "county"]:
        villages = [row["code"] for row in rows if row["level"] == "village" and row["code"].startswith(county)]
        places = np.linspace(0, len(villages) - 1, max(2, scale.of(len(villages)))).round().astype(int)
        taken = {villages[at] for at in places} | (set(kept) & set(villages))
        found |= taken | {row["parent"] for row in rows if row["code"] in taken}
    return [row for row in rows if row["code"] in found]


def stand(units: Units, rows: Rows, changes: Rows) -> dict[str, int]:
    """The rows as units, by code; `changes`: what a county was called, and its code, until a day."""
    former = {row["code"]: row for row in changes}
    ids: dict[str, int] = {}
    for row in rows:
        code, name, kind = row["code"], row["name"], row["level"]
        if kind == "village":
            kind = "community" if "社区" in name or "居" in name[-5:] else "village"
            name = short(name)
        ids[code] = units.add(kind, name, ids.get(row["parent"]), code=code)
        if change := former.get(code[:6]):
            before = change["former_name"] if code == change["code"] else name
            units.former[ids[code]] = (before, change["former_code"] + code[6:], date.fromisoformat(change["until"]))
    return ids
