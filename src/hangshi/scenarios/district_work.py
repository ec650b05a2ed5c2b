"""Who answers for what in 示例区, what was held, paid and finished."""

import json
from datetime import date

import numpy as np

from hangshi.scenarios.draw import Ints, between, day_number, months, split
from hangshi.scenarios.sheets import Sheets, spread
from hangshi.scenarios.totals import Totals

INSTRUCTORS, EXPERTS, RESERVE, IN_POST, RETURNEES, TALENTS = 69, 100, 605, 195, 12_000, 300
RENEWAL_YUAN, GRANT_YUAN, GRANT_VILLAGES, GARDENS, WEAK = 58_600_000, 40_350_000, 210, 98, 18
OUTSIDE = 400  # cadres who are no members of a village
SORTS = ["building", "poverty", "industry", "beauty", "governance"]
STRANDS = {
    "organisation": "后进村全部整顿，产业链上应建尽建", "ranks": "村党组织书记轮训一遍",
    "talent": "每村后备人选不少于2名", "industry": "每村有一项稳定的集体收入",
}  # fmt: skip
MONTHS = months(date(2018, 7, 1), date(2019, 6, 30))


def cadres(sheets: Sheets, totals: Totals) -> Ints:
    """Cadres of the district and its townships, enough for every duty even where the scale is small."""
    homes = sheets.units.ids("organ", "township")
    return sheets.persons(sheets.draw("cadres").choice(homes, max(60, totals.of(OUTSIDE))), cadre="organ")


def bind(sheets: Sheets, branches: Ints, members: Ints, cadres: Ints, totals: Totals) -> None:
    _chain(sheets, branches, cadres, totals)
    _weak(sheets, cadres, totals)
    secretaries = _villages(sheets, members)
    _responsible(sheets, secretaries, cadres)


def work(sheets: Sheets, branches: Ints, totals: Totals) -> None:
    _activities(sheets, branches)
    _money(sheets, totals)
    _projects(sheets, branches, totals)


def _chain(sheets: Sheets, branches: Ints, cadres: Ints, totals: Totals) -> None:
    """Every entity above scale has an organisation; instructors and experts serve them."""
    rng, entities = sheets.draw("chain"), sheets.units.ids("scale_entity")
    role = np.array(["own", "joint", "attached"])[np.arange(len(entities)) % 3]
    since = between(rng, date(2017, 6, 1), date(2019, 3, 31), len(entities))
    sheets.duties(
        "chain_organisation",
        entities,
        since=since,
        bearer_unit_id=branches[-len(entities) :],
        target_unit_id=entities,
        role=role,
    )
    instructors, experts = totals.of(INSTRUCTORS), totals.of(EXPERTS)
    for kind, bearers, roles in (
        ("chain_instructor", cadres[:instructors], [""]),
        ("expert_service", cadres[instructors : instructors + experts], ["commissioner", "talent"]),
    ):
        where = spread(rng, entities, len(bearers))
        since = between(rng, date(2018, 3, 1), date(2019, 5, 31), len(bearers))
        sheets.duties(
            kind, where, since=since, bearer_id=bearers, target_unit_id=where, role=np.resize(roles, len(bearers))
        )


def _weak(sheets: Sheets, cadres: Ints, totals: Totals) -> None:
    """Each village under rectification has its four helpers from the day it was listed."""
    rng, units = sheets.draw("weak"), sheets.units
    villages = np.sort(rng.choice(units.ids("village"), totals.of(WEAK), replace=False))
    opened = between(rng, date(2019, 1, 10), date(2019, 4, 30), len(villages))
    sheets.cases("weak_branch", "软弱涣散和后进村整顿", ("screened", "plan", "mending"), villages, opened, closed=False)
    for kind in ("district_leader_link", "township_leader_charge", "weak_first_secretary"):
        bearer = rng.choice(cadres, len(villages), replace=False)
        sheets.duties(kind, villages, since=opened, exclusive=True, bearer_id=bearer)
    organs = spread(rng, units.ids("organ"), len(villages))
    sheets.duties("organ_pairing", villages, since=opened, exclusive=True, bearer_unit_id=organs)


def _consent(count: int, day: Ints) -> list[str]:
    epoch = date(1970, 1, 1).toordinal()
    return [f'{{"consent_on": "{date.fromordinal(epoch + int(day[at]) - 10)}"}}' for at in range(count)]


def talent(sheets: Sheets, members: Ints, totals: Totals) -> None:
    """Two or three reserves a village, of about forty years; some hold a post today, and their listing ended the day before it."""
    rng, villages = sheets.draw("talent"), sheets.units.ids("village")
    where = np.repeat(
        villages, split(max(totals.of(RESERVE), 2 * len(villages)), rng.uniform(0.9, 1.1, len(villages)), least=2)
    )
    young = sheets.persons(where, born=(1977, 1981))
    since = between(rng, date(2018, 1, 10), date(2018, 6, 30), len(where))
    posted = np.sort(rng.choice(len(where), totals.of(IN_POST), replace=False))
    took = between(rng, date(2018, 10, 1), date(2019, 5, 31), len(posted))
    until = np.full(len(where), -1)
    until[posted] = took - 1
    reasons = np.full(len(where), "", dtype="U8")
    reasons[posted] = "post"
    sheets.duties(
        "reserve_candidate", where, since=since, until=until, bearer_id=young, target_unit_id=where, end_reason=reasons,
        extra=_consent(len(where), since),
    )  # fmt: skip
    sheets.duties(
        "village_post",
        where[posted],
        since=took,
        bearer_id=young[posted],
        target_unit_id=where[posted],
        role=["member"] * len(posted),
    )
    home = rng.choice(villages, totals.of(RETURNEES))
    back = between(rng, date(2014, 1, 1), date(2019, 5, 31), len(home))
    sheets.duties(
        "returnee",
        home,
        since=back,
        bearer_id=sheets.persons(home),
        target_unit_id=home,
        extra=_consent(len(home), back),
    )
    chosen = rng.choice(members, totals.of(TALENTS), replace=False)
    place = spread(rng, villages, len(chosen))
    entered = between(rng, date(2018, 9, 1), date(2019, 5, 31), len(chosen))
    role = np.array(["member", "village_cadre", "local_talent"])[np.arange(len(chosen)) % 3]
    sheets.duties(
        "talent",
        place,
        since=entered,
        bearer_id=chosen,
        target_unit_id=place,
        role=role,
        extra=_consent(len(chosen), entered),
    )


def _villages(sheets: Sheets, members: Ints) -> Ints:
    """A secretary and a head each; four in ten villages hold flags. Returns the secretaries, in the order of the villages."""
    rng, units = sheets.draw("villages"), sheets.units
    villages = units.ids("village")
    drawn = rng.choice(members, 2 * len(villages), replace=False)
    since = np.full(len(villages), day_number(date(2018, 4, 1)))
    for role, bearers in (("secretary", drawn[: len(villages)]), ("head", drawn[len(villages) :])):
        sheets.duties(
            "village_post",
            villages,
            since=since,
            bearer_id=bearers,
            target_unit_id=villages,
            role=[role] * len(villages),
        )
    holding = np.sort(rng.choice(villages, max(1, 4 * len(villages) // 10), replace=False))
    held = between(rng, date(2019, 1, 5), date(2019, 2, 28), len(holding))
    sort = np.array(SORTS)[np.arange(len(holding)) % len(SORTS)]
    sheets.duties(
        "red_flag", holding, since=held, target_unit_id=holding, bearer_unit_id=units.parents(holding), role=sort
    )
    return drawn[: len(villages)]


def _responsible(sheets: Sheets, secretaries: Ints, cadres: Ints) -> None:
    """Who answers first at each level, and which leader of the township for which village; in the last two villages the chain is broken."""
    rng, units = sheets.draw("responsible"), sheets.units
    villages, above = units.ids("village"), units.ids("county", "township")
    charged = villages[:-2]
    for where, bearers in ((charged, secretaries[:-2]), (above, rng.choice(cadres, len(above), replace=False))):
        since = np.full(len(where), day_number(date(2018, 4, 1)))
        sheets.duties("first_responsible", where, since=since, exclusive=True, bearer_id=bearers)
    since = np.full(len(charged), day_number(date(2018, 4, 10)))
    sheets.duties(
        "direct_responsible", charged, since=since, bearer_id=spread(rng, cadres, len(charged)), target_unit_id=charged
    )


def _activities(sheets: Sheets, branches: Ints) -> None:
    """The members' day is the tenth of every month, in every branch."""
    for first, _ in MONTHS:
        tenth = np.full(len(branches), day_number(first.replace(day=10)))
        sheets.activities("member_day", "党员活动日", branches, tenth, 12)


def _money(sheets: Sheets, totals: Totals) -> None:
    rng, villages = sheets.draw("money"), sheets.units.ids("village")
    count = len(villages)
    sheets.entries(
        "venue_renewal", villages, between(rng, date(2018, 2, 1), date(2019, 6, 20), count),
        split(totals.of(RENEWAL_YUAN), rng.lognormal(0, 0.5, count)), source=["district"] * count,
    )  # fmt: skip
    granted = np.sort(rng.choice(villages, min(totals.of(GRANT_VILLAGES), count), replace=False))
    twice = np.concatenate([granted, granted[: len(granted) // 3]])  # a village that got two grants counts once
    sheets.entries(
        "collective_grant", twice, between(rng, date(2017, 8, 1), date(2019, 5, 31), len(twice)),
        split(totals.of(GRANT_YUAN), rng.lognormal(0, 0.4, len(twice))), source=["district"] * len(twice),
    )  # fmt: skip
    for year in (2017, 2018):
        sheets.entries(
            "village_income", villages, date(year, 12, 20), 8_000 + rng.gamma(2.0, 20_000, count).astype(np.int64)
        )


def _projects(sheets: Sheets, branches: Ints, totals: Totals) -> None:
    rng, villages = sheets.draw("projects"), sheets.units.ids("village")
    gardens = spread(rng, villages, totals.of(GARDENS))
    opened = between(rng, date(2017, 3, 1), date(2019, 4, 30), len(gardens))
    sheets.cases("garden_project", "多彩田园示范工程", ("planned", "building", "accepted"), gardens, opened)
    modes = np.array(["company", "rent", "nest", "tourism", "share"])
    funded = spread(rng, villages, totals.of(GRANT_VILLAGES))
    begun = between(rng, date(2017, 7, 10), date(2018, 12, 31), len(funded))
    ground = modes[np.arange(len(funded)) % len(modes)]
    sheets.cases(
        "collective_project", "集体经济扶持项目", ("applied", "funded", "accepted"), funded, begun, ground=ground
    )
    _strands(sheets)
    standing = branches[: len(branches) // 2]
    passed = between(rng, date(2018, 9, 1), date(2019, 4, 30), len(standing))
    sheets.cases("branch_standardisation", "支部规范化达标", ("checked", "township", "passed"), standing, passed)


def _strands(sheets: Sheets) -> None:
    """Each township has a plan for each of the four strands of the year, some of them still without its measures."""
    rng, townships = sheets.draw("strands"), sheets.units.ids("township")
    for at, (strand, goal) in enumerate(STRANDS.items()):
        opened = between(rng, date(2019, 1, 7), date(2019, 2, 22), len(townships))
        stages = ("set", "carried_out")[: 1 + (at < 3)]
        said = json.dumps({"goal": goal}, ensure_ascii=False)
        columns = {"ground": [strand] * len(townships), "extra": [said] * len(townships)}
        sheets.cases("strand_plan", "严乡强村育新计划", stages, townships, opened, closed=False, **columns)
