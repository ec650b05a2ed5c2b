"""The records of one place being gathered, written together at the end. Ids are the place's own, from 1."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from hangshi.duties.services import slot_of
from hangshi.scenarios import names
from hangshi.scenarios.bonds import COLUMNS, rows
from hangshi.scenarios.draw import Ints, between, day_number, days, grown, stream
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.units import Units

PLACED = ("person", "household", "household_status", "membership", "duty", "activity", "attendance", "entry")
GAP = 12  # days between the steps of a case


@dataclass
class Sheets:
    """`report_day`: nothing is dated later. `place`: the name of its random numbers."""

    place: str
    report_day: date
    units: Units
    parts: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("person", "household", "activity", "case_file"), 0)
    )

    def draw(self, part: str) -> np.random.Generator:
        return stream(f"{self.place} {part}")

    def add(self, table: str, frame: pl.DataFrame) -> None:
        self.parts.setdefault(table, []).append(frame)

    def numbered(self, table: str, count: int) -> Ints:
        """The next ids of the table."""
        first = self.counts[table] + 1
        self.counts[table] += count
        return np.arange(first, first + count, dtype=np.int64)

    def persons(self, home: Ints, *, cadre: str = "", born: tuple[int, int] = (1955, 1992)) -> Ints:
        """One synthetic person for each unit of `home`."""
        count = len(home)
        ids = self.numbered("person", count)
        rng = self.draw(f"persons {self.counts['person']}")
        self.add("person", pl.DataFrame({
            "id": ids, "name": names.people(rng, count), "sex": np.where(rng.random(count) < 0.6, "男", "女"),
            "born": days(between(rng, date(born[0], 1, 1), date(born[1], 12, 31), count)), "cadre": [cadre] * count, "unit_id": home,
        }))  # fmt: skip
        return ids

    def members(self, branches: Ints, sizes: Ints, category: str) -> Ints:
        """So many members of each branch, who live where the branch stands."""
        branch = np.repeat(branches, sizes)
        ids = self.persons(self.units.parents(branch), cadre="organ" if category == "organ" else "", born=(1945, 1994))
        rng = self.draw(f"members {category}")
        self.add("membership", pl.DataFrame({
            "person_id": ids, "unit_id": branch, "status": ["full"] * len(ids), "category": [category] * len(ids),
            "since": days(between(rng, date(1990, 1, 1), date(2015, 12, 31), len(ids))),
        }))  # fmt: skip
        return ids

    def households(self, village: Ints, persons: Ints, status: str) -> Ints:
        count = len(village)
        ids = self.numbered("household", count)
        code = pl.Series(self.units.code).gather(pl.Series(village - 1))
        number = (
            pl.DataFrame({"code": code, "id": ids})
            .select(pl.concat_str("code", pl.lit("-"), pl.col("id").cast(pl.String)))
            .to_series()
        )
        self.add("household", pl.DataFrame({
            "id": ids, "number": number, "head": names.people(self.draw(f"heads {status}"), count), "unit_id": village,
            "extra": [f'{{"persons": {many}}}' for many in persons],
        }))  # fmt: skip
        self.add("household_status", pl.DataFrame({
            "household_id": ids, "unit_id": village, "status": [status] * count, "since": [date(2014, 6, 1)] * count,
        }))  # fmt: skip
        return ids

    def duties(self, kind: str, unit: Ints, *, since: Ints, exclusive: bool = False, **columns: object) -> None:
        """`unit` is where the duty lies; what is not given in `columns` is blank. `until` is in day numbers, -1 for none."""
        if isinstance(until := columns.pop("until", None), np.ndarray):
            columns["until"] = pl.select(pl.when(pl.Series(until) >= 0).then(days(until))).to_series()
        if exclusive:
            columns["slot"] = [slot_of(kind, int(at) + self.units.base) for at in unit]
            columns["target_unit_id"] = unit
        self.add("duty", rows(kind=[kind] * len(unit), unit_id=unit, since=days(since), **columns).select(*COLUMNS))

    def activities(
        self, kind: str, topic: str, unit: Ints, day: Ints, present: "Ints | int" = 1, **columns: object
    ) -> Ints:
        ids = self.numbered("activity", len(unit))
        self.add("activity", pl.DataFrame({
            "id": ids, "kind": [kind] * len(unit), "topic": [topic] * len(unit), "unit_id": unit, "day": days(day),
            "present": np.broadcast_to(present, len(unit)), **columns,
        }))  # fmt: skip
        return ids

    def attendances(self, activity: Ints, person: Ints, unit: Ints, day: Ints) -> None:
        """All of them present."""
        self.add("attendance", pl.DataFrame({
            "activity_id": activity, "person_id": person, "unit_id": unit, "day": days(day), "state": ["present"] * len(person),
        }))  # fmt: skip

    def entries(self, kind: str, unit: Ints, day: "date | Ints", amount: Ints, **columns: object) -> None:
        at = [day] * len(unit) if isinstance(day, date) else days(day)
        self.add(
            "entry", pl.DataFrame({"kind": [kind] * len(unit), "unit_id": unit, "day": at, "amount": amount, **columns})
        )

    def cases(
        self,
        kind: str,
        title: str,
        stages: tuple[str, ...],
        unit: Ints,
        opened: Ints,
        *,
        closed: bool = True,
        **columns: object,
    ) -> None:
        """One for each unit, opened on that day number, moved on through all `stages`; `closed`: the last of them ends it."""
        ids = self.numbered("case_file", len(unit))
        last = np.minimum(opened + GAP * (len(stages) - 1), day_number(self.report_day))
        self.add("case_file", pl.DataFrame({
            "id": ids, "kind": [kind] * len(unit), "title": [title] * len(unit), "unit_id": unit, "opened_on": days(opened),
            "closed_on": days(last) if closed else pl.Series([None] * len(unit), dtype=pl.Date), "stage": [stages[-1]] * len(unit), **columns,
        }))  # fmt: skip
        for at, stage in enumerate(stages):
            day = np.minimum(opened + GAP * at, day_number(self.report_day))
            before = stages[at - 1] if at else ""
            self.add("case_step", pl.DataFrame({
                "case_id": ids, "unit_id": unit, "before": [before] * len(unit), "after": [stage] * len(unit), "day": days(day),
            }))  # fmt: skip

    def write(self, sink: Sink) -> None:
        """All of it, with the path of each row's unit."""
        self.units.write(sink)
        for table in (*PLACED, "case_file", "case_step"):
            if not (parts := self.parts.get(table)):
                continue
            frame = pl.concat(parts, how="diagonal_relaxed")
            frame = frame.with_columns(path=self.units.paths(frame["unit_id"].to_numpy()))
            copy(
                sink,
                table,
                frame.drop("unit_id") if table == "case_step" else frame.sort("id") if "id" in frame.columns else frame,
            )


def spread(rng: np.random.Generator, units: Ints, count: int) -> Ints:
    """`count` units drawn from `units`, every one of them once before any comes again."""
    rounds = -(-count // len(units))
    return np.concatenate([rng.permutation(units) for _ in range(rounds)])[:count]


def numbered_names(word: str, sizes: Ints) -> list[str]:
    """第一…, 第二… within each group of these sizes; a group of one has no number."""
    found = []
    for size, at in zip(np.repeat(sizes, sizes).tolist(), grown(sizes).tolist(), strict=True):
        found.append(word if size == 1 else f"{word}第{names.numeral(at + 1)}")
    return found
