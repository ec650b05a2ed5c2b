"""Figures: one at a county, the document's at a node, any at any node; the first page behind one."""

import statistics
from collections.abc import Iterator
from datetime import date
from functools import partial

from bench.measure import DAY, YEAR, Line, bare, bounds, line, nodes, times
from hangshi import packs
from hangshi.access.scope import Scope, acting
from hangshi.indicators import queries
from hangshi.registry.models import Unit

# Today is seldom the last day of a month: a period that ends within one must be as fast.
BROKEN = queries.Period(date(2017, 1, 1), date(2017, 10, 25))
WHOLE = queries.Period(date(2017, 1, 1), date(2017, 12, 31))
VISITS = "SELECT count(*) FROM activity WHERE kind = 'visit' AND day BETWEEN %s AND %s AND path >= %s AND path < %s"
PAIRED = "SELECT count(DISTINCT household_id) FROM duty WHERE kind = 'pairing' AND since <= %s AND (until IS NULL OR until >= %s) AND path >= %s AND path < %s"
ROWS = "SELECT * FROM duty WHERE kind = 'pairing' AND path >= %s AND path < %s ORDER BY id LIMIT 50"


def run() -> Iterator[Line]:
    queries.fold()
    city, county = nodes()
    keys = [it.indicator for it in packs.load("base", "ankang").figures if it.indicator]
    for unit in (city, county):
        with acting(Scope.below(unit.path), read_only=True):
            yield from _any(unit)
            yield _named(unit)
            yield line(f"{len(keys)} figures of {unit.name}", partial(queries.values, keys, unit, YEAR))
            yield _drill(unit)


def _any(unit: Unit) -> Iterator[Line]:
    """Every shipped indicator: the median of all, and the slowest with its worst run."""
    for period, words in ((YEAR, "whole months"), (BROKEN, "a broken month"), (WHOLE, "a whole year")):
        every = {
            key: times(partial(queries.value, key, unit, period), 5) for key in packs.load("base", "ankang").indicators
        }
        slow = max(every, key=lambda key: statistics.median(every[key]))
        middle = statistics.median(statistics.median(it) for it in every.values())
        worst = max(it[-1] for it in every.values())
        yield Line(f"any indicator at {unit.name}, {words} (slowest {slow})", middle, worst)


def _named(unit: Unit) -> Line:
    return line(
        f"结对帮扶户数 of {unit.name}",
        partial(queries.value, "paired_households", unit, DAY),
        bare(PAIRED, [DAY, DAY, *bounds(unit)]),
    )


def _drill(unit: Unit) -> Line:
    return line(
        f"first page behind 结对帮扶户数 of {unit.name}",
        partial(queries.rows, "paired_households", unit, DAY, page=1, size=50),
        bare(ROWS, bounds(unit)),
    )
