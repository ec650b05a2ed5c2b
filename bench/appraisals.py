"""Appraise every branch of the city on thirty criteria from indicators: inputs read and frozen, points, places, all written; then again from what was frozen.

Nothing stays: the transaction is rolled back.
"""

from collections.abc import Iterator
from datetime import date
from statistics import median

from django.db import transaction

from bench.measure import Line, nodes, once
from hangshi import packs
from hangshi.access.scope import Scope, acting
from hangshi.appraisals import compute, services
from hangshi.appraisals.models import Sheet
from hangshi.packs.schemes import Criterion, Edition, Grade, Knot, Scheme
from hangshi.refusal import Refused

CRITERIA = 30
FIRST, LAST, ON = date(2017, 1, 1), date(2017, 10, 31), date(2017, 11, 1)


def scheme() -> Scheme:
    """Thirty indicators that count rows themselves, one weight in thirds so that rounding has something to do."""
    known = [it for it in packs.load("base", "ankang").indicators.values() if it.fact][:CRITERIA]
    curve = [Knot.model_validate({"at": 0, "percent": 0}), Knot.model_validate({"at": 7, "percent": 100})]
    criteria = [
        Criterion.model_validate(
            {"key": it.key, "name": it.name, "weight": 13 if n == 0 else 3, "nature": "outcome", "by": "indicator", "indicator": it.key,
             "curve": curve, "missing": "zero"}
        )
        for n, it in enumerate(known)
    ]  # fmt: skip
    grades = [Grade(key="all", name="全部", least=0)]  # type: ignore[arg-type]  # an amount is read from a whole number
    edition = Edition(since=FIRST, criteria=criteria, grades=grades)
    return Scheme(key="bench", name="三十项", unit_kinds=("branch",), source="bench", editions=[edition])


class _Undo(Refused):
    """Ends the transaction so that nothing is kept."""


def run() -> Iterator[Line]:
    city, _ = nodes()
    found: list[Line] = []
    try:
        with acting(Scope.below(city.path)), transaction.atomic():
            round_ = services.open_round(scheme(), unit=city, title="bench", first=FIRST, last=LAST, on=ON, actor=None)
            services.step(round_, "check", on=ON, actor=None)
            took = [once(lambda: services.step(round_, "compute", on=ON, actor=None)) for _ in range(2)]
            many = Sheet.objects.filter(round=round_).count()
            found.append(Line(f"appraise {many} branches on {CRITERIA} criteria", median(took), max(took)))
            round_.refresh_from_db()
            first = round_.digest
            again = once(lambda: compute.verify(round_))
            faults = compute.verify(round_)
            services.step(round_, "compute", on=ON, actor=None)
            round_.refresh_from_db()
            said = f"verify them again: {len(faults)} differences, digest {'equal' if round_.digest == first else 'changed'}"
            found.append(Line(said, again, again))
            raise _Undo("bench.undo", "")
    except _Undo:
        yield from found
