"""河口镇 with five villages, of which 北岗村 has nothing on record, and a branch of the township itself.

Village: registered households, lifted households, visits in October 2017, collective income in yuan.
"""

from datetime import date
from decimal import Decimal

import pytest

from hangshi import packs
from hangshi.activities.models import Activity
from hangshi.indicators.queries import Period
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, HouseholdStatus
from tests.indicators.conftest import START, stand

OCTOBER = Period(date(2017, 10, 1), date(2017, 10, 31))
TODAY = date(2017, 11, 1)
VILLAGES = {
    "东湾村": (3, 1, 4, "125000.00"),
    "西沟村": (1, 2, 2, "8500.50"),
    "南坪村": (2, 0, 0, "0"),
    "中河村": (0, 1, 1, "30000.00"),
    "北岗村": (0, 0, 0, "0"),
}


@pytest.fixture(scope="session")
def pack():
    return packs.load("base", "ankang")


@pytest.fixture
def township(everything):
    county = stand("某县", "county")
    town = stand("河口镇", "township", county)
    made = {"某县": county, "河口镇": town, "河口镇机关支部": stand("河口镇机关支部", "branch", town)}
    for number, (name, said) in enumerate(VILLAGES.items(), start=1):
        made[name] = stand(name, "village", town, code=f"6109021000{number:02}")
        recorded(made[name], *said)
    return made


def recorded(unit, registered, lifted, visits, yuan):
    homes = [household(unit, number, "registered") for number in range(registered)]
    homes += [household(unit, registered + number, "lifted") for number in range(lifted)]
    for day in range(1, visits + 1):
        visit(unit, homes[0], date(2017, 10, day))
    if Decimal(yuan):
        Entry.objects.create(
            kind="collective_income", unit=unit, path=unit.path, day=date(2017, 10, 9), amount=Decimal(yuan)
        )


def household(unit, number, status):
    made = Household.objects.create(number=f"{unit.name}{number}", head=f"户主{number}", unit=unit, path=unit.path)
    HouseholdStatus.objects.create(household=made, unit=unit, path=unit.path, status=status, since=START)
    return made


def visit(unit, home, day):
    return Activity.objects.create(kind="visit", unit=unit, path=unit.path, household=home, day=day)
