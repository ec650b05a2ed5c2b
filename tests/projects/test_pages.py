"""项目资金 on the pages: opened, booked, accepted by another account, every sum down to its lines, nothing out of sight."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.closings import services as closings
from hangshi.indicators.queries import Period
from hangshi.projects.models import Line, Project
from hangshi.registry.models import Unit
from tests.web.conftest import PASSWORD

PDF = b"%PDF-1.4 voucher %%EOF"
DAY = "2017-05-02"


@pytest.fixture
def clerk(town: dict[str, Unit], sign_in: Callable[[str], Client]) -> Client:
    """Of 关庙镇, on 2017-10-31; `yan` of the county and `shi` of the city may accept; 大河镇 has a clerk of its own, `he`."""
    with acting(EVERYTHING):
        Unit.objects.filter(kind__in=("township", "county")).update(extra={"report_day": "2017-10-31"})
        for username, unit, role in (("yan", "county", "county_clerk"), ("he", "大河镇", "township_clerk")):
            account = access.open_account(username, name=f"{unit}用户", password=PASSWORD)
            access.grant(account, role=role, unit_id=town[unit].pk, path=town[unit].path, since=date(2017, 1, 1))
    return sign_in("zhen")


@pytest.fixture
def project(clerk: Client, town: dict[str, Unit], row: Callable[..., Any]) -> Project:
    said = {"title": "饮水工程", "stages": "2", "standard": "party_work_fund", "day": "2017-05-01"}
    answer = clerk.post(f"/ledger/projects/new/?unit={town['东湾村'].pk}", said)
    found: Project = row(Project)
    assert (answer.status_code, answer["Location"]) == (302, f"/ledger/projects/{found.pk}/")
    assert (found.unit_id, found.opened_on, found.stages) == (town["东湾村"].pk, date(2017, 5, 1), 2)
    return found


def post(client: Client, project: Project, act: str, **said: Any) -> Any:
    return client.post(f"/ledger/projects/{project.pk}/{act}/", {"day": DAY, "note": "说明"} | said)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_project_from_the_budget_to_its_end(
    clerk: Client, project: Project, sign_in: Callable[[str], Client], row: Callable[..., Any]
):
    city = sign_in("shi")
    for client, act, amount in ((clerk, "budget", "9000"), (clerk, "allocated", "8000"), (city, "paid", "5000")):
        assert post(client, project, act, amount=amount).status_code == 302
    assert "请选择文件" in post(clerk, project, "spent", amount="8000").content.decode()
    assert "拨付过这个项目资金的人不能验收" in text(city, f"/ledger/projects/{project.pk}/accept/")
    refused = post(city, project, "accept")
    assert (refused.status_code, "拨付的人不能验收" in refused.content.decode()) == (422, True)
    assert post(sign_in("yan"), project, "accept", note="工程合格").status_code == 302
    assert post(clerk, project, "paid", amount="3000").status_code == 302
    assert post(clerk, project, "spent", amount="8000", file=SimpleUploadedFile("票.pdf", PDF)).status_code == 302
    page = text(clerk, f"/ledger/projects/{project.pk}/")
    for said in ("共2期，已拨2期", "2017-05-02验收：工程合格", "没有办结", "拨付（第2期）"):
        assert said in page
    voucher = clerk.get(f"/ledger/projects/lines/{row(Line, step='spent').pk}/voucher/")
    assert (voucher.status_code, voucher.content) == (200, PDF)
    assert post(clerk, project, "close").status_code == 302
    page = text(clerk, f"/ledger/projects/{project.pk}/")
    assert ("2017-05-02办结" in page, "登记拨付" in page) == (True, False)


def test_what_is_too_much_is_refused_in_a_sentence_and_nothing_typed_is_lost(clerk: Client, project: Project):
    post(clerk, project, "budget", amount="9000")
    answer = post(clerk, project, "allocated", amount="9000.01", note="县财农〔2017〕8号")
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("到2017-05-02，下达合计9000.01元，多于预算合计9000.00元", "9000.01", "县财农〔2017〕8号"):
        assert said in page


def test_a_sum_opens_to_the_lines_that_make_it_up(clerk: Client, project: Project):
    post(clerk, project, "budget", amount="9000", note="预算批复")
    post(clerk, project, "allocated", amount="8000", note="下达文件")
    assert f'href="/ledger/projects/{project.pk}/?step=budget"' in text(clerk, "/ledger/projects/")
    page = text(clerk, f"/ledger/projects/{project.pk}/?step=allocated")
    assert ("下达文件" in page, "预算批复" in page) == (True, False)


def test_the_standard_of_the_day_stands_beside_the_budget(clerk: Client, project: Project):
    assert "标准不低于5,000元（" in text(clerk, f"/ledger/projects/{project.pk}/")


def test_a_line_is_undone_on_its_page(clerk: Client, project: Project, row: Callable[..., Any]):
    post(clerk, project, "budget", amount="9000")
    address = f"/ledger/projects/lines/{row(Line).pk}/undo/"
    assert clerk.post(address, {"day": DAY, "reason": "记重了"}).status_code == 302
    page = text(clerk, f"/ledger/projects/{project.pk}/")
    assert ("冲销预算" in page, "记重了" in page, address in page) == (True, True, False)


def test_an_acceptance_is_undone_by_those_who_may_accept(
    clerk: Client, project: Project, sign_in: Callable[[str], Client], row: Callable[..., Any]
):
    for act in ("budget", "allocated"):
        post(clerk, project, act, amount="9000")
    county = sign_in("yan")
    post(county, project, "accept", note="工程合格")
    address = f"/ledger/projects/lines/{row(Line, step='accepted').pk}/undo/"
    page = f"/ledger/projects/{project.pk}/"
    assert (address in text(clerk, page), address in text(county, page)) == (False, True)
    said = {"day": DAY, "reason": "验收有误"}
    assert (clerk.post(address, said).status_code, county.post(address, said).status_code) == (404, 302)
    assert "还没有验收" in text(clerk, page)


def test_in_a_closed_period_nothing_is_booked(clerk: Client, project: Project, town: dict[str, Unit]):
    with acting(EVERYTHING):
        may = Period(date(2017, 5, 1), date(2017, 5, 31))
        closings.close(town["东湾村"], "month", may, on=date(2017, 6, 1), actor=None)
    answer = post(clerk, project, "budget", amount="9000")
    assert (answer.status_code, "已结2017-05-01至2017-05-31的账" in answer.content.decode()) == (422, True)
    assert post(clerk, project, "budget", amount="9000", day="2017-06-01").status_code == 302


def test_out_of_scope_there_is_no_project(
    clerk: Client, project: Project, sign_in: Callable[[str], Client], row: Callable[..., Any]
):
    post(clerk, project, "budget", amount="9000", file=SimpleUploadedFile("批复.pdf", PDF))
    other, line = sign_in("he"), row(Line).pk
    assert "饮水工程" not in text(other, "/ledger/projects/")
    base = "/ledger/projects"
    for address in (f"{base}/{project.pk}/", f"{base}/{project.pk}/paid/"):
        assert other.get(address).status_code == 404
    for address in (f"{base}/lines/{line}/undo/", f"{base}/lines/{line}/voucher/", f"{base}/{project.pk}/close/"):
        assert other.get(address).status_code == 404


def test_who_only_reads_is_offered_nothing(clerk: Client, project: Project, sign_in: Callable[[str], Client]):
    reader = sign_in("kan")
    page = text(reader, f"/ledger/projects/{project.pk}/")
    assert ("饮水工程" in page, "登记预算" in page) == (True, False)
    assert post(reader, project, "budget", amount="1").status_code in (403, 404)
    assert clerk.get(f"/ledger/projects/{project.pk}/accept/").status_code == 403  # a township does not accept
    assert clerk.get(f"/ledger/projects/{project.pk}/nothing/").status_code == 404
