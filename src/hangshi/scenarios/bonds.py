"""Duties: who answers for which village, team, household or entity, from when to when."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from hangshi.duties.services import slot_of
from hangshi.scenarios import names, totals
from hangshi.scenarios.draw import Ints, between, day_number, days, split, stream
from hangshi.scenarios.people import Households, People
from hangshi.scenarios.places import Places
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.totals import Totals

START = date(2015, 10, 25)
PLEDGES = ["policy", "industry", "skill", "care", "custom"]
COLUMNS = {
    "kind": pl.String, "unit_id": pl.Int64, "since": pl.Date, "until": pl.Date, "bearer_id": pl.Int64, "bearer_unit_id": pl.Int64,
    "target_unit_id": pl.Int64, "household_id": pl.Int64, "role": pl.String, "end_reason": pl.String, "slot": pl.Int64, "extra": pl.String,
}  # fmt: skip
BLANK = {"role": "", "end_reason": "", "extra": "{}"}


@dataclass
class Bonds:
    """Who stands where, for the activities and cases that follow."""

    paired: Ints  # households
    bearer: Ints  # of each paired household, now
    bearer_before: Ints
    paired_since: Ints  # day number; before it `bearer_before` came
    promoted: Ints  # persons
    frontline: Ints


def rows(**columns: object) -> pl.DataFrame:
    """Rows of the duty table; what is not given is blank."""
    frame = pl.DataFrame(columns)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(BLANK.get(name))).cast(kind).alias(name)
        for name, kind in COLUMNS.items()
    )


def write_entities(places: Places, scale: Totals) -> tuple[list[tuple[str, Ints]], Ints]:
    """Makes the market entities among the units: those chained to a branch, by kind; and those that members lead."""
    rng = stream("entities")
    chains: list[tuple[str, Ints]] = []
    for kind, ending, count in (
        ("factory", "社区工厂", totals.FACTORIES), ("park", "现代农业园区", totals.PARKS),
        ("scenic", "旅游景区", totals.SCENIC), ("cooperative", "专业合作社", totals.COOPERATIVES),
    ):  # fmt: skip
        homes = rng.choice(places.poor, scale.of(count))
        ids = [_entity(places, rng, kind, int(home), ending) for home in homes]
        chains.append((kind, np.array(ids, dtype=np.int64)))
    homes = rng.choice(places.villages, scale.of(totals.ENTITY_MEMBERS))
    led = np.array([_entity(places, rng, "enterprise", int(home), "家庭农场") for home in homes], dtype=np.int64)
    return chains, led


def _entity(places: Places, rng: np.random.Generator, kind: str, home: int, ending: str) -> int:
    name = names.enterprise(rng, places.units.name[home - 1].removesuffix("村").removesuffix("社区"), ending)
    since = date(2012, 1, 1).toordinal() + int(rng.integers(0, 1300))
    return places.units.add(kind, name, home, since=date.fromordinal(since))


def write_duties(
    sink: Sink,
    places: Places,
    people: People,
    homes: Households,
    chains: list[tuple[str, Ints]],
    led: Ints,
    scale: Totals,
) -> Bonds:
    reserve = people.ids(people.cadre == "reserve")
    organ = people.ids(people.cadre == "organ")
    secretaries, promoted, serving = _first_secretaries(places, reserve, organ, scale)
    members, team = _team_members(places, organ, scale)
    pairings, bonds = _pairings(places, people, homes, scale)
    parts = [
        secretaries, members, pairings, _chains(places, chains), _led(places, people, led, scale), _pledges(places, people, scale),
    ]  # fmt: skip
    frame = pl.concat(parts)
    copy(sink, "duty", frame.with_columns(path=places.units.paths(frame["unit_id"].to_numpy())))
    bonds.promoted, bonds.frontline = promoted, np.concatenate([serving, team])
    return bonds


def _first_secretaries(places: Places, reserve: Ints, organ: Ints, scale: Totals) -> tuple[pl.DataFrame, Ints, Ints]:
    """One a village at a time. Where a reserve cadre came in 2017, the one before left the day before."""
    rng = stream("first secretaries")
    villages = places.teamed
    new = np.sort(rng.choice(len(villages), min(scale.of(totals.NEW_FIRST_SECRETARIES), len(villages)), replace=False))
    first = rng.choice(organ, len(villages), replace=len(villages) > len(organ))
    came = np.full(len(villages), day_number(START)) + rng.integers(0, 30, len(villages))
    left = between(rng, date(2017, 1, 5), date(2017, 9, 30), len(new))
    recalled, promoted = scale.of(totals.RECALLED), scale.of(totals.PROMOTED) // 2
    reason = np.full(len(new), "term", dtype="U9")
    reason[:recalled], reason[recalled : recalled + promoted] = "recall", "promotion"
    reason = rng.permutation(reason)
    until = np.full(len(villages), -1)
    until[new] = left
    reasons = np.full(len(villages), "", dtype="U9")
    reasons[new] = reason
    bearers = rng.choice(reserve, len(new), replace=len(new) > len(reserve))
    slots = np.array([slot_of("first_secretary", int(at) + places.units.base) for at in villages], dtype=np.int64)
    earlier = rows(
        kind=["first_secretary"] * len(villages), unit_id=villages, target_unit_id=villages, slot=slots, bearer_id=first, since=days(came),
        until=pl.select(pl.when(pl.Series(until) >= 0).then(days(until))).to_series(), end_reason=reasons,
    )  # fmt: skip
    later = rows(
        kind=["first_secretary"] * len(new), unit_id=villages[new], target_unit_id=villages[new], slot=slots[new],
        bearer_id=bearers, since=days(left + 1), extra=['{"reserve": true}'] * len(new),
    )  # fmt: skip
    return pl.concat([earlier, later]), first[new][reason == "promotion"], np.concatenate([first[until < 0], bearers])


def _team_members(places: Places, organ: Ints, scale: Totals) -> tuple[pl.DataFrame, Ints]:
    """So many distinct ones serve now; those adjusted in 2017 were followed the next day by one of them."""
    rng = stream("team members")
    count, adjusted = max(scale.of(totals.TEAM_MEMBERS), len(places.teams)), scale.of(totals.TEAM_MEMBERS_ADJUSTED)
    drawn = rng.choice(organ, count + adjusted, replace=False)
    serving = drawn[:count]
    at = np.repeat(np.arange(len(places.teams)), split(count, rng.uniform(0.6, 1.4, len(places.teams)), least=1))
    since = np.full(count, day_number(START)) + rng.integers(0, 40, count)
    followers = rng.choice(count, adjusted, replace=False)
    left = between(rng, date(2017, 1, 5), date(2017, 10, 20), adjusted)
    before = since[followers].copy()
    since[followers] = left + 1
    now = rows(
        kind=["team_member"] * count, unit_id=places.teamed[at], target_unit_id=places.teams[at], bearer_id=serving, since=days(since),
        role=np.where(np.diff(at, prepend=-1) > 0, "leader", "member"),
    )  # fmt: skip
    gone = rows(
        kind=["team_member"] * adjusted, unit_id=places.teamed[at[followers]], target_unit_id=places.teams[at[followers]],
        bearer_id=drawn[count:], since=days(before), until=days(left), end_reason=["adjusted"] * adjusted, role=["member"] * adjusted,
    )  # fmt: skip
    return pl.concat([now, gone]), serving


def _pairings(places: Places, people: People, homes: Households, scale: Totals) -> tuple[pl.DataFrame, Bonds]:
    rng = stream("pairings")
    organ = people.ids(people.field == "organ")
    bearers = np.sort(rng.choice(organ, min(scale.of(totals.PAIRED_BEARERS), len(organ)), replace=False))
    open_ones = np.setdiff1d(np.arange(1, len(homes.persons) + 1), homes.lifted)
    paired = np.sort(rng.choice(open_ones, min(scale.of(totals.PAIRED_HOUSEHOLDS), len(open_ones)), replace=False))
    bearer = np.repeat(bearers, split(len(paired), rng.uniform(0.5, 1.5, len(bearers)), least=1))
    since = np.full(len(paired), day_number(START))
    changed = rng.random(len(paired)) < 0.2
    since[changed] = between(rng, date(2016, 1, 4), date(2017, 9, 29), int(changed.sum()))
    before = rng.choice(organ, len(paired))
    unit = homes.unit[paired - 1]
    now = rows(kind=["pairing"] * len(paired), unit_id=unit, household_id=paired, bearer_id=bearer, since=days(since))
    gone = rows(
        kind=["pairing"] * int(changed.sum()), unit_id=unit[changed], household_id=paired[changed], bearer_id=before[changed],
        since=[START] * int(changed.sum()), until=days(since[changed] - 1), end_reason=["adjusted"] * int(changed.sum()),
    )  # fmt: skip
    none = np.array([], dtype=np.int64)
    return pl.concat([now, gone]), Bonds(paired, bearer, before, since, none, none)


def _chains(places: Places, chains: list[tuple[str, Ints]]) -> pl.DataFrame:
    """Each entity is chained to one branch of its village."""
    rng = stream("chains")
    branch = dict(
        zip(places.units.parents(places.branches["rural"]).tolist(), places.branches["rural"].tolist(), strict=True)
    )
    ids = np.concatenate([ids for _, ids in chains])
    homes = places.units.parents(ids)
    since = between(rng, START, date(2017, 9, 30), len(ids))
    return rows(
        kind=["branch_chain"] * len(ids), unit_id=homes, target_unit_id=ids, since=days(since),
        bearer_unit_id=[branch[int(home)] for home in homes],
    )  # fmt: skip


def _led(places: Places, people: People, led: Ints, scale: Totals) -> pl.DataFrame:
    rng = stream("member entities")
    pool = people.ids(np.isin(people.field, ["rural", "community", "two_new"]))
    bearers = rng.choice(pool, len(led), replace=False)
    employees = 1 + rng.geometric(0.12, len(led))
    since = between(rng, date(2014, 3, 1), date(2017, 9, 30), len(led))
    return rows(
        kind=["member_entity"] * len(led), unit_id=places.units.parents(led), target_unit_id=led, bearer_id=bearers,
        since=days(since), extra=[f'{{"employees": {number}}}' for number in employees],
    )  # fmt: skip


def _pledges(places: Places, people: People, scale: Totals) -> pl.DataFrame:
    rng = stream("pledges")
    rural = people.ids(people.field == "rural")
    bearers = np.sort(rng.choice(rural, min(scale.of(totals.PLEDGING), len(rural)), replace=False))
    again = rng.choice(bearers, len(bearers) // 14, replace=False)
    both = np.concatenate([bearers, again])
    home = people.home[both - 1]
    role = np.array(PLEDGES)[np.concatenate([bearers % 4, np.full(len(again), 4)])]
    since = np.maximum(between(rng, date(2016, 3, 1), date(2017, 7, 1), len(both)), people.since[both - 1])
    return rows(
        kind=["pledge"] * len(both), unit_id=home, target_unit_id=home, bearer_id=both, role=role, since=days(since)
    )
