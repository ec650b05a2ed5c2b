"""A small town for the figures: two villages and a branch, and the means to define an indicator in a test."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from hangshi import packs
from hangshi.activities.models import Activity
from hangshi.indicators import queries
from hangshi.packs.models import Indicator, Pack
from hangshi.registry.models import Household, Unit, UnitPath
from tests.land import land

__all__ = ["land"]
START = date(2010, 1, 1)


def stand(name: str, kind: str, parent: Unit | None = None, **more: Any) -> Unit:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('unit', 'id'))")
        [number] = cursor.fetchone()
    unit = Unit.objects.create(
        pk=number, name=name, kind=kind, since=START, path=f"{parent.path if parent else ''}{number}/", **more
    )
    UnitPath.objects.create(
        line="place", unit=unit, tree_path=unit.path, depth=unit.path.count("/"), path=unit.path, since=START
    )
    return unit


@pytest.fixture
def tree(everything: None) -> dict[str, Unit]:
    town = stand("河口镇", "township", stand("某县", "county", stand("某市", "city")))
    east, west = stand("东湾", "village", town), stand("西沟", "village", town)
    branch = stand("东湾支部", "branch", east)
    county = Unit.objects.get(name="某县")
    return {it.name: it for it in (Unit.objects.get(name="某市"), county, town, east, west, branch)}


@pytest.fixture
def visit(tree: dict[str, Unit]) -> Callable[..., Activity]:
    def make(village: str, number: str, day: date, **more: Any) -> Activity:
        unit = tree[village]
        household, _ = Household.objects.get_or_create(
            number=number, defaults={"head": number, "unit": unit, "path": unit.path}
        )
        return Activity.objects.create(
            **{"kind": "visit", "unit": unit, "path": unit.path, "household": household, "day": day} | more
        )

    return make


@pytest.fixture
def define(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pack]:
    """Definitions of the test instead of those of the installation; the facts stay the real ones."""
    facts = packs.load("base").facts

    def make(**definitions: dict[str, Any]) -> Pack:
        usual = {"fact": "activities", "measure": "count(*)", "time": "within", "unit": "item", "empty": "zero"}
        made = {}
        for key, said in definitions.items():
            whole = {"unit": "item", "empty": "zero"} if {"numerator", "change_of"} & said.keys() else usual
            made[key] = Indicator(key=key, name=key, **(whole | said))
        pack = Pack(names=("test",), facts=facts, indicators=made)
        monkeypatch.setattr(queries, "pack", lambda: pack)
        return pack

    return make
