"""How a part is timed, and the line it says."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit

DAY = date(2017, 10, 31)
YEAR = Period(date(2017, 1, 1), DAY)
ROUNDS = 7

Run = Callable[[], object]


@dataclass(frozen=True)
class Line:
    """Times in milliseconds, or rates per second; the ratio is to the floor: times it takes, or the share of its rate."""

    what: str
    median: float
    worst: float
    floor: float | None = None
    unit: str = "ms"
    last: str = "worst"  # what the second number is

    @property
    def ratio(self) -> float | None:
        return self.median / self.floor if self.floor else None

    def __str__(self) -> str:
        text = f"{self.what:<58}{self.median:10.2f} {self.unit:<6}{self.last:>6} {self.worst:9.2f}"
        return text if self.floor is None else f"{text}   floor {self.floor:10.2f}   ratio {self.ratio:6.2f}"


def times(run: Run, rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each run, after one that does not count; in order of length."""
    run()
    return sorted(once(run) for _ in range(rounds))


def once(run: Run) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def line(what: str, run: Run, floor: Run | None = None, rounds: int = ROUNDS) -> Line:
    found = times(run, rounds)
    least = statistics.median(times(floor, rounds)) if floor else None
    return Line(what, statistics.median(found), found[-1], least)


def p95(found: list[float]) -> float:
    return sorted(found)[round(len(found) * 0.95) - 1]


def bare(sql: str, parameters: list[date | str]) -> Run:
    """The statement as it is, in the transaction that stands."""

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return run


def nodes() -> tuple[Unit, Unit]:
    """The city and its first county. Ends the run where no scenario is loaded."""
    with acting(EVERYTHING, read_only=True):
        city = Unit.objects.filter(kind="city").first()
        county = Unit.objects.filter(kind="county").order_by("code").first()
    if city is None or county is None:
        raise SystemExit("先装入演示数据：make demo")
    return city, county


def bounds(unit: Unit) -> list[date | str]:
    return [unit.path, unit.path[:-1] + "0"]
