"""The county of `tests.land` (three villages, two townships) and a demand on its villages: four items, of which 走访次数 is a figure."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hangshi import packs
from hangshi.demands import services
from hangshi.demands.models import Demand
from hangshi.demands.services import Wanted
from hangshi.packs.models import Pack
from tests.land import land

__all__ = ["land"]
DAY = date(2020, 3, 1)
LABELS = ("走访次数", "村级光伏装机容量", "防溺水巡查次数", "备注")


@pytest.fixture(scope="session")
def pack() -> Pack:
    return packs.load("base", "ankang")


def wanted(**other: Any) -> Wanted:
    said = {
        "title": "帮扶工作月报",
        "department": "县乡村振兴局",
        "ground": "县办发〔2020〕3号",
        "every": "month",
        "level": "village",
        "since": date(2020, 1, 1),
        "until": date(2020, 12, 31),
    }
    return Wanted(**(said | other))


@pytest.fixture
def propose(pack: Pack, land: SimpleNamespace) -> Callable[..., Demand]:
    def proposed(labels: tuple[str, ...] = LABELS, unit: Any = None, **other: Any) -> Demand:
        return services.propose(pack, unit or land.county, wanted(**other), labels=labels, actor=7)

    return proposed
