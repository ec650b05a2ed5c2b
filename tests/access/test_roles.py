"""What a role may do is said by the packs of the installation, and an unknown one may do nothing."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse

from hangshi.access import roles
from hangshi.access.models import Grant
from hangshi.access.scope import NOWHERE, Scope
from hangshi.refusal import Refused
from hangshi.web.permissions import SIGNED_IN, needs, permission, public, signed_in
from tests.access.test_services import DAY


@pytest.mark.parametrize(
    ("role", "permission", "held"),
    [
        ("township_clerk", "visit.write", True),
        ("township_clerk", "cases.restricted", False),
        ("reader", "records.export", False),
        ("security_admin", "grants.manage", True),
        ("security_admin", "records.read", False),
        ("nobody", "records.read", False),
        ("township_clerk", "", False),
    ],
)
def test_who_holds_what(role: str, permission: str, held: bool) -> None:
    assert roles.holds(role, permission) == held


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("township_clrk", "没有角色“township_clrk”；是不是“township_clerk”？"), ("王", "没有角色“王”；现有：org_admin、")],
)
def test_an_unknown_role_is_told_its_neighbours(key: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        roles.find(key)
    assert refused.value.sentence.startswith(sentence)


def test_a_grant_whose_role_no_pack_knows_any_more_opens_nothing() -> None:
    scope = Scope.of(Grant(pk=1, account_id=2, role="forgotten", unit_id=3, path="1/3/", since=DAY), on=DAY)
    assert (scope.lo, scope.hi, scope.mode, scope.within, scope.power) == ("", "", NOWHERE.mode, "", "")


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("reader", ("1/3/", "1/30", "place", "1/3/", "")),
        ("branch_secretary", ("", "", "party", "1/3/", "")),
        ("paired_cadre", ("", "", "households", "1/3/", "")),
        ("auditor", ("", "", "none", "1/3/", "audit")),
    ],
)
def test_what_a_grant_sets(role: str, said: tuple[str, ...]) -> None:
    scope = Scope.of(Grant(pk=1, account_id=2, role=role, unit_id=3, path="1/3/", since=DAY), on=DAY)
    assert (scope.lo, scope.hi, scope.mode, scope.within, scope.power) == said


def test_a_view_names_a_permission_of_the_list_or_says_why_it_needs_none() -> None:
    with pytest.raises(ImproperlyConfigured, match="raed"):
        permission("records.raed")
    marks = (permission("records.read"), signed_in("one's own"), public("door"))
    views = [mark(lambda request: HttpResponse()) for mark in marks]
    assert [needs(view) for view in views] == ["records.read", SIGNED_IN, None]
