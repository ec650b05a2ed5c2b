"""The rows behind a figure lead on: to the record, to the person, the household, the unit; never to what the reader cannot open."""

import re
from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity, Attendance
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, Person

DAY = date(2017, 10, 1)


@pytest.fixture
def bond(town):
    """Wang of 东湾村 visits H1 there, is paired with it, is at a meeting, and its income rose."""
    village = town["东湾村"]
    at = {"unit": village, "path": village.path}
    with acting(EVERYTHING):
        home, wang = Household.objects.get(number="H1"), Person.objects.get(name="王建国")
        visit = Activity.objects.create(kind="visit", household=home, leader=wang, day=DAY, **at)
        Attendance.objects.create(activity=visit, person=wang, state="present", day=DAY, **at)
        Duty.objects.create(kind="pairing", bearer=wang, household=home, target_unit=village, since=DAY, **at)
        common = {"kind": "household_income", "household": home, "extra": {"persons": 3}, **at}
        Entry.objects.create(day=date(2016, 12, 31), amount=3000, **common)
        rise = Entry.objects.create(day=DAY, amount=3100, **common)
    return {"visit": visit.pk, "home": home.pk, "wang": wang.pk, "village": village.pk, "rise": rise.pk}


@pytest.mark.parametrize(
    ("indicator", "addresses"),
    [
        ("visits", ["activities/{visit}", "households/{home}", "persons/{wang}"]),
        ("paired_households", ["households/{home}"]),
        ("paired_bearers", ["persons/{wang}"]),
        ("income_rose_persons", ["entries/{rise}", "households/{home}"]),
        ("attendances", ["persons/{wang}"]),
    ],
)
def test_a_row_leads_to_what_it_names(sign_in, bond, indicator, addresses):
    client = sign_in("shi")
    page = client.get(f"/indicators/{indicator}/").content.decode().split('id="rows"')[1].split("</main>")[0]
    found = set(re.findall(r'href="(/(?:records|units)/[^"]+)"', page))
    assert found == {f"/records/{it.format(**bond)}/" for it in addresses} | {f"/units/{bond['village']}/"}
    for address in found:
        assert client.get(address).status_code == 200, address


def test_whom_the_reader_does_not_see_has_no_link(sign_in, town, bond):
    with acting(EVERYTHING):
        abroad = town["西沟村"]
        far = Person.objects.create(name="远客", unit=abroad, path=abroad.path)
        Activity.objects.filter(pk=bond["visit"]).update(leader=far)
    page = sign_in("zhen").get("/indicators/visits/?from=2017-01-01&to=2017-10-31").content.decode()
    assert f"/records/activities/{bond['visit']}/" in page
    assert f"/records/persons/{far.pk}/" not in page


def test_the_workbook_has_the_words_alone(sign_in, bond):
    answer = sign_in("shi").get("/indicators/visits.xlsx")
    assert b"/records/" not in b"".join(answer.streaming_content)
