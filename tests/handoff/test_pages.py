"""上报 on the pages: made by one account, sent by another, downloaded and answered; seen in the range of its unit."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi import packs
from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.models import AuditEntry
from hangshi.handoff.models import Handoff
from hangshi.registry import people
from hangshi.registry.models import Unit
from tests.handoff.conftest import citizen, receipt_file, sheet
from tests.intake.test_pages import committed_jobs, do_jobs
from tests.web.conftest import PASSWORD, count, party, row, sign_in, town

__all__ = ["committed_jobs", "count", "party", "row", "sign_in", "town"]
pytestmark = pytest.mark.usefixtures("committed_jobs")


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def branch(town, party):
    """东湾村党支部 has two members with numbers and, of `party`, three without. Two clerks of 关庙镇, one of 大河镇."""
    with acting(EVERYTHING):
        for name, serial in (("王成", 11), ("李梅", 12)):
            person = people.register_person(
                town["东湾村"], name=name, on=date(2017, 1, 1), actor=None, number=citizen(serial)
            )
            people.join(person, town["东湾村党支部"], on=date(2017, 1, 1), actor=None, status="full", category="rural")
        Unit.objects.filter(kind="township").update(extra={"report_day": "2017-10-31"})
        for username, unit in (("shen", "关庙镇"), ("he", "大河镇")):
            account = access.open_account(username, name=f"{username}用户", password=PASSWORD)
            access.grant(
                account, role="township_clerk", unit_id=town[unit].pk, path=town[unit].path, since=date(2017, 1, 1)
            )
    return town["东湾村党支部"]


@pytest.fixture
def maker(branch, sign_in):
    return sign_in("zhen")


@pytest.fixture
def checker(branch, sign_in):
    return sign_in("shen")


@pytest.fixture
def draft(maker, row):
    """The address of 关庙镇's draft, made by `zhen`."""
    answer = maker.post("/handoff/new/", {"upper": "party_members", "day": "2017-10-31"})
    assert answer.status_code == 302
    assert do_jobs() == "已拟好：新增 2，变更 0，减少 0。还没有上报，请另一位有导出权限的人审核。"
    return f"/handoff/{row(Handoff).pk}/"


@pytest.fixture
def sent(draft, checker):
    assert checker.post(f"{draft}send/").status_code == 302
    assert do_jobs().startswith("已生成上报文件，共 2 行")
    return draft


@pytest.fixture
def bring(maker, sent, row):
    """The same receipt brought by the maker, as often as it is called."""
    rows = [[citizen(11), "成功", ""], [citizen(12), "失败", "姓名不符"], ["1", "成功", ""]]
    data = receipt_file(packs.load("base", "ankang"), row(Handoff), rows)
    return lambda: maker.post(f"{sent}receipt/", {"file": SimpleUploadedFile("回执.xlsx", data)})


def test_a_draft_shows_what_goes_out_and_what_is_held_back(maker, draft):
    page = text(maker.get(draft))
    for said in ("党员基本信息", "待审核", "新增 2", "缺项不报 3", "王成", "拟制的人不能自己审核上报"):
        assert said in page
    assert "审核无误" not in page
    lacking = text(maker.get(f"{draft}?act=lacking"))
    assert ("张爱民" in lacking, "公民身份号码、性别、出生日期" in lacking) == (True, True)
    assert citizen(11) not in maker.get(draft).content.decode()
    assert "党员基本信息" in text(maker.get("/handoff/"))


def test_another_clerk_sends_it_and_downloads_what_went_out(sent, checker, row):
    assert "审核上报" in text(checker.get(sent))
    answer = checker.get(f"{sent}file/")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert [line[1] for line in sheet(answer.content)] == ["公民身份号码", citizen(11), citizen(12)]
    with acting(EVERYTHING):
        exported = AuditEntry.objects.filter(kind="export", table_name="handoff").latest("id")
    assert exported.detail == {"what": "party_members", "unit": row(Handoff).unit_id, "rows": 2}


def test_who_made_it_does_not_send_it(draft, maker, row):
    answer = maker.post(f"{draft}send/")
    assert (answer.status_code, "拟制的人不能自己审核上报" in text(answer)) == (422, True)
    assert row(Handoff).state == "draft"


def test_a_receipt_is_read_and_what_came_back_leads_to_its_case(sent, maker, bring):
    assert bring().status_code == 302
    assert do_jobs() == "回执共 3 行：接收 1，退回 1，认不出 1。"
    page = text(maker.get(f"{sent}?act=rejected"))
    for said in ("已办结", "上级退回 1", "李梅", "退回，看原因和办理", "第 5 行：这次上报里没有这个公民身份号码"):
        assert said in page
    [case] = re.findall(r"/records/cases/\d+/", maker.get(f"{sent}?act=rejected").content.decode())
    assert "姓名不符" in text(maker.get(case))
    again = bring()
    assert (again.status_code, "已经读入过，没有变化" in text(again)) == (200, True)


def test_what_is_no_receipt_is_said_on_the_page(sent, maker):
    answer = maker.post(f"{sent}receipt/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})
    assert (answer.status_code, "这是PDF 文档" in text(answer)) == (422, True)
    assert "请先选上级系统给出的回执文件" in text(maker.post(f"{sent}receipt/"))


def test_a_draft_is_withdrawn_one_that_was_sent_is_ended(draft, maker, checker, row):
    assert maker.post(f"{draft}withdraw/").status_code == 302
    assert row(Handoff).state == "withdrawn"
    assert maker.post("/handoff/new/", {"upper": "party_members", "day": "2017-10-31"}).status_code == 302
    do_jobs()
    page = f"/handoff/{row(Handoff, state='draft').pk}/"
    checker.post(f"{page}send/")
    do_jobs()
    assert maker.post(f"{page}withdraw/").status_code == 409  # the page no longer offers it
    assert maker.post(f"{page}finish/").status_code == 302
    assert "已办结" in text(maker.get(page))


def test_what_cannot_be_made_is_said_and_nothing_typed_is_lost(draft, maker, count):
    answer = maker.post("/handoff/new/", {"upper": "party_members", "day": "2017-10-30"})
    assert (answer.status_code, "还有一次上报没有办结" in text(answer)) == (422, True)
    assert 'value="2017-10-30"' in answer.content.decode()
    assert count(Handoff) == 1


def test_out_of_range_there_is_none(sent, sign_in):
    other = sign_in("he")
    assert "党员基本信息" not in text(other.get("/handoff/"))
    for address in (sent, f"{sent}file/"):
        assert other.get(address).status_code == 404
    for act in ("send", "receipt", "withdraw", "finish"):
        assert other.post(f"{sent}{act}/").status_code == 404


def test_who_only_reads_sees_counts_and_rows_and_no_file(sent, sign_in):
    reader = sign_in("kan")
    page = text(reader.get(sent))
    assert ("王成" in page, "下载上报文件" in page, "读入回执" in page) == (True, False, False)
    assert reader.get(f"{sent}file/").status_code == 403
    assert reader.get("/handoff/new/").status_code == 403


def test_a_page_of_rows_asks_as_much_as_a_page_of_two(sent, maker, django_assert_max_num_queries):
    maker.get(sent)
    with django_assert_max_num_queries(30):
        maker.get(sent)
