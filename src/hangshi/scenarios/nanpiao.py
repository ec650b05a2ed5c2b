"""南票, in the middle of 2017: synthetic people on the division tree, adding up to what its report says."""

from collections.abc import Callable
from datetime import date

import numpy as np

from hangshi.scenarios import land
from hangshi.scenarios.accounts import opened
from hangshi.scenarios.draw import Ints, between, days, split
from hangshi.scenarios.places import committees
from hangshi.scenarios.scene import Scene
from hangshi.scenarios.tables import Sink
from hangshi.scenarios.totals import Totals
from hangshi.scenarios.units import Units

ROOT = "2114"
SAYS = {"synthetic": True, "report_day": "2017-06-30"}
DAY = date(2017, 6, 30)
ORGANS, PAIRED, HOUSEHOLDS = 45, 1_175, 2_600
MEMBERS = {"organ": 2_400, "rural": 7_000, "community": 600}
STEPS = ["survey", "assess", "set_up", "carry_out"]
WORK = {  # what a member of the class works at, has set out to do and has done
    "in_post": '{"platform": "branch", "goal": "service", "contribution": "served"}',
    "rural_able": '{"platform": "entity", "goal": "skill", "contribution": "taught"}',
    "other": '{"platform": "branch", "goal": "neighbours", "contribution": "helped"}',
}
TEAMS = {"publicity": "政策宣传团队", "project": "项目攻坚团队", "industry": "产业发展团队", "relief": "扶贫解困团队"}


def fill(sink: Sink, scale: float, password: str | None, told: Callable[[str], None]) -> None:
    scale_of = Totals(scale).of
    told("区划与组织")
    units = Units(sink.base["unit"])
    ids = land.stand(units, land.chosen(land.read("nanpiao_divisions.csv"), Totals(scale)), [])
    district = ids["211404"]
    scene = Scene("nanpiao", units, sink.base)
    committee = committees(units)
    organs = scene.add_organs(district, scale_of(ORGANS))
    told("党员、干部与农户")
    members = _members(scene, organs, committee, scale_of)
    told("责任")
    _secretaries(scene, members["rural"])
    _vanguard(scene, members, district)
    _assistance(scene, organs, members["organ"], scale_of)
    told("活动与事项")
    _projects(scene)
    _classes(scene, district)
    scene.write(sink)
    told("账号")
    if password is not None:
        accounts = [("np-qu", "南票区演示账号", "county_clerk", district)]
        township = int(units.ids("township")[-1])
        accounts.append(("np-xiang", f"{units.name[township - 1]}演示账号", "township_clerk", township))
        opened(sink, units, accounts, password, since=date(2017, 1, 1))


def _members(scene: Scene, organs: Ints, committee: dict[int, int], scale_of: Callable[[int], int]) -> dict[str, Ints]:
    """Ids of members by field; the branches are kept in the scene's memberships."""
    found = {}
    for field, places, word, cadre in (
        ("organ", organs, "机关", "organ"), ("rural", scene.units.ids("village"), "", ""), ("community", scene.units.ids("community"), "", ""),
    ):  # fmt: skip
        branches = scene.add_branches(places, field, word, committee)
        sizes = split(max(scale_of(MEMBERS[field]), 3 * len(branches)), np.ones(len(branches)), least=3)
        found[field] = scene.add_members(field, np.repeat(branches, sizes), field, cadre)
    return found


def branch_of(scene: Scene, persons: Ints) -> Ints:
    """The branch of each member."""
    where = {
        int(person): int(unit)
        for frame in scene.members
        for person, unit in frame.select("person_id", "unit_id").iter_rows()
    }
    return np.array([where[int(person)] for person in persons], dtype=np.int64)


def _secretaries(scene: Scene, members: Ints) -> None:
    """The first member of each village branch."""
    villages = scene.units.parents(branch_of(scene, members))
    homes, first = np.unique(villages, return_index=True)
    scene.add_duty("village_party_secretary", homes, date(2015, 3, 1), exclusive=True, bearer_id=members[first])


def _vanguard(scene: Scene, members: dict[str, Ints], district: int) -> None:
    """Every member is in one class; some have a post in one team or in two."""
    for field, ids in members.items():
        branches = branch_of(scene, ids)
        rural = np.where(scene.stream("vanguard").random(len(ids)) < 0.7, "rural_able", "other")
        role = (
            np.full(len(ids), "in_post")
            if field == "organ"
            else rural
            if field == "rural"
            else np.full(len(ids), "other")
        )
        scene.add_duty(
            "vanguard_class",
            scene.units.parents(branches),
            date(2017, 3, 1),
            target_unit_id=branches,
            bearer_id=ids,
            role=role,
            extra=[WORK[it] for it in role.tolist()],
        )
    for at, (post, name) in enumerate(TEAMS.items()):
        team = scene.units.add("task_team", f"南票区{name}", district, since=date(2017, 3, 10))
        own = scene.pick(f"team {post}", np.concatenate([members["organ"], members["rural"]]), 25)
        bearers = np.concatenate([own, np.setdiff1d(members["organ"][: 5 * (at % 2)], own)])
        here = np.full(len(bearers), district)
        teams = np.full(len(bearers), team)
        scene.add_duty("team_post", here, date(2017, 3, 10), target_unit_id=teams, bearer_id=bearers, role=post)


def _assistance(scene: Scene, organs: Ints, members: Ints, scale_of: Callable[[int], int]) -> None:
    """Departments in charge of villages, their members in charge of households: one to one, and one to several."""
    villages = scene.units.ids("village")
    linked = villages[: max(len(organs), len(villages))]
    scene.add_duty("village_link", linked, date(2017, 1, 15), bearer_unit_id=np.resize(organs, len(linked)))
    count = max(scale_of(HOUSEHOLDS), scale_of(PAIRED))
    homes = np.sort(scene.pick("homes", villages, count))
    sizes = 1 + scene.stream("sizes").poisson(2.1, count)
    households = scene.add_households("heads", homes, sizes, [""] * count, "registered", date(2014, 6, 1))
    bearers = scene.pick("paired", members, min(scale_of(PAIRED), len(members)))
    paired = min(count, 2 * len(bearers))
    scene.add_duty(
        "pairing",
        homes[:paired],
        date(2017, 1, 15),
        household_id=households[:paired],
        bearer_id=np.resize(bearers, paired),
    )
    on = days(between(scene.stream("greetings"), date(2017, 1, 16), date(2017, 1, 26), paired))
    scene.add_activities(
        "greeting_visit", "春节慰问", homes[:paired], on, household_id=households[:paired], leader_id=np.resize(bearers, paired), present=np.ones(paired, dtype=np.int64)
    )  # fmt: skip


def _projects(scene: Scene) -> None:
    """Each 乡 and 镇 has started its model project; how far they are differs."""
    townships = [at for at in scene.units.ids("township").tolist() if not scene.units.name[at - 1].endswith("街道")]
    for at, township in enumerate(townships):
        stages = STEPS[: 1 + at % len(STEPS)]
        scene.add_cases(
            "model_project",
            "党建促脱贫攻坚示范引领样板工程",
            np.array([township]),
            (date(2017, 3, 1), DAY),
            stages,
            ends=False,
        )
    three = np.array(townships[:3], dtype=np.int64)
    for stages, ends in ((["raised", "session", "solving", "confirmed"], True), (["raised", "session"], False)):
        solving = scene.add_cases(
            "joint_solving", "矛盾纠纷突出村集中会商", three, (date(2017, 2, 1), DAY), stages, ends=ends
        )
        scene.add_measures(solving, len(solving), ["由政法、国土、民政等部门共同核实并答复"])
        scene.add_papers(solving, "decision", "会商纪要")


def _classes(scene: Scene, district: int) -> None:
    scene.add_activities(
        "secretary_class", "村党组织书记全员综合培训班", np.array([district]), date(2017, 4, 18), present=[135]
    )
    small = np.full(6, district)
    on = days(between(scene.stream("classes"), date(2017, 5, 1), DAY, 6))
    scene.add_activities("skill_class", "设施农业现场观摩", small, on, present=[22, 18, 25, 20, 16, 24])
