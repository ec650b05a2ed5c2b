"""东湾村 has a register: three households, a collective share, and the meeting that decided on them."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi.activities.models import Activity, AgendaItem
from hangshi.packs import load
from hangshi.registry.models import Household, Unit
from hangshi.registry.people import register_household
from hangshi.registry.signing import Signer
from hangshi.shares import queries, register
from hangshi.shares.models import Change
from tests.committed import committed
from tests.land import land
from tests.web.conftest import count, row, sign_in, town

__all__ = ["committed", "count", "land", "row", "sign_in", "town"]

PACK = load("base")
RULE, KINDS, BOOKS = PACK.distributions["collective"], PACK.kinds.share, PACK.kinds.entry
MET, ALLOTTED, LATER = date(2017, 1, 10), date(2017, 1, 20), date(2017, 6, 1)
CLERK, OTHER = Signer(7, person=107), Signer(8, person=108)


def meeting(unit: Unit, *, day: date = MET, resolution: str = "同意", kind: str = "members_meeting") -> Activity:
    made = Activity.objects.create(kind=kind, unit=unit, path=unit.path, day=day, topic="股份和收益分配")
    AgendaItem.objects.create(activity=made, path=unit.path, number=1, topic="股份量化", resolution=resolution)
    return made


def household(unit: Unit, number: str, head: str, status: str = "general") -> Household:
    return register_household(unit, number=number, head=head, status=status, on=date(2016, 1, 1), actor=None)


@pytest.fixture
def village(land: SimpleNamespace) -> SimpleNamespace:
    """1000 shares are decided; 200 of the collective, 300 / 200 / 100 人口股 of 赵、钱、孙; 200 are not allotted. 孙 is 脱贫户."""
    unit = land.bay
    names = (("赵大山", "general"), ("钱二河", "general"), ("孙三川", "lifted"))
    homes = [household(unit, f"东湾-{at}", head, status) for at, (head, status) in enumerate(names, 1)]
    it = SimpleNamespace(unit=unit, land=land, met=meeting(unit), zhao=homes[0], qian=homes[1], sun=homes[2])
    decide(it, "1000")
    given: dict[str, Any] = {"activity": it.met, "note": "", "on": ALLOTTED, "actor": 7}
    register.keep(unit, RULE, KINDS["collective"], shares=Decimal(200), **given)
    shares = dict(zip(homes, (Decimal(300), Decimal(200), Decimal(100)), strict=True))
    groups = {it.zhao: "一组", it.qian: "二组", it.sun: "一组"}
    register.allot(unit, RULE, KINDS["person"], shares, groups=groups, **given)
    return it


def decide(it: SimpleNamespace, total: str, on: date = ALLOTTED) -> Change:
    return register.decide(it.unit, RULE, total=Decimal(total), activity=it.met, note="", on=on, actor=7)


def held(unit: Unit, on: date) -> dict[str, dict[str, str]]:
    """Head of the household, or 集体 → kind → shares as written."""
    return {
        it.holder.household.head if it.holder else "集体": {key: f"{n:f}" for key, n in it.kinds.items()}
        for it in queries.held(unit, on=on)
    }
