"""Who may be asked to sign for a unit: accounts over it by role, for those in whose scope the unit is, and for nobody else."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access import services as access
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.approvals.asking import candidates
from hangshi.registry.models import Unit

FIRST = date(2016, 1, 1)


@pytest.fixture
def asker(land: SimpleNamespace) -> int:
    """周 over 东镇, 吴 over the county, 郑 over 西镇, all clerks; 王 reads in 东镇."""
    over = {
        "zhou": (land.east, "township_clerk"),
        "wu": (land.county, "county_clerk"),
        "zheng": (land.west, "township_clerk"),
    }
    for username, (unit, role) in (over | {"wang": (land.east, "reader")}).items():
        account = access.open_account(username, name=username, password="一个够长的密码-2017")
        access.grant(account, role=role, unit_id=unit.pk, path=unit.path, since=FIRST)
    return int(Account.objects.get(username="zhou").pk)


def found(unit: Unit, scope: Scope, *roles: str) -> list[tuple[str, str]]:
    with acting(scope):
        return [(it.name, it.where) for it in candidates(unit, roles or ("township_clerk", "county_clerk"))]


def test_the_nearest_come_first_and_other_townships_and_roles_do_not(land: SimpleNamespace, asker: int) -> None:
    scope = Scope.below(land.east.path, actor=asker)
    assert found(land.bay, scope) == [("zhou", "东镇"), ("wu", "示例县")]
    assert found(land.bay, scope, "reader") == [("wang", "东镇")]


@pytest.mark.parametrize("which", ["not in the scope", "nobody acts", "no scope"])
def test_nobody_is_named_to_whom_the_unit_does_not_lie_open(land: SimpleNamespace, asker: int, which: str) -> None:
    scopes = {
        "not in the scope": Scope.below(land.west.path, actor=asker),
        "nobody acts": Scope.below(land.east.path),
        "no scope": Scope("", "", asker),
    }
    assert found(land.bay, scopes[which]) == []


def test_no_role_is_not_every_role(land: SimpleNamespace, asker: int) -> None:
    with acting(Scope.below(land.east.path, actor=asker)):
        assert candidates(land.bay, ()) == []


def test_who_is_out_of_use_or_whose_grant_ended_is_not_offered(land: SimpleNamespace, asker: int) -> None:
    scope = Scope.below(land.east.path, actor=asker)
    with acting(EVERYTHING):
        Account.objects.filter(username="wu").update(active=False)
        Grant.objects.filter(account_id=asker).update(until=date(2016, 12, 31))
    assert found(land.bay, scope) == []
