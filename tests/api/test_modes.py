"""Narrow grants stay narrow for programs: a paired cadre sees their households, a branch secretary the Party line, an administrator nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from hangshi.access import grants
from hangshi.access import services as access
from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.duties import services as duties
from hangshi.registry import people, services, tree
from hangshi.registry.models import Household, Person, Unit
from tests.api.conftest import JAN_1, KINDS, PASSWORD, Caller, Land, token
from tests.refusals import refusal_of

Enter = Callable[..., Caller]


@pytest.fixture
def enter(land: Land) -> Enter:
    """`enter("paired_cadre", "汉滨区", "records.read", person="王建国")`: a new account with one grant, and its token."""

    def entered(role: str, unit: str, *scopes: str, person: str | None = None) -> Caller:
        with acting(EVERYTHING):
            account = access.open_account("jie", name="新人", password=PASSWORD)
            if person:
                Account.objects.filter(pk=account.pk).update(person_id=land.ids[person])
                account.refresh_from_db()
            at = Unit.objects.get(pk=land.ids[unit])
            grants.give(account, role=role, unit_id=at.pk, path=at.path, since=JAN_1)
        return Caller(token("jie", scopes), Client())

    return entered


@pytest.fixture
def paired(land: Land) -> None:
    """王建国 is paired with 李一; 赵邻居 lives in the same village and is nobody's."""
    with acting(EVERYTHING):
        bearer, home = Person.objects.get(pk=land.ids["王建国"]), Household.objects.get(pk=land.ids["李一"])
        duties.assign(KINDS.duty["pairing"], bearer=bearer, target=home, on=JAN_1, actor=None)
        people.register_household(home.unit, number="H9", head="赵邻居", status="general", on=JAN_1, actor=None)


def test_a_paired_cadre_sees_their_household_and_nothing_else_of_the_village(
    enter: Enter, paired: None, land: Land
) -> None:
    caller = enter("paired_cadre", "汉滨区", "records.read", "visit.write", person="王建国")
    assert [it["head"] for it in caller.get("/households").json()["items"]] == ["李一"]
    assert caller.get("/entries").json()["items"] == []
    assert caller.get(f"/cases/{land.ids['整顿']}").status_code == 404
    assert caller.get(f"/households/{land.ids['李二']}").status_code == 404


def test_a_paired_cadre_records_a_visit_to_their_household_only(enter: Enter, paired: None, land: Land) -> None:
    caller = enter("paired_cadre", "汉滨区", "records.read", "visit.write", person="王建国")
    said = {"household": land.ids["李一"], "leader": land.ids["王建国"], "on": "2017-10-30"}
    assert caller.post("/visits", said).status_code == 201
    assert caller.post("/visits", said | {"household": land.ids["李二"]}).status_code == 404


@pytest.fixture
def on_the_line(land: Land) -> None:
    """The branch stands on the Party line."""
    with acting(EVERYTHING):
        branch = Unit.objects.get(pk=land.ids["东湾村党支部"])
        services.hang(branch, line=tree.PARTY, parent=None, on=JAN_1, actor=None)


def test_a_secretary_sees_the_members_of_the_line_and_no_household(enter: Enter, on_the_line: None) -> None:
    caller = enter("branch_secretary", "东湾村党支部", "records.read")
    assert [it["person_name"] for it in caller.get("/memberships").json()["items"]] == ["王建国"]
    assert caller.get("/households").json()["items"] == []


@pytest.mark.parametrize(("unit", "kind", "status"), [("东湾村党支部", "theme_day", 201), ("东湾村", "campaign", 404)])
def test_a_secretary_records_what_the_branch_did(
    enter: Enter, on_the_line: None, land: Land, unit: str, kind: str, status: int
) -> None:
    caller = enter("branch_secretary", "东湾村党支部", "records.read", "activity.write")
    said = {"kind": kind, "unit": land.ids[unit], "on": "2017-10-30", "leader": land.ids["王建国"], "present": 9}
    answer = caller.post("/activities", said)
    assert answer.status_code == status, answer.content.decode()


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "auditor"])
def test_an_administrator_has_nothing_to_lend_a_program(land: Land, enter: Enter, role: str) -> None:
    assert refusal_of(enter, role, "安康市", "records.read") == "token.wider"
