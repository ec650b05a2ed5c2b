"""东湾村党支部 has Wang and Sun (rural), 东坡村党支部 has Li (rural); He is the secretary of 东坡村 and no member on record."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access.scope import Scope
from hangshi.duties.models import Duty
from hangshi.packs import load
from hangshi.registry.people import join, register_person
from tests.land import FIRST, land, make, people

__all__ = ["land", "people"]
KINDS = load("base", "ankang").kinds
JULY_1, JULY_2, JULY_9, JULY_10 = (date(2017, 7, day) for day in (1, 2, 9, 10))


@pytest.fixture(autouse=True)
def own_files(tmp_path, settings) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def place(land: SimpleNamespace, people: SimpleNamespace) -> SimpleNamespace:
    sun = register_person(land.bay, name="孙小梅", on=FIRST, actor=None)
    join(sun, land.bay_branch, on=FIRST, actor=None, status="full", category="rural")
    he = register_person(land.hill, name="何正平", on=FIRST, actor=None, cadre="village")
    Duty.objects.create(
        kind="village_post",
        role="secretary",
        bearer=he,
        target_unit=land.hill,
        unit=land.hill,
        path=land.hill.path,
        since=FIRST,
    )
    committee = make("committee", "示例县委", land.county)
    return SimpleNamespace(**vars(land), committee=committee, wang=people.wang, li=people.li, sun=sun, he=he)


def at(unit, mode="place", person=None, on=JULY_2) -> Scope:
    """Acting under a grant on the unit."""
    below = Scope.below(unit.path) if mode == "place" else Scope("", "")
    return replace(
        below, mode=mode, unit=unit.pk, within=unit.path, person=None if person is None else person.pk, on=on
    )
