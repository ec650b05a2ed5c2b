"""红旗报酬 on the pages: the month with its difference, a sheet drawn, approved by another, posted, corrected; what was never paid."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals.models import Honour, Raise, Round, Sheet
from hangshi.duties.services import assign
from hangshi.flagpay.models import PaySheet
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry.models import Person, Unit
from hangshi.registry.people import register_person
from tests.web.conftest import JAN_1, PASSWORD, sign_in, town

__all__ = ["sign_in", "town"]
PACK = load("base", "shifan")
MARCH = "month=2018-03-01"


@pytest.fixture
def row() -> Callable[..., Any]:
    def only(model: type[Any], **where: Any) -> Any:
        with acting(EVERYTHING):
            return model._default_manager.get(**where)

    return only


def flag(village: Unit, scheme: str, since: date, until: date) -> Honour:
    """A flag that the village holds, by a round that was used."""
    form = PACK.schemes[scheme]
    at = {"unit": village, "path": village.path}
    round_ = Round.objects.create(
        scheme=scheme, edition=form.editions[0].digest(), definition=form.model_dump_json(), title=form.name,
        first=JAN_1, last=date(2017, 12, 31), state="used", opened_on=JAN_1, fixed_on=date(2018, 1, 10), **at,
    )  # fmt: skip
    sheet = Sheet.objects.create(round=round_, grade="flag", **at)
    name = form.effects[0].name
    return Honour.objects.create(sheet=sheet, path=village.path, name=name, state="held", since=since, until=until)


@pytest.fixture
def place(town: dict[str, Unit], sign_in: Callable[[str], Client]) -> SimpleNamespace:
    """On 2018-03-05. 东湾村 holds 基层党建红旗 from February on and 脱贫攻坚红旗 from March on; 赵一 is secretary, 钱二 head."""
    kind, village = PACK.kinds.duty["village_post"], town["东湾村"]
    with acting(EVERYTHING):
        Unit.objects.update(extra={"report_day": "2018-03-05"})
        for name, role in (("赵一", "secretary"), ("钱二", "head")):
            person = register_person(village, name=name, on=JAN_1, actor=None)
            assign(kind, bearer=person, target=village, on=JAN_1, role=role, actor=None)
        flag(village, "building_flag", date(2018, 2, 1), date(2019, 1, 31))
        flag(village, "poverty_flag", date(2018, 3, 1), date(2019, 2, 28))
        for username, unit, role in (
            ("yan", "county", "county_clerk"),
            ("qu", "county", "county_clerk"),
            ("he", "大河镇", "township_clerk"),
            ("cun", "东湾村", "first_secretary"),
        ):
            account = access.open_account(username, name=f"{username}的账号", password=PASSWORD)
            access.grant(account, role=role, unit_id=town[unit].pk, path=town[unit].path, since=JAN_1)
    clients = {name: sign_in(name) for name in ("zhen", "yan", "qu", "he", "cun", "kan")}
    return SimpleNamespace(**clients, town=town, village=village)


def text(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


@pytest.fixture
def drawn(place: SimpleNamespace, row: Callable[..., Any]) -> PaySheet:
    answer = place.yan.post(f"/ledger/flag-pay/new/?{MARCH}")
    found: PaySheet = row(PaySheet)
    assert (answer.status_code, answer["Location"]) == (302, f"/ledger/flag-pay/sheets/{found.pk}/")
    return found


def act(client: Client, sheet: PaySheet, name: str, seen: str = "", **said: str) -> Any:
    return client.post(f"/ledger/flag-pay/sheets/{sheet.pk}/{name}/?seen={seen}", said)


@pytest.fixture
def posted(place: SimpleNamespace, drawn: PaySheet) -> PaySheet:
    assert act(place.qu, drawn, "approve", seen=drawn.digest).status_code == 302
    assert act(place.yan, drawn, "post").status_code == 302
    return drawn


def test_the_month_shows_who_for_which_flags_by_which_standard_and_what_changed(place: SimpleNamespace):
    page = text(place.zhen.get(f"/ledger/flag-pay/?{MARCH}"))
    for said in (
        "2018年3月，2 人", "赵一", "党组织书记", "基层党建红旗", "2018-02-01 至 2019-01-31", "500元", "400元",
        "1,800", "+500", "+400",
    ):  # fmt: skip
        assert said in page, said
    february = text(place.zhen.get("/ledger/flag-pay/?month=2018-02-10"))
    assert ("脱贫攻坚红旗" in february, "2018年2月，2 人" in february) == (False, True)
    assert "当月1日没有持旗的村" in text(place.zhen.get("/ledger/flag-pay/?month=2018-01-01"))


def test_who_is_owed_nothing_any_more_is_listed_with_the_reason(place: SimpleNamespace):
    with acting(EVERYTHING):
        Honour.objects.filter(name="基层党建红旗").update(until=date(2018, 2, 28))
        Honour.objects.filter(name="脱贫攻坚红旗").delete()
    page = text(place.zhen.get(f"/ledger/flag-pay/?{MARCH}"))
    assert ("本月不再应付" in page, "-500" in page) == (True, True)


def test_drawn_by_one_approved_by_another_and_posted(place: SimpleNamespace, drawn: PaySheet, row: Callable[..., Any]):
    page = text(place.yan.get(f"/ledger/flag-pay/sheets/{drawn.pk}/"))
    assert ("1,800" in page, "审核通过" in page, "yan的账号 制表" in page) == (True, False, True)
    own = act(place.yan, drawn, "approve", seen=drawn.digest)
    assert (own.status_code, "制表人不能审核自己制的表" in text(own)) == (422, True)
    blind = act(place.qu, drawn, "approve", seen="x")
    assert (blind.status_code, "和您看到的不同" in text(blind)) == (422, True)
    early = act(place.yan, drawn, "post")
    assert (early.status_code, "这张表待审核，不能入账" in text(early)) == (422, True)
    assert f"?seen={drawn.digest}" in text(place.qu.get(f"/ledger/flag-pay/sheets/{drawn.pk}/"))
    assert act(place.qu, drawn, "approve", seen=drawn.digest).status_code == 302
    assert act(place.yan, drawn, "post").status_code == 302
    with acting(EVERYTHING):
        made = Entry.objects.filter(kind="post_pay").order_by("amount", "note")
        assert [int(it.amount) for it in made] == [400, 400, 500, 500]
    page = text(place.zhen.get(f"/ledger/flag-pay/?{MARCH}"))
    assert ("已入账" in page, "应付未入账" in page) == (True, True)
    assert "没有应付而未入账的红旗报酬" in text(place.yan.post(f"/ledger/flag-pay/new/?{MARCH}"))


def test_a_line_is_reversed_and_owed_again(place: SimpleNamespace, posted: PaySheet, row: Callable[..., Any]):
    with acting(EVERYTHING):
        raised = Raise.objects.get(person__name="钱二", honour__name="脱贫攻坚红旗")
    address = f"/ledger/flag-pay/paid/{raised.pk}/reverse/"
    assert address in text(place.yan.get(f"/ledger/flag-pay/sheets/{posted.pk}/"))
    empty = place.yan.post(address, {"reason": ""})
    assert (empty.status_code, "“理由”必须填写" in text(empty)) == (422, True)
    assert place.yan.post(address, {"reason": "二月已离任"}).status_code == 302
    gap = text(place.yan.get("/ledger/flag-pay/gaps/?year=2018"))
    assert gap.count("钱二") == 2  # February, which was never paid, and March again


def test_the_gap_lists_each_month_never_paid(place: SimpleNamespace, posted: PaySheet):
    page = text(place.zhen.get("/ledger/flag-pay/gaps/?year=2018"))
    for said in ("2018年，合计 900 元", "2018年2月", "逐笔，共 2 笔", "赵一", "钱二"):
        assert said in page, said
    assert "2017年到现在没有应付未付" in text(place.zhen.get("/ledger/flag-pay/gaps/?year=2017"))
    assert "2018年，合计" in text(place.zhen.get("/ledger/flag-pay/gaps/?year=nothing"))


def test_a_sheet_is_cancelled_with_a_reason_and_drawn_anew(place: SimpleNamespace, drawn: PaySheet):
    again = place.yan.post(f"/ledger/flag-pay/new/?{MARCH}")
    assert (again.status_code, "已经有一张没有办完的表" in text(again)) == (422, True)
    assert act(place.yan, drawn, "cancel", reason="").status_code == 422
    assert act(place.yan, drawn, "cancel", reason="重新核对任职").status_code == 302
    assert "作废：重新核对任职" in text(place.yan.get(f"/ledger/flag-pay/sheets/{drawn.pk}/"))
    assert place.yan.post(f"/ledger/flag-pay/new/?{MARCH}").status_code == 302


def test_what_changed_since_is_not_posted(place: SimpleNamespace, drawn: PaySheet, row: Callable[..., Any]):
    act(place.qu, drawn, "approve", seen=drawn.digest)
    with acting(EVERYTHING):
        Honour.objects.filter(name="脱贫攻坚红旗").update(until=date(2018, 3, 2))
    answer = act(place.yan, drawn, "post")
    assert (answer.status_code, "请作废这张表，重新制表" in text(answer)) == (422, True)
    assert row(PaySheet).state == "approved"


def test_the_workbook_has_title_maker_ground_and_sum(place: SimpleNamespace, drawn: PaySheet):
    place.yan.post("/account/confirm/", {"password": PASSWORD})
    answer = place.yan.get(f"/ledger/flag-pay/sheets/{drawn.pk}.xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = [[it.value for it in line] for line in sheet.iter_rows()]
    assert cells[0][0] == "2018年03月红旗报酬表-汉滨区（待审核）"
    assert cells[1][0].startswith("制表人：yan的账号（汉滨区）")
    assert cells[2][:4] == ["村", "姓名", "岗位", "红旗"]
    assert [line[1] for line in cells[3:7]] == ["赵一", "钱二", "赵一", "钱二"]
    assert (cells[-1][0], cells[-1][-1]) == ("合计（4 行）", 1800)


def test_nobody_else_sees_or_does_it(place: SimpleNamespace, posted: PaySheet):
    sheet = f"/ledger/flag-pay/sheets/{posted.pk}/"
    with acting(EVERYTHING):
        raised = Raise.objects.first()
    reverse = f"/ledger/flag-pay/paid/{raised.pk}/reverse/"
    assert [place.he.get(page).status_code for page in (sheet, f"{sheet}cancel/", reverse)] == [404, 404, 404]
    assert "赵一" not in text(place.he.get(f"/ledger/flag-pay/?{MARCH}"))
    assert place.zhen.get(sheet).status_code == 404  # the sheet of the county
    assert place.kan.get(f"/ledger/flag-pay/?{MARCH}").status_code == 403
    assert place.cun.get(f"{sheet}approve/").status_code == 404
    assert place.yan.get(f"{sheet}nothing/").status_code == 404


def test_a_village_does_not_approve(place: SimpleNamespace, row: Callable[..., Any]):
    assert place.cun.post(f"/ledger/flag-pay/new/?{MARCH}").status_code == 302
    own = row(PaySheet)
    assert act(place.cun, own, "approve", seen=own.digest).status_code == 403
    assert act(place.zhen, own, "approve", seen=own.digest).status_code == 302


def test_who_lives_elsewhere_is_named_though_not_opened(place: SimpleNamespace):
    with acting(EVERYTHING):
        Person.objects.filter(name="钱二").update(unit=place.town["西沟村"], path=place.town["西沟村"].path)
    assert "钱二" in text(place.zhen.get(f"/ledger/flag-pay/?{MARCH}"))
    answer = place.zhen.post(f"/ledger/flag-pay/new/?{MARCH}")
    assert (answer.status_code, "东湾村有1名任职人员登记在别处，请由上级单位制表" in text(answer)) == (422, True)
    assert place.yan.post(f"/ledger/flag-pay/new/?{MARCH}").status_code == 302


def test_the_ledger_leads_there(place: SimpleNamespace):
    assert "/ledger/flag-pay/" in text(place.zhen.get("/ledger/"))
    assert "/ledger/flag-pay/" not in text(place.kan.get("/ledger/"))


def test_a_month_takes_no_more_statements_for_more_villages(place: SimpleNamespace, django_assert_max_num_queries):
    with acting(EVERYTHING):
        flag(place.town["西沟村"], "building_flag", date(2018, 2, 1), date(2019, 1, 31))
    place.yan.get(f"/ledger/flag-pay/?{MARCH}")
    with django_assert_max_num_queries(16):
        place.yan.get(f"/ledger/flag-pay/?{MARCH}")
