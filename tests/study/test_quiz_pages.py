"""Pages of the bank, papers and quizzes: a county asks, a member answers on the phone, the branch marks, the county reads counts."""

import re

import pytest

from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry import services as registry
from hangshi.registry import tree
from hangshi.study.models import Answer, Paper, PaperItem, Question, Quiz, Sheet
from tests.study.test_material_pages import city, member, text
from tests.web.conftest import JAN_1, PASSWORD, count, party, row, sign_in, town

__all__ = ["city", "count", "member", "party", "row", "sign_in", "town"]
MULTIPLE = {
    "topic": "一、公示范围", "kind": "multiple", "text": "哪些要公示？", "options": "低保\n奖补\n天气", "answer": "AB", "points": "6",
    "source": "示例市〔2017〕3号",
}  # fmt: skip
SHORT = {
    "topic": "二、公示办法", "kind": "short", "text": "怎样公示？", "reference": "说到期限", "points": "4", "source": "示例市〔2017〕3号",
}  # fmt: skip
ASK = {"title": "应知应会测试", "learners.rural_member": "1", "since": "2017-10-31", "until": "2098-12-31"}


@pytest.fixture
def paper(city, row):
    for said in (MULTIPLE, SHORT):
        assert city.post("/study/questions/new/", said).url == "/study/questions/"
    assert city.post("/study/papers/new/", {"title": "九月卷", "n_0": "1", "n_1": "1"}).status_code == 302
    return row(Paper)


@pytest.fixture
def quiz(city, paper, row):
    assert city.post("/study/quizzes/new/", ASK | {"paper": str(paper.pk)}).status_code == 302
    return row(Quiz)


@pytest.fixture
def secretary(town, party, sign_in):
    """张爱民, secretary of 东湾村党支部."""
    with acting(EVERYTHING):
        account = access.open_account("zhang", name="张爱民", password=PASSWORD)
        access.link_person(account, person_id=party["张爱民"].pk)
        branch = town["东湾村党支部"]
        registry.hang(branch, line=tree.PARTY, parent=None, on=JAN_1, actor=None)
        access.grant(account, role="branch_secretary", unit_id=branch.pk, path=branch.path, since=JAN_1)
    return sign_in("zhang")


@pytest.fixture
def sheet(quiz, party, row):
    return row(Sheet, person=party["陈小红"])


@pytest.fixture
def items(quiz, paper):
    with acting(EVERYTHING):
        return list(PaperItem.objects.filter(paper=paper).order_by("number"))


def reply(client, sheet, item, **said):
    return client.post(f"/study/sheets/{sheet.pk}/answers/{item.pk}/", said, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"answer": "D"}, "答案“D”不是所列选项的字母"),
        ({"answer": "A"}, "多选题至少有两个答案"),
        ({"source": ""}, "“出处”必须填写"),
        ({"points": "很多"}, "“分值”应填整数"),
    ],
)
def test_a_question_that_is_wrong_says_why_and_is_not_lost(city, count, changed, sentence):
    answer = city.post("/study/questions/new/", MULTIPLE | changed)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "哪些要公示？" in answer.content.decode()
    assert count(Question) == 0


def test_a_paper_shows_its_questions_with_the_key_to_its_unit_only(city, paper, sign_in):
    page = text(city.get(f"/study/papers/{paper.pk}/"))
    assert "2 道题，共 10 分" in page
    assert "答案：AB 出处：示例市〔2017〕3号" in page.replace("　", " ")
    assert sign_in("zhen").get(f"/study/papers/{paper.pk}/").status_code == 404


def test_a_paper_that_cannot_be_drawn_says_what_the_bank_has(city, paper, count):
    answer = city.post("/study/papers/new/", {"title": "再一卷", "n_0": "2"})
    assert "“一、公示范围”在本单位题库里有1道可用的题，抽不出2道" in text(answer)
    assert count(Paper) == 1


def test_a_question_is_retired_by_its_unit_once(city, paper, row, sign_in):
    retire = f"/study/questions/{row(Question, kind='short').pk}/retire/"
    assert sign_in("zhen").post(retire).status_code == 404
    assert city.post(retire).status_code == 302
    assert "没有办理：这道题已经停用。" in text(city.post(retire))


def test_an_answer_is_kept_at_each_touch_and_shown_again(member, sheet, items):
    assert "答题" in text(member.get("/study/quizzes/"))
    assert reply(member, sheet, items[0], chosen=["0", "1"]).content.decode() == "已保存"
    assert reply(member, sheet, items[1], text="公示七天").content.decode() == "已保存"
    page = member.get(f"/study/sheets/{sheet.pk}/").content.decode()
    assert len(re.findall(r'value="[01]" checked', page)) == 2
    assert "公示七天</textarea>" in page
    assert "出处" not in page  # no key before it is handed in


def test_without_scripts_the_page_comes_back_at_the_question(member, sheet, items):
    answer = member.post(f"/study/sheets/{sheet.pk}/answers/{items[1].pk}/", {"text": "公示"})
    assert answer.url == f"/study/sheets/{sheet.pk}/#q2"


@pytest.mark.parametrize(
    ("said", "sentence"), [({"chosen": ["7"]}, "请从所列选项中选"), ({"chosen": ["x"]}, "“x”不是所要的数")]
)
def test_an_answer_that_is_none_is_told_so(member, sheet, items, said, sentence, count):
    answer = reply(member, sheet, items[0], **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert count(Answer) == 0


def test_handed_in_marked_by_the_branch_and_shown_to_the_member(member, secretary, sheet, items, row):
    reply(member, sheet, items[0], chosen=["0", "1"])
    reply(member, sheet, items[1], text="公示七天")
    assert member.post(f"/study/sheets/{sheet.pk}/hand-in/").status_code == 302
    assert "简答题待评分" in text(member.get(f"/study/sheets/{sheet.pk}/"))
    assert "没有保存：已于" in reply(member, sheet, items[0], chosen=["0"]).content.decode()
    assert "评分要点：说到期限" in text(secretary.get(f"/study/sheets/{sheet.pk}/"))
    mark = f"/study/answers/{row(Answer, item__kind='short').pk}/mark/"
    assert "没有评分：这道题的得分应在0至4之间" in text(secretary.post(mark, {"points": "5"}))
    assert member.post(mark, {"points": "4"}).status_code == 403
    assert secretary.post(mark, {"points": "3"}).status_code == 302
    page = text(member.get(f"/study/sheets/{sheet.pk}/"))
    assert "得 9 分，共 10 分" in page
    assert "答案：AB" in page


def test_the_county_reads_counts_and_opens_no_sheet(city, member, sheet, items, quiz):
    reply(member, sheet, items[0], chosen=["0", "1"])
    member.post(f"/study/sheets/{sheet.pk}/hand-in/")
    page = text(city.get(f"/study/quizzes/{quiz.pk}/"))
    assert "应答 3 人 交卷 1 人 覆盖率 33.30 %" in page
    assert "不显示平均分和分布" in page
    assert "陈小红" not in page
    assert city.get(f"/study/sheets/{sheet.pk}/").status_code == 404


def test_the_branch_sees_who_has_handed_in_and_no_list_by_points(member, secretary, sheet, quiz):
    member.post(f"/study/sheets/{sheet.pk}/hand-in/")
    page = text(secretary.get(f"/study/quizzes/{quiz.pk}/"))
    assert "李建军 未交卷 陈小红 已评分" in page
    assert not re.search(r"\d+ 分", page)


def test_a_quiz_is_closed_by_its_unit_after_its_days(city, quiz, sign_in):
    assert sign_in("zhen").post(f"/study/quizzes/{quiz.pk}/close/").status_code == 404
    answer = city.post(f"/study/quizzes/{quiz.pk}/close/")
    assert answer.status_code == 422
    assert "没有结束：“应知应会测试”答题到2098-12-31，之后才能结束。" in text(answer)


def test_another_member_finds_no_sheet(sheet, secretary, sign_in, town, party):
    with acting(EVERYTHING):
        account = access.open_account("li", name="李建军", password=PASSWORD)
        access.link_person(account, person_id=party["李建军"].pk)
        branch = town["东湾村党支部"]
        access.grant(account, role="party_member", unit_id=branch.pk, path=branch.path, since=JAN_1)
    other = sign_in("li")
    assert other.get(f"/study/sheets/{sheet.pk}/").status_code == 404
    assert other.post(f"/study/sheets/{sheet.pk}/hand-in/").status_code == 404
    assert "没有交卷：答卷只由本人填写。" in text(secretary.post(f"/study/sheets/{sheet.pk}/hand-in/"))
