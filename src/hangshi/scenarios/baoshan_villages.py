"""The villages of 保山: members, sites and their organisations, weak organisations, collective economy, households."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hangshi.scenarios import names
from hangshi.scenarios.draw import Ints, between, days, split
from hangshi.scenarios.scene import Scene
from hangshi.scenarios.totals import Totals

ORGANS, ORGAN_MEMBERS, VILLAGE_MEMBERS = 36, 14, 5
SITES, NEW_ORGANISATIONS, RELOCATED = 223, 147, 2_706
WEAK_2019, MEASURES_2019, WEAK_2020, STANDARD_PERCENT = 106, 345, 82, 74
VILLAGES, INCOME_YUAN, TOP, TOP_FLOOR, FLOOR = 950, 126_000_000, 37, 500_000, 50_000
CENTRAL, CORRIDOR, FUNDS_YUAN = 140, 13, 135_000_000
ABLE, LINKED, LINKED_PERSONS, NOT_ABLE = 94_064, 90_866, 373_043, 4_000
MEMBER_HOUSEHOLDS, MEMBERS_UNLIFTED, MEASURES_2020 = 104, 109, 1_520
FIELDS = {"village": "rural", "community": "community"}
GROUNDS_2019 = {
    "village": ["leaderless", "disunited", "outside", "idle", "unsettled"],
    "community": ["head_gone", "head_weak", "split", "short", "no_life", "no_members", "no_place", "no_service", "disputes", "petitions"],
}  # fmt: skip
GROUNDS_2020 = ["vacant", "unfit", "absent", "quarrel", "understaffed", "lifeless", "hollow"]
YEAR_2019, SPRING_2020 = (date(2019, 3, 1), date(2019, 12, 20)), (date(2020, 3, 1), date(2020, 6, 20))


@dataclass
class Town:
    """Units and persons by what they are for."""

    villages: Ints  # villages and communities
    branches: Ints  # of the villages, in the same order
    organ_members: Ints
    village_members: Ints  # by village, the same number in each


def people(scene: Scene, committee: dict[int, int], totals: Totals) -> Town:
    units, villages = scene.units, scene.units.ids("village", "community")
    places = units.ids("city", "county").tolist()
    organs = np.concatenate([scene.add_organs(place, max(3, totals.of(ORGANS))) for place in places])
    offices = scene.add_branches(organs, "organ", "机关", committee)
    found = {kind: scene.add_branches(units.ids(kind), FIELDS[kind], "", committee) for kind in FIELDS}
    branches = np.empty(len(villages), dtype=np.int64)
    for made in found.values():
        branches[np.searchsorted(villages, units.parents(made))] = made
    cadres = scene.add_members("organ", np.repeat(offices, ORGAN_MEMBERS), "organ", "organ")
    rural = scene.add_members("rural", np.repeat(branches, VILLAGE_MEMBERS), "rural")
    return Town(villages, branches, cadres, rural)


def fill(scene: Scene, town: Town, totals: Totals) -> None:
    _sites(scene, town, totals)
    _weak(scene, town, totals)
    _collective(scene, town, totals)
    _households(scene, town, totals)
    _member_households(scene, town, totals)
    city = int(scene.units.ids("city")[0])
    for word in ("产业", "就业", "易地扶贫搬迁"):
        scene.units.add("task_team", f"保山市{word}组织化项目组", city, since=date(2020, 3, 2))


def _sites(scene: Scene, town: Town, totals: Totals) -> None:
    """Each site is served by a branch: a new one of its own, or that of the village where it stands."""
    units, at = scene.units, scene.pick("sites", np.arange(len(town.villages)), totals.of(SITES))
    homes = town.villages[at]
    sites = np.array(
        [
            units.add("site", f"{units.name[home - 1]}安置点", units.parent[home - 1], since=date(2018, 6, 1))
            for home in homes.tolist()
        ],
        dtype=np.int64,
    )
    own = min(totals.of(NEW_ORGANISATIONS), len(sites))
    new = [
        units.add("branch", f"中共{units.name[site - 1]}支部委员会", int(home), since=date(2019, 3, 1), field="rural")
        for site, home in zip(sites[:own], homes[:own], strict=True)
    ]
    for branch, home in zip(new, at[:own], strict=True):
        units.party[branch] = units.party[int(town.branches[home])]
    serving = np.concatenate([np.array(new, dtype=np.int64), town.branches[at[own:]]])
    role = np.where(np.arange(len(sites)) < own, "new", "local")
    scene.add_duty("site_service", sites, date(2019, 3, 1), exclusive=True, bearer_unit_id=serving, role=role)
    sizes = split(max(totals.of(RELOCATED), len(sites)), np.ones(len(sites)), least=1)
    scene.add_members("relocated", np.repeat(serving, sizes), "relocated", homes=np.repeat(homes, sizes))


def _weak(scene: Scene, town: Town, totals: Totals) -> None:
    """Those of 2019 all have a plan and are closed; those of 2020 are being mended. Most branches have passed the standard."""
    kinds = [scene.units.kind[at - 1] for at in town.villages]
    weak = scene.pick("weak 2019", np.arange(len(town.villages)), totals.of(WEAK_2019))
    made: list[int] = []
    for number, at in enumerate(weak.tolist()):
        grounds = GROUNDS_2019[kinds[at]]
        made += scene.add_cases(
            "weak_organisation", "软弱涣散党组织整顿", town.villages[at : at + 1], YEAR_2019,
            ["screened", "plan", "mending", "accepted"], ground=grounds[number % len(grounds)],
        )  # fmt: skip
    scene.add_papers(made, "plan", "一支部一方案")
    scene.add_measures(
        made,
        max(totals.of(MEASURES_2019), len(made)),
        ["调整充实班子", "恢复组织生活并由包保领导参加", "逐件化解信访积案"],
    )
    for number, at in enumerate(scene.pick("weak 2020", np.arange(len(town.villages)), totals.of(WEAK_2020)).tolist()):
        ground = GROUNDS_2020[number % len(GROUNDS_2020)]
        scene.add_cases(
            "weak_organisation",
            "软弱涣散党组织整顿",
            town.villages[at : at + 1],
            SPRING_2020,
            ["screened", "plan"],
            ends=False,
            ground=ground,
        )
    every = scene.units.ids("branch")
    passed = scene.pick("standard", every, len(every) * STANDARD_PERCENT // 100)
    since = days(between(scene.stream("passed"), date(2018, 3, 1), date(2020, 6, 20), len(passed)))
    scene.add_entries("branch_standard", passed, since, np.ones(len(passed), dtype=np.int64), since=since)


def _collective(scene: Scene, town: Town, totals: Totals) -> None:
    """In 2019 every village reached the floor and so many the top tier; the rest lie between."""
    rng, count = scene.stream("collective"), len(town.villages)
    top = min(totals.of(TOP), count - 1)
    whole = round(INCOME_YUAN * count / VILLAGES)
    amounts = np.full(count, FLOOR, dtype=np.int64)
    amounts[:top] = TOP_FLOOR
    rest = whole - int(amounts.sum())
    weights = np.where(np.arange(count) < top, 0.5, rng.uniform(0.5, 1.5, count))
    amounts = rng.permutation(amounts + split(rest, weights))
    half = amounts // 2
    scene.add_entries("collective_income", town.villages, date(2019, 6, 28), half)
    scene.add_entries("collective_income", town.villages, date(2019, 12, 20), amounts - half)
    scene.add_entries(
        "collective_income",
        town.villages,
        date(2016, 12, 20),
        5_000 + scene.stream("2016").gamma(2.0, 8_000, count).astype(np.int64),
    )
    projects = {"central": totals.of(CENTRAL), "corridor": totals.of(CORRIDOR)}
    homes = scene.pick("projects", town.villages, sum(projects.values()))
    funds = split(totals.of(FUNDS_YUAN), rng.uniform(0.7, 1.3, len(homes)))
    day = days(between(rng, date(2018, 2, 1), date(2020, 6, 20), len(homes)))
    source = [key for key, number in projects.items() for _ in range(number)]
    scene.add_entries("project_fund", homes, day, funds, source=source)


def _households(scene: Scene, town: Town, totals: Totals) -> None:
    """Lifted households; those able to take up a trade are linked to an entity of their village but for a few."""
    units, rng = scene.units, scene.stream("households")
    able, linked = totals.of(ABLE), totals.of(LINKED)
    entity = np.array([
        units.add("cooperative", names.enterprise(rng, units.name[at - 1].removesuffix("村").removesuffix("社区"), "专业合作社"), int(at), since=date(2016, 5, 1))
        for at in town.villages
    ], dtype=np.int64)  # fmt: skip
    at = np.repeat(np.arange(len(town.villages)), split(able, rng.uniform(0.5, 1.5, len(town.villages))))
    order = rng.permutation(able)
    at = at[order]
    sizes = np.concatenate([
        split(totals.of(LINKED_PERSONS), 1 + rng.poisson(3.1, linked).astype(float), least=1), 1 + rng.poisson(2.5, able - linked)
    ])  # fmt: skip
    ids = scene.add_households("able", town.villages[at], sizes, ['"able": true'] * able, "lifted", date(2019, 12, 31))
    scene.add_duty(
        "industry_link",
        town.villages[at[:linked]],
        date(2019, 3, 1),
        exclusive=True,
        household_id=ids[:linked],
        bearer_unit_id=entity[at[:linked]],
    )
    count = totals.of(NOT_ABLE)
    homes = scene.pick("not able", town.villages, count)
    others = scene.add_households(
        "not able heads", homes, 1 + rng.poisson(1.2, count), [""] * count, "lifted", date(2019, 12, 31)
    )
    channel = np.array(["workshop", "welfare_post", "returnee", "export"])[np.arange(count) % 4]
    bearers = np.resize(entity, count)
    scene.add_duty("employment", homes, date(2020, 2, 20), household_id=others, bearer_unit_id=bearers, role=channel)


def _member_households(scene: Scene, town: Town, totals: Totals) -> None:
    """Households still registered in which members live: one in most, two in a few; each has its plan and measures."""
    count = totals.of(MEMBER_HOUSEHOLDS)
    persons = max(totals.of(MEMBERS_UNLIFTED), count)
    at = scene.pick("member homes", np.arange(len(town.villages)), min(count, len(town.villages)))
    at = np.resize(at, count)
    homes = town.villages[at]
    ids = scene.add_households("member heads", homes, np.full(count, 3), [""] * count, "registered", date(2014, 6, 1))
    living = np.concatenate([np.arange(count), np.arange(persons - count)])
    turn = np.array([int((living[:n] == it).sum()) for n, it in enumerate(living)])
    again = np.array([int((at[:it] == at[it]).sum()) for it in living])
    members = town.village_members[at[living] * VILLAGE_MEMBERS + (2 * again + turn) % VILLAGE_MEMBERS]
    scene.settle(members, ids[living], homes[living], date(2010, 1, 1))
    plans = scene.add_cases(
        "household_plan",
        "一户一策",
        homes,
        (date(2020, 1, 10), date(2020, 3, 20)),
        ["listed", "agreed", "carrying_out"],
        ends=False,
        households=ids,
    )
    scene.add_measures(
        plans, totals.of(MEASURES_2020), ["安排公益性岗位", "合作社订单收购", "协助申请产业奖补", "联系技术员上门"]
    )
