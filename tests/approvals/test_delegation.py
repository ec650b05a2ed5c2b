"""A delegated grant stands for everybody up its chain; nobody else is told."""

from datetime import date
from types import SimpleNamespace

import pytest

from hangshi.access import grants, services
from hangshi.access.models import Account, Grant
from hangshi.access.scope import Scope, acting
from hangshi.approvals.delegation import signer
from hangshi.registry.models import Unit
from hangshi.registry.signing import same_person

FIRST, DAY, SOON = date(2017, 1, 1), date(2017, 7, 1), date(2017, 7, 31)
NONE: frozenset[str] = frozenset()


def opened(username: str, person: int | None = None) -> Account:
    account = Account.objects.create(username=username, name=f"账号{username}", password="!")  # nobody signs in here
    return services.link_person(account, person_id=person) if person else account


def hand_on(own: Grant, account: Account, unit: Unit) -> Grant:
    said = {"role": "township_clerk", "unit_id": unit.pk, "path": unit.path, "since": DAY, "until": SOON}
    return grants.delegate(own, account, actor=own.account_id, **said)


@pytest.fixture
def chain(land: SimpleNamespace, people: SimpleNamespace) -> SimpleNamespace:
    """The clerk hands a part on to the deputy, and the deputy to the helper."""
    clerk, deputy, helper = opened("clerk", people.wang.pk), opened("deputy"), opened("helper", people.li.pk)
    own = grants.give(clerk, role="township_clerk", unit_id=land.east.pk, path=land.east.path, since=FIRST)
    first = hand_on(own, deputy, land.east)
    return SimpleNamespace(
        clerk=clerk, deputy=deputy, helper=helper, own=own, first=first, second=hand_on(first, helper, land.bay)
    )


def test_a_grant_of_ones_own_stands_for_nobody_else(chain: SimpleNamespace, people: SimpleNamespace) -> None:
    with acting(Scope.of(chain.own, on=DAY)):
        found = signer(chain.clerk, chain.own, frozenset({"approvals.personnel"}))
    assert found.accounts == {chain.clerk.pk}
    assert found.persons == {people.wang.pk}
    assert found.permissions == {"approvals.personnel"}


def test_a_delegated_grant_stands_for_all_above_it(chain: SimpleNamespace, people: SimpleNamespace) -> None:
    with acting(Scope.of(chain.second, on=DAY)):
        helper = signer(chain.helper, chain.second, NONE)
    assert helper.accounts == {chain.helper.pk, chain.deputy.pk, chain.clerk.pk}
    assert helper.persons == {people.li.pk, people.wang.pk}
    with acting(Scope.of(chain.own, on=DAY)):
        assert same_person(helper, signer(chain.clerk, chain.own, NONE))


def test_whom_another_ones_grant_stands_for_is_not_said(chain: SimpleNamespace) -> None:
    with acting(Scope.of(chain.first, on=DAY)):
        assert signer(chain.deputy, chain.second, NONE).acts_for == ()
