"""Counts and lists under the policies of the app role, for a village, a township and a county; and as the owner with the range written out."""

from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any

from django.db import connections, transaction
from django.db.models import Count

from bench.measure import YEAR, Line, bare, bounds, nodes, times
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities.models import Activity
from hangshi.registry.models import Unit

COUNT = "SELECT count(*) FROM activity WHERE day BETWEEN %s AND %s"
LIST = "SELECT * FROM activity WHERE day BETWEEN %s AND %s"
LATEST = " ORDER BY day DESC, id DESC LIMIT 50"
RANGE = " AND path >= %s AND path < %s"
ROUNDS = 15


def run() -> Iterator[Line]:
    for unit in scopes():
        yield _line(f"count of a {unit.kind}'s activities under policies", unit, COUNT)
        yield _line(f"latest 50 of a {unit.kind}'s activities under policies", unit, LIST, LATEST)


def scopes() -> list[Unit]:
    """The village of a county with the most activities, its township, and the county."""
    _, county = nodes()
    with acting(EVERYTHING, read_only=True):
        village = _fullest(county, "village")
        return [village, Unit.objects.get(kind="township", pk__in=_steps(village)), county]


def _fullest(county: Unit, kind: str) -> Unit:
    low, high = bounds(county)
    below = Activity.objects.filter(path__gte=low, path__lt=high, unit__kind=kind)
    most: Any = below.values("unit").annotate(many=Count("pk")).order_by("-many", "unit").first()
    return Unit.objects.get(pk=most["unit"])


def _steps(unit: Unit) -> list[int]:
    return [int(step) for step in unit.path.split("/") if step]


def _line(what: str, unit: Unit, sql: str, order: str = "") -> Line:
    days: list[date | str] = [YEAR.first, YEAR.last]
    with acting(Scope.below(unit.path), read_only=True):
        under = times(bare(sql + order, days), ROUNDS)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:

        def without() -> object:
            cursor.execute(sql + RANGE + order, [*days, *bounds(unit)])
            return cursor.fetchall()

        floor = median(times(without, ROUNDS))
    return Line(what, median(under), under[-1], floor)
