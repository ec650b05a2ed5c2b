from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry import identity, people, queries
from hangshi.registry.models import Membership, Person
from tests.committed import at_once
from tests.land import FIRST, make
from tests.refusals import refusal_of

JULY_1 = date(2017, 7, 1)
NUMBER = "11010519491231002X"


def test_a_person_is_registered_with_a_sealed_number(land: SimpleNamespace) -> None:
    person = people.register_person(land.bay, name=" 周月 ", on=FIRST, actor=None, number=NUMBER.lower())
    stored = Person.objects.get(pk=person.pk)
    assert (stored.name, stored.born, stored.sex, stored.path) == ("周月", date(1949, 12, 31), "女", land.bay.path)
    assert stored.id_sealed is not None
    assert NUMBER.encode() not in bytes(stored.id_sealed)
    assert identity.reveal(stored.id_sealed, row=stored.pk) == NUMBER
    assert queries.find_persons(NUMBER).get() == person
    assert (
        refusal_of(people.register_person, land.hill, name="别人", on=FIRST, actor=None, number=NUMBER)
        == "person.known"
    )


@pytest.mark.parametrize(
    ("name", "number", "on", "code"),
    [
        ("", None, FIRST, "person.name"),
        ("周", "123", FIRST, "identity.length"),
        ("周", NUMBER, date(1940, 1, 1), "identity.born"),
        ("周", None, FIRST, None),
    ],
)
def test_who_may_be_registered(
    land: SimpleNamespace, name: str, number: str | None, on: date, code: str | None
) -> None:
    assert refusal_of(people.register_person, land.bay, name=name, number=number, on=on, actor=None) == code


def test_a_transfer_ends_one_membership_and_begins_the_next_day(
    land: SimpleNamespace, people_: SimpleNamespace
) -> None:
    people.transfer(people_.wang, land.hill_branch, on=JULY_1, actor=None)
    rows = people_.wang.memberships.order_by("since").values_list("unit", "since", "until", "end_reason")
    assert list(rows) == [
        (land.bay_branch.pk, FIRST, date(2017, 6, 30), "transfer"),
        (land.hill_branch.pk, JULY_1, None, ""),
    ]


@pytest.mark.parametrize(
    ("call", "to", "on", "code"),
    [
        ("join", "hill_branch", JULY_1, "membership.taken"),
        ("join", "hill", JULY_1, "membership.branch"),
        ("transfer", "bay_branch", JULY_1, "membership.same"),
        ("transfer", "hill_branch", FIRST, "membership.later"),
        ("transfer", "hill_branch", date(2015, 1, 1), "membership.branch_ended"),
        ("transfer", "hill_branch", JULY_1, None),
    ],
)
def test_one_branch_on_a_day(
    land: SimpleNamespace, people_: SimpleNamespace, call: str, to: str, on: date, code: str | None
) -> None:
    given = {"category": "rural", "on": on, "actor": None}
    assert refusal_of(getattr(people, call), people_.wang, getattr(land, to), **given) == code


def test_who_has_left_may_join_again_but_not_for_the_same_days(land: SimpleNamespace, people_: SimpleNamespace) -> None:
    people.leave(people_.wang, on=JULY_1, reason="exit", actor=None)
    assert refusal_of(people.leave, people_.wang, on=JULY_1, reason="exit", actor=None) == "membership.none"
    assert (
        refusal_of(people.join, people_.wang, land.hill_branch, on=JULY_1, category="rural", actor=None)
        == "membership.taken"
    )
    assert (
        people.join(people_.wang, land.hill_branch, on=date(2017, 7, 2), category="rural", actor=None).status
        == "probationary"
    )
    assert people.confirm(people_.wang, on=date(2018, 7, 2), actor=None).status == "full"
    assert refusal_of(people.confirm, people_.wang, on=date(2018, 7, 3), actor=None) == "membership.confirm"


def test_a_household_has_one_status_at_a_time(people_: SimpleNamespace) -> None:
    people.set_status(people_.zhao, status="lifted", on=JULY_1, actor=None, ground="达标")
    assert queries.households_on(date(2017, 6, 30), status="registered").count() == 1
    assert queries.households_on(JULY_1, status="registered").count() == 0
    assert queries.households_on(JULY_1, status="lifted").get() == people_.zhao
    assert refusal_of(people.set_status, people_.zhao, status="general", on=JULY_1, actor=None) == "household.later"
    assert (
        refusal_of(people.set_status, people_.zhao, status="lifted", on=date(2018, 1, 1), actor=None)
        == "household.same"
    )


def test_a_person_lives_in_one_household(land: SimpleNamespace, people_: SimpleNamespace) -> None:
    people.enter_household(people_.wang, people_.zhao, relation="之子", on=FIRST, actor=None)
    assert (
        refusal_of(people.enter_household, people_.wang, people_.zhao, relation="之子", on=JULY_1, actor=None)
        == "household.member"
    )
    people.leave_household(people_.wang, on=JULY_1, actor=None)
    assert refusal_of(people.leave_household, people_.wang, on=JULY_1, actor=None) == "household.no_member"
    again = refusal_of(
        people.register_household, land.bay, number="东湾-1", head="别人", status="general", on=FIRST, actor=None
    )
    assert again == "household.known"


def test_the_history_names_the_account_that_changed_a_row(people_: SimpleNamespace, land: SimpleNamespace) -> None:
    people.transfer(people_.wang, land.hill_branch, on=JULY_1, actor=42)
    with connection.cursor() as cursor:
        cursor.execute("SELECT replaced_by FROM membership_history WHERE person_id = %s", [people_.wang.pk])
        assert cursor.fetchall() == [(42,)]


@pytest.fixture
def people_(request: pytest.FixtureRequest) -> SimpleNamespace:
    named: SimpleNamespace = request.getfixturevalue("people")
    return named  # the room itself is called `people` here


def test_of_two_branches_that_take_the_same_person_at_once_one_wins(committed: None) -> None:
    with acting(EVERYTHING):
        county = make("county", "示例县", None)
        branches = [make("branch", f"第{n}支部", county) for n in "一二"]
        person = people.register_person(county, name="王建国", on=FIRST, actor=None)

    def take(index: int) -> str | None:
        return refusal_of(people.join, person, branches[index], on=JULY_1, category="rural", actor=None)

    results = at_once(take)
    with acting(EVERYTHING):
        assert (set(results), Membership.objects.count()) == ({None, "membership.taken"}, 1)
