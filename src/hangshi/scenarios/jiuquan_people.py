"""Members, cadres and households of 酒泉, and who answers for what."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hangshi.scenarios.draw import Ints, between, day_number, split
from hangshi.scenarios.sheets import Sheets, spread
from hangshi.scenarios.totals import Totals

MEMBERS = {"rural": 38_400, "community": 9_800, "organ": 17_600, "two_new": 6_900, "other": 1_600}
CONTACTS, CITY_LEADERS = 1_346, 30
SECRETARIES_WEALTH, SECRETARIES_COOPERATIVE, GRADUATES = 178, 48, 14
FIRST_SECRETARIES, GRADUATE_OFFICIALS, INSTRUCTORS, MOBILE = 51, 49, 1_334, 2_346
VANGUARD, POOR_PERSONS, POOR_HOUSEHOLDS, GENERAL = 10_460, 16_600, 4_480, 12_000
CHANGE = date(2017, 1, 20)  # of the term of village bodies
GROUPS = 3  # cadres of village groups in a village
REGIONS = ["北京", "上海", "广东", "浙江", "新疆", "江苏"]


@dataclass
class People:
    """Members by field; who holds a village post, by village in its order; registered households and the others."""

    members: dict[str, Ints]
    secretaries: Ints
    heads: Ints
    deputies: Ints
    groups: Ints
    leaders: Ints
    mobile: Ints
    poor: Ints
    poor_persons: Ints
    general: Ints


def gather(sheets: Sheets, branches: dict[str, Ints], totals: Totals) -> People:
    units = sheets.units
    members = {}
    for field, ids in branches.items():
        total = max(totals.of(MEMBERS[field]), 3 * len(ids))
        members[field] = sheets.members(
            ids, split(total, sheets.draw(f"sizes {field}").lognormal(0, 0.35, len(ids)), least=3), field
        )
    villages, communities = units.ids("village"), units.ids("community")
    posted = np.concatenate([villages, communities])
    rng = sheets.draw("households")
    poor = np.sort(rng.choice(villages, totals.of(POOR_HOUSEHOLDS)))
    persons = split(totals.of(POOR_PERSONS), 1 + rng.poisson(3.2, len(poor)).astype(float), least=1)
    general = np.sort(rng.choice(villages, totals.of(GENERAL)))
    return People(
        members, sheets.persons(posted, cadre="village"), sheets.persons(posted, cadre="village"),
        sheets.persons(villages, cadre="village"), sheets.persons(np.repeat(villages, GROUPS), cadre="village"),
        sheets.persons(np.resize(units.ids("city", "county", "township"), _leaders(totals)), cadre="organ"),
        members["rural"][-totals.of(MOBILE) :], sheets.households(poor, persons, "registered"), persons,
        sheets.households(general, 1 + rng.poisson(2.5, len(general)), "general"),
    )  # fmt: skip


def _leaders(totals: Totals) -> int:
    """Those of the city have four contact points each, the others one."""
    return totals.of(CITY_LEADERS) + max(0, totals.of(CONTACTS) - 4 * totals.of(CITY_LEADERS))


def bind(sheets: Sheets, people: People, branches: dict[str, Ints], entities: dict[str, Ints], totals: Totals) -> None:
    _posts(sheets, people, totals)
    _contacts(sheets, people, entities, totals)
    _first_secretaries(sheets, people, totals)
    _two_new(sheets, people, branches, entities, totals)
    _mobile(sheets, people)
    _vanguard(sheets, people, branches, totals)


def _extra(backgrounds: list[str]) -> list[str]:
    return [
        f'{{"background": "{word}", "at_change": true}}' if word else '{"background": "other"}' for word in backgrounds
    ]


def _posts(sheets: Sheets, people: People, totals: Totals) -> None:
    """Village secretaries by background, then graduates as heads; everybody else holds the post since 2014."""
    villages, communities = sheets.units.ids("village"), sheets.units.ids("community")
    posted = np.concatenate([villages, communities])
    wealth, cooperative = totals.of(SECRETARIES_WEALTH), totals.of(SECRETARIES_COOPERATIVE)
    said = (["wealth_leader"] * wealth + ["cooperative_head"] * cooperative + [""] * len(posted))[: len(posted)]
    heads = (["graduate"] * totals.of(GRADUATES) + [""] * len(posted))[: len(posted)]
    for role, persons, words in (("secretary", people.secretaries, said), ("head", people.heads, heads)):
        since = np.array([day_number(CHANGE if word else date(2014, 1, 10)) for word in words])
        sheets.duties(
            "village_post",
            posted,
            since=since,
            bearer_id=persons,
            target_unit_id=posted,
            role=[role] * len(posted),
            extra=_extra(words),
        )
    for role, persons, where in (
        ("member", people.deputies, villages),
        ("group", people.groups, np.repeat(villages, GROUPS)),
    ):
        since = np.full(len(where), day_number(date(2014, 1, 10)))
        sheets.duties(
            "village_post", where, since=since, bearer_id=persons, target_unit_id=where, role=[role] * len(where)
        )


def _contacts(sheets: Sheets, people: People, entities: dict[str, Ints], totals: Totals) -> None:
    """A city leader has one of each kind; every contact point has one leader."""
    units, rng = sheets.units, sheets.draw("contacts")
    four = totals.of(CITY_LEADERS)
    kinds = [
        units.ids("village"),
        units.ids("community"),
        entities["private_enterprise"],
        entities["social_organisation"],
    ]
    drawn = [spread(rng, ids, four) for ids in kinds]
    rest = np.setdiff1d(np.concatenate(kinds), np.concatenate(drawn))
    others = rng.choice(rest, len(people.leaders) - four, replace=len(rest) < len(people.leaders) - four)
    target = np.concatenate([*drawn, others])
    bearer = np.concatenate([np.tile(people.leaders[:four], 4), people.leaders[four:]])
    since = between(rng, date(2016, 1, 5), date(2017, 3, 31), len(target))
    role = np.where(np.arange(len(target)) < 4 * four, "city", "county")
    sheets.duties("contact_point", target, since=since, bearer_id=bearer, target_unit_id=target, role=role)


def _first_secretaries(sheets: Sheets, people: People, totals: Totals) -> None:
    rng, villages = sheets.draw("first secretaries"), sheets.units.ids("village")
    for kind, count, exclusive in (
        ("first_secretary", FIRST_SECRETARIES, True),
        ("graduate_official", GRADUATE_OFFICIALS, False),
    ):
        many = min(totals.of(count), len(villages))
        where = np.sort(rng.choice(villages, many, replace=False))
        bearer = (
            rng.choice(people.members["organ"], many, replace=False)
            if exclusive
            else sheets.persons(where, born=(1990, 1995))
        )
        since = between(rng, date(2017, 7, 10), date(2017, 11, 30), many)
        sheets.duties(kind, where, since=since, exclusive=exclusive, bearer_id=bearer, target_unit_id=where)


def _two_new(
    sheets: Sheets, people: People, branches: dict[str, Ints], entities: dict[str, Ints], totals: Totals
) -> None:
    rng = sheets.draw("two new")
    for kind, share in (("private_enterprise", (14, 25)), ("social_organisation", (97, 125))):
        under = entities[kind][: len(entities[kind]) * share[0] // share[1]]
        since = between(rng, date(2012, 5, 1), date(2017, 9, 30), len(under))
        role = np.array(["own", "joint", "attached"])[rng.integers(0, 3, len(under))]
        sheets.duties(
            "party_coverage",
            under,
            since=since,
            exclusive=True,
            bearer_unit_id=spread(rng, branches["two_new"], len(under)),
            role=role,
        )
    bearer = rng.choice(people.members["organ"], totals.of(INSTRUCTORS), replace=False)
    where = spread(rng, np.concatenate(list(entities.values())), len(bearer))
    since = between(rng, date(2017, 2, 1), date(2017, 6, 30), len(bearer))
    sheets.duties("instructor", where, since=since, bearer_id=bearer, target_unit_id=where)


def _mobile(sheets: Sheets, people: People) -> None:
    rng = sheets.draw("mobile")
    where = spread(rng, sheets.units.ids("liaison_station"), len(people.mobile))
    since = between(rng, date(2017, 1, 5), date(2017, 5, 31), len(where))
    region = np.array(REGIONS)[rng.integers(0, len(REGIONS), len(where))]
    sheets.duties(
        "mobile_member",
        where,
        since=since,
        bearer_id=people.mobile,
        target_unit_id=where,
        extra=[f'{{"region": "{it}"}}' for it in region],
    )
    day = between(rng, date(2017, 7, 1), date(2017, 11, 30), len(sheets.units.ids("liaison_station")))
    stations = sheets.units.ids("liaison_station")
    activity = sheets.activities("mobile_activity", "流动党员活动", stations, day, np.bincount(where)[stations])
    at = np.searchsorted(stations, where)
    sheets.attendances(activity[at], people.mobile, where, day[at])


def _vanguard(sheets: Sheets, people: People, branches: dict[str, Ints], totals: Totals) -> None:
    """Marked households of those not registered; a base or branch answers for each registered one."""
    rng = sheets.draw("vanguard")
    village_of = sheets.parts["household"]
    homes = {
        "base_link": (village_of[0], people.poor),
        "vanguard_household": (village_of[1], people.general[: totals.of(VANGUARD)]),
    }
    rural = branches["rural"]
    branch_of = dict(zip(sheets.units.parents(rural).tolist(), rural.tolist(), strict=True))
    for kind, (frame, households) in homes.items():
        unit = frame["unit_id"].to_numpy()[: len(households)]
        since = between(rng, date(2015, 3, 1), date(2017, 3, 31), len(households))
        bearer = np.array([branch_of[at] for at in unit.tolist()], dtype=np.int64)
        sheets.duties(kind, unit, since=since, household_id=households, bearer_unit_id=bearer)
