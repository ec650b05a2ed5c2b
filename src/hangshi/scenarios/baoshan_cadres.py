"""The cadres of 保山: adjustments and promotions, secondments, teams and the spot check, census, reserve, selections."""

from datetime import date, timedelta

import numpy as np

from hangshi.scenarios.baoshan_villages import VILLAGE_MEMBERS, Town
from hangshi.scenarios.draw import Ints, between, days, grown, split
from hangshi.scenarios.scene import Scene
from hangshi.scenarios.totals import Totals

TEAMS, TEAM_MEMBERS, CHECKED, LEADERS = 413, 1_466, 56, 60
CENSUS = {"chief": 4, "deputy": 8, "enumerator": 707, "instructor": 114, "checker": 20}
RESERVE, SCHOOLED = 3_199, 665
REGULAR, EARLY, LATE = (
    13,
    5,
    5,
)  # adjustments of township heads: half a year after delisting; before 2019; after, on lawful exceptions
PROMOTED = {"township_head": 31, "team_member": 10, "other": 76}
OUTSTANDING, INBOUND, OUTBOUND = 454, 11, 30
SINCE_2016, SINCE_2019 = (date(2016, 2, 1), date(2020, 6, 20)), (date(2019, 1, 10), date(2020, 6, 20))


def fill(scene: Scene, town: Town, totals: Totals) -> None:
    _adjustments(scene, town, totals)
    _promotions(scene, town, totals)
    _teams(scene, town, totals)
    _census(scene, town, totals)
    _reserve(scene, town, totals)
    _selections(scene, town, totals)
    _leaders(scene, town)
    _youth(scene)
    _posts(scene, town)


def _adjustments(scene: Scene, town: Town, totals: Totals) -> None:
    units = scene.units
    county = next(at for at in units.ids("county").tolist() if '"poor"' in units.extra[at - 1])
    head = {"post": "county_head", "basis": "按调整审批程序办理"}
    scene.add_cases(
        "personnel_move", "县长调整", np.array([county]), (date(2017, 3, 1), date(2017, 6, 1)), ["filed", "examined", "decided"],
        ground="discipline", persons=town.organ_members[:1], extra=head,
    )  # fmt: skip
    poor = [at for at in units.ids("township").tolist() if '"poor"' in units.extra[at - 1]]
    done = np.array([at for at in poor if "2018-05-31" in units.extra[at - 1]], dtype=np.int64)
    late = np.array([at for at in poor if at not in set(done.tolist())], dtype=np.int64)
    late = late if len(late) else done
    for part, pool, count, span, grounds in (
        ("regular", done, REGULAR, (date(2019, 2, 1), date(2020, 5, 20)), ["routine", "promotion"]),
        ("early", done, EARLY, (date(2016, 3, 1), date(2018, 3, 1)), ["health", "incompetent", "discipline"]),
        ("late", late, LATE, (date(2019, 2, 1), date(2020, 4, 20)), ["health", "incompetent"]),
    ):
        persons = scene.pick(part, town.organ_members[1:], totals.of(count))
        for at, unit in enumerate(np.resize(pool, totals.of(count)).tolist()):
            post = ("township_secretary", "township_head")[at // len(pool) % 2]
            scene.add_cases(
                "personnel_move", "乡镇党政正职调整", np.array([unit]), span, ["filed", "examined", "decided"],
                ground=grounds[at % len(grounds)], persons=persons[at : at + 1], extra={"post": post},
            )  # fmt: skip


def _promotions(scene: Scene, town: Town, totals: Totals) -> None:
    """To division level from poor counties, by the post before; and those of outstanding merit at section level, all over the city."""
    counts = [totals.of(number) for number in PROMOTED.values()]
    persons = scene.pick("promoted", town.organ_members, sum(counts) + totals.of(OUTSTANDING))
    homes = _homes(scene, persons)
    start = 0
    for post, count in zip(PROMOTED, counts, strict=True):
        some = slice(start, start + count)
        extra = {"post": post, "rank": "division", "poor_county": True}
        scene.add_cases(
            "promotion",
            "提拔使用",
            homes[some],
            SINCE_2016,
            ["proposed", "decided"],
            persons=persons[some],
            extra=extra,
        )
        start += count
    extra = {"post": "other", "rank": "section", "outstanding": True}
    scene.add_cases(
        "promotion",
        "提拔使用",
        homes[start:],
        SINCE_2019,
        ["proposed", "decided"],
        persons=persons[start:],
        extra=extra,
    )
    for ground, count in (("inbound", INBOUND), ("outbound", OUTBOUND)):
        away = scene.pick(ground, town.organ_members, totals.of(count))
        scene.add_cases(
            "secondment",
            "沪滇协作挂职",
            _homes(scene, away),
            SINCE_2016,
            ["agreed", "serving", "returned"],
            ground=ground,
            persons=away,
        )


def _homes(scene: Scene, persons: Ints) -> Ints:
    homes = np.concatenate([frame["unit_id"].to_numpy() for frame in scene.persons])
    return np.asarray(homes[persons - 1], dtype=np.int64)


def _teams(scene: Scene, town: Town, totals: Totals) -> None:
    """Every poor village has a team, whose leader is its first secretary. Those called in the spot check: from each county alike, at most two from a township."""
    units = scene.units
    poor = np.array([at for at in units.ids("village").tolist() if '"poor"' in units.extra[at - 1]], dtype=np.int64)
    rest = np.setdiff1d(town.villages, poor)
    count = min(max(totals.of(TEAMS), len(poor)), len(town.villages))
    villages = np.concatenate([poor, _over_townships(scene, rest, count - len(poor))])
    teams = np.array(
        [units.add("work_team", f"驻{units.name[at - 1]}工作队", int(at), since=date(2018, 3, 1)) for at in villages],
        dtype=np.int64,
    )
    sizes = split(max(totals.of(TEAM_MEMBERS), 3 * count), scene.stream("sizes").uniform(0.7, 1.3, count), least=3)
    at = np.repeat(np.arange(count), sizes)
    persons = scene.add_persons("team", _homes(scene, scene.pick("senders", town.organ_members, len(at))), "organ")
    scene.add_duty(
        "team_member",
        villages[at],
        date(2018, 3, 10),
        target_unit_id=teams[at],
        bearer_id=persons,
        role=np.where(grown(sizes) == 0, "leader", "member"),
    )
    leaders = persons[grown(sizes) == 0][: len(poor)]
    scene.add_duty("first_secretary", poor, date(2018, 3, 10), exclusive=True, bearer_id=leaders)
    drawn = _drawn(scene, villages[at], totals)
    answers = {"on_post": "yes", "studied": True, "talks": True, "recent_work": "核对脱贫户收入"}
    span = (date(2020, 3, 9), date(2020, 3, 13))
    scene.add_cases(
        "spot_check",
        "驻村队员电话抽查",
        villages[at][drawn],
        span,
        ["drawn", "called"],
        persons=persons[drawn],
        extra=answers,
    )


def _over_townships(scene: Scene, villages: Ints, count: int) -> Ints:
    """So many of the villages, one township after the other, so that none is left out while there are enough."""
    township = scene.units.parents(villages)
    order = np.lexsort((township, _nth(township)))
    return np.sort(villages[order[:count]])


def _nth(groups: Ints) -> Ints:
    """0, 1, … within each group, in the order of the rows."""
    order = np.argsort(groups, kind="stable")
    _, sizes = np.unique(groups, return_counts=True)
    found = np.empty(len(groups), dtype=np.int64)
    found[order] = grown(sizes)
    return found


def _drawn(scene: Scene, villages: Ints, totals: Totals) -> Ints:
    """Rows of the members called, county by county in turn, at most two of a township."""
    township = scene.units.parents(villages)
    allowed = np.flatnonzero(_nth(township) < 2)
    county = scene.units.parents(township[allowed])
    order = np.lexsort((county, _nth(county)))
    return np.sort(allowed[order[: totals.of(CHECKED)]])


def _census(scene: Scene, town: Town, totals: Totals) -> None:
    city = int(scene.units.ids("city")[0])
    counts = {role: totals.of(number) for role, number in CENSUS.items()}
    persons = scene.pick("census", town.organ_members, sum(counts.values()))
    role = np.repeat(list(counts), list(counts.values()))
    scene.add_duty("census_post", np.full(len(persons), city), date(2020, 6, 1), bearer_id=persons, role=role)


def _reserve(scene: Scene, town: Town, totals: Totals) -> None:
    """Two or three persons of each village in reserve; village cadres who go to school."""
    homes = np.repeat(town.villages, split(totals.of(RESERVE), np.ones(len(town.villages))))
    persons = scene.add_persons("reserve", homes, "reserve")
    since = days(between(scene.stream("reserve since"), date(2019, 1, 5), date(2020, 5, 30), len(homes)))
    asked = [f'{{"consent_on": "{day - timedelta(days=10)}"}}' for day in since.to_list()]
    scene.add_duty("village_reserve", homes, since, bearer_id=persons, extra=asked)
    places = scene.pick("schooled", town.villages, totals.of(SCHOOLED))
    cadres = scene.add_persons("cadres", places, "village")
    scene.add_cases(
        "schooling", "能力素质和学历水平提升", places, SINCE_2019, ["enrolled", "studying"], ends=False, persons=cadres
    )


def _selections(scene: Scene, town: Town, totals: Totals) -> None:
    stages = ["nominated", "publicised", "named"]
    span = (date(2019, 5, 1), date(2019, 6, 28))
    scene.add_cases("strong_branch", "评选十强支部", scene.pick("strong", town.branches, totals.of(10)), span, stages)
    heads = town.village_members[::VILLAGE_MEMBERS]
    chosen = scene.pick("secretaries", heads, totals.of(10) + totals.of(7))
    for ground, some in (("city", chosen[: totals.of(10)]), ("province", chosen[totals.of(10) :])):
        scene.add_cases("fine_secretary", "选树好支书", _homes(scene, some), span, stages, ground=ground, persons=some)
    posted = scene.pick("posted", np.arange(len(town.villages)), totals.of(62))
    bearers = scene.pick("posted bearers", town.organ_members, len(posted))
    _, first = np.unique(posted, return_index=True)
    scene.add_duty(
        "posted_secretary", town.villages[posted[first]], date(2020, 5, 11), bearer_id=bearers[first], role="posted"
    )


def _posts(scene: Scene, town: Town) -> None:
    """A secretary and a head of each village, each with the joint review that came before the post."""
    for part, role in enumerate(("secretary", "head")):
        bearers = town.village_members[part::VILLAGE_MEMBERS]
        scene.add_duty("village_post", town.villages, date(2019, 3, 1), bearer_id=bearers, role=role)
        scene.add_cases(
            "qualification_review", "任职资格联审", town.villages, (date(2019, 1, 10), date(2019, 2, 26)),
            ["submitted", "joint_review", "passed"], persons=bearers,
        )  # fmt: skip


def _leaders(scene: Scene, town: Town) -> None:
    """Leaders of the counties, each in charge of one or two townships of 2019's survey, in which they came to every village."""
    townships = scene.units.ids("township")
    leaders = scene.pick("leaders", town.organ_members, min(LEADERS, len(townships)))
    scene.add_duty(
        "township_survey", townships, date(2019, 3, 1), bearer_id=np.resize(leaders, len(townships)),
        until=date(2019, 12, 31), end_reason="done",
    )  # fmt: skip
    leader_of = dict(zip(townships.tolist(), np.resize(leaders, len(townships)).tolist(), strict=True))
    came = [leader_of[scene.units.parent[at - 1] or 0] for at in town.villages.tolist()]
    on = days(between(scene.stream("survey"), date(2019, 3, 4), date(2019, 12, 20), len(came)))
    scene.add_activities("survey_visit", "走村摸排", town.villages, on, leader_id=came)


def _youth(scene: Scene) -> None:
    units, townships = scene.units, scene.units.ids("township")
    branches = []
    for township in townships.tolist():
        branch = units.add(
            "branch",
            f"中共{units.name[township - 1]}青年人才支部委员会",
            township,
            since=date(2019, 7, 1),
            field="other",
        )
        units.party[branch] = next(at for at in units.ids("committee").tolist() if units.parent[at - 1] == township)
        branches.append(branch)
    scene.add_duty(
        "youth_branch", townships, date(2019, 7, 1), exclusive=True, bearer_unit_id=np.array(branches, dtype=np.int64)
    )
