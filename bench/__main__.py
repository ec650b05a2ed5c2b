"""Each line: what, median and worst in milliseconds, the floor (bare SQL that yields the same rows), and the ratio."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  # after set-up, as Django asks

from hangshi import packs  # noqa: E402
from hangshi.access.scope import EVERYTHING, Scope, acting  # noqa: E402
from hangshi.indicators import queries  # noqa: E402
from hangshi.registry.models import Unit  # noqa: E402

DAY = date(2017, 10, 31)
YEAR = queries.Period(date(2017, 1, 1), DAY)
ROUNDS = 7


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Median and worst of ROUNDS runs after one warm-up, in milliseconds."""
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), max(times)


def line(what: str, run: Callable[[], object], floor: Callable[[], object] | None = None) -> None:
    median, worst = timed(run)
    text = f"{what:<44}{median:9.1f} ms   worst {worst:8.1f}"
    if floor:
        bare, _ = timed(floor)
        text += f"   floor {bare:8.1f}   ratio {median / bare:5.2f}"
    print(text)


def bare(sql: str, parameters: list[date | str]) -> Callable[[], object]:
    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return run


def when_of(key: str) -> date | queries.Period:
    """The day or the period of the document's figure; of an indicator that no figure names, the year so far."""
    pack = packs.load("base", "ankang")
    for figure in pack.figures:
        if figure.indicator == key and figure.first and figure.last:
            return queries.Period(figure.first, figure.last)
    return DAY if pack.indicators[key].time == "as_of" else YEAR


def main() -> None:
    with acting(EVERYTHING, read_only=True):
        city = Unit.objects.filter(kind="city").first()
        county = Unit.objects.filter(kind="county").order_by("code").first()
    if city is None or county is None:
        raise SystemExit("先装入演示数据：make demo")
    queries.fold()
    keys = [figure.indicator for figure in packs.load("base", "ankang").figures if figure.indicator]
    for unit in (city, county):
        with acting(Scope.below(unit.path), read_only=True):
            at(unit, keys)
    policies(county)


def at(unit: Unit, keys: list[str]) -> None:
    """What one node costs, in the scope of that node."""
    every = {key: timed(partial(queries.value, key, unit, when_of(key)))[0] for key in keys}
    slowest = max(every, key=lambda key: every[key])
    print(
        f"any indicator at {unit.name}: median {statistics.median(every.values()):.1f} ms, slowest {slowest} {every[slowest]:.1f} ms"
    )
    line(f"{len(keys)} figures at {unit.name}", lambda: [queries.values(keys, unit, YEAR)])
    line(
        f"visits of the year at {unit.name}",
        lambda: queries.value("visits", unit, YEAR),
        bare(
            "SELECT count(*) FROM activity WHERE kind = 'visit' AND day BETWEEN %s AND %s AND path >= %s AND path < %s",
            [YEAR.first, YEAR.last, unit.path, unit.path[:-1] + "0"],
        ),
    )
    line(
        f"first page behind 结对帮扶户数 at {unit.name}",
        lambda: queries.rows("paired_households", unit, DAY, page=1, size=50),
        bare(
            "SELECT * FROM duty WHERE kind = 'pairing' AND path >= %s AND path < %s ORDER BY id LIMIT 50",
            [unit.path, unit.path[:-1] + "0"],
        ),
    )


def policies(county: Unit) -> None:
    """The same count as the app role under its policy, and as the owner with the range written out."""
    lo, hi = county.path, county.path[:-1] + "0"
    sql = "SELECT count(*) FROM activity WHERE day BETWEEN %s AND %s"
    with acting(Scope.below(county.path), read_only=True):
        under, _ = timed(bare(sql, [YEAR.first, YEAR.last]))
    with transaction.atomic(using="owner"):
        owner = django.db.connections["owner"]

        def run() -> object:
            with owner.cursor() as cursor:
                cursor.execute(sql + " AND path >= %s AND path < %s", [YEAR.first, YEAR.last, lo, hi])
                return cursor.fetchall()

        without, _ = timed(run)
    print(f"count under policies {under:.1f} ms, same query without {without:.1f} ms, ratio {under / without:.2f}")


if __name__ == "__main__":
    main()
