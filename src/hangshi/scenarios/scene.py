"""A place in the making: its parts are added in any order, with ids that count from 1, and written at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from hangshi.duties.services import slot_of
from hangshi.scenarios import names
from hangshi.scenarios.bonds import rows
from hangshi.scenarios.draw import Ints, between, days, numbers, stream
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.units import Units

Span = tuple[date, date]


@dataclass
class Scene:
    """`name` keeps its random numbers apart from those of other places; `base`: by how much ids lie higher in the database."""

    name: str
    units: Units
    base: dict[str, int]
    persons: list[pl.DataFrame] = field(default_factory=list)
    members: list[pl.DataFrame] = field(default_factory=list)
    homes: list[pl.DataFrame] = field(default_factory=list)
    statuses: list[pl.DataFrame] = field(default_factory=list)
    dwellers: list[pl.DataFrame] = field(default_factory=list)
    duties: list[pl.DataFrame] = field(default_factory=list)
    entries: list[pl.DataFrame] = field(default_factory=list)
    activities: list[pl.DataFrame] = field(default_factory=list)
    cases: list[tuple[object, ...]] = field(default_factory=list)
    steps: list[tuple[object, ...]] = field(default_factory=list)
    measures: list[tuple[object, ...]] = field(default_factory=list)
    papers: list[tuple[object, ...]] = field(default_factory=list)

    def stream(self, part: str) -> np.random.Generator:
        return stream(f"{self.name} {part}")

    def pick(self, part: str, pool: Ints, count: int) -> Ints:
        """`count` of the pool in their order, none twice as far as it reaches."""
        rng = self.stream(part)
        more = [rng.permutation(pool) for _ in range(count // max(1, len(pool)) + 1)]
        return np.sort(np.concatenate(more)[:count])

    def add_persons(self, part: str, units: Ints, cadre: str = "") -> Ints:
        """One at each of the units; their ids."""
        rng, count = self.stream(part), len(units)
        self.persons.append(pl.DataFrame({
            "name": names.people(rng, count), "sex": np.where(rng.random(count) < 0.7, "男", "女"),
            "born": days(between(rng, date(1960, 1, 1), date(1994, 12, 31), count)), "cadre": [cadre] * count,
            "unit_id": units, "path": self.units.paths(units),
        }))  # fmt: skip
        last = sum(frame.height for frame in self.persons)
        return np.arange(last - count + 1, last + 1, dtype=np.int64)

    def add_members(self, part: str, branches: Ints, category: str, cadre: str = "", homes: Ints | None = None) -> Ints:
        """A person in each of the branches, living where the branch stands or at `homes`; their ids."""
        ids = self.add_persons(part, self.units.parents(branches) if homes is None else homes, cadre)
        self.members.append(pl.DataFrame({
            "person_id": ids, "unit_id": branches, "path": self.units.paths(branches), "status": ["full"] * len(ids),
            "category": [category] * len(ids), "since": days(between(self.stream(part + " joined"), date(1995, 1, 1), date(2015, 12, 31), len(ids))),
        }))  # fmt: skip
        return ids

    def add_households(
        self, part: str, villages: Ints, sizes: Ints, extra: Sequence[str], status: str, since: date
    ) -> Ints:
        """`extra`: more JSON of each, "" or like `"able": true`; their ids."""
        first, count = sum(frame.height for frame in self.homes) + 1, len(villages)
        code = pl.Series(self.units.code).gather(pl.Series(villages - 1))
        number = pl.Series(range(first, first + count)).cast(pl.String).str.zfill(6)
        said = pl.DataFrame({"n": sizes, "more": list(extra)}).select(
            pl.concat_str(pl.lit('{"persons": '), pl.col("n").cast(pl.String), pl.when(pl.col("more") != "").then(pl.lit(", ")).otherwise(pl.lit("")), pl.col("more"), pl.lit("}"))
        ).to_series()  # fmt: skip
        self.homes.append(pl.DataFrame({
            "number": code + "-" + number, "head": names.people(self.stream(part), count), "unit_id": villages,
            "path": self.units.paths(villages), "extra": said,
        }))  # fmt: skip
        ids = np.arange(first, first + count, dtype=np.int64)
        self.statuses.append(pl.DataFrame({
            "household_id": ids, "unit_id": villages, "path": self.units.paths(villages), "status": [status] * count, "since": [since] * count,
        }))  # fmt: skip
        return ids

    def settle(self, persons: Ints, households: Ints, villages: Ints, since: date) -> None:
        """The persons live in the households."""
        self.dwellers.append(pl.DataFrame({
            "household_id": households, "person_id": persons, "path": self.units.paths(villages),
            "relation": ["家庭成员"] * len(persons), "since": [since] * len(persons),
        }))  # fmt: skip

    def add_duty(
        self, kind: str, units: Ints, since: "date | pl.Series", *, exclusive: bool = False, **columns: Any
    ) -> None:
        """`units` are the home units of the targets; where no target is named they are the targets too."""
        count = len(units)
        if not {"household_id", "target_unit_id"} & columns.keys():
            columns["target_unit_id"] = units
        if exclusive:
            table, column = ("household", "household_id") if "household_id" in columns else ("unit", "target_unit_id")
            columns["slot"] = [slot_of(kind, int(at) + self.base[table]) for at in columns[column]]
        said = {name: [it] * count if isinstance(it, str | date) else it for name, it in columns.items()}
        start = since if isinstance(since, pl.Series) else [since] * count
        self.duties.append(rows(kind=[kind] * count, unit_id=units, since=start, **said))

    def add_entries(self, kind: str, units: Ints, day: "date | pl.Series", amounts: Ints, **more: object) -> None:
        at = day if isinstance(day, pl.Series) else [day] * len(units)
        said = {name: [value] * len(units) if isinstance(value, str | date) else value for name, value in more.items()}
        self.entries.append(pl.DataFrame({
            "kind": [kind] * len(units), "unit_id": units, "day": at, "amount": amounts, "path": self.units.paths(units), **said,
        }))  # fmt: skip

    def add_activities(self, kind: str, topic: str, units: Ints, day: "date | pl.Series", **more: object) -> None:
        at = day if isinstance(day, pl.Series) else [day] * len(units)
        frame = pl.DataFrame(
            {"kind": [kind] * len(units), "topic": [topic] * len(units), "unit_id": units, "day": at, **more}
        )
        self.activities.append(frame.with_columns(path=self.units.paths(units)))

    def add_cases(
        self,
        kind: str,
        title: str,
        units: Ints,
        opened: Span,
        stages: Sequence[str],
        *,
        ends: bool = True,
        ground: str = "",
        persons: Ints | None = None,
        households: Ints | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> list[int]:
        """One for each unit, moved through the stages within the span, closed at the last where it `ends` there; their ids."""
        made, rng = [], self.stream(f"{kind} {ground} {opened[0]} {len(self.cases)}")
        for at, unit in enumerate(numbers(units)):
            number, path = len(self.cases) + 1, self.units.path[unit - 1]
            gaps = sorted(rng.integers(0, (opened[1] - opened[0]).days + 1, len(stages)).tolist())
            on = [date.fromordinal(opened[0].toordinal() + gap) for gap in gaps]
            for before, after, day in zip(["", *stages], stages, on, strict=False):
                self.steps.append((number, path, before, after, day))
            self.cases.append((
                number, kind, title, unit, path, on[0], on[-1] if ends else None, stages[-1], ground,
                None if persons is None else int(persons[at]), None if households is None else int(households[at]),
                json.dumps(dict(extra or {}), ensure_ascii=False),
            ))  # fmt: skip
            made.append(number)
        return made

    def add_measures(self, cases: Sequence[int], count: int, texts: Sequence[str]) -> None:
        """`count` measures over the cases, each case at least one; the case's unit answers for them."""
        for at in range(count):
            number = cases[at % len(cases)]
            unit, path = self.cases[number - 1][3], self.cases[number - 1][4]
            self.measures.append((number, path, texts[at % len(texts)], unit))

    def add_papers(self, cases: Sequence[int], evidence: str, name: str) -> None:
        for number in cases:
            case = self.cases[number - 1]
            self.papers.append((number, case[4], evidence, name, case[5]))

    def add_branches(self, places: Ints, field: str, word: str, committee: dict[int, int]) -> Ints:
        """A branch at each place, in the Party line below the committee of the place, or the nearest above it; their ids."""
        made = []
        for place in numbers(places):
            name = f"中共{self.units.name[place - 1]}{word}支部委员会"
            branch = self.units.add("branch", name, place, field=field)
            above: int | None = place
            while above and above not in committee:
                above = self.units.parent[above - 1]
            self.units.party[branch] = committee[above] if above else None
            made.append(branch)
        return np.array(made, dtype=np.int64)

    def add_organs(self, place: int, count: int) -> Ints:
        name = self.units.name[place - 1]
        made = [self.units.add("organ", name + word, place) for word in names.ORGAN_NAMES[:count]]
        return np.array(made, dtype=np.int64)

    def write(self, sink: Sink) -> None:
        self.units.write(sink)
        for table, frames in (
            ("person", self.persons), ("membership", self.members), ("household", self.homes), ("household_status", self.statuses),
            ("household_member", self.dwellers), ("entry", self.entries), ("activity", self.activities),
        ):  # fmt: skip
            if frames:
                copy(sink, table, pl.concat(frames, how="diagonal_relaxed"))
        duties = pl.concat(self.duties)
        copy(sink, "duty", duties.with_columns(path=self.units.paths(duties["unit_id"].to_numpy())))
        for table, found, columns in (
            ("case_file", self.cases, ["id", "kind", "title", "unit_id", "path", "opened_on", "closed_on", "stage", "ground", "person_id", "household_id", "extra"]),
            ("case_step", self.steps, ["case_id", "path", "before", "after", "day"]),
            ("case_measure", self.measures, ["case_id", "path", "text", "unit_id"]),
            ("case_evidence", self.papers, ["case_id", "path", "evidence", "name", "day"]),
        ):  # fmt: skip
            if found:
                copy(sink, table, pl.DataFrame(found, columns, orient="row", infer_schema_length=None))
