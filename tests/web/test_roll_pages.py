"""名册: every register is found by its name, counted where one stands, and says what may not be written in it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import reviews
from hangshi.activities import services as activities
from hangshi.cases import services as cases
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry.models import Person, Unit
from tests.web.conftest import PASSWORD

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
MARCH_1, MARCH_31 = date(2017, 3, 1), date(2017, 3, 31)


def card(answer: Any, name: str) -> str:
    page = answer.content.decode().split(f'<section class="col-md-6 col-xl-4" aria-label="{name}">')[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("</section>")[0])).strip()


@pytest.fixture
def kept(town: dict[str, Unit], party: dict[str, Person]) -> None:
    """Two mobile members of 东湾村's station and a returnee of 西沟村; two enterprises, one of them covered; ceremonies of both villages."""
    kinds, east, west = KINDS.unit, town["东湾村"], town["西沟村"]
    on: dict[str, Any] = {"on": MARCH_1, "actor": None}
    with acting(EVERYTHING):
        station = registry.create(kinds["liaison_station"], name="驻粤联络站", parent=town["关庙镇"], **on)
        for name, region in (("张爱民", "广东"), ("李建军", "广东"), ("陈小红", "上海")):
            extra = {"region": region}
            duties.assign(KINDS.duty["mobile_member"], bearer=party[name], target=station, extra=extra, **on)
        left = Duty.objects.get(bearer=party["陈小红"])
        duties.end(KINDS.duty["mobile_member"], left, on=MARCH_31, reason="returned", actor=None)
        agreed = {"consent_on": MARCH_1}
        duties.assign(KINDS.duty["returnee"], bearer=party["陈小红"], target=west, extra=agreed, **on)
        tea, _ = (
            registry.create(kinds["private_enterprise"], name=name, parent=east, **on) for name in ("茶业", "矿业")
        )
        branch = registry.create(kinds["branch"], name="茶业支部", parent=east, extra={"field": "two_new"}, **on)
        duties.assign(KINDS.duty["party_coverage"], bearer=branch, target=tea, role="own", **on)
        for village, times in ((east, 2), (west, 5)):
            it = activities.record(KINDS.activity["ceremony_count"], unit=village, on=MARCH_31, actor=7, present=times)
        reviews.review(it, to="sent_back", on=MARCH_31, actor=8, note="数不对")


def test_a_register_counts_what_is_in_force_where_one_stands(sign_in: SignIn, kept: None) -> None:
    page = sign_in("shi").get("/rolls/")
    mobile = card(page, "流动党员")
    assert "流动党员联系 现有 2 · 登记 流动党员联络服务站 现有 1 · 登记 广东 2 " in mobile
    assert "上海" not in mobile  # has returned
    assert "不记住址，不定位" in mobile
    assert "返乡创业 现有 1" in card(page, "返乡创业和一站式服务")
    assert "红白事简办统计 本年 1" in card(page, "红白事简办")  # the other was sent back


def test_a_township_sees_its_own(sign_in: SignIn, kept: None, town: dict[str, Unit]) -> None:
    page = sign_in("zhen").get("/rolls/")
    assert "返乡创业 现有 0" in card(page, "返乡创业和一站式服务")
    assert "流动党员联系 现有 2" in card(page, "流动党员")
    assert sign_in("zhen").get(f"/rolls/?unit={town['西沟村'].pk}").status_code == 404


def test_who_may_write_a_kind_gets_to_its_form(sign_in: SignIn, kept: None) -> None:
    form = "/records/duties/new/?kind=returnee"
    assert form in sign_in("shi").get("/rolls/").content.decode()
    assert "/new/?kind=" not in sign_in("kan").get("/rolls/").content.decode()


def test_a_rate_stands_beside_its_numerator_and_denominator_and_their_day(sign_in: SignIn, kept: None) -> None:
    page = sign_in("shi").get("/rolls/")
    coverage = card(page, "非公企业党组织覆盖")
    assert "有党组织的非公企业数 1 个 非公企业数 2 个 非公企业党组织覆盖率 50 %" in coverage
    assert "指标按 2017-01-01 至 2017-10-31 计" in page.content.decode()


def test_a_list_that_one_may_not_open_is_counted_and_not_linked(
    sign_in: SignIn, town: dict[str, Unit], party: dict[str, Person]
) -> None:
    with acting(EVERYTHING):
        kind = KINDS.case["lost_member"]
        cases.open_case(kind, unit=town["东湾村"], person=party["张爱民"], title="排查", on=MARCH_1, actor=7)
        reader = access.open_account("cha", name="查阅", password=PASSWORD)
        access.grant(reader, role="reader", unit_id=town["city"].pk, path=town["city"].path, since=MARCH_1)
    for username, linked in (("shi", True), ("cha", False)):
        answer = sign_in(username).get("/rolls/")
        assert "失联党员排查 在办 1" in card(answer, "失联党员")
        assert ("kind=lost_member" in answer.content.decode()) == linked
        assert "张爱民" not in card(answer, "失联党员")


def test_a_register_of_another_place_is_not_shown(sign_in: SignIn, town: dict[str, Unit]) -> None:
    page = sign_in("shi").get("/rolls/").content.decode()
    assert 'aria-label="无事酒席"' in page  # 安康's own
    assert 'aria-label="搬迁安置点"' not in page  # 保山's


REGISTERS = (
    "流动党员 失联党员 非公企业党组织覆盖 社会组织党组织覆盖 活动场所 后备人选 人才培养对象 返乡创业和一站式服务 一约四会 红白事简办"
    " 四季主题督查 互查互学 村级专项巡察 逐村观摩 党建品牌 典型"
)


def test_every_register_of_the_national_pack_is_there(sign_in: SignIn, town: dict[str, Unit]) -> None:
    page = sign_in("shi").get("/rolls/").content.decode()
    assert (
        re.findall(r'<section class="[^"]+" aria-label="([^"]+)"', page)[: len(REGISTERS.split())] == REGISTERS.split()
    )


def test_many_rows_ask_no_more_of_the_database(
    sign_in: SignIn, kept: None, town: dict[str, Unit], django_assert_max_num_queries: Any
) -> None:
    client = sign_in("shi")
    client.get("/rolls/")
    with acting(EVERYTHING):
        for number in range(6):
            registry.create(
                KINDS.unit["venue"],
                name=f"场所{number}",
                parent=town["东湾村"],
                on=MARCH_1,
                actor=None,
                extra={"serves": "village"},
            )
    with django_assert_max_num_queries(32):
        client.get("/rolls/")
