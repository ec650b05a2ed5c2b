"""The division tree of 安康 and the organisations on it: organs, committees, branches, teams, market entities."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from hangshi.scenarios import names, totals
from hangshi.scenarios.draw import Ints, split, stream
from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

DATA = Path(__file__).parent / "data"
KEPT = {"610902100201"}  # demo accounts point at 关庙镇: its first village is in every scale


@dataclass
class Places:
    """The units by what they are for. Arrays of one length go together."""

    units: Units
    villages: Ints  # villages and communities
    poor: Ints
    teamed: Ints  # villages with a work team
    teams: Ints  # their teams, in the same order
    branches: dict[str, Ints]  # by field
    organs: Ints
    weight: dict[int, float]  # how large a village or community is


def build(scale: Totals) -> Places:
    rng = stream("places")
    units = Units()
    _divisions(units, scale)
    units.extra[0] = '{"synthetic": true}'
    villages = units.ids("village", "community")
    sizes = rng.lognormal(0, 0.45, len(villages))
    weight = dict(zip(villages.tolist(), sizes.tolist(), strict=True))
    rural = units.ids("village")
    count = min(scale.of(totals.TEAMS), len(rural))
    teamed = np.sort(rng.choice(rural, count, replace=False))
    poor = np.sort(rng.choice(teamed, min(scale.of(totals.POOR_VILLAGES), count), replace=False))
    for village in poor:
        units.extra[village - 1] = '{"poor": true}'
    _committees(units)
    organs = _organs(units, scale)
    branches = _branches(units, scale, weight, organs)
    teams = [
        units.add("work_team", f"驻{units.name[at - 1]}工作队", int(at), since=date(2015, 10, 20)) for at in teamed
    ]
    return Places(units, villages, poor, teamed, np.array(teams, dtype=np.int64), branches, organs, weight)


def short(name: str) -> str:
    """The place without the word for its committee: 双龙村委会 → 双龙村."""
    for ending, kept in (
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("居委会", "社区"),
    ):
        if name.endswith(ending):
            return name.removesuffix(ending) + kept
    return name


def _divisions(units: Units, scale: Totals) -> None:
    rows = _chosen(_read("ankang_divisions.csv"), scale)
    changes = {row["code"]: row for row in _read("ankang_former_codes.csv")}
    ids: dict[str, int] = {}
    for row in rows:
        code, level, name = row["code"], row["level"], row["name"]
        kind = level
        if level == "village":
            kind = "community" if "社区" in name or "居" in name[-5:] else "village"
            name = short(name)
        ids[code] = units.add(kind, name, ids.get(row["parent"]), code=code)
        if change := changes.get(code[:6]):
            before = change["former_name"] if code == change["code"] else name
            units.former[ids[code]] = (before, change["former_code"] + code[6:], date.fromisoformat(change["until"]))


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _chosen(rows: list[dict[str, str]], scale: Totals) -> list[dict[str, str]]:
    """All of them in full; below that an even choice of villages in each county, with the townships they lie in. Parents first."""
    rows.sort(key=lambda row: (len(row["code"]), row["code"]))
    if scale.scale >= 1:
        return rows
    kept = {row["code"] for row in rows if row["level"] in ("city", "county")}
    for county in [row["code"] for row in rows if row["level"] == "county"]:
        villages = [row["code"] for row in rows if row["level"] == "village" and row["code"].startswith(county)]
        places = np.linspace(0, len(villages) - 1, max(2, scale.of(len(villages)))).round().astype(int)
        chosen = {villages[at] for at in places} | (KEPT & set(villages))
        kept |= chosen | {village[:9] for village in chosen}
    return [row for row in rows if row["code"] in kept]


def _committees(units: Units) -> None:
    above: dict[int, int] = {}
    for place in units.ids("city", "county", "township").tolist():
        name = f"中共{units.name[place - 1]}委员会"
        committee = units.add("committee", name, place)
        parent = units.parent[place - 1]
        units.party[committee] = above[parent] if parent else None
        above[place] = committee


def _organs(units: Units, scale: Totals) -> Ints:
    """Each with its leading group below it. In the Party line the group stands under the committee of the city or county."""
    committee = _committee_of(units)
    found = []
    for place in units.ids("city", "county").tolist():
        count = scale.of(totals.ORGANS_PER_COUNTY if units.parent[place - 1] else totals.ORGANS_CITY)
        for name in names.ORGAN_NAMES[:count]:
            organ = units.add("organ", units.name[place - 1] + name, place)
            group = units.add("leading_group", f"中共{units.name[place - 1]}{name}党组", organ)
            units.party[group] = committee[place]
            found.append(organ)
    return np.array(found, dtype=np.int64)


def _committee_of(units: Units) -> dict[int, int]:
    return {units.parent[at - 1] or 0: at for at in units.ids("committee", "leading_group").tolist()}


def _branches(units: Units, scale: Totals, weight: dict[int, float], organs: Ints) -> dict[str, Ints]:
    rng = stream("branches")
    homes = {
        "rural": units.ids("village"), "community": units.ids("community"), "organ": organs,
        "two_new": units.ids("township"), "other": units.ids("township"),
    }  # fmt: skip
    committee = _committee_of(units)
    found: dict[str, Ints] = {}
    for field, places in homes.items():
        heavy = np.array([weight.get(int(at), 0.0) or rng.lognormal(0, 0.4) for at in places])
        least = 1 if field in ("rural", "community", "organ") else 0
        counts = split(max(scale.of(totals.BRANCHES[field]), least * len(places)), heavy, least=least)
        ids = []
        for place, count in zip(places.tolist(), counts.tolist(), strict=True):
            for number in range(1, count + 1):
                branch = units.add(
                    "branch", _branch_name(units.name[place - 1], field, number, count), place, field=field
                )
                units.party[branch] = committee.get(place) or committee[units.parent[place - 1] or 0]
                ids.append(branch)
        found[field] = np.array(ids, dtype=np.int64)
    return found


def _branch_name(place: str, field: str, number: int, count: int) -> str:
    ordinal = f"第{names.numeral(number)}" if count > 1 else ""
    word = {"organ": "机关", "two_new": "非公企业", "other": "离退休"}.get(field, "")
    return f"中共{place}{word}{ordinal}支部委员会"
