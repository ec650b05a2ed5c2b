"""Activities, money and cases of 酒泉 in 2017."""

from datetime import date

import numpy as np
import polars as pl

from hangshi.scenarios.draw import Ints, between, day_number, split
from hangshi.scenarios.jiuquan_people import GROUPS, People
from hangshi.scenarios.sheets import Sheets, spread
from hangshi.scenarios.totals import Totals

LESSONS, CLASSES, PROBLEMS, VENUES = 9_342, 32, 88_420, 479
SOLVED, INNOVATIONS, WEAK, LOST, BASES = 1_836, 82, 103, 2_422, 518
MATTERS_YUAN = 150_000_000
PAY = {"village": 30_000, "group": 9_000}
RETIRED = 1_900
BEHIND = 0.02  # of the former heads: paid by fewer years than they served
FIRST, LAST = date(2017, 1, 4), date(2017, 12, 20)
LINE = 3_500  # yuan a year and person: below it one is poor


def venues(sheets: Sheets, totals: Totals) -> None:
    """One for each village and community, of 450 and 520 square metres in the mean; those of groups and courtyards built in 2017."""
    units, rng = sheets.units, sheets.draw("venues")
    built = between(rng, date(2017, 3, 1), date(2017, 11, 30), totals.of(VENUES))
    for serves, mean, homes in (("village", 450, units.ids("village")), ("community", 520, units.ids("community"))):
        areas = split(mean * len(homes), rng.lognormal(0, 0.2, len(homes)))
        for home, area in zip(homes.tolist(), areas.tolist(), strict=True):
            units.add("venue", f"{units.name[home - 1]}党群服务中心", home, serves=serves, area=area)
    groups = spread(rng, units.ids("village", "community"), len(built))
    for at, (home, day) in enumerate(zip(groups.tolist(), built.tolist(), strict=True)):
        when = date.fromordinal(date(1970, 1, 1).toordinal() + day)
        units.add(
            "venue",
            f"{units.name[home - 1]}第{at + 1}活动点",
            home,
            since=when,
            serves="group",
            area=120,
            built_on=str(when),
        )


def gather(
    sheets: Sheets, people: People, branches: dict[str, Ints], entities: dict[str, Ints], totals: Totals
) -> None:
    _activities(sheets, people, branches, entities, totals)
    _money(sheets, people, totals)
    _incomes(sheets, people)
    _cases(sheets, people, branches, entities, totals)


def _activities(
    sheets: Sheets, people: People, branches: dict[str, Ints], entities: dict[str, Ints], totals: Totals
) -> None:
    units, rng = sheets.units, sheets.draw("activities")
    villages, posted = units.ids("village"), units.ids("village", "community")
    every = np.concatenate(list(branches.values()))

    def held(count: int) -> Ints:
        return between(rng, FIRST, LAST, count)

    contacts = np.concatenate([posted, *entities.values()])
    lessons = rng.choice(contacts, totals.of(LESSONS))
    sheets.activities("leader_lesson", "领导干部讲党课", lessons, held(len(lessons)), rng.integers(8, 60, len(lessons)))
    sheets.activities(
        "special_meeting",
        "专题组织生活会",
        every,
        held(len(every)),
        split(totals.of(PROBLEMS), rng.gamma(4.0, 1.0, len(every))),
    )
    sheets.activities(
        "village_inspection", "村级专项巡察", villages, held(len(villages)), extra=['{"round": 1}'] * len(villages)
    )
    _classes(sheets, people, totals)
    _lessons(sheets, people)


def _lessons(sheets: Sheets, people: People) -> None:
    """A lesson in each branch, which all of its members hear but those who live elsewhere: they have their station's."""
    rng = sheets.draw("branch lessons")
    joined = pl.concat(sheets.parts["membership"]).select("person_id", "unit_id")
    joined = joined.filter(~pl.col("person_id").is_in(people.mobile))
    person, branch = joined["person_id"].to_numpy(), joined["unit_id"].to_numpy()
    branches, present = np.unique(branch, return_counts=True)
    day = between(rng, date(2017, 11, 1), LAST, len(branches))
    ids = sheets.activities("party_lesson", "学习贯彻党的十九大精神", branches, day, present)
    at = np.searchsorted(branches, branch)
    sheets.attendances(ids[at], person, branch, day[at])


def _classes(sheets: Sheets, people: People, totals: Totals) -> None:
    """Every secretary and head of a village or community sits in one class."""
    units, rng = sheets.units, sheets.draw("classes")
    where = spread(rng, units.ids("city", "county"), totals.of(CLASSES))
    day = between(rng, date(2017, 7, 1), LAST, len(where))
    learners = np.concatenate([people.secretaries, people.heads])
    seat = np.arange(len(learners)) % len(where)
    ids = sheets.activities(
        "rotation_class", "村（社区）书记主任轮训班", where, day, np.bincount(seat, minlength=len(where))
    )
    sheets.attendances(ids[seat], learners, where[seat], day[seat])


def _retired(sheets: Sheets, homes: Ints, paid: date) -> int:
    """Former heads with their years served, and a year's subsidy each; some got that of the band below. What was paid in yuan."""
    rng = sheets.draw("retired")
    persons, years = sheets.persons(homes, born=(1935, 1957)), rng.integers(3, 34, len(homes))
    band = np.searchsorted([10, 20], years, side="right")
    behind = (rng.random(len(homes)) < BEHIND) & (band > 0)
    monthly = np.array([80, 120, 180])[band - behind]
    since = np.full(len(homes), day_number(date(2014, 1, 10)))
    extra = [f'{{"years_served": {it}}}' for it in years]
    sheets.duties("retired_post", homes, since=since, bearer_id=persons, target_unit_id=homes, extra=extra)
    sheets.entries("retired_allowance", homes, paid, monthly * 12, person_id=persons)
    return int(monthly.sum()) * 12


def _money(sheets: Sheets, people: People, totals: Totals) -> None:
    """The four matters add up to the sum reported: what the other three leave is the subsidy of the venues."""
    units, rng = sheets.units, sheets.draw("money")
    villages, communities = units.ids("village"), units.ids("community")
    paid, spent = date(2017, 12, 15), 0
    for source, where, amount in (("village", villages, 50_000), ("community", communities, 100_000)):
        sheets.entries(
            "office_fund", where, date(2017, 3, 20), np.full(len(where), amount), source=[source] * len(where)
        )
        spent += amount * len(where)
    count = len(villages)
    cadres = np.concatenate([people.secretaries[:count], people.heads[:count], people.deputies])
    homes = {"village": (np.tile(villages, 3), cadres), "group": (np.repeat(villages, GROUPS), people.groups)}
    for source, (where, persons) in homes.items():
        pay = split(PAY[source] * len(where), rng.lognormal(0, 0.1, len(where)))
        sheets.entries("cadre_pay", where, paid, pay, source=[source] * len(where), person_id=persons)
        spent += int(pay.sum())
    spent += _retired(sheets, rng.choice(villages, totals.of(RETIRED)), paid)
    rest = max(totals.of(MATTERS_YUAN) - spent, 1_000 * totals.of(VENUES))
    built = spread(rng, units.ids("village", "community"), totals.of(VENUES))
    sheets.entries("venue_fund_paid", built, date(2017, 10, 10), split(rest, rng.lognormal(0, 0.5, len(built))))


def _incomes(sheets: Sheets, people: People) -> None:
    """Every registered household came above the line in 2017."""
    rng, count = sheets.draw("incomes"), len(people.poor)
    unit = sheets.parts["household"][0]["unit_id"].to_numpy()
    said = [f'{{"persons": {many}}}' for many in people.poor_persons]
    for day, low, high in ((date(2016, 12, 20), 1_900, LINE), (date(2017, 12, 20), LINE, 6_800)):
        sheets.entries(
            "household_income", unit, day, rng.integers(low, high, count), household_id=people.poor, extra=said
        )


def _cases(
    sheets: Sheets, people: People, branches: dict[str, Ints], entities: dict[str, Ints], totals: Totals
) -> None:
    units, rng = sheets.units, sheets.draw("cases")
    contacts = np.concatenate([units.ids("village", "community"), *entities.values()])

    def begun(count: int) -> Ints:
        return between(rng, FIRST, date(2017, 10, 1), count)

    solved = rng.choice(contacts, totals.of(SOLVED))
    sheets.cases("contact_problem", "联系点困难和问题", ("raised", "handling", "solved"), solved, begun(len(solved)))
    results = rng.choice(contacts, totals.of(INNOVATIONS))
    sheets.cases("innovation", "党建创新成果", ("proposed", "recorded"), results, begun(len(results)))
    weak = rng.choice(branches["rural"], totals.of(WEAK), replace=False)
    sheets.cases(
        "weak_branch", "软弱涣散党组织整顿", ("screened", "plan", "mending", "accepted"), weak, begun(len(weak))
    )
    bases = spread(rng, units.ids("village"), totals.of(BASES))
    sheets.cases("vanguard_base", "先锋富民产业基地", ("planned", "built", "accepted"), bases, begun(len(bases)))
    _debriefings(sheets, people)
    _lists(sheets)
    free = np.setdiff1d(people.members["rural"], people.mobile)
    lost = rng.choice(free, totals.of(LOST), replace=False)
    home = _home(sheets, lost)
    sheets.cases("lost_member", "失联党员排查", ("found", "tried", "back"), home, begun(len(lost)), person_id=lost)


def _lists(sheets: Sheets) -> None:
    """责任清单 of the counties: what was due by June is verified, half of the rest too, a tenth waits; a few elements were brought up."""
    counties, rng = sheets.units.ids("county"), sheets.draw("lists")
    items = [f"item_{heading}_{at}" for heading in range(1, 10) for at in range(1, 7 if heading < 5 else 6)]
    early = ("item_1_1", "item_1_2", "item_2_1")
    drawn = rng.random((len(counties), len(items)))
    for stages, low, high in ((("open", "reported", "verified"), 0.0, 0.5), (("open", "reported"), 0.5, 0.6)):
        closed = stages[-1] == "verified"
        fits = (drawn >= low) & (drawn < high)
        fits[:, [items.index(it) for it in early]] = closed
        county, item = np.nonzero(fits)
        sheets.cases(
            "county_duty", "县市区责任清单落实", stages, counties[county], between(rng, FIRST, date(2017, 3, 1), len(item)),
            closed=closed, ground=[items[at] for at in item.tolist()],
        )  # fmt: skip
    for element, end in (("element_1_1_1", "cleared"), ("element_6_1_1", "held")):
        some = rng.choice(counties, min(2, len(counties)), replace=False)
        sheets.cases(
            "county_duty_reverse", "县市区反向评价要素", ("triggered", "explained", end), some,
            between(rng, FIRST, date(2017, 10, 1), len(some)), ground=[element] * len(some),
        )  # fmt: skip


def _debriefings(sheets: Sheets, people: People) -> None:
    """Every secretary of a village or community, once in the year."""
    rng, units = sheets.draw("debriefings"), sheets.units
    posted = np.concatenate([units.ids("village"), units.ids("community")])
    grades = np.array(["good", "fair", "common"])[rng.choice(3, len(posted), p=[0.4, 0.45, 0.15])]
    sheets.cases(
        "debriefing", "书记抓党建述职评议", ("drafted", "checked", "debriefed", "rated", "mending", "closed"), posted,
        between(rng, FIRST, date(2017, 10, 1), len(posted)), person_id=people.secretaries,
        extra=[f'{{"grade": "{grade}"}}' for grade in grades],
    )  # fmt: skip


def _home(sheets: Sheets, persons: Ints) -> Ints:
    homes = np.concatenate([part["unit_id"].to_numpy() for part in sheets.parts["person"]])
    found: Ints = homes[persons - 1]
    return found
