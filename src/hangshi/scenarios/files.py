"""Cases with their steps."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from hangshi.scenarios import totals
from hangshi.scenarios.bonds import Bonds
from hangshi.scenarios.draw import REPORT_DAY, Ints, numbers, stream
from hangshi.scenarios.people import Households, People
from hangshi.scenarios.places import Places
from hangshi.scenarios.tables import Sink, copy
from hangshi.scenarios.totals import Totals

STAGES = {
    "weak_branch": ["screened", "plan", "mending", "accepted"], "discipline": ["filed", "closed"], "promotion": ["proposed", "decided"],
    "delegate": ["nominated", "elected"], "status_withdrawal": ["filed", "confirmed"], "status_exit": ["filed", "confirmed"],
}  # fmt: skip
TITLES = {
    "weak_branch": "后进党组织集中整顿", "discipline": "村干部违纪违法查处", "promotion": "优秀驻村干部提拔重用", "delegate": "推选两代一委",
    "status_withdrawal": "放弃贫困户申请", "status_exit": "自愿退出贫困户",
}  # fmt: skip


class Files:
    """Cases and steps being made."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.rng = stream("cases")
        self.cases: list[tuple[object, ...]] = []
        self.steps: list[tuple[object, ...]] = []

    def add(
        self,
        kind: str,
        units: Ints,
        opened: tuple[date, date],
        *,
        stages: int = 0,
        persons: Ints | None = None,
        households: Ints | None = None,
    ) -> None:
        """One case for each unit, opened in that span, moved on through so many of its stages (0: all of them, and closed)."""
        names = STAGES[kind][: stages or None]
        for at, unit in enumerate(numbers(units)):
            number, path = len(self.cases) + 1, self.places.units.path[unit - 1]
            day = opened[0] + timedelta(days=int(self.rng.integers((opened[1] - opened[0]).days + 1)))
            first, before = day, ""
            for stage in names:
                self.steps.append((number, path, before, stage, day))
                before, last = stage, day
                day = min(day + timedelta(days=int(self.rng.integers(1, 15))), REPORT_DAY)
            person = int(persons[at]) if persons is not None else None
            household = int(households[at]) if households is not None else None
            closed = last if before == STAGES[kind][-1] else None
            self.cases.append((number, kind, TITLES[kind], unit, path, first, closed, before, person, household))

    def write(self, sink: Sink) -> int:
        cases = pl.DataFrame(
            self.cases, ["id", "kind", "title", "unit_id", "path", "opened_on", "closed_on", "stage", "person_id", "household_id"],
            orient="row", infer_schema_length=None,
        )  # fmt: skip
        steps = pl.DataFrame(self.steps, ["case_id", "path", "before", "after", "day"], orient="row")
        return copy(sink, "case_file", cases) + copy(sink, "case_step", steps)


def exits(homes: Households, bonds: Bonds, scale: Totals) -> Ints:
    """The registered households that gave the status up: neither paired nor lifted."""
    free = np.setdiff1d(np.arange(1, len(homes.persons) + 1), np.concatenate([homes.lifted, bonds.paired]))
    return np.sort(stream("exits").choice(free, min(scale.of(totals.EXITED), len(free)), replace=False))


def write(
    sink: Sink, places: Places, people: People, homes: Households, bonds: Bonds, gone: Ints, scale: Totals
) -> int:
    files = Files(places)
    rng = files.rng
    year, before = (date(2017, 1, 3), date(2017, 9, 1)), (date(2016, 1, 4), date(2016, 10, 20))
    rural = rng.permutation(places.branches["rural"])
    weak = scale.of(totals.WEAK_BRANCHES)
    done, open_ones = weak - weak // 4, weak // 4
    files.add("weak_branch", rural[:done], (date(2017, 1, 3), date(2017, 8, 1)))
    files.add("weak_branch", rural[done : done + open_ones], year, stages=3)
    files.add("weak_branch", rng.permutation(rural)[: scale.of(280)], before)
    cadres = rng.permutation(people.ids(people.cadre == "village"))
    closed = scale.of(totals.DISCIPLINED)
    files.add("discipline", people.home[cadres[:closed] - 1], year, persons=cadres[:closed])
    later, earlier = cadres[closed : closed + scale.of(45)], cadres[-scale.of(287) :]
    files.add("discipline", people.home[later - 1], (date(2017, 8, 1), REPORT_DAY), stages=1, persons=later)
    files.add("discipline", people.home[earlier - 1], before, persons=earlier)
    _good_news(files, people, bonds, year, scale)
    general = np.arange(len(homes.persons) + 1, len(homes.unit) + 1)
    withdrawn = rng.choice(general, scale.of(totals.WITHDRAWN), replace=False)
    files.add("status_withdrawal", homes.unit[withdrawn - 1], year, households=withdrawn)
    files.add("status_exit", homes.unit[gone - 1], (date(2017, 1, 3), date(2017, 6, 1)), households=gone)
    return files.write(sink)


def _good_news(files: Files, people: People, bonds: Bonds, year: tuple[date, date], scale: Totals) -> None:
    """First secretaries and team members promoted, or elected as delegates."""
    wanted = scale.of(totals.PROMOTED)
    serving = np.setdiff1d(bonds.frontline, bonds.promoted)
    promoted = np.concatenate([bonds.promoted, files.rng.choice(serving, wanted, replace=False)])[:wanted]
    files.add("promotion", people.home[promoted - 1], year, persons=promoted)
    elected = files.rng.choice(serving, scale.of(totals.DELEGATES), replace=False)
    files.add("delegate", people.home[elected - 1], year, persons=elected)
