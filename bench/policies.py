"""A count under the policies of the app role, and as the owner with the range written out."""

from collections.abc import Iterator
from datetime import date
from statistics import median

from django.db import connections, transaction

from bench.measure import YEAR, Line, bare, bounds, nodes, times
from hangshi.access.scope import Scope, acting

COUNT = "SELECT count(*) FROM activity WHERE day BETWEEN %s AND %s"


def run() -> Iterator[Line]:
    _, county = nodes()
    days: list[date | str] = [YEAR.first, YEAR.last]
    with acting(Scope.below(county.path), read_only=True):
        under = times(bare(COUNT, days), 15)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:

        def without() -> object:
            cursor.execute(f"{COUNT} AND path >= %s AND path < %s", [*days, *bounds(county)])
            return cursor.fetchall()

        floor = median(times(without, 15))
    yield Line("count of a county's activities under policies", median(under), under[-1], floor)
