"""Synthetic members, cadres and households."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from hangshi.scenarios import names, totals
from hangshi.scenarios.draw import Ints, between, day_number, days, grown, split, stream
from hangshi.scenarios.places import Places
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.totals import Totals

RETIRED = 0.18  # of the organ members
VILLAGE_CADRES = 4  # at most so many of a village branch
TRANSFERRED = 1_500


@dataclass
class People:
    """Members have the ids 1 to `len(branch)`, branch by branch; then come the cadres who are no members."""

    branch: Ints
    since: Ints  # day number of joining the branch
    field: "np.ndarray[tuple[int], np.dtype[np.str_]]"
    cadre: "np.ndarray[tuple[int], np.dtype[np.str_]]"  # members and cadres outside
    home: Ints

    def ids(self, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Ints:
        return np.flatnonzero(mask).astype(np.int64) + 1


@dataclass
class Households:
    """Ids 1 to `len(unit)`; the registered ones come first."""

    unit: Ints
    persons: Ints  # of the registered ones
    lifted: Ints  # ids


def people(places: Places, scale: Totals) -> People:
    rng = stream("people")
    branch, field, cadre = [], [], []
    for key, ids in places.branches.items():
        total = max(scale.of(totals.MEMBERS[key]), 3 * len(ids))
        sizes = split(total, rng.lognormal(0, 0.35, len(ids)), least=3)
        branch.append(np.repeat(ids, sizes))
        field.append(np.full(total, key, dtype="U9"))
        words = np.full(total, "", dtype="U9")
        if key == "organ":
            draw = rng.random(total)
            words = np.select([draw < RETIRED, draw < RETIRED + 0.12], ["", "reserve"], "organ").astype("U9")
        elif key == "rural":
            words[grown(sizes) < VILLAGE_CADRES] = "village"
        cadre.append(words)
    branches, fields = np.concatenate(branch), np.concatenate(field)
    outside = scale.of(totals.CADRES_OUTSIDE)
    joined = day_number(date(2015, 9, 30)) - (rng.gamma(2.0, 5.0, len(branches)) * 365).astype(np.int64)
    late = rng.random(len(branches)) < 0.05
    joined = np.where(late, between(rng, date(2015, 10, 1), date(2017, 10, 1), len(branches)), joined)
    home = np.concatenate([places.units.parents(branches), rng.choice(places.organs, outside)])
    return People(branches, joined, fields, np.concatenate([*cadre, np.full(outside, "organ", dtype="U9")]), home)


def write_people(sink: Sink, places: Places, it: People, scale: Totals) -> int:
    rng = stream("people written")
    count = len(it.home)
    born = between(rng, date(1938, 1, 1), date(1992, 1, 1), count)
    persons = pl.DataFrame({
        "name": names.people(rng, count), "sex": np.where(rng.random(count) < 0.73, "男", "女"), "born": days(born),
        "cadre": it.cadre, "unit_id": it.home, "path": places.units.paths(it.home),
    })  # fmt: skip
    return copy(sink, "person", persons) + copy(sink, "membership", _memberships(places, it, scale))


def _memberships(places: Places, it: People, scale: Totals) -> pl.DataFrame:
    """One now for each member; a few came from another branch of the same field, where the earlier one ends the day before."""
    rng = stream("memberships")
    count = len(it.branch)
    probation = (it.since > day_number(date(2016, 11, 1))) & (rng.random(count) < 0.5)
    now = pl.DataFrame({
        "person_id": np.arange(1, count + 1), "unit_id": it.branch, "path": places.units.paths(it.branch),
        "status": np.where(probation, "probationary", "full"), "category": it.field,
        "since": days(it.since), "until": pl.Series([None] * count, dtype=pl.Date), "end_reason": [""] * count,
    })  # fmt: skip
    recent = np.flatnonzero((it.since > day_number(date(2015, 10, 1))) & ~probation)
    moved = np.sort(rng.choice(recent, min(scale.of(TRANSFERRED), len(recent)), replace=False))
    origin = np.empty(len(moved), dtype=np.int64)
    for field, ids in places.branches.items():
        mask = it.field[moved] == field
        origin[mask] = rng.choice(ids, int(mask.sum()))
    before = pl.DataFrame({
        "person_id": moved + 1, "unit_id": origin, "path": places.units.paths(origin),
        "status": ["full"] * len(moved), "category": it.field[moved],
        "since": days(it.since[moved] - rng.integers(400, 6000, len(moved))), "until": days(it.since[moved] - 1),
        "end_reason": ["transfer"] * len(moved),
    })  # fmt: skip
    return pl.concat([now, before], how="vertical_relaxed")


def households(places: Places, scale: Totals) -> Households:
    rng = stream("households")
    poor = set(places.poor.tolist())
    weights = np.array([places.weight[at] * (2.4 if at in poor else 0.5) for at in places.villages.tolist()])
    registered = np.repeat(places.villages, split(scale.of(totals.HOUSEHOLDS_POOR), weights))
    plain = np.array([places.weight[at] for at in places.villages.tolist()])
    general = np.repeat(places.villages, split(scale.of(totals.HOUSEHOLDS_GENERAL), plain))
    sizes = split(scale.of(totals.PERSONS_POOR), 1 + rng.poisson(3.2, len(registered)).astype(float), least=1)
    lifted = np.sort(rng.choice(len(registered), scale.of(totals.LIFTED), replace=False)) + 1
    return Households(np.concatenate([registered, general]), sizes, lifted)


def write_households(sink: Sink, places: Places, it: Households, exits: Ints) -> int:
    """`exits`: registered households that gave the status up, by id; they are general from July 2017 on."""
    rng = stream("households written")
    count, registered = len(it.unit), len(it.persons)
    code = pl.Series(places.units.code).gather(pl.Series(it.unit - 1))
    number = pl.Series(_number_in_village(it.unit)).cast(pl.String).str.zfill(4)
    size = pl.Series(np.concatenate([it.persons, 1 + rng.poisson(2.5, count - registered)]))
    rows = pl.DataFrame({"code": code, "no": number, "size": size.cast(pl.String)}).select(
        number=pl.concat_str("code", "no"), extra=_persons()
    )
    frame = rows.with_columns(
        head=names.people(rng, count), unit_id=pl.Series(it.unit), path=places.units.paths(it.unit)
    )
    return copy(sink, "household", frame) + copy(sink, "household_status", _statuses(places, it, exits))


def _persons() -> pl.Expr:
    return pl.concat_str(pl.lit('{"persons": '), pl.col("size"), pl.lit("}"))


def _number_in_village(units: Ints) -> Ints:
    """1, 2, … within each village, in the order of the rows."""
    order = np.argsort(units, kind="stable")
    _, sizes = np.unique(units, return_counts=True)
    numbers = np.empty(len(units), dtype=np.int64)
    numbers[order] = grown(sizes) + 1
    return numbers


def _statuses(places: Places, it: Households, exits: Ints) -> pl.DataFrame:
    count, registered = len(it.unit), len(it.persons)
    ids = np.arange(1, count + 1)
    after = np.concatenate([it.lifted, exits])
    word = np.concatenate([np.full(len(it.lifted), "lifted"), np.full(len(exits), "general")])
    turn = np.where(after % 2 == 0, day_number(date(2016, 12, 31)), day_number(date(2017, 7, 1)))
    turn[len(it.lifted) :] = day_number(date(2017, 7, 1))
    until = np.full(count, -1)
    until[after - 1] = turn - 1
    first = pl.DataFrame({
        "household_id": ids, "unit_id": it.unit, "path": places.units.paths(it.unit),
        "status": np.where(ids <= registered, "registered", "general"),
        "since": pl.Series([date(2014, 6, 1)] * count),
        "until": pl.select(pl.when(pl.Series(until) >= 0).then(days(until))).to_series(),
    })  # fmt: skip
    homes = it.unit[after - 1]
    second = pl.DataFrame({
        "household_id": after, "unit_id": homes, "path": places.units.paths(homes), "status": word,
        "since": days(turn), "until": pl.Series([None] * len(after), dtype=pl.Date),
    })  # fmt: skip
    return pl.concat([first, second])
