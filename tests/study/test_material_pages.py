"""Pages of materials, lists and plans: a county publishes, a township and a member read, the file comes out as what it is."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.study.models import Intent, Material, ReadingList
from tests.web.conftest import JAN_1, PASSWORD, count, party, row, sign_in, town

__all__ = ["count", "party", "row", "sign_in", "town"]
LINKED = {
    "title": "产业扶贫政策问答",
    "kind": "document",
    "learners.rural_member": "1",
    "since": "2017-10-01",
    "until": "",
    "link": "https://www.12371.cn/a",
}


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def city(town, party, sign_in):
    return sign_in("shi")


@pytest.fixture
def member(town, party, sign_in):
    """陈小红 of 东湾村党支部, signed in as a member."""
    with acting(EVERYTHING):
        account = access.open_account("chen", name="陈小红", password=PASSWORD)
        access.link_person(account, person_id=party["陈小红"].pk)
        branch = town["东湾村党支部"]
        access.grant(account, role="party_member", unit_id=branch.pk, path=branch.path, since=JAN_1)
    return sign_in("chen")


@pytest.fixture
def published(city, row):
    assert city.post("/study/materials/new/", LINKED).status_code == 302
    found = row(Material)
    assert city.post(f"/study/materials/{found.pk}/publish/").status_code == 302
    return found


def test_a_draft_is_seen_by_its_unit_and_read_below_once_it_is_published(city, sign_in, row):
    city.post("/study/materials/new/", LINKED)
    page, below = f"/study/materials/{row(Material).pk}/", sign_in("zhen")
    assert "状态 草稿" in text(city.get(page))
    assert below.get(page).status_code == 404
    city.post(f"{page}publish/")
    assert "产业扶贫政策问答 文件政策 农村党员" in text(below.get("/study/"))
    assert "发布单位 安康市" in text(city.get(page))


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(city, count):
    answer = city.post("/study/materials/new/", LINKED | {"link": "ftp://x"})
    assert answer.status_code == 422
    assert "链接应当是以 http:// 或 https:// 开头的网址" in text(answer)
    assert 'value="产业扶贫政策问答"' in answer.content.decode()
    assert count(Material) == 0


def test_a_form_sent_twice_makes_one_material(city, count):
    for _ in range(2):
        assert city.post("/study/materials/new/", LINKED | {"once": "a"}).status_code == 302
    assert count(Material) == 1


def test_a_file_comes_out_as_what_it_is_to_those_below(city, sign_in, row, tmp_path, settings):
    settings.VAR = tmp_path
    file = SimpleUploadedFile("手册.exe", b"%PDF-1.4 handbook %%EOF")
    city.post("/study/materials/new/", LINKED | {"link": "", "file": file})
    page, below = f"/study/materials/{row(Material).pk}/", sign_in("zhen")
    assert below.get(f"{page}file/").status_code == 404
    city.post(f"{page}publish/")
    answer = below.get(f"{page}file/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%89%8B%E5%86%8C.pdf"
    assert answer.content == b"%PDF-1.4 handbook %%EOF"


def test_who_reads_cannot_withdraw_and_who_may_not_write_is_not_let_in(published, sign_in, row):
    below = sign_in("zhen")
    assert below.post(f"/study/materials/{published.pk}/withdraw/").status_code == 404
    assert sign_in("kan").get("/study/materials/new/").status_code == 403
    assert row(Material).state == "published"


def test_withdrawn_twice_says_why_not(published, city, sign_in):
    city.post(f"/study/materials/{published.pk}/withdraw/")
    answer = city.post(f"/study/materials/{published.pk}/withdraw/")
    assert answer.status_code == 422
    assert "没有办理：“产业扶贫政策问答”已撤下，不能办理这一步。" in text(answer)
    assert sign_in("zhen").get(f"/study/materials/{published.pk}/").status_code == 404


def test_a_list_is_made_of_what_is_published_and_read_by_its_class(published, city, member, row):
    said = {"title": "四季度必读", "learners.rural_member": "1", "since": "2017-10-01", f"required.{published.pk}": "1"}
    made = city.post("/study/lists/new/", said)
    assert made.url == f"/study/lists/{row(ReadingList).pk}/"
    assert re.search("四季度必读 .*农村党员 .*产业扶贫政策问答 必读", text(member.get("/study/?for=rural_member")))
    assert "四季度必读" not in text(member.get("/study/?for=organ_member"))
    assert member.get("/study/?for=nothing").status_code == 404


def test_an_empty_list_is_refused(published, city, count):
    answer = city.post("/study/lists/new/", {"title": "空的", "learners.rural_member": "1", "since": "2017-10-01"})
    assert answer.status_code == 422
    assert "清单里至少要有一份资料" in text(answer)
    assert count(ReadingList) == 0


def test_a_member_plans_and_says_what_is_done(published, member, row):
    assert member.post("/study/plan/", {"material": str(published.pk), "due": "2098-11-30"}).status_code == 302
    intent = row(Intent)
    assert (intent.title, intent.material_id) == ("产业扶贫政策问答", published.pk)
    assert "打算 2098-11-30 前学完" in text(member.get("/study/plan/"))
    member.post(f"/study/plan/{intent.pk}/done/", {"note": "懂了奖补政策"})
    assert re.search(" 学完 .*懂了奖补政策", text(member.get("/study/plan/")))
    again = member.post(f"/study/plan/{intent.pk}/drop/")
    assert again.status_code == 422
    assert "没有办理：“产业扶贫政策问答”已于" in text(again)


def test_nobody_above_the_branch_finds_the_plan(published, member, city, sign_in, row):
    member.post("/study/plan/", {"title": "党章", "due": "2098-11-30"})
    done = f"/study/plan/{row(Intent).pk}/done/"
    assert city.post(done).status_code == 404
    assert sign_in("zhen").post(done).status_code == 404
    assert "这个账号没有关联到人员" in text(city.get("/study/plan/"))
    refused = city.post("/study/plan/", {"title": "党章", "due": "2098-11-30"})
    assert "不能制定个人自学计划" in text(refused)


def test_a_plan_without_words_or_in_the_past_is_refused(member, count):
    assert "请填写打算学什么" in text(member.post("/study/plan/", {"due": "2098-11-30"}))
    assert "不能早于今天" in text(member.post("/study/plan/", {"title": "党章", "due": "2017-10-30"}))
    assert count(Intent) == 0
