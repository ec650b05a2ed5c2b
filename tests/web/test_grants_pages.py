"""授权管理 and 委托 through the pages: who finds them, what they write, what they refuse and keep."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hangshi.access import lookup
from hangshi.access import services as access
from hangshi.access.models import Account, Event, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from tests.web.conftest import JAN_1, PASSWORD

SignIn = Callable[[str], Client]


@pytest.fixture
def desk(town: dict[str, Unit]) -> dict[str, Unit]:
    """Beside the clerks: the security administrator of the county, the auditor, and somebody new."""
    with acting(EVERYTHING):
        for username, role in (("an", "security_admin"), ("shen", "auditor"), ("xin", "")):
            account = access.open_account(username, name=f"{username}用户", password=PASSWORD)
            if role:
                unit = town["county"]
                access.grant(account, role=role, unit_id=unit.pk, path=unit.path, since=JAN_1)
    return town


def given(username: str) -> list[tuple[str, int, date, date | None, str]]:
    with acting(EVERYTHING):
        return [
            (it.role, it.unit_id, it.since, it.until, Account.objects.get(pk=it.granted_by or 0).username)
            for it in Grant.objects.filter(account__username=username)
        ]


def today() -> date:
    return timezone.localdate()


@pytest.mark.parametrize(
    ("who", "grants", "delegations"),
    [("an", 200, 403), ("shen", 403, 403), ("shi", 403, 200), ("zhen", 403, 200), ("kan", 403, 403)],
)
def test_who_finds_the_pages(sign_in: SignIn, desk: dict[str, Unit], who: str, grants: int, delegations: int) -> None:
    client = sign_in(who)
    assert client.get("/grants/").status_code == client.get("/grants/new/").status_code == grants
    assert client.get("/delegations/").status_code == client.get("/delegations/new/").status_code == delegations


def test_an_administrator_starts_at_their_own_page_and_sees_none_of_the_work(
    sign_in: SignIn, desk: dict[str, Unit]
) -> None:
    client = sign_in("an")
    assert client.get("/")["Location"] == "/grants/"
    assert sign_in("shen").get("/")["Location"] == "/audit/"
    page = client.get("/grants/").content.decode()
    assert "汉滨区" in page
    assert 'href="/records/persons/"' not in page
    assert client.get("/records/persons/").status_code == 403


def test_the_security_administrator_gives_and_ends_a_grant(sign_in: SignIn, desk: dict[str, Unit]) -> None:
    client = sign_in("an")
    said = {"username": "xin", "role": "township_clerk", "unit": "大河镇", "since": "2017-02-01", "until": ""}
    assert client.post("/grants/new/", said)["Location"] == "/grants/"
    assert given("xin") == [("township_clerk", desk["大河镇"].pk, date(2017, 2, 1), None, "an")]
    page = client.get("/grants/").content.decode()
    assert "xin用户" in page
    assert "乡镇经办" in page
    with acting(EVERYTHING):
        made = Grant.objects.get(account__username="xin")
    assert client.post(f"/grants/{made.pk}/end/")["Location"] == "/grants/"
    assert given("xin")[0][3] == today()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": "nobody"}, "没有账号“nobody”"),
        ({"unit": "安康市"}, "您的范围内没有“安康市”这个单位。"),  # above the administrator's county
        ({"unit": "没有村"}, "您的范围内没有“没有村”这个单位。"),
        ({"username": "an"}, "不能给自己授权"),
        ({"username": "shen"}, "须由三个人分别担任"),
        ({"username": "zhen", "role": "auditor"}, "须由三个人分别担任"),
        ({"role": "paired_cadre"}, "请先把账号“xin用户”关联到人员"),
        ({"until": "2016-01-01"}, "截止日早于起始日"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_is_kept(
    sign_in: SignIn, desk: dict[str, Unit], changed: dict[str, str], sentence: str
) -> None:
    said = {"username": "xin", "role": "reader", "unit": "关庙镇", "since": "2017-02-01", "until": ""} | changed
    answer = sign_in("an").post("/grants/new/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{said["username"]}"' in page
    assert given("xin") == []


def test_a_clerk_hands_on_a_village_for_a_month_and_takes_it_back(sign_in: SignIn, desk: dict[str, Unit]) -> None:
    client, until = sign_in("zhen"), today() + timedelta(days=30)
    said = {
        "username": "xin",
        "role": "reader",
        "unit": "东湾村",
        "since": today().isoformat(),
        "until": until.isoformat(),
    }
    assert client.post("/delegations/new/", said)["Location"] == "/delegations/"
    assert given("xin") == [("reader", desk["东湾村"].pk, today(), until, "zhen")]
    deputy = sign_in("xin")
    assert [deputy.get(f"/units/{desk[name].pk}/").status_code for name in ("东湾村", "关庙镇")] == [200, 404]
    with acting(EVERYTHING):
        made = Grant.objects.get(account__username="xin")
        source = Grant.objects.get(account__username="zhen")
    assert client.post(f"/grants/{made.pk}/end/").status_code == 403
    with acting(EVERYTHING):
        access.revoke(source, on=today() - timedelta(days=1))
    assert deputy.get(f"/units/{desk['东湾村'].pk}/").status_code == 302  # ended with the clerk's own


def test_what_one_may_hand_on_is_what_the_form_offers(sign_in: SignIn, desk: dict[str, Unit]) -> None:
    page = sign_in("zhen").get("/delegations/new/").content.decode()
    offered = [
        key for key in ("township_clerk", "reader", "county_clerk", "security_admin") if f'value="{key}"' in page
    ]
    assert offered == ["township_clerk", "reader"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"unit": "大河镇"}, "您的范围内没有“大河镇”这个单位。"),
        ({"username": "zhen"}, "不能委托给自己"),
        ({"until": "2999-01-01"}, "一次委托最长90天"),
        ({"username": "shen"}, "须由三个人分别担任"),
    ],
)
def test_a_delegation_that_is_refused_says_why(
    sign_in: SignIn, desk: dict[str, Unit], changed: dict[str, str], sentence: str
) -> None:
    day = today().isoformat()
    said = {"username": "xin", "role": "reader", "unit": "东湾村", "since": day, "until": day} | changed
    answer = sign_in("zhen").post("/delegations/new/", said)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_somebody_elses_delegation_does_not_exist(sign_in: SignIn, desk: dict[str, Unit]) -> None:
    with acting(EVERYTHING):
        other = Grant.objects.get(account__username="zhen")
    client = sign_in("shi")
    assert [client.post(f"/delegations/{pk}/end/").status_code for pk in (other.pk, 999_999)] == [404, 404]


def test_the_own_grant_is_not_ended_by_oneself(sign_in: SignIn, desk: dict[str, Unit]) -> None:
    with acting(EVERYTHING):
        own = Grant.objects.get(account__username="an")
    assert sign_in("an").post(f"/grants/{own.pk}/end/").status_code == 404


def test_a_paired_cadre_without_households_is_let_in_and_sees_none(sign_in: SignIn, desk: dict[str, Unit]) -> None:
    with acting(EVERYTHING):
        account = access.link_person(Account.objects.get(username="xin"), person_id=1)
        unit = desk["county"]
        access.grant(account, role="paired_cadre", unit_id=unit.pk, path=unit.path, since=JAN_1)
    page = sign_in("xin").get("/records/households/")
    assert page.status_code == 200
    assert ["汉滨区" in page.content.decode(), "李一" in page.content.decode()] == [True, False]


def linked(username: str) -> int | None:
    with acting(EVERYTHING):
        return Account.objects.get(username=username).person_id


@pytest.fixture
def wang(desk: dict[str, Unit]) -> Person:
    with acting(EVERYTHING):
        return Person.objects.get(name="王建国")


def test_an_account_is_linked_to_a_person_who_then_may_be_given_a_role_of_pairings(
    sign_in: SignIn, desk: dict[str, Unit], wang: Person
) -> None:
    client = sign_in("an")
    said = {"username": "xin", "person": "王建国", "unit": "东湾村"}
    assert client.post("/grants/person/", said)["Location"] == "/grants/"
    assert linked("xin") == wang.pk
    given_role = {"username": "xin", "role": "paired_cadre", "unit": "东湾村", "since": "2017-02-01", "until": ""}
    assert client.post("/grants/new/", given_role).status_code == 302
    with acting(EVERYTHING):
        assert Grant.objects.get(account__username="xin").person_id == wang.pk
        told = Event.objects.get(kind="person_linked")
        assert told.ids == {"account": Account.objects.get(username="xin").pk, "person": wang.pk}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"person": "王建"}, "“东湾村”没有登记名叫“王建”的人员。"),
        ({"unit": "西沟村"}, "“西沟村”没有登记名叫“王建国”的人员。"),
        ({"unit": "安康市"}, "您的范围内没有“安康市”这个单位。"),
        ({"username": "an"}, "不能关联自己的账号"),
        ({"username": "shi"}, "不能关联在您范围外有授权的账号"),  # acts at the city, above the administrator's county
        ({"username": "nobody"}, "没有账号“nobody”"),
    ],
)
def test_who_may_not_be_linked_is_said_and_nothing_changes(
    sign_in: SignIn, desk: dict[str, Unit], wang: Person, changed: dict[str, str], sentence: str
) -> None:
    said = {"username": "xin", "person": "王建国", "unit": "东湾村"} | changed
    answer = sign_in("an").post("/grants/person/", said)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert [linked(name) for name in ("xin", "an", "shi")] == [None, None, None]


def test_of_two_with_one_name_the_number_decides(sign_in: SignIn, desk: dict[str, Unit], wang: Person) -> None:
    with acting(EVERYTHING):
        other = Person.objects.create(name="王建国", unit=desk["东湾村"], path=desk["东湾村"].path)
    client, said = sign_in("an"), {"username": "xin", "person": "王建国", "unit": "东湾村"}
    page = client.post("/grants/person/", said).content.decode()
    assert f"“东湾村”有2人叫“王建国”，编号是{wang.pk}、{other.pk}。" in page
    assert client.post("/grants/person/", said | {"person": str(other.pk)}).status_code == 302
    assert linked("xin") == other.pk


def test_one_person_is_not_linked_to_two_offices(sign_in: SignIn, desk: dict[str, Unit], wang: Person) -> None:
    with acting(EVERYTHING):
        access.link_person(Account.objects.get(username="shen"), person_id=wang.pk)
        access.grant(
            Account.objects.get(username="xin"),
            role="reader",
            unit_id=desk["东湾村"].pk,
            path=desk["东湾村"].path,
            since=JAN_1,
        )
    answer = sign_in("an").post("/grants/person/", {"username": "xin", "person": "王建国", "unit": "东湾村"})
    assert (answer.status_code, "须由三个人分别担任" in answer.content.decode()) == (422, True)
    assert linked("xin") is None


@pytest.mark.parametrize("who", ["shi", "zhen", "shen"])
def test_the_database_links_nothing_for_anybody_else(desk: dict[str, Unit], wang: Person, who: str) -> None:
    with acting(EVERYTHING):
        scope = Scope.of(Grant.objects.get(account__username=who), on=today())
        new = Account.objects.get(username="xin")
    with acting(scope):
        with pytest.raises(Refused, match="不能由您关联"):
            access.link(new, person_id=wang.pk)
        with pytest.raises(Refused, match="没有登记名叫"):
            lookup.person_called("王建国", lookup.Place(desk["东湾村"].pk, "东湾村", "village", desk["东湾村"].path))
    assert linked("xin") is None
