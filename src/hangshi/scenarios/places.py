"""The division tree of 安康 and the organisations on it: organs, committees, branches, teams, market entities."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hangshi.scenarios import land, names, totals
from hangshi.scenarios.draw import Ints, split, stream
from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

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


def build(scale: Totals, base: int) -> Places:
    rng = stream("places")
    units = Units(base)
    rows = land.chosen(land.read("ankang_divisions.csv"), scale, KEPT)
    land.stand(units, rows, land.read("ankang_former_codes.csv"))
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
    committees(units)
    organs = _organs(units, scale)
    branches = _branches(units, scale, weight, organs)
    teams = [
        units.add("work_team", f"驻{units.name[at - 1]}工作队", int(at), since=date(2015, 10, 20)) for at in teamed
    ]
    return Places(units, villages, poor, teamed, np.array(teams, dtype=np.int64), branches, organs, weight)


def committees(units: Units) -> dict[int, int]:
    """One at each city, county and township, below that of the place above; by place."""
    above: dict[int, int] = {}
    for place in units.ids("city", "county", "township").tolist():
        name = f"中共{units.name[place - 1]}委员会"
        committee = units.add("committee", name, place)
        parent = units.parent[place - 1]
        units.party[committee] = above[parent] if parent else None
        above[place] = committee
    return above


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
