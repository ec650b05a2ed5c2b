"""Two years of activities to 31 October 2017: visits, meetings with attendance, campaigns, banquet counts."""

from datetime import date

import numpy as np
import polars as pl

from hangshi.scenarios import totals
from hangshi.scenarios.bonds import Bonds
from hangshi.scenarios.draw import REPORT_DAY, Floats, Ints, day_number, days, grown, months, split, stream
from hangshi.scenarios.people import Households, People
from hangshi.scenarios.places import Places
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.totals import Totals

MONTHS = months(date(2015, 11, 1), REPORT_DAY)
SEASON = np.array([0.7, 0.5, 1.0, 1.1, 1.1, 1.2, 1.1, 1.0, 1.2, 1.3, 1.0, 0.9])  # January to December
FEAST = np.array([1.5, 1.6, 0.8, 0.7, 1.0, 0.7, 0.7, 0.9, 0.9, 1.2])  # January to October
COMMITTEE = 5  # of a branch
TOPICS = {
    "theme_day": "主题党日", "branch_meeting": "支部党员大会", "party_lesson": "党课", "committee_meeting": "支部委员会",
    "group_meeting": "党小组会", "study_session": "中心组学习", "committee_session": "专题研讨", "visit": "", "campaign": "群众说乡贤论榜上亮", "banquet_count": "",
}  # fmt: skip


def write(
    sink: Sink, places: Places, people: People, homes: Households, bonds: Bonds, scale: Totals
) -> tuple[int, int]:
    """How many activities and how many attendances were written."""
    meetings, sizes, starts = _meetings(places, people, scale)
    parts = [
        meetings,
        _study(places),
        _visits(places, homes, bonds, scale),
        _campaigns(places, scale),
        _banquets(places, scale),
    ]
    frame = pl.concat(parts, how="diagonal_relaxed").with_row_index("id", offset=1)
    frame = frame.with_columns(
        path=places.units.paths(frame["unit_id"].to_numpy()),
        topic=pl.col("kind").replace_strict(TOPICS),
        recorded_at=pl.concat_str(pl.col("day").cast(pl.String), pl.lit("T10:00:00+00:00")),
    )
    return copy(sink, "activity", frame), _attendances(sink, places, people, frame.head(meetings.height), sizes, starts)


def _in_season(rng: np.random.Generator, count: int) -> Ints:
    """Day numbers over the two years, busier where the season is."""
    weights: Floats = np.array([SEASON[first.month - 1] * (1 + 0.02 * at) for at, (first, _) in enumerate(MONTHS)])
    at = rng.choice(len(MONTHS), count, p=weights / weights.sum())
    first = np.array([day_number(first) for first, _ in MONTHS])
    length = np.array([(last - first).days + 1 for first, last in MONTHS])
    day: Ints = first[at] + (rng.random(count) * length[at]).astype(np.int64)
    return day


def _visits(places: Places, homes: Households, bonds: Bonds, scale: Totals) -> pl.DataFrame:
    """One village in twenty lags behind."""
    rng = stream("visits")
    zeal = dict(
        zip(
            places.villages.tolist(), np.where(rng.random(len(places.villages)) < 0.05, 0.12, 1.0).tolist(), strict=True
        )
    )
    village = homes.unit[bonds.paired - 1]
    weights = np.array([zeal[at] for at in village.tolist()]) * rng.gamma(6.0, 1.0, len(village))
    at = np.repeat(np.arange(len(village)), split(scale.of(totals.VISITS), weights))
    day = _in_season(rng, len(at))
    return pl.DataFrame({
        "kind": ["visit"] * len(at), "unit_id": village[at], "household_id": bonds.paired[at], "day": days(day),
        "leader_id": np.where(day >= bonds.paired_since[at], bonds.bearer[at], bonds.bearer_before[at]),
        "present": np.ones(len(at), dtype=np.int64),
    })  # fmt: skip


def _meetings(places: Places, people: People, scale: Totals) -> tuple[pl.DataFrame, Ints, Ints]:
    """The meetings of branches, and for each how many are named and which member comes first."""
    rng = stream("meetings")
    branches = np.concatenate(list(places.branches.values()))
    members = np.bincount(people.branch, minlength=int(branches.max()) + 1)
    first = np.zeros(int(branches.max()) + 1, dtype=np.int64)
    ids, start = np.unique(people.branch, return_index=True)
    first[ids] = start
    zeal = np.clip(rng.normal(1, 0.2, len(branches)), 0.2, 2)
    kinds, units, sizes = [], [], []
    for kind, count in totals.MEETINGS.items():
        at = np.repeat(branches, split(scale.of(count), zeal))
        few = np.minimum(members[at], COMMITTEE if kind == "committee_meeting" else 9)
        kinds.append(np.full(len(at), kind, dtype="U20"))
        units.append(at)
        sizes.append(few if kind in ("committee_meeting", "group_meeting") else members[at])
    unit = np.concatenate(units)
    day = _in_season(rng, len(unit))
    frame = pl.DataFrame(
        {"kind": np.concatenate(kinds), "unit_id": unit, "day": days(day), "leader_id": first[unit] + 1}
    )
    named = np.concatenate(sizes)
    return frame.with_columns(present=pl.Series((named * 0.88).round().astype(np.int64))), named, first[unit]


def _attendances(sink: Sink, places: Places, people: People, meetings: pl.DataFrame, sizes: Ints, starts: Ints) -> int:
    """Every member of the branch on that day, with the state; the number is that of the members less those who joined later."""
    rng = stream("attendances")
    person = np.repeat(starts, sizes) + grown(sizes)
    at = np.repeat(np.arange(len(sizes)), sizes)
    day = meetings["day"].cast(pl.Int32).to_numpy()[at]
    here = people.since[person] <= day
    person, at = person[here], at[here]
    draw = rng.random(len(at))
    meeting = pl.Series(at)
    frame = pl.DataFrame({
        "activity_id": meetings["id"].gather(meeting), "person_id": person + 1, "unit_id": meetings["unit_id"].gather(meeting),
        "path": meetings["path"].gather(meeting), "day": meetings["day"].gather(meeting),
        "state": pl.select(
            pl.when(pl.Series(draw < 0.88)).then(pl.lit("present")).when(pl.Series(draw < 0.96)).then(pl.lit("leave")).otherwise(pl.lit("absent"))
        ).to_series(),
    })  # fmt: skip
    return copy(sink, "attendance", frame)


def _study(places: Places) -> pl.DataFrame:
    """Each committee and leading group studies once a month and holds a discussion in the middle of each whole quarter."""
    rng = stream("study")
    groups = places.units.ids("committee", "leading_group")
    parts = []
    for kind, spans in (("study_session", MONTHS), ("committee_session", MONTHS[3:-1:3])):
        unit = np.repeat(groups, len(spans))
        first = np.tile([day_number(first) for first, _ in spans], len(groups))
        parts.append(pl.DataFrame({
            "kind": [kind] * len(unit), "unit_id": unit, "day": days(first + rng.integers(0, 28, len(unit))),
            "present": rng.integers(5, 14, len(unit)),
        }))  # fmt: skip
    return pl.concat(parts)


def _campaigns(places: Places, scale: Totals) -> pl.DataFrame:
    rng = stream("campaigns")
    count = scale.of(96)
    day = day_number(date(2017, 3, 1)) + rng.integers(0, 240, count)
    return pl.DataFrame({
        "kind": ["campaign"] * count, "unit_id": rng.choice(places.poor, count), "day": days(day),
        "present": split(scale.of(totals.CAMPAIGN_REACHED), rng.gamma(8.0, 1.0, count)),
    })  # fmt: skip


def _banquets(places: Places, scale: Totals) -> pl.DataFrame:
    """Ten months of 2016 hold three parts, those of 2017 two; November and December 2016 as many as the January and February before."""
    rng = stream("banquets")
    villages = places.units.ids("village")
    weight = rng.gamma(3.0, 1.0, len(villages))
    before = split(3 * scale.of(totals.BANQUETS_THIRD), FEAST)
    after = split(2 * scale.of(totals.BANQUETS_THIRD), FEAST)
    monthly = np.concatenate([before[:2], before, before[:2], after])
    parts = [
        pl.DataFrame({
            "kind": ["banquet_count"] * len(villages), "unit_id": villages, "day": [last] * len(villages),
            "present": split(int(total), weight * rng.gamma(9.0, 1.0, len(villages))),
        })
        for total, (_, last) in zip(monthly, MONTHS, strict=True)
    ]  # fmt: skip
    return pl.concat(parts)
