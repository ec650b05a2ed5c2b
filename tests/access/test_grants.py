"""Grants: given, handed on for a time, ended; who may hold what beside what."""

from contextlib import nullcontext
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from hangshi.access import grants, services
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, NOWHERE, acting, under
from hangshi.registry import tree
from hangshi.registry.models import Unit
from hangshi.registry.services import hang, move
from tests.committed import at_once, committed
from tests.refusals import refusal_of

__all__ = ["committed"]
FIRST, DAY, LAST = date(2017, 1, 1), date(2017, 7, 1), date(2017, 12, 31)
SOON = DAY + timedelta(days=30)


def opened(username: str, person: int | None = None) -> Account:
    account = Account.objects.create(username=username, name=f"账号{username}", password="!")  # nobody signs in here
    return services.link_person(account, person_id=person) if person else account


def give(account: Account, role: str, unit: Unit, **more: object) -> Grant:
    return grants.give(account, **{"role": role, "unit_id": unit.pk, "path": unit.path, "since": FIRST, **more})


@pytest.fixture
def desk(land: SimpleNamespace) -> SimpleNamespace:
    """The clerk of 东镇 with a grant to the end of the year, and two accounts that hold nothing."""
    clerk, deputy, third = opened("clerk"), opened("deputy"), opened("third")
    own = give(clerk, "township_clerk", land.east, until=LAST)
    return SimpleNamespace(clerk=clerk, deputy=deputy, third=third, own=own, land=land)


def handed(desk: SimpleNamespace, **more: Any) -> Grant:
    unit = more.pop("unit", desk.land.bay)
    said = {"role": "township_clerk", "unit_id": unit.pk, "path": unit.path, "since": DAY, "until": SOON} | more
    own, account = said.pop("own", desk.own), said.pop("account", desk.deputy)
    return grants.delegate(own, account, **{"actor": own.account_id} | said)


def stand(on: date) -> set[str]:
    return {it.account.username for it in grants.standing(on).select_related("account")}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        ({"role": "reader"}, None),
        ({"role": "clerkk"}, "role.unknown"),
        ({"role": "county_clerk"}, "grant.wider"),  # it may read restricted cases
        ({"role": "branch_secretary"}, "grant.wider"),  # another sort of scope
        ({"role": "security_admin"}, "grant.wider"),
        ({"unit": "east"}, None),
        ({"unit": "west"}, "grant.wider"),
        ({"unit": "county"}, "grant.wider"),
        ({"since": FIRST - timedelta(days=1)}, "grant.wider"),
        ({"since": LAST, "until": LAST}, None),
        ({"since": LAST, "until": LAST + timedelta(days=1)}, "grant.wider"),
        ({"until": DAY + timedelta(days=89)}, None),  # ninety days, both ends counted
        ({"until": DAY + timedelta(days=90)}, "grant.too_long"),
        ({"until": DAY - timedelta(days=1)}, "grant.dates"),
        ({"account": "clerk"}, "grant.chain"),
        ({"actor": None}, "grant.not_own"),
    ],
)
def test_a_delegation_is_never_wider_than_ones_own(
    desk: SimpleNamespace, said: dict[str, object], code: str | None
) -> None:
    for name, where in (("unit", desk.land), ("account", desk)):
        if name in said:
            said = said | {name: getattr(where, str(said[name]))}
    assert refusal_of(handed, desk, **said) == code


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"unit_id": "west"}, "access_grant_wider"),
        ({"until": None}, "access_grant_wider"),
        ({"until": LAST + timedelta(days=1)}, "access_grant_wider"),
        ({"since": FIRST - timedelta(days=1)}, "access_grant_wider"),
        ({"granted_by": None}, "access_grant_wider"),
        ({"office": "security"}, "access_grant_wider"),
        ({"account_id": "clerk"}, "access_grant_chain"),
    ],
)
def test_the_database_refuses_what_is_wider_whoever_writes_it(
    desk: SimpleNamespace, change: dict[str, object], constraint: str
) -> None:
    made = Grant(
        account=desk.deputy, role="reader", unit_id=desk.land.bay.pk, path=desk.land.bay.path, since=DAY, until=SOON,
        granted_by=desk.clerk.pk, delegated_from=desk.own,
    )  # fmt: skip
    for name, value in change.items():
        if name == "unit_id":
            made.unit_id, made.path = desk.land.west.pk, desk.land.west.path
        else:
            setattr(made, name, desk.clerk.pk if value == "clerk" else value)
    with pytest.raises(DatabaseError) as failed, transaction.atomic():
        made.save()
    assert failed.value.__cause__.diag.constraint_name == constraint


def test_a_deputy_may_name_a_deputy_who_may_not(desk: SimpleNamespace) -> None:
    first = handed(desk)
    second = handed(desk, own=first, account=desk.third)
    fourth = opened("fourth")
    assert refusal_of(handed, desk, own=second, account=fourth) == "grant.chain"
    assert refusal_of(handed, desk, own=first, account=desk.clerk) == "grant.chain"  # a circle


def test_a_role_that_is_not_delegable_stays_with_its_holder(desk: SimpleNamespace) -> None:
    looking = give(desk.third, "reader", desk.land.east)
    assert refusal_of(handed, desk, own=looking, role="reader") == "grant.not_delegable"


def test_what_was_handed_on_ends_with_the_grant_it_came_from(desk: SimpleNamespace) -> None:
    first = handed(desk)
    handed(desk, own=first, account=desk.third)
    assert stand(DAY) == {"clerk", "deputy", "third"}
    grants.end(first, on=DAY + timedelta(days=5))
    assert stand(DAY + timedelta(days=5)) == {"clerk", "deputy", "third"}  # the last day counts
    assert stand(DAY + timedelta(days=6)) == {"clerk"}


@pytest.mark.parametrize("who", ["clerk", "deputy"])
def test_an_account_out_of_use_takes_what_it_handed_on_with_it(desk: SimpleNamespace, who: str) -> None:
    handed(desk, own=handed(desk), account=desk.third)
    Account.objects.filter(username=who).update(active=False)
    assert stand(DAY) == ({"clerk"} if who == "deputy" else set())


def test_a_village_that_leaves_the_township_leaves_the_delegation(desk: SimpleNamespace) -> None:
    handed(desk)
    move(desk.land.bay, parent=desk.land.west, on=DAY + timedelta(days=1), actor=None)
    assert stand(DAY) == {"clerk"}  # access follows the tree of now, at once


def test_a_delegation_on_the_party_line_follows_the_party_line(desk: SimpleNamespace) -> None:
    land = desk.land
    for unit, parent in ((land.bay_branch, None), (land.hill_branch, land.bay_branch)):
        hang(unit, line=tree.PARTY, parent=parent, on=FIRST, actor=None)
    own = give(desk.third, "branch_secretary", land.bay_branch)
    said = {"own": own, "role": "branch_secretary"}
    assert refusal_of(handed, desk, unit=land.hill_branch, **said) is None
    assert refusal_of(handed, desk, unit=land.bay, **said) == "grant.wider"  # its village, but not on the line
    assert own.line == "party"


def test_a_grant_ended_before_it_began_is_gone_and_what_hung_on_it(desk: SimpleNamespace) -> None:
    handed(desk)
    grants.end(desk.own, on=FIRST - timedelta(days=1))
    assert Grant.objects.count() == 0


def test_a_grant_is_ended_once(desk: SimpleNamespace) -> None:
    grants.end(desk.own, on=DAY)
    assert refusal_of(grants.end, desk.own, on=DAY) == "grant.ended"
    assert refusal_of(grants.end, desk.own, on=DAY - timedelta(days=1)) is None  # earlier still
    assert Grant.objects.get(pk=desk.own.pk).until == DAY - timedelta(days=1)


@pytest.mark.parametrize(
    "change", [{"role": "org_admin"}, {"until": None}, {"until": LAST + timedelta(days=1)}, {"office": "audit"}]
)
def test_a_grant_is_never_changed_but_to_end_it(desk: SimpleNamespace, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError, match="ended, not changed"), transaction.atomic():
        Grant.objects.filter(pk=desk.own.pk).update(**change)


def test_what_became_of_a_grant_is_kept(desk: SimpleNamespace) -> None:
    grants.end(desk.own, on=DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT until, op FROM access_grant_history WHERE id = %s", [desk.own.pk])
        assert cursor.fetchall() == [(LAST, "UPDATE")]


OFFICES = ("system_admin", "security_admin", "auditor")


@pytest.mark.parametrize("held", [*OFFICES, "reader"])
@pytest.mark.parametrize("wanted", [*OFFICES, "reader"])
@pytest.mark.parametrize("through", ["the same account", "another account of the person"])
def test_the_three_administrators_are_three_persons_and_none_does_the_work(
    land: SimpleNamespace, held: str, wanted: str, through: str
) -> None:
    one = opened("one", person=7)
    other = one if through == "the same account" else opened("two", person=7)
    give(one, held, land.county)
    assert refusal_of(give, other, wanted, land.county) == (None if held == wanted else "grant.office")
    assert refusal_of(give, opened("stranger", person=8), wanted, land.county) is None


def test_an_office_may_follow_another_on_the_next_day(land: SimpleNamespace) -> None:
    one = opened("one")
    give(one, "auditor", land.county, until=DAY)
    assert refusal_of(give, one, "security_admin", land.county, since=DAY) == "grant.office"
    assert refusal_of(give, one, "security_admin", land.county, since=DAY + timedelta(days=1)) is None


def test_two_accounts_with_two_offices_are_not_linked_to_one_person(land: SimpleNamespace) -> None:
    one, two = opened("one", person=7), opened("two")
    give(one, "auditor", land.county)
    give(two, "reader", land.county)
    assert refusal_of(services.link_person, two, person_id=7) == "grant.office"
    assert refusal_of(services.link_person, two, person_id=8) is None


def test_a_paired_cadre_is_granted_as_a_person(land: SimpleNamespace) -> None:
    assert refusal_of(give, opened("one"), "paired_cadre", land.county) == "grant.person"
    assert give(opened("two", person=5), "paired_cadre", land.county).person_id == 5


def test_nobody_gives_themselves_anything(land: SimpleNamespace) -> None:
    one = opened("one")
    assert refusal_of(give, one, "reader", land.county, actor=one.pk) == "grant.own"


@pytest.mark.parametrize(
    ("who", "unit", "by", "written"),
    [
        ("security", "bay", "deputy", True),
        ("security", "ditch", "deputy", False),  # below another township
        ("clerk", "bay", "deputy", False),
        ("clerk", "bay", "clerk", False),  # to oneself
        ("auditor", "bay", "deputy", False),
    ],
)
def test_the_database_lets_only_the_security_administrator_of_the_unit_write_grants(
    desk: SimpleNamespace, who: str, unit: str, by: str, written: bool
) -> None:
    acts = {"clerk": desk.own}
    for name in ("security", "auditor"):
        acts[name] = give(opened(name), "security_admin" if name == "security" else name, desk.land.east)
    at, account = getattr(desk.land, unit), getattr(desk, by)
    with acting(NOWHERE):
        under(acts[who], on=DAY)
        made = Grant(account=account, role="reader", unit_id=at.pk, path=at.path, since=DAY)
        outcome = nullcontext() if written else pytest.raises(DatabaseError, match="row-level security")
        with outcome, transaction.atomic():
            made.save()
    assert Grant.objects.filter(account=account, role="reader").exists() == written


def test_the_security_administrator_sees_the_grants_of_their_unit_and_no_row_of_the_work(desk: SimpleNamespace) -> None:
    give(desk.third, "reader", desk.land.west)
    own = give(opened("security"), "security_admin", desk.land.east)
    with acting(NOWHERE):
        under(own, on=DAY)
        assert {it.account.username for it in Grant.objects.select_related("account")} == {"clerk", "security"}
        assert set(Account.objects.values_list("username", flat=True)) == {"clerk", "security"}
        assert Unit.objects.count() == 0


def test_who_gave_a_grant_sees_it_and_may_take_it_back(desk: SimpleNamespace) -> None:
    given = handed(desk)
    with acting(NOWHERE):
        under(desk.own, on=DAY)
        assert set(Grant.objects.values_list("pk", flat=True)) == {desk.own.pk, given.pk}
        grants.end(Grant.objects.get(pk=given.pk), on=DAY)
    assert Grant.objects.get(pk=given.pk).until == DAY


def test_of_two_offices_given_at_once_one_is_refused(committed: None) -> None:
    with acting(EVERYTHING):
        one = opened("one")

    def work(index: int) -> str | None:
        return refusal_of(
            grants.give, one, role=("auditor", "security_admin")[index], unit_id=3, path="3/", since=FIRST
        )

    assert set(at_once(work)) == {"grant.office", None}
