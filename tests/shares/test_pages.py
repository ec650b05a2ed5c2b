"""股份和分红 on the pages: from the meeting to the list of who has not been paid, by two accounts; nothing out of sight."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.ledger import services as books
from hangshi.registry.models import Unit
from hangshi.shares.models import Change, Dividend, Part
from tests.shares.conftest import BOOKS, meeting
from tests.web.conftest import PASSWORD

DAY = "2017-05-02"


@pytest.fixture
def met(town: dict[str, Unit]) -> Activity:
    """Of 东湾村, which has 30000.00 in the books of 2017; `cun` is its own first secretary, `he` the clerk of another township."""
    with acting(EVERYTHING):
        for username, unit, role in (("cun", "东湾村", "first_secretary"), ("he", "大河镇", "township_clerk")):
            account = access.open_account(username, name=f"{unit}用户", password=PASSWORD)
            access.grant(account, role=role, unit_id=town[unit].pk, path=town[unit].path, since=date(2017, 1, 1))
        Unit.objects.filter(kind__in=("village", "township")).update(extra={"report_day": "2017-10-31"})
        books.book(BOOKS["collective_income"], unit=town["东湾村"], amount=30000, on=date(2017, 3, 1), actor=None)
        return meeting(town["东湾村"], day=date(2017, 5, 1))


@pytest.fixture
def cun(met: Activity, town: dict[str, Unit], sign_in: Callable[[str], Client]) -> Client:
    """1000 shares are decided, 100 are the collective's, 200 and 300 those of H1 and H2."""
    client = sign_in("cun")
    said: dict[str, Any] = {"activity": met.pk, "day": DAY, "note": "章程"}
    for act, more in (
        ("decide", {"total": "1000"}),
        ("keep", {"kind": "collective", "shares": "100"}),
        ("allot", {"kind": "person", "lines": "H1 200 一组\n\nH2\t300\t二组\n"}),
    ):
        assert client.post(f"/ledger/shares/{met.unit_id}/{act}/", said | more).status_code == 302
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def dividend(cun: Client, met: Activity, row: Callable[..., Any]) -> Dividend:
    said = {"year": "2017", "amount": "10000", "rate_fund": "10", "record_day": DAY, "activity": met.pk, "day": DAY}
    answer = cun.post(f"/ledger/shares/{met.unit_id}/dividends/new/", said | {"rate_welfare": "", "note": ""})
    found: Dividend = row(Dividend)
    assert (answer.status_code, answer["Location"]) == (302, f"/ledger/dividends/{found.pk}/")
    return found


def act(client: Client, dividend: Dividend, name: str, **said: str) -> Any:
    return client.post(f"/ledger/dividends/{dividend.pk}/{name}/", {"day": DAY} | said)


def test_the_register_says_who_holds_what_and_what_is_not_allotted(cun: Client, met: Activity) -> None:
    page = text(cun, f"/ledger/shares/{met.unit_id}/")
    for said in ("李一（H1）", "李二（H2）", "集体股", "2 户持股，还有 400 股没有配出", "总股数 +1,000 股", "章程"):
        assert said in page
    assert "这一天没有人持股" in text(cun, f"/ledger/shares/{met.unit_id}/?on=2017-05-01")
    assert "东湾村" in text(cun, "/ledger/shares/")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("H1 10\nH9 5", "第2行：您的范围内没有编号为“H9”的户"),
        ("H3 10", "没有编号为“H3”的户"),  # of another village
        ("H1", "第1行应写户编号、股数"),
        ("H1 十股", "第1行：“十股”不是股数"),
        ("H1 10\nH1 20", "第2行：H1写了两次"),
        ("H1 400.01", "多于确定的总股数1000.00股；没有登记"),
    ],
)
def test_what_is_wrong_with_an_allotment_is_said_by_its_line_and_nothing_typed_is_lost(
    cun: Client, met: Activity, count: Callable[..., int], lines: str, said: str
) -> None:
    posted = {"kind": "person", "lines": lines, "activity": met.pk, "day": DAY, "note": "增配"}
    answer = cun.post(f"/ledger/shares/{met.unit_id}/allot/", posted)
    page = answer.content.decode()
    assert (answer.status_code, said in page, lines in page, "增配" in page) == (422, True, True, True)
    assert count(Change) == 3


def test_shares_are_passed_on_returned_and_a_change_is_undone(
    cun: Client, met: Activity, row: Callable[..., Any]
) -> None:
    base = f"/ledger/shares/{met.unit_id}"
    moved = {"ground": "inherit", "kind": "person", "giver": "H1", "taker": "H2", "shares": "50", "note": "公证书"}
    assert cun.post(f"{base}/pass/", moved | {"day": DAY}).status_code == 302
    back = {"kind": "person", "household": "H2", "shares": "10", "activity": met.pk, "day": DAY, "note": ""}
    assert cun.post(f"{base}/withdraw/", back).status_code == 302
    page = text(cun, f"{base}/")
    for said in ("继承", "公证书", "退回集体", "410 股没有配出"):
        assert said in page
    address = f"/ledger/shares/changes/{row(Change, ground='inherit').pk}/undo/"
    assert cun.post(address, {"day": DAY, "reason": "记错"}).status_code == 302
    page = text(cun, f"{base}/")
    assert ("冲销继承" in page, "已冲销" in page, address in page) == (True, True, False)


def test_a_dividend_from_the_books_to_the_last_household(
    cun: Client, dividend: Dividend, sign_in: Callable[[str], Client], row: Callable[..., Any]
) -> None:
    page = text(cun, f"/ledger/dividends/{dividend.pk}/")
    for said in ("30,000.00", "1,000.00", "9,000.00", "一组：1 户，3,000.00 元", "二组：1 户，4,500.00 元", "1,500.00"):
        assert said in page
    refused = act(cun, dividend, "approve")
    assert (refused.status_code, "提出方案的人不能审核" in refused.content.decode()) == (422, True)
    assert act(sign_in("zhen"), dividend, "approve").status_code == 302
    assert "2 户、7,500.00 元没有发放" in text(cun, f"/ledger/dividends/{dividend.pk}/")
    part = row(Part, amount=Decimal("3000.00"))
    assert "至少选一个" in act(cun, dividend, "pay", note="第1批").content.decode()
    assert act(cun, dividend, "pay", note="第1批", **{f"parts.{part.pk}": "1"}).status_code == 302
    page = text(cun, f"/ledger/dividends/{dividend.pk}/?only=unpaid")
    assert ("1 户、4,500.00 元没有发放" in page, "李二（H2）" in page, "李一（H1）" in page) == (True, True, False)
    refused = act(cun, dividend, "undo", reason="撤销")
    assert "已经发放1户，请先在各户的台账上冲销" in refused.content.decode()


def test_the_list_to_hang_out_has_names_and_amounts_by_group(cun: Client, dividend: Dividend) -> None:
    answer = cun.get(f"/ledger/dividends/{dividend.pk}.xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    assert sheet is not None
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    assert rows == [
        ["村民小组", "户编号", "户主", "股数", "每股（元）", "金额（元）", "签收"],
        ["一组", "H1", "李一", 200, 15, 3000, ""],
        ["二组", "H2", "李二", 300, 15, 4500, ""],
        ["合计（2 行）", None, None, 500, None, 7500, None],
    ]


def test_more_than_the_books_have_is_refused_in_words(cun: Client, met: Activity) -> None:
    said = {"year": "2017", "amount": "30000.01", "record_day": DAY, "activity": met.pk, "day": DAY}
    answer = cun.post(f"/ledger/shares/{met.unit_id}/dividends/new/", said)
    assert (answer.status_code, "可以分配的还有30000.00元" in answer.content.decode()) == (422, True)


def test_out_of_sight_there_is_no_register_and_no_dividend(
    dividend: Dividend, met: Activity, sign_in: Callable[[str], Client], row: Callable[..., Any]
) -> None:
    other, change = sign_in("he"), row(Change, ground="decide").pk
    assert "东湾村" not in text(other, "/ledger/shares/")
    addresses = [f"/ledger/shares/{met.unit_id}/", f"/ledger/shares/{met.unit_id}/allot/"]
    addresses += [f"/ledger/shares/{met.unit_id}/dividends/new/", f"/ledger/shares/changes/{change}/undo/"]
    addresses += [f"/ledger/dividends/{dividend.pk}/", f"/ledger/dividends/{dividend.pk}.xlsx"]
    assert [other.get(it).status_code for it in (*addresses, f"/ledger/dividends/{dividend.pk}/approve/")] == [404] * 7


def test_who_only_reads_is_offered_nothing(dividend: Dividend, met: Activity, sign_in: Callable[[str], Client]) -> None:
    reader = sign_in("kan")
    page = text(reader, f"/ledger/shares/{met.unit_id}/")
    assert ("李一（H1）" in page, "配股" in page, "提出分配方案" in page) == (True, True, False)
    page = text(reader, f"/ledger/dividends/{dividend.pk}/")
    assert ("审核通过" in page, "公示名单" in page) == (False, False)
    assert act(reader, dividend, "approve").status_code == 403
    assert reader.get(f"/ledger/dividends/{dividend.pk}.xlsx").status_code == 403


def test_what_is_no_collective_has_no_register_and_an_unknown_act_is_not_found(
    cun: Client, dividend: Dividend, town: dict[str, Unit], sign_in: Callable[[str], Client]
) -> None:
    assert sign_in("zhen").get(f"/ledger/shares/{town['关庙镇'].pk}/").status_code == 404
    assert cun.get(f"/ledger/shares/{town['东湾村'].pk}/nothing/").status_code == 404
    assert cun.get(f"/ledger/dividends/{dividend.pk}/nothing/").status_code == 404
