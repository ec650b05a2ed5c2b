"""The pages of an appraisal: opened, reported, marked, computed, shown, objected to, answered; each in one's own scope."""

import re
from datetime import date

import pytest

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals.models import Mark, Objection, Round, Sheet
from hangshi.registry.models import Unit
from hangshi.registry.services import hang
from tests.web.conftest import JAN_1, PASSWORD, count, party, row, sign_in, town

__all__ = ["count", "party", "row", "sign_in", "town"]
DAYS = {"title": "2017年规范化达标", "first": "2017-01-01", "last": "2017-10-31"}
LISTS = {
    "organisation": ("set_up", "election"),
    "team": ("secretary", "growth", "help"),
    "rules": ("decisions", "open"),
    "support": ("place", "money"),
}


@pytest.fixture
def city(town, party, sign_in):
    return sign_in("shi")


@pytest.fixture
def round_(city):
    """The city's round of both branches, opened on its page."""
    answer = city.post("/appraisals/schemes/branch_standard/new/", DAYS)
    assert answer.status_code == 302
    with acting(EVERYTHING):
        return Round.objects.get()


@pytest.fixture
def sheet(round_, row, town):
    return row(Sheet, unit=town["东湾村党支部"])


def step(client, round_, name, **said):
    return client.post(f"/appraisals/{round_.pk}/{name}/", said)


def checked(client, sheet, ticked="1"):
    for criterion, lines in LISTS.items():
        said = {"criterion": criterion, "stance": "check"} | {f"v_{line}": ticked for line in lines}
        assert client.post(f"/appraisals/sheets/{sheet.pk}/mark/", said).status_code == 302


@pytest.fixture
def shown(city, round_, sheet, town, row):
    step(city, round_, "check")
    checked(city, sheet)
    checked(city, row(Sheet, unit=town["西沟村党支部"]), ticked="0")
    for name in ("compute", "show"):
        assert step(city, round_, name).status_code == 302
    return round_


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_schemes_of_the_packs_are_listed_and_read(city):
    assert "党组织“堡垒指数”" in text(city.get("/appraisals/"))
    page = text(city.get("/appraisals/schemes/fortress_index/"))
    assert "群众反映的问题得到解决" in page
    assert "至少 3 人评分（0 至 100），去掉一个最高、一个最低后取平均" in page
    assert "无故延期换届超过半年 每次扣 2" in page
    assert city.get("/appraisals/schemes/nothing/").status_code == 404


def test_a_round_that_cannot_begin_says_why_and_keeps_what_was_typed(city, count):
    answer = city.post("/appraisals/schemes/branch_standard/new/", DAYS | {"first": "2018-01-01"})
    assert answer.status_code == 422
    assert "没有启动：考评起始日不能晚于截止日。" in text(answer)
    assert 'value="2017年规范化达标"' in answer.content.decode()
    assert count(Round) == 0


def test_a_point_opens_to_its_rows_and_a_tick_to_what_was_found(city, shown, sheet):
    page = city.get(f"/appraisals/sheets/{sheet.pk}/").content.decode()
    assert f"/indicators/theme_days/?unit={sheet.unit_id}&amp;from=2017-01-01&amp;to=2017-10-31" in page
    assert "核查：按期换届，符合" in page
    assert ">80</span>" in page  # four lists in full, no theme day
    assert "达标" in page


def test_units_are_listed_with_their_place(city, shown):
    page = text(city.get(f"/appraisals/{shown.pk}/"))
    assert re.search(r"东湾村党支部 80 达标 1 / 2", page)
    assert re.search(r"西沟村党支部 0 待达标 2 / 2", page)


def test_the_result_is_computed_again_on_its_page(city, shown):
    assert "完全相同" in text(city.get(f"/appraisals/{shown.pk}/verify/"))
    with acting(EVERYTHING):
        Sheet.objects.filter(round=shown, total=80).update(total=81)
    assert "与保存的结果不符" in text(city.get(f"/appraisals/{shown.pk}/verify/"))


def test_what_is_missing_is_said_and_the_result_is_not_shown(city, round_, sheet):
    step(city, round_, "check")
    checked(city, sheet)
    step(city, round_, "compute")
    answer = step(city, round_, "show")
    assert answer.status_code == 422
    assert "还有1张考评表缺评分或数据" in text(answer)


def test_a_mark_that_is_refused_is_not_lost(city, round_, sheet, count):
    step(city, round_, "check")
    said = {"criterion": "organisation", "stance": "check", "v_set_up": "1", "v_election": "七", "note": "台账第三册"}
    answer = city.post(f"/appraisals/sheets/{sheet.pk}/mark/", said)
    assert answer.status_code == 422
    assert "没有保存：“七”不是数。" in text(answer)
    assert 'value="台账第三册"' in answer.content.decode()
    assert count(Mark) == 0


def test_a_township_sees_its_branches_and_moves_no_round_of_the_city(shown, sheet, sign_in, row, town):
    client = sign_in("zhen")
    page = text(client.get(f"/appraisals/{shown.pk}/"))
    assert "东湾村党支部 80" in page
    assert "西沟村党支部" not in page
    assert step(client, shown, "fix").status_code == 404
    assert client.get(f"/appraisals/{shown.pk}/verify/").status_code == 404
    foreign = row(Sheet, unit=town["西沟村党支部"])
    assert client.get(f"/appraisals/sheets/{foreign.pk}/").status_code == 404
    assert client.post(f"/appraisals/sheets/{foreign.pk}/mark/", {"stance": "check"}).status_code == 404


def test_a_reader_writes_nothing(round_, sheet, sign_in):
    client = sign_in("kan")
    assert client.get(f"/appraisals/sheets/{sheet.pk}/").status_code == 200
    assert client.post(f"/appraisals/sheets/{sheet.pk}/mark/", {"stance": "check"}).status_code == 403
    assert client.post(f"/appraisals/sheets/{sheet.pk}/object/", {"text": "不服"}).status_code == 403
    assert step(client, round_, "check").status_code == 403


@pytest.fixture
def secretary(town, party, sign_in):
    """Of 东湾村党支部, on the Party line. The data are of today: from there the city, which says their day, is not seen."""
    with acting(EVERYTHING):
        Unit.objects.filter(pk=town["city"].pk).update(extra={})
        hang(town["东湾村党支部"], line="party", parent=None, on=JAN_1, actor=None)
        account = access.open_account("zhishu", name="支部书记", password=PASSWORD)
        branch = town["东湾村党支部"]
        access.grant(account, role="branch_secretary", unit_id=branch.pk, path=branch.path, since=JAN_1)
    return sign_in("zhishu")


def test_the_appraised_report_themselves_and_do_not_see_points_before_they_are_shown(secretary, city, round_, sheet):
    said = {
        "criterion": "team",
        "stance": "self",
        "v_secretary": "1",
        "v_growth": "1",
        "v_help": "0",
        "note": "见党员档案",
    }
    assert secretary.post(f"/appraisals/sheets/{sheet.pk}/report/", said).status_code == 302
    assert "自评：书记履职到位，符合（见党员档案）" in text(city.get(f"/appraisals/sheets/{sheet.pk}/"))
    step(city, round_, "check")
    checked(city, sheet)
    step(city, round_, "compute")
    page = text(secretary.get(f"/appraisals/sheets/{sheet.pk}/"))
    assert "结果反馈以后在这里看得到" in page
    assert "书记履职到位，符合" not in page
    assert "尚未反馈" in text(secretary.get(f"/appraisals/{round_.pk}/"))


def test_the_appraised_object_and_the_appraiser_answers(secretary, city, shown, sheet, row):
    answer = secretary.post(f"/appraisals/sheets/{sheet.pk}/object/", {"text": "", "about": "life"})
    assert answer.status_code == 422
    assert (
        secretary.post(f"/appraisals/sheets/{sheet.pk}/object/", {"text": "主题党日漏算", "about": "life"}).status_code
        == 302
    )
    assert "主题党日漏算" in text(city.get(f"/appraisals/{shown.pk}/"))
    objection = row(Objection)
    refused = city.post(f"/appraisals/objections/{objection.pk}/answer/", {"answer": "已核对"})
    assert (refused.status_code, "请选择异议是否成立" in text(refused)) == (422, True)
    assert ">已核对</textarea>" in refused.content.decode()
    assert (
        secretary.post(f"/appraisals/objections/{objection.pk}/answer/", {"upheld": "1", "answer": "成立"}).status_code
        == 404
    )
    said = {"upheld": "0", "answer": "记录中没有"}
    assert city.post(f"/appraisals/objections/{objection.pk}/answer/", said).status_code == 302
    assert "答复：不成立。记录中没有" in text(secretary.get(f"/appraisals/sheets/{sheet.pk}/"))


def test_a_members_index_is_read_by_the_branch_and_the_member_only(secretary, town, party, sign_in, row, city):
    with acting(EVERYTHING):
        for username, person in (("dangyuan", "张爱民"), ("bieren", "李建军")):
            account = access.open_account(username, name=person, password=PASSWORD)
            access.link_person(account, person_id=party[person].pk)
            branch = town["东湾村党支部"]
            access.grant(account, role="party_member", unit_id=branch.pk, path=branch.path, since=JAN_1)
    assert secretary.post("/appraisals/schemes/vanguard_index/new/", DAYS | {"title": "先锋指数"}).status_code == 302
    mine = row(Sheet, person=party["张爱民"])
    member, other = sign_in("dangyuan"), sign_in("bieren")
    assert "张爱民" in text(member.get(f"/appraisals/sheets/{mine.pk}/"))
    assert [client.get(f"/appraisals/sheets/{mine.pk}/").status_code for client in (secretary, other, city)] == [
        200,
        404,
        404,
    ]
    page = text(member.get(f"/appraisals/{mine.round_id}/"))
    assert "张爱民" in page
    assert "李建军" not in page
    assert "位次" not in page


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(city, shown, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        city.get(f"/appraisals/{shown.pk}/")


def test_the_day_of_the_data_is_the_day_of_the_round(round_):
    assert round_.opened_on == date(2017, 10, 31)
