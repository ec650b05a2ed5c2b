"""制度文件: what is in force on the day, what replaced what, which rules rest on it."""

import re
from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry.models import Unit


def row(page: str, name: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", page.split(f'card-head">《{name}》', 1)[1].split("</tr>", 1)[0])


def test_a_document_says_since_when_and_what_rests_on_it(town, sign_in):
    page = sign_in("zhen").get("/documents/").content.decode()
    assert "2018-10-28起" in row(page, "中国共产党支部工作条例（试行）")
    assert row(page, "中国共产党支部工作条例（试行）").endswith("党支部正式党员不少于3人")
    assert "2017-01-01起" in row(page, "全面推行“主题党日”制度的指导意见")
    assert row(page, "全面推行“主题党日”制度的指导意见").endswith("没有")


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        ("2018-12-27", "现行没有", "尚未施行"),  # its last day still counts
        ("2018-12-28", "已失效由《中国共产党农村基层组织工作条例》代替", "现行"),
    ],
)
def test_the_state_is_that_of_the_day_the_page_speaks_of(town, sign_in, day, old, new):
    with acting(EVERYTHING):
        Unit.objects.update(extra={"report_day": day})
    page = sign_in("zhen").get("/documents/").content.decode()
    assert f"状态按 {day} 计" in page
    assert old in row(page, "中国共产党农村基层组织工作条例（1999年）")
    assert new in row(page, "中国共产党农村基层组织工作条例").split("起", 1)[1]


def test_the_page_is_for_those_who_may_read_figures(town, client):
    assert client.get("/documents/").status_code == 302


def test_a_document_of_another_place_is_not_listed(town, sign_in):
    with acting(EVERYTHING):
        kind = load("base").kinds.unit["city"]
        registry.create(kind, name="保山市", parent=None, on=date(2017, 1, 1), actor=None, code="5305")
    page = sign_in("shi").get("/documents/").content.decode()
    assert "《全面强化基层组织建设的意见》" in page  # 安康's own
    assert "《县级领导摸底排查计划》" not in page
