"""The pages of a draft: edited a criterion at a time, problems beside their place, previewed, approved by another, in force."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi.access import services as access
from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals import services as appraisals
from hangshi.appraisals.marks import By, put
from hangshi.appraisals.models import Round, Sheet
from hangshi.approvals.models import Approval
from hangshi.packs import load
from hangshi.registry.models import Unit
from hangshi.schemes import queries
from hangshi.schemes.models import Draft, Edition
from tests.web.conftest import JAN_1, PASSWORD, count, row, sign_in, town

__all__ = ["count", "row", "sign_in", "town"]
TODAY = date(2017, 10, 31)
CRITERION = {
    "name": "问题解决", "weight": "20", "nature": "outcome", "by": "checklist", "missing": "wait", "most_deducted": "6", "evidence": "台账",
    "items.key": ["", ""], "items.name": ["当年办结", ""], "items.points": ["2", ""],
    "elements.key": [""], "elements.name": ["虚报"], "elements.item": [""], "elements.points": ["3"],
}  # fmt: skip


@pytest.fixture
def county(town, sign_in):
    """The clerk of 汉滨区, and a head of the same office who may approve."""
    with acting(EVERYTHING):
        Unit.objects.filter(pk=town["county"].pk).update(extra={"report_day": str(TODAY)})
        for username, name in (("xian", "王起草"), ("zhang", "张部长")):
            account = access.open_account(username, name=name, password=PASSWORD)
            access.grant(account, role="county_clerk", unit_id=town["county"].pk, path=town["county"].path, since=JAN_1)
    return sign_in("xian")


@pytest.fixture
def draft(county, row):
    assert county.post("/appraisals/schemes/five_outcomes/draft/").status_code == 302
    return row(Draft)


@pytest.fixture
def at(draft):
    """The address of the draft, or of what is below it."""
    return lambda below="": f"/appraisals/drafts/{draft.pk}/{below}"


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def scheme(row):
    with acting(EVERYTHING):
        return queries.scheme_of(row(Draft))


def weights(row) -> dict[str, Decimal]:
    return {it.key: it.weight for it in scheme(row).editions[0].criteria}


def test_a_draft_is_begun_from_the_page_of_a_scheme_and_found_again(county, at, count):
    assert "起草新的一版" in text(county.get("/appraisals/schemes/five_outcomes/"))
    page = text(county.get(at()))
    assert "起草中 · 2017-10-31 起" in page
    assert "检查没有问题。" in page
    assert "除首日外没有不同" in page
    county.post("/appraisals/schemes/five_outcomes/draft/")
    assert count(Draft) == 1
    assert "基层基础工作检验标准（五看） 汉滨区" in text(county.get("/appraisals/drafts/"))


def test_the_weights_are_saved_together_and_the_difference_is_told_in_words(county, at, row):
    keys = ("cadres", "policy", "disputes", "growth", "benefit")
    said = {f"w.{key}": "20" for key in keys} | {"w.cadres": "12.5", "w.benefit": "27.5", "revision": "0"}
    assert county.post(at("weights/"), said).status_code == 302
    assert weights(row)["cadres"] == Decimal("12.5")
    assert "干部素质提升、作风改进 分值由“20”改为“12.5”" in text(county.get(at()))


def test_the_sum_is_told_while_the_weights_are_typed(county, at, row):
    assert "合计 105 分 多出 5 看实效 105 分" in text(county.post(at("sum/"), {"w.cadres": "25"}))
    assert "合计 100 分 正好" in text(county.post(at("sum/"), {"w.cadres": "二十"}))
    assert weights(row)["cadres"] == 20


def test_a_weight_that_is_no_number_is_told_and_nothing_is_saved(county, at, row):
    answer = county.post(at("weights/"), {"w.cadres": "二十", "w.policy": "30", "revision": "0"})
    assert answer.status_code == 422
    assert "“干部素质提升、作风改进”应填数字。" in text(answer)
    assert weights(row)["policy"] == 20


def test_a_criterion_is_added_and_its_problem_stands_beside_it(county, at, row):
    added = county.post(at("criteria/criterion_new/"), CRITERION | {"revision": "0"})
    assert added.url == at() + "#c-criterion_1"
    made = scheme(row).editions[0].criteria[-1]
    assert (made.name, made.items["item_1"].points, made.elements["element_1"].points) == ("问题解决", 2, 3)
    assert (made.most_deducted, made.evidence) == (6, ("台账",))
    page = text(county.get(at()))
    assert "各项分值合计应为 100，现为 120 P702" in page
    assert "问题解决 新增，20 分，清单，看实效" in page
    assert "提交审定" not in page


def test_a_problem_of_a_criterion_is_told_at_the_criterion_and_in_its_form(county, at):
    said = CRITERION | {"by": "indicator", "indicator": "", "curve.at": ["5", "3"], "curve.percent": ["0", "100"]}
    county.post(at("criteria/cadres/"), said | {"revision": "0"})
    page = county.get(at()).content.decode()
    row_of = page[page.index('id="c-cadres"') : page.index('id="c-policy"')]
    assert "按 indicator 计分，缺少“indicator”" in row_of
    assert "取值要逐点递增：3 不大于 5" in row_of
    assert "取值要逐点递增：3 不大于 5" in text(county.get(at("criteria/cadres/"), headers={"HX-Request": "true"}))


def test_another_source_asks_for_other_things_without_saving(county, at, row):
    htmx = {"headers": {"HX-Request": "true"}}
    asked = county.get(at("criteria/cadres/"), {"by": "residents", "name": "换个问法", "weight": "33"}, **htmx)
    page = asked.content.decode()
    assert 'name="choices.name"' in page
    assert 'name="curve.at"' not in page
    assert 'value="换个问法"' in page
    assert weights(row)["cadres"] == 20


def test_what_was_typed_wrongly_comes_back(county, at, row):
    said = CRITERION | {"weight": "许多", "elements.points": ["三"], "revision": "0"}
    answer = county.post(at("criteria/cadres/"), said)
    assert answer.status_code == 422
    page = text(answer)
    assert "没有保存：有 2 处要改" in page
    assert "“分值”应填数字。" in page
    assert "反向评价要素第 1 行：“每次扣”应填数字。" in page
    assert 'value="许多"' in answer.content.decode()
    assert weights(row)["cadres"] == 20


def test_the_second_of_two_who_save_is_told_and_keeps_what_was_typed(county, at, row):
    county.post(at("criteria/cadres/"), CRITERION | {"revision": "0"})
    answer = county.post(at("criteria/cadres/"), CRITERION | {"name": "晚了一步", "revision": "0"})
    assert answer.status_code == 422
    assert "别人改过这份草稿" in text(answer)
    assert 'value="晚了一步"' in answer.content.decode()
    assert scheme(row).editions[0].criteria[0].name == "问题解决"


def test_criteria_are_moved_and_taken_out(county, at, row):
    county.post(at("criteria/policy/up/"), {"revision": "0"})
    county.post(at("criteria/benefit/out/"), {"revision": "1"})
    assert [it.key for it in scheme(row).editions[0].criteria] == ["policy", "cadres", "disputes", "growth"]
    assert county.post(at("criteria/nothing/up/"), {"revision": "2"}).status_code == 404
    assert county.post(at("criteria/policy/sideways/"), {"revision": "2"}).status_code == 404


FRAME = {
    "name": "五看（汉滨）", "source": "汉滨〔2017〕9号", "doc": "", "counts_ground": "", "since": "2017-11-01", "peers": "kind", "within": "county",
    "places": "1", "objection_days": "7",
    "grades.key": ["good", "poor", ""], "grades.name": ["好", "差", ""], "grades.least": ["75", "0", ""],
    "headings.key": [""], "headings.name": ["实效"], "headings.cap": ["60"], "vetoes.key": [""], "vetoes.name": ["弄虚作假"],
}  # fmt: skip


def test_the_frame_is_changed(county, at, row):
    assert county.post(at("frame/"), FRAME | {"revision": "0"}).status_code == 302
    made = scheme(row)
    edition = made.editions[0]
    assert (made.name, made.within, made.places, made.objection_days) == ("五看（汉滨）", "county", 1, 7)
    assert edition.since == date(2017, 11, 1)
    assert [(it.key, it.least) for it in edition.grades] == [("good", 75), ("poor", 0)]
    assert (edition.headings[0].key, edition.headings[0].cap) == ("heading_1", 60)
    assert edition.vetoes == {"veto_1": "弄虚作假"}
    page = text(county.get(at()))
    assert "大项“实效”下没有子项 P706" in page
    assert "等次 “好（80 分起）”改为“好（75 分起）”" in page
    assert "大项“实效”下没有子项" in text(county.get(at("frame/")))


def test_a_draft_goes_out_as_a_file_and_comes_back(county, at, row):
    answer = county.get(at("file/"))
    assert answer.headers["Content-Type"] == "application/toml; charset=utf-8"
    changed = answer.content.decode().replace("干部素质提升、作风改进", "作风")
    county.post(at("bring/"), {"file": SimpleUploadedFile("a.toml", changed.encode())})
    assert scheme(row).editions[0].criteria[0].name == "作风"


def test_a_bad_file_gets_its_sentences_and_the_draft_stays(county, at, row):
    before = row(Draft).text
    wrong = before.replace("weight = 20", "wieght = 20")
    answer = county.post(at("bring/"), {"file": SimpleUploadedFile("a.toml", wrong.encode())})
    assert answer.status_code == 422
    assert "没有“wieght”这个键；是不是“weight”？" in text(answer)
    assert row(Draft).text == before
    assert "请先选一个文件" in text(county.post(at("bring/")))


@pytest.fixture
def asked(county, at, row):
    """Submitted to 张部长, from November on."""
    said = FRAME | {"headings.name": [""], "headings.cap": [""], "revision": "0"}
    assert county.post(at("frame/"), said).status_code == 302
    with acting(EVERYTHING):
        head = Account.objects.get(username="zhang")
    assert county.post(at("ask/"), {f"step0.{head.pk}": "1"}).status_code == 302
    return row(Approval)


def test_another_person_approves_and_it_comes_into_force(county, at, asked, sign_in, row, count, town):
    assert 'action="' + at("adopt/") not in county.get(at()).content.decode()
    head = sign_in("zhang")
    page = text(head.get(f"/approvals/{asked.pk}/"))
    assert "不在您的范围内" not in page
    assert "与现行一版不同的地方" in page
    assert "等次 “好（80 分起）”改为“好（75 分起）”" in page
    assert head.post(f"/approvals/{asked.pk}/approve/", {"note": "同意"}).status_code == 302
    assert 'action="' + at("adopt/") in county.get(at()).content.decode()
    assert county.post(at("adopt/")).status_code == 302
    made = row(Edition)
    assert (made.since, made.unit_id) == (date(2017, 11, 1), town["county"].pk)
    assert 'action="' + at("adopt/") not in county.get(at()).content.decode()
    page = text(county.get("/appraisals/drafts/"))
    assert f"五看（汉滨） 2017-11-01 尚未生效 本单位，2017-10-31 {made.digest}" in page
    assert county.get(f"/appraisals/editions/{made.pk}/file/").content.decode() == made.text
    assert county.post(at("weights/"), {"revision": "1"}).status_code == 422


def test_the_author_does_not_approve_and_nothing_is_adopted_before(county, at, asked, count):
    assert county.post(f"/approvals/{asked.pk}/approve/", {"note": "同意"}).status_code == 422
    answer = county.post(at("adopt/"))
    assert answer.status_code == 422
    assert "没有启用：“五看（汉滨）新的一版”的审批还没有办结。" in text(answer)
    assert count(Edition) == 0


def test_what_is_changed_after_submitting_cannot_be_agreed_to(county, at, asked, sign_in):
    county.post(at("criteria/policy/up/"), {"revision": "1"})
    assert "提交以后内容有改动，须重新提交" in text(county.get(at()))
    head = sign_in("zhang")
    assert "现在的内容不能同意" in text(head.get(f"/approvals/{asked.pk}/"))
    assert head.post(f"/approvals/{asked.pk}/approve/", {"note": "同意"}).status_code == 422


def test_a_round_is_begun_with_the_edition_in_force_on_its_last_day(county, draft, town, row):
    with acting(EVERYTHING):
        written = draft.text.replace("五看）", "五看·汉滨）").replace("since = 2017-10-31", "since = 2017-09-01")
        Edition.objects.create(
            unit=town["county"], path=town["county"].path, key="five_outcomes", name="五看·汉滨", since=date(2017, 9, 1),
            text=written, digest="x", draft=draft, adopted_on=TODAY,
        )  # fmt: skip
    assert "本地自定" in text(county.get("/appraisals/schemes/five_outcomes/"))
    for title, last in (("早", "2017-08-31"), ("晚", "2017-09-30")):
        days = {"title": title, "first": "2017-01-01", "last": last}
        assert county.post("/appraisals/schemes/five_outcomes/new/", days).status_code == 302
    assert "五看·汉滨" not in row(Round, title="早").definition
    assert "五看·汉滨" in row(Round, title="晚").definition


@pytest.fixture
def computed(town, draft):
    """A round of the two townships and two villages by the pack's edition: 关庙镇 and 东湾村 good cadres, the others a content people."""
    with acting(EVERYTHING):
        given = load("base").schemes["five_outcomes"]
        days = {"first": JAN_1, "last": date(2017, 9, 30), "on": TODAY, "actor": 1}
        round_ = appraisals.open_round(given, unit=town["county"], title="三季度五看", **days)
        appraisals.step(round_, "check", on=TODAY, actor=1)
        for sheet in Sheet.objects.filter(round=round_).select_related("unit"):
            first = sheet.unit.name in ("关庙镇", "东湾村")
            for key in ("cadres", "policy", "disputes", "growth"):
                mark = Decimal(90 if first and key == "cadres" else 60)
                for reviewer in (7, 8, 9):
                    put(sheet, criterion=key, stance="review", values={"": mark}, by=By(reviewer), on=TODAY)
            answers = {"good": 10 if first else 20, "fair": 0, "bad": 10 if first else 0}
            put(sheet, criterion="benefit", stance="residents", values=answers, by=By(7), on=TODAY)
        appraisals.step(round_, "compute", on=TODAY, actor=1)
    return round_


def test_the_preview_says_who_would_move_and_writes_nothing(county, at, computed, row, count):
    before = text(county.get(at("preview/")))
    assert "4 个单位，0 个位次有变化" in before
    said = {"w.cadres": "50", "w.policy": "15", "w.disputes": "15", "w.growth": "15", "w.benefit": "5", "revision": "0"}
    county.post(at("weights/"), said)
    page = text(county.get(at("preview/")))
    assert "4 个单位，4 个位次有变化" in page
    assert "关庙镇 64 74.50 2 → 1 升 1" in page  # 18+12+12+12+10; 45+9+9+9+2.5
    assert "大河镇 68 62 1 → 2 降 1" in page  # 12+12+12+12+20; 30+9+9+9+5
    assert row(Round).state == "computed"
    with acting(EVERYTHING):
        assert sorted(str(it) for it in Sheet.objects.values_list("total", flat=True)) == [
            "64.0000", "64.0000", "68.0000", "68.0000",
        ]  # fmt: skip


def test_a_criterion_without_inputs_is_left_out_of_the_preview_and_named(county, at, computed):
    county.post(at("criteria/criterion_new/"), CRITERION | {"revision": "0"})
    page = text(county.get(at("preview/")))
    assert "这些项目那一次没有数据，试算时不计，其余折算：问题解决" in page
    assert "4 个单位，0 个位次有变化" in page


def test_without_a_round_there_is_nothing_to_preview(county, at):
    assert "还没有用这个办法计算过的考评" in text(county.get(at("preview/")))


def test_a_superior_reads_and_does_not_write_and_others_see_nothing(at, draft, sign_in):
    city = sign_in("shi")
    assert city.get(at()).status_code == 200
    assert "保存分值" not in text(city.get(at()))
    assert city.post(at("weights/"), {"revision": "0"}).status_code == 404
    assert city.get(at("criteria/cadres/")).status_code == 404
    township = sign_in("zhen")
    assert township.get(at()).status_code == 404
    assert township.get(at("file/")).status_code == 404
    assert township.post("/appraisals/schemes/five_outcomes/draft/").status_code == 403


def test_a_dropped_draft_is_no_longer_offered(county, at, row):
    assert county.post(at("drop/")).status_code == 302
    assert row(Draft).state == "dropped"
    assert "没有起草中的办法" in text(county.get("/appraisals/drafts/"))
