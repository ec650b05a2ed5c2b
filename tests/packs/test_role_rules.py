"""Roles: what a pack may say of them, each rule with the least role that breaks it."""

import pytest

from hangshi.packs import load
from tests.packs.conftest import SaidOf, SentenceOf


def role(**said: str) -> str:
    words = {"name": '"某"', "permissions": '["records.read"]', "scope": '"place"', "source": '"试验"'} | said
    return "[role.a]\n" + "".join(f"{name} = {value}\n" for name, value in words.items())


ADMINISTRATOR = {"group": '"security"', "scope": '"none"', "permissions": '["grants.manage"]'}
DUTY = '[kind.duty.a]\nname = "某"\nsource = "试验"\nbearer = "{}"\ntarget = "{}"\nopens = true\n'


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (role(), []),
        (role(scope='"party"', delegable="true"), []),
        (role(**ADMINISTRATOR), []),
        (role(permissions='["records.raed"]'), ["P341"]),
        (role(permissions='["records.read", "grants.manage"]'), ["P342"]),
        (role(permissions='["records.read", "accounts.manage"]'), ["P342"]),
        (role(permissions='["records.read", "audit.read"]'), ["P342"]),
        (role(**ADMINISTRATOR | {"permissions": '["grants.manage", "audit.read"]'}), ["P342"]),
        (role(**ADMINISTRATOR | {"permissions": '["grants.manage", "figures.read"]'}), ["P342"]),
        (role(**ADMINISTRATOR | {"scope": '"place"'}), ["P343"]),
        (role(**ADMINISTRATOR | {"delegable": "true"}), ["P343"]),
        (role(scope='"none"'), ["P343"]),
        (role(read_only="true"), []),
        (role(read_only="true", permissions='["visit.write"]'), ["P344"]),
        (role(scope='"village"'), ["P113"]),
        (role(permissions="[]"), ["P113"]),
        (role(source='""'), ["P301"]),
        (DUTY.format("person", "household"), []),
        (DUTY.format("person", "unit"), ["P345"]),
        (DUTY.format("unit", "household"), ["P345"]),
    ],
)
def test_what_a_role_may_say(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def test_a_misspelt_permission_is_told_its_neighbour(sentence_of: SentenceOf) -> None:
    assert sentence_of(role(permissions='["records.raed"]')) == "没有权限“records.raed”；是不是“records.read”？"


def test_a_mixed_role_is_told_which_permission_is_the_stranger(sentence_of: SentenceOf) -> None:
    said = sentence_of(role(permissions='["records.read", "grants.manage"]'))
    assert said == "“grants.manage”是安全管理权限，不能放进业务角色"


def test_the_shipped_roles_and_their_scopes() -> None:
    assert {key: it.scope for key, it in load("base").roles.items()} == {
        "org_admin": "place",
        "party_member": "households",
        "city_clerk": "place",
        "county_clerk": "place",
        "township_clerk": "place",
        "branch_secretary": "party",
        "first_secretary": "place",
        "paired_cadre": "households",
        "inspector": "place",
        "reader": "place",
        "system_admin": "none",
        "security_admin": "none",
        "auditor": "none",
    }


def test_each_administrator_holds_one_thing_and_nothing_of_the_work() -> None:
    found = {it.group: it.permissions for it in load("base").roles.values() if it.group != "business"}
    assert found == {
        "system": ("accounts.manage",),
        "security": ("grants.manage", "accounts.sessions"),
        "audit": ("audit.read",),
    }


def test_only_the_pairing_duty_opens_a_household() -> None:
    assert [key for key, it in load("base", "ankang").kinds.duty.items() if it.opens] == ["pairing"]
