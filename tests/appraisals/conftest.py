"""A round of the branches of a county: 东湾村党支部 and 东坡村党支部, by marks and by theme days."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from hangshi.activities.services import record
from hangshi.appraisals import marks, services
from hangshi.appraisals.marks import By
from hangshi.packs import load
from tests.appraisals.schemes import criterion, scheme
from tests.land import land, people

__all__ = ["land", "people"]

KINDS = load("base", "ankang").kinds
FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)
JAN_10 = date(2018, 1, 10)
LIST = criterion(
    "duty", 20, "checklist", nature="duty", elements={"late": {"name": "延期换届", "item": "a", "points": 5}}
)
BRANCHES = scheme(LIST, criterion("days", 30, "indicator", nature="activity"), criterion("seen", 50, least=2))


@pytest.fixture
def branches(people: SimpleNamespace, land: SimpleNamespace) -> SimpleNamespace:
    """The county's round over 2017, opened. 东湾 held six theme days in it, 东坡 none."""
    for month in range(1, 7):
        record(
            KINDS.activity["theme_day"], unit=land.bay_branch, on=date(2017, month, 5), leader=people.wang, actor=None
        )
    round_ = services.open_round(
        BRANCHES, unit=land.county, title="2017年支部考评", first=FIRST, last=LAST, on=JAN_10, actor=1
    )
    sheets = {it.unit_id: it for it in round_.sheets.all()}
    return SimpleNamespace(
        round=round_, bay=sheets[land.bay_branch.pk], hill=sheets[land.hill_branch.pk], land=land, people=people
    )


@pytest.fixture
def mark():
    def put(sheet, criterion, stance, values, *, by=None, on=JAN_10, note=""):
        values = {"": values} if not isinstance(values, dict) else values
        return marks.put(sheet, criterion=criterion, stance=stance, values=values, by=by or By(9), on=on, note=note)

    return put


@pytest.fixture
def marked(branches: SimpleNamespace, mark) -> SimpleNamespace:
    """Checked and reviewed: 东湾 60/70 and half of the list, 东坡 90/80 and all of it."""
    services.step(branches.round, "check", on=JAN_10, actor=1)
    for sheet, first, second, b in ((branches.bay, 60, 70, 0), (branches.hill, 90, 80, 1)):
        mark(sheet, "duty", "check", {"a": 1, "b": b})
        mark(sheet, "seen", "review", Decimal(first), by=By(11))
        mark(sheet, "seen", "review", Decimal(second), by=By(12))
    return branches


@pytest.fixture
def shown(marked: SimpleNamespace) -> SimpleNamespace:
    for name in ("compute", "show"):
        services.step(marked.round, name, on=JAN_10, actor=1)
    for it in (marked.round, marked.bay, marked.hill):
        it.refresh_from_db()
    return marked
