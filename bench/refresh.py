"""One visit saved, and the kept figures of all its ancestors brought up to date; the floor is the insert that marks nothing.

The rows of the floor are gone before the marking is switched on again, so the kept figures stay true.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from django.db import connections

from bench.measure import DAY, Line, nodes, once, p95
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities.models import Activity
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.registry.models import Household

SAVES = 60
MONTH = Period(DAY.replace(day=1), DAY)


class Saver:
    """Saves one visit after another, each in a transaction of its own, and takes them away again."""

    def __init__(self) -> None:
        with acting(EVERYTHING, read_only=True):
            self.homes = list(Household.objects.order_by("id")[: SAVES + 5])
        self.made: list[int] = []

    def save(self) -> None:
        home = self.homes[len(self.made) % len(self.homes)]
        with acting(Scope.below(home.path)):
            visit = Activity.objects.create(
                kind="visit", unit_id=home.unit_id, path=home.path, household_id=home.pk, day=DAY
            )
        self.made.append(visit.pk)

    def clear(self) -> None:
        with acting(EVERYTHING):
            Activity.objects.filter(pk__in=self.made).delete()
        self.made.clear()


def run() -> Iterator[Line]:
    queries.fold()
    floor = sorted(_plain())
    saver = Saver()
    try:
        before = _visits()
        saves, folds = [], []
        for _ in range(SAVES + 5):
            saves.append(once(saver.save))
            folds.append(once(queries.fold))
        if _visits() != before + SAVES + 5:
            raise SystemExit("the city's figure does not hold the visits saved: nothing to measure")
    finally:
        saver.clear()
        queries.fold()
    both = [save + fold for save, fold in zip(saves, folds, strict=True)][5:]
    least = median(floor)
    yield Line("a visit saved, plain: no month marked", least, p95(floor), last="p95")
    yield Line("a visit saved, its month marked", median(saves[5:]), p95(saves[5:]), least, last="p95")
    yield Line("figures of all ancestors refreshed", median(folds[5:]), p95(folds[5:]), least, last="p95")
    yield Line("a visit saved and all ancestors refreshed", median(both), p95(both), least, last="p95")


def _plain() -> list[float]:
    saver = Saver()
    with _unmarked():
        try:
            return [once(saver.save) for _ in range(SAVES + 5)][5:]
        finally:
            saver.clear()


@contextmanager
def _unmarked() -> Iterator[None]:
    def switch(word: str) -> None:
        with connections["owner"].cursor() as cursor:
            for event in ("insert", "delete"):
                cursor.execute(f"ALTER TABLE activity {word} TRIGGER dirty_{event}")

    switch("DISABLE")
    try:
        yield
    finally:
        switch("ENABLE")


def _visits() -> int:
    city, _ = nodes()
    with acting(EVERYTHING, read_only=True):
        return int(queries.value("visits", city, MONTH).value or 0)
