"""审计: the auditor's page, in words an official reads."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.origin import coming_from
from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Household, Unit
from tests.web.conftest import PASSWORD, sign_in, town

__all__ = ["sign_in", "town"]
SignIn = Callable[[str], Client]


@pytest.fixture
def auditor(sign_in: SignIn, town: dict[str, Unit]) -> Client:
    with acting(EVERYTHING):
        account = access.open_account("shen", name="审计员", password=PASSWORD)
        access.grant(account, role="auditor", unit_id=town["city"].pk, path=town["city"].path, since=date(2017, 1, 1))
    clerk = sign_in("zhen")
    clerk.post("/visits/new/", {"household": "H1", "leader": "王建国", "day": "2017-10-30", "topic": "问收入"})
    return sign_in("shen")


def rows(page: str) -> list[list[str]]:
    if "没有符合条件的记录" in page:
        return []
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in body.split("</tr>")[:-1]
    ]


def search(client: Client, **query: Any) -> list[list[str]]:
    answer = client.get("/audit/", query)
    assert answer.status_code == 200
    return rows(answer.content.decode())


def test_a_visit_is_found_by_who_what_and_when(auditor: Client) -> None:
    [found] = search(auditor, account="关庙镇用户", table="activity", kind="insert")
    assert (found[1], found[2], found[5]) == ("关庙镇用户", "新增", "127.0.0.1")
    assert re.fullmatch(r"活动\d+号", found[3])
    assert re.fullmatch(r"[0-9a-f]{16}", found[6])


def test_everything_of_one_request_is_found_by_its_number(auditor: Client) -> None:
    [found] = search(auditor, account="关庙镇用户", table="activity", kind="insert")
    assert [row[3] for row in search(auditor, request=found[6])] == [found[3]]


def test_a_record_is_found_by_its_number(auditor: Client) -> None:
    with acting(EVERYTHING):
        home = Household.objects.get(number="H1")
    assert len(search(auditor, table="household", record=home.pk)) == 1
    assert search(auditor, table="household", record=999999999) == []


@pytest.mark.parametrize(("days", "found"), [({"to": "2017-01-01"}, False), ({"from": "2017-01-01"}, True)])
def test_days_bound_the_search(auditor: Client, days: dict[str, str], found: bool) -> None:
    assert bool(search(auditor, table="activity", **days)) == found


def test_nothing_of_a_record_is_shown(auditor: Client) -> None:
    page = auditor.get("/audit/").content.decode()
    assert [it for it in ("问收入", "李一", "王建国") if it in page] == []


def test_to_read_the_log_is_on_record_too(auditor: Client) -> None:
    search(auditor, table="household")
    [first, *_] = search(auditor, kind="audit_read", account="shen")
    assert (first[1], first[2]) == ("审计员", "查阅审计")


@pytest.mark.parametrize("record", ["x", "-1", "1.5"])
def test_a_number_that_is_none_is_a_sentence(auditor: Client, record: str) -> None:
    answer = auditor.get("/audit/", {"record": record})
    assert (answer.status_code, "记录编号应是数字" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("who", ["shi", "zhen", "kan"])
def test_who_works_with_the_records_does_not_read_the_log(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/audit/").status_code == 403


def test_the_record_says_who_registered_it(auditor: Client, sign_in: SignIn) -> None:
    [found] = search(auditor, account="关庙镇用户", table="activity", kind="insert")
    page = sign_in("zhen").get(f"/records/activities/{found[3][2:-1]}/").content.decode()
    assert re.search(r"\d\d:\d\d 由关庙镇用户登记", page)


def test_a_change_says_from_where_and_by_which_request_it_came(auditor: Client, sign_in: SignIn) -> None:
    with acting(EVERYTHING):
        home = Household.objects.get(number="H1")
    with coming_from("10.1.2.3") as origin, acting(EVERYTHING):
        Household.objects.filter(pk=home.pk).update(head="李改名")
    page = sign_in("zhen").get(f"/records/households/{home.pk}/").content.decode()
    assert f'修改<span class="text-secondary">（来自 10.1.2.3，请求 {origin.request}）</span>' in page
    [found] = search(auditor, request=origin.request, table="household")
    assert (found[2], found[3], found[5]) == ("修改", f"农户{home.pk}号", "10.1.2.3")


def test_the_registration_says_from_where_and_by_which_request_it_came(auditor: Client, sign_in: SignIn) -> None:
    [found] = search(auditor, account="关庙镇用户", table="activity", kind="insert")
    page = sign_in("zhen").get(f"/records/activities/{found[3][2:-1]}/").content.decode()
    assert f"由关庙镇用户登记（来自 127.0.0.1，请求 {found[6]}）" in page


def test_everything_from_one_address_is_found_by_it(auditor: Client) -> None:
    assert ["关庙镇用户", "新增", "127.0.0.1"] in [
        [row[1], row[2], row[5]] for row in search(auditor, address="127.0.0.1")
    ]
    assert "登录" in {row[2] for row in search(auditor, address="127.0.0.1")}  # what happened at the door as well
    assert search(auditor, address="10.9.9.9") == []


def test_a_sign_in_says_who_and_from_where(auditor: Client) -> None:
    found = search(auditor, table="access_event")
    assert ["关庙镇用户", "登录", "127.0.0.1"] in [[row[1], row[2], row[5]] for row in found]


def test_a_failed_sign_in_under_an_unknown_name_is_there_too(auditor: Client) -> None:
    Client().post("/sign-in/", {"username": "nobody-at-all", "password": "wrong-password"})
    [first, *_] = search(auditor, table="access_event")
    assert first[1:3] == ["无此账号", "登录失败"]


def test_an_export_is_told_in_words(auditor: Client, sign_in: SignIn) -> None:
    sign_in("zhen").get("/records/households.xlsx")
    [first, *_] = search(auditor, kind="export", account="关庙镇用户")
    assert "内容：农户" in first[4]
    assert "行数：2" in first[4]
