"""Persons, households and memberships."""

from typing import Any

from ninja import Path, Query

from hangshi.api import listing
from hangshi.api.asks import MembershipList, NewStatus, PersonList, Searched
from hangshi.api.calls import Call, reads, writes
from hangshi.api.listing import kind
from hangshi.api.shapes import HouseholdPage, HouseholdRow, MembershipPage, MembershipRow, PersonPage, PersonRow
from hangshi.api.values import AddressId
from hangshi.registry import people

TAG = "人、户、组织关系"


@reads("/persons", "records.read", PersonPage, summary="人员列表", tag=TAG)
def list_persons(request: Call, asked: Query[PersonList]) -> dict[str, Any]:
    return listing.page(request.caller, "persons", asked)


@reads("/persons/{int:pk}", "records.read", PersonRow, summary="一个人员", tag=TAG)
def get_person(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "persons", pk)


@reads("/households", "records.read", HouseholdPage, summary="农户列表", tag=TAG)
def list_households(request: Call, asked: Query[Searched]) -> dict[str, Any]:
    return listing.page(request.caller, "households", asked)


@reads("/households/{int:pk}", "records.read", HouseholdRow, summary="一户", tag=TAG)
def get_household(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "households", pk)


@writes("/households/{int:pk}/status", "register.write", HouseholdRow, summary="变更农户状态", tag=TAG, makes=False)
def set_household_status(request: Call, pk: Path[AddressId], said: NewStatus) -> dict[str, Any]:
    household = listing.stored(request.caller, "households", pk)
    status = kind("household_status", said.status).key
    people.set_status(household, status=status, on=said.on, actor=request.caller.account.pk, ground=said.ground)
    return listing.record(request.caller, "households", pk)


@reads("/memberships", "records.read", MembershipPage, summary="组织关系列表", tag=TAG)
def list_memberships(request: Call, asked: Query[MembershipList]) -> dict[str, Any]:
    return listing.page(request.caller, "members", asked)


@reads("/memberships/{int:pk}", "records.read", MembershipRow, summary="一条组织关系", tag=TAG)
def get_membership(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "members", pk)
