"""Who sees a sheet: the database decides. A member's is for the member and the branch; nobody above reads it, not even its history."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from hangshi.access.scope import Scope, acting
from hangshi.appraisals import services
from hangshi.appraisals.models import Mark, Round, Sheet
from hangshi.registry.services import move
from tests.appraisals.conftest import FIRST, JAN_10, LAST
from tests.appraisals.schemes import criterion, scheme
from tests.refusals import refusal_of

pytestmark = pytest.mark.django_db
MEMBERS = scheme(criterion("duty", 100, "checklist"), subject="person")


@pytest.fixture
def members(land, people, mark) -> SimpleNamespace:
    """东湾村党支部 appraises Wang, its one member."""
    round_ = services.open_round(
        MEMBERS, unit=land.bay_branch, title="先锋指数", first=FIRST, last=LAST, on=JAN_10, actor=1
    )
    [sheet] = round_.sheets.all()
    services.step(round_, "check", on=JAN_10, actor=1)
    mark(sheet, "duty", "check", {"a": 1, "b": 0})
    services.step(round_, "compute", on=JAN_10, actor=1)
    return SimpleNamespace(round=round_, sheet=sheet, land=land, people=people)


def seen_in(scope):
    """Sheets, marks, earlier versions of sheets, all of persons here."""
    with acting(scope):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM appraisal_sheet_history")
            earlier = cursor.fetchone()[0]
        return Sheet.objects.count(), Mark.objects.count(), earlier


def at(unit, mode, person=None):
    below = Scope("", "") if mode != "place" else Scope.below(unit.path)
    return replace(below, mode=mode, unit=unit.pk, within=unit.path, person=person, on=date(2018, 1, 10))


def test_the_branch_and_the_member_see_it(members):
    branch, wang = members.land.bay_branch, members.people.wang.pk
    assert seen_in(at(branch, "place")) == (1, 2, 1)
    assert seen_in(at(branch, "party")) == (1, 2, 1)
    assert seen_in(at(branch, "households", person=wang)) == (1, 2, 1)


@pytest.mark.parametrize("above", ["county", "east", "bay"])
def test_nobody_above_sees_it(members, above):
    unit = getattr(members.land, above)
    assert seen_in(at(unit, "place")) == (0, 0, 0)
    assert seen_in(at(unit, "party")) == (0, 0, 0)


def test_neither_does_another_member_nor_another_branch(members):
    li = members.people.li.pk
    assert seen_in(at(members.land.bay_branch, "households", person=li)) == (0, 0, 0)
    assert seen_in(at(members.land.hill_branch, "place")) == (0, 0, 0)
    assert seen_in(at(members.land.hill_branch, "party")) == (0, 0, 0)


def test_no_identity_means_no_sheet(members, shown):
    assert seen_in(Scope("", "")) == (0, 0, 0)


def test_a_sheet_about_a_unit_is_seen_from_above_and_by_the_unit(shown):
    land = shown.land
    assert [
        seen_in(at(unit, "place"))[0] for unit in (land.county, land.east, land.bay, land.bay_branch, land.west)
    ] == [2, 2, 1, 1, 0]
    assert seen_in(at(land.bay_branch, "party"))[0] == 1
    assert seen_in(at(land.bay_branch, "households", person=1))[0] == 0


def test_a_round_is_known_to_those_it_is_of(members):
    with acting(at(members.land.bay_branch, "households", person=members.people.wang.pk)):
        assert Round.objects.get().title == "先锋指数"
    with acting(at(members.land.hill_branch, "party")):
        assert not Round.objects.exists()


def test_a_round_whose_sheets_one_does_not_see_is_not_moved_on(members):
    with acting(at(members.land.county, "place")):
        assert Round.objects.get(pk=members.round.pk).title == "先锋指数"
        assert refusal_of(services.step, members.round, "compute", on=JAN_10, actor=1) == "appraisal.partial"
    with acting(at(members.land.bay_branch, "place")):
        assert refusal_of(services.step, members.round, "compute", on=JAN_10, actor=1) is None


def test_a_branch_that_moves_keeps_its_members_sheets_to_itself(members):
    land = members.land
    with acting(at(land.county, "place")):
        move(land.bay_branch, parent=land.ditch, on=JAN_10, line="place", actor=None)
    land.bay_branch.refresh_from_db()
    assert seen_in(at(land.bay_branch, "place")) == (1, 2, 2)  # the move leaves an earlier version
    assert seen_in(at(land.ditch, "place")) == (0, 0, 0)
