"""A county whose residents have numbers, households and a branch; lists of other offices are held against it."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi import packs
from hangshi.registry.people import correct, enter_household, join, register_household, register_person
from hangshi.rosters import services
from hangshi.rosters.models import Finding, Roster
from hangshi.rosters.services import Terms
from tests.intake.conftest import book, citizen, own_vault, table
from tests.land import FIRST, land

__all__ = ["citizen", "land", "own_vault"]

DAY, LAST = date(2026, 11, 1), date(2026, 12, 31)
ACTOR = 7
WANG, ZHAO, MEI, SUN = citizen(11), citizen(13, "19490312"), citizen(12, "19750620"), citizen(15, "19661001")
STRANGER = citizen(17, "19900909")
TERMS = Terms("县民政局", "核对帮扶对象是否应纳尽纳", "履行法定职责所必需", date(2026, 10, 31), LAST)


@pytest.fixture(scope="session")
def pack() -> packs.Pack:
    return packs.load("base")


@pytest.fixture
def county(land: SimpleNamespace) -> SimpleNamespace:
    """东湾村: 王建国, a Party member; 赵大山 and 赵梅, whose household is 建档立卡. 东坡村: 孙富贵, whose is not; 李秀英 without a number."""
    wang = register_person(land.bay, name="王建国", on=FIRST, actor=None, number=WANG)
    zhao = register_person(land.bay, name="赵大山", on=FIRST, actor=None, number=ZHAO)
    mei = register_person(land.bay, name="赵梅", on=FIRST, actor=None, number=MEI)
    sun = register_person(land.hill, name="孙富贵", on=FIRST, actor=None, number=SUN)
    li = register_person(land.hill, name="李秀英", on=FIRST, actor=None)
    correct(li, on=FIRST, actor=None, sex="女", born=date(1958, 4, 5))
    poor = register_household(land.bay, number="东湾-1", head="赵大山", status="registered", on=FIRST, actor=None)
    other = register_household(land.hill, number="东坡-1", head="孙富贵", status="general", on=FIRST, actor=None)
    for person, house, relation in ((zhao, poor, "户主"), (mei, poor, "之女"), (sun, other, "户主")):
        enter_household(person, house, relation=relation, on=FIRST, actor=None)
    join(wang, land.bay_branch, on=FIRST, actor=None, status="full", category="rural")
    return SimpleNamespace(wang=wang, zhao=zhao, mei=mei, sun=sun, li=li, poor=poor, other=other, **vars(land))


@pytest.fixture
def bring(county: SimpleNamespace, pack: packs.Pack) -> Callable[..., Roster]:
    """Receive a list for the county and compare it."""

    def brought(kind: str, text: str, unit: Any = None, **terms: Any) -> Roster:
        said = Terms(**(vars(TERMS) | terms))
        roster = services.receive(
            pack, unit or county.county, kind=kind, terms=said, name="名单.xlsx", data=sheet(text), on=DAY, account=ACTOR,
        )  # fmt: skip
        return services.compare(pack, roster, on=DAY, account=ACTOR)

    return brought


def sheet(text: str) -> bytes:
    return book(table(text))


def states(roster: Roster) -> dict[int, str]:
    """Row of the sheet → what became of it; together they are all rows."""
    found = dict(roster.rows.values_list("n", "state"))
    assert sum(roster.counts[it] for it in services.STATES) == roster.counts["rows"] == len(found)
    return found


def found(roster: Roster, rule: str) -> list[str]:
    """The names of those whom the rule found."""
    rows = Finding.objects.filter(roster=roster, rule=rule).order_by("person__name")
    return list(rows.values_list("person__name", flat=True))
