"""A county with two townships, three villages and two branches, made by the services themselves."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.packs.models import UnitKind
from hangshi.registry import services
from hangshi.registry.models import Unit
from hangshi.registry.people import join, register_household, register_person

FIRST = date(2016, 1, 1)


def unit_kind(key: str, *parents: str) -> UnitKind:
    return UnitKind(key=key, name=key, parents=parents, group="place")


KINDS = {
    "county": unit_kind("county"),
    "township": unit_kind("township", "county"),
    "village": unit_kind("village", "township"),
    "branch": unit_kind("branch"),
    "committee": unit_kind("committee"),
}


def make(kind: str, name: str, parent: Unit | None, on: date = FIRST) -> Unit:
    return services.create(KINDS[kind], name=name, parent=parent, on=on, actor=None)


@pytest.fixture
def land(everything: None) -> SimpleNamespace:
    county = make("county", "示例县", None)
    east, west = make("township", "东镇", county), make("township", "西镇", county)
    bay, hill, ditch = make("village", "东湾村", east), make("village", "东坡村", east), make("village", "西沟村", west)
    bay_branch, hill_branch = make("branch", "东湾村党支部", bay), make("branch", "东坡村党支部", hill)
    return SimpleNamespace(
        county=county,
        east=east,
        west=west,
        bay=bay,
        hill=hill,
        ditch=ditch,
        bay_branch=bay_branch,
        hill_branch=hill_branch,
    )


@pytest.fixture
def people(land: SimpleNamespace) -> SimpleNamespace:
    """Wang lives in 东湾村 and is a member of its branch; Li in 东坡村, of its; the Zhao household in 东湾村 is 建档立卡."""
    wang = register_person(land.bay, name="王建国", on=FIRST, actor=None)
    li = register_person(land.hill, name="李秀英", on=FIRST, actor=None)
    join(wang, land.bay_branch, on=FIRST, actor=None, status="full", category="rural")
    join(li, land.hill_branch, on=FIRST, actor=None, status="full", category="rural")
    zhao = register_household(land.bay, number="东湾-1", head="赵大山", status="registered", on=FIRST, actor=None)
    return SimpleNamespace(wang=wang, li=li, zhao=zhao)
