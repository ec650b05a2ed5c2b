"""Entries: land in transfer, benefits, funds of branches, household incomes, gift surveys, collective incomes."""

from datetime import date

import numpy as np
import polars as pl

from hangshi.scenarios import totals
from hangshi.scenarios.draw import Ints, between, day_number, days, split, stream
from hangshi.scenarios.people import Households, People
from hangshi.scenarios.places import Places
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.totals import Totals

SURVEYS = [(date(2016, 4, 30), 1.0), (date(2016, 10, 31), 1.0), (date(2017, 4, 30), 0.53), (date(2017, 10, 31), 0.525)]
QUARTERS = [date(year, month, 28) for year in (2016, 2017) for month in (1, 4, 7, 10)]
NEED_FUND = ("rural", "community", "two_new")


def write(sink: Sink, places: Places, people: People, homes: Households, scale: Totals) -> int:
    parts = [
        _land(places, scale),
        *_benefits(places, scale),
        *_funds(places, people),
        *_incomes(homes),
        *_surveys(places),
        *_collective(places),
    ]
    frame = pl.concat(parts, how="diagonal_relaxed")
    return copy(sink, "entry", frame.with_columns(path=places.units.paths(frame["unit_id"].to_numpy())))


def booked(kind: str, unit: Ints, day: "date | pl.Series", amount: Ints, **more: object) -> pl.DataFrame:
    at = day if isinstance(day, pl.Series) else [day] * len(unit)
    return pl.DataFrame({"kind": [kind] * len(unit), "unit_id": unit, "day": at, "amount": amount, **more})


def _land(places: Places, scale: Totals) -> pl.DataFrame:
    """The contracts in force add up to the area reported; older ones, run out by September 2017, come on top."""
    rng = stream("land")
    count, gone = scale.of(21_000), scale.of(2_000)
    unit = np.sort(rng.choice(places.units.ids("village"), count + gone))
    area = np.concatenate(
        [split(scale.of(totals.LAND_MU), rng.lognormal(0, 0.8, count), least=1), rng.integers(5, 120, gone)]
    )
    since = between(rng, date(2012, 1, 1), date(2017, 9, 30), count + gone)
    since[count:] = between(rng, date(2010, 1, 1), date(2012, 9, 30), gone)
    until = since + 365 * rng.integers(6, 21, count + gone)
    until = np.where(until <= day_number(date(2017, 10, 31)), day_number(date(2027, 12, 31)), until)
    until[count:] = since[count:] + 1825
    mixed = rng.permutation(count + gone)
    return booked(
        "land_contract", unit, days(since[mixed]), area[mixed], since=days(since[mixed]), until=days(until[mixed])
    )


def _benefits(places: Places, scale: Totals) -> list[pl.DataFrame]:
    rng = stream("benefits")
    found = []
    for total, first, last in (
        (totals.BENEFIT_YUAN_BEFORE, date(2016, 1, 1), date(2016, 12, 31)),
        (totals.BENEFIT_YUAN, date(2017, 1, 1), date(2017, 10, 31)),
    ):
        count = scale.of(24_000)
        source = np.array(["rent", "dividend", "wage"])[rng.choice(3, count, p=[0.45, 0.2, 0.35])]
        amount = split(scale.of(total), rng.lognormal(0, 0.9, count))
        unit = rng.choice(places.villages, count)
        found.append(booked("benefit", unit, days(between(rng, first, last, count)), amount, source=source))
    return found


def _funds(places: Places, people: People) -> list[pl.DataFrame]:
    rng = stream("funds")
    needing = np.concatenate([places.branches[field] for field in NEED_FUND])
    every = np.concatenate(list(places.branches.values()))
    size = np.bincount(people.branch, minlength=int(every.max()) + 1)[every]
    found = []
    for year in (2016, 2017):
        found.append(booked("branch_fund", needing, date(year, 3, 20), 5000 + 500 * rng.poisson(1.5, len(needing))))
        found.append(booked("member_fund", every, date(year, 3, 20), size * (100 + 10 * rng.poisson(1.0, len(every)))))
    return found


def _incomes(homes: Households) -> list[pl.DataFrame]:
    """Registered households only; 97 in 100 rose. The year of the report was surveyed in October, village by village, before it was written."""
    rng = stream("incomes")
    count = len(homes.persons)
    before = rng.integers(1_800, 4_200, count)
    after = np.where(
        rng.random(count) < 0.97, before + rng.integers(150, 2_600, count), before - rng.integers(0, 300, count)
    )
    persons = pl.select(
        pl.concat_str(pl.lit('{"persons": '), pl.Series(homes.persons).cast(pl.String), pl.lit("}"))
    ).to_series()
    unit, ids = homes.unit[:count], np.arange(1, count + 1)
    surveyed = days(day_number(date(2017, 10, 10)) + unit % 20)
    return [
        booked("household_income", unit, day, amount, household_id=ids, extra=persons)
        for day, amount in ((date(2016, 12, 31), before), (surveyed, after))
    ]


def _surveys(places: Places) -> list[pl.DataFrame]:
    """What a household spends on gifts in half a year, the mean of a village."""
    rng = stream("surveys")
    villages = places.units.ids("village")
    base = rng.normal(3_200, 500, len(villages)).clip(1_500)
    return [
        booked(
            "gift_survey",
            villages,
            day,
            (base * share * rng.uniform(0.97, 1.03, len(villages))).round().astype(np.int64),
        )
        for day, share in SURVEYS
    ]


def _collective(places: Places) -> list[pl.DataFrame]:
    rng = stream("collective")
    return [
        booked("collective_income", places.villages, day, rng.gamma(1.5, 9_000, len(places.villages)).astype(np.int64))
        for day in QUARTERS
    ]
