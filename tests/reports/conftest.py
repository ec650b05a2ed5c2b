"""The small 安康 for a module, acted upon as the installation, and the pages of the web tests' town."""

from dataclasses import dataclass
from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit
from hangshi.reports.numbers import Desk
from hangshi.reports.writing import Written, template_of, write
from tests.claims.conftest import ankang
from tests.web.conftest import count, row, sign_in, town

__all__ = ["ankang", "count", "row", "sign_in", "town"]
JAN_1, DAY = date(2017, 1, 1), date(2017, 10, 31)


@dataclass
class Office:
    """The organisation department of the small city, on the day of its report."""

    city: Unit

    def desk(self, unit: Unit | None = None) -> Desk:
        return Desk(queries.pack(), unit or self.city, Period(JAN_1, DAY))

    def write(self, template: str, unit: Unit | None = None) -> Written:
        desk = self.desk(unit)
        return write(template_of(desk.pack, template), desk, day=DAY)


@pytest.fixture
def office(ankang, db):
    with acting(EVERYTHING):
        yield Office(Unit.objects.get(kind="city"))
