"""All figures of all units for one month, read live; the floor is one bare grouped statement a fact, at the unit of the row only."""

from collections.abc import Iterator
from datetime import date

from bench.measure import Line, bare, bounds, line, nodes
from hangshi import packs
from hangshi.access.scope import Scope, acting
from hangshi.indicators import queries

MONTH = queries.Period(date(2017, 9, 1), date(2017, 9, 30))


def run() -> Iterator[Line]:
    city, _ = nodes()
    pack = packs.load("base", "ankang")
    facts = {it.fact: it.time for it in pack.indicators.values() if it.fact}
    statements = [bare(*_grouped(pack.facts[fact].view, time, bounds(city))) for fact, time in facts.items()]

    def floor() -> None:
        for statement in statements:
            statement()

    keys = list(pack.indicators)
    with acting(Scope.below(city.path), read_only=True):
        units = len({unit for found in queries.everywhere(keys, city, MONTH).values() for unit in found})
        what = f"all {len(keys)} figures of all {units} units, one month"
        yield line(what, lambda: queries.everywhere(keys, city, MONTH), floor, rounds=3)


def _grouped(view: str, time: str | None, below: list[date | str]) -> tuple[str, list[date | str]]:
    timed = "since <= %s AND (until IS NULL OR until >= %s)" if time == "as_of" else "day BETWEEN %s AND %s"
    days = [MONTH.last, MONTH.last] if time == "as_of" else [MONTH.first, MONTH.last]
    sql = f"SELECT unit_id, count(*) FROM {view} WHERE {timed} AND path >= %s AND path < %s GROUP BY 1"  # noqa: S608  # a view of the pack
    return sql, [*days, *below]
