"""Figures for a reader on the Party line: below a committee stand its branches, wherever their villages lie."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from hangshi.access import grants
from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.activities.models import Activity
from hangshi.indicators import queries
from hangshi.indicators.plan import Period
from hangshi.registry import tree
from hangshi.registry.models import Unit
from hangshi.registry.services import hang, move
from tests.land import FIRST, make

JULY = Period(date(2024, 7, 1), date(2024, 7, 31))
AUGUST = Period(date(2024, 8, 1), date(2024, 8, 31))
TOLD = "theme_days"


def meet(unit: Unit, *days: date) -> None:
    for day in days:
        Activity.objects.create(kind="theme_day", unit=unit, path=unit.path, day=day)


@pytest.fixture
def party(land: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """东镇党委 above both branches; 东坡村党支部 passes to 县直机关工委 on 1 August. Acting: the secretary of 东镇党委, in August."""
    land.east_committee = make("committee", "东镇党委", land.east)
    land.offices = make("committee", "县直机关工委", land.county)
    for committee in (land.east_committee, land.offices):
        hang(committee, line=tree.PARTY, parent=None, on=FIRST, actor=None)
    for branch in (land.bay_branch, land.hill_branch):
        hang(branch, line=tree.PARTY, parent=land.east_committee, on=FIRST, actor=None)
    meet(land.bay_branch, date(2024, 7, 1), date(2024, 7, 31), date(2024, 8, 1))
    meet(land.hill_branch, date(2024, 7, 15), date(2024, 8, 20))
    meet(land.east_committee, date(2024, 7, 2))
    meet(land.bay, date(2024, 7, 3))  # of the village: on no Party line
    account = Account.objects.create(username="shuji", name="书记", password="!")  # nobody signs in here
    unit = land.east_committee
    grant = grants.give(account, role="branch_secretary", unit_id=unit.pk, path=unit.path, since=FIRST)
    with acting(Scope.of(grant, on=date(2024, 7, 31))):
        for it in (land.east_committee, land.bay_branch, land.hill_branch):
            it.line = "party"
        yield land


def transfer(party: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        move(party.hill_branch, parent=party.offices, on=date(2024, 8, 1), actor=None, line=tree.PARTY)


def test_a_committee_counts_itself_and_its_branches_and_no_village(party: SimpleNamespace) -> None:
    assert queries.value(TOLD, party.east_committee, JULY).value == 4
    assert queries.value(TOLD, party.bay_branch, JULY).value == 2


def test_by_place_the_committee_would_count_itself_alone(party: SimpleNamespace) -> None:
    party.east_committee.line = "place"
    assert queries.value(TOLD, party.east_committee, JULY).value == 1


def test_the_units_right_below_are_those_of_the_line(party: SimpleNamespace) -> None:
    found = {unit.name: it.value for unit, it in queries.children(TOLD, party.east_committee, JULY)}
    assert found == {"东湾村党支部": 2, "东坡村党支部": 1}
    at_level = {unit.name: it.value for unit, it in queries.at_level(TOLD, party.east_committee, "branch", JULY)}
    assert at_level == found


def test_the_rows_are_the_figure(party: SimpleNamespace) -> None:
    opened = queries.rows(TOLD, party.east_committee, JULY)
    days = sorted(row[opened.columns.index("day")] for row in opened.rows)
    assert (opened.total, days) == (4, [date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 15), date(2024, 7, 31)])


def test_months_and_every_unit_below_go_along_the_line(party: SimpleNamespace) -> None:
    months = queries.months(TOLD, party.east_committee, date(2024, 8, 31), count=2)
    assert [it.value for _, it in months] == [4, 2]
    found = queries.everywhere([TOLD], party.east_committee, JULY)[TOLD]
    assert found == {party.east_committee.pk: 4, party.bay_branch.pk: 2, party.hill_branch.pk: 1}


def test_a_branch_that_passed_to_another_committee_counts_where_it_stood(party: SimpleNamespace) -> None:
    transfer(party)
    with acting(EVERYTHING):
        assert queries.value(TOLD, party.east_committee, JULY).value == 3
        assert queries.value(TOLD, party.east_committee, JULY, tree=date(2024, 7, 31)).value == 4
        party.offices.line = "party"
        assert queries.value(TOLD, party.offices, AUGUST).value == 1


def test_a_closed_branch_still_counts_for_its_committee(party: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        for row in (Unit.objects.filter(pk=party.hill_branch.pk), party.hill_branch.paths.filter(line="party")):
            row.update(until=date(2024, 7, 20))
        assert queries.value(TOLD, party.east_committee, JULY).value == 4


def test_on_a_day_before_it_stood_in_the_line_a_unit_is_where_it_stands_now(party: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        before = FIRST - timedelta(days=1)
        assert queries.path_of(party.bay_branch, before) == f"{party.east_committee.pk}/{party.bay_branch.pk}/"
        assert queries.path_of(party.bay_branch, None) == f"{party.east_committee.pk}/{party.bay_branch.pk}/"
        party.bay_branch.line = "place"
        assert queries.path_of(party.bay_branch, before) == party.bay_branch.path
