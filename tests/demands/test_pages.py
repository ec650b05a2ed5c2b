"""报表目录 on the pages: proposed with its cost, judged, agreed to by another person, read by those who are asked."""

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.approvals.models import Approval
from hangshi.demands.models import Demand, Item, Judgement
from tests.demands.pages import SAID, county, leader, proposed, text
from tests.web.conftest import count, row, sign_in, town

__all__ = ["count", "county", "leader", "proposed", "row", "sign_in", "town"]


@pytest.fixture
def submitted(county, leader, proposed, row):
    """The address of the approval that the leader is asked for."""
    answer = county.post(f"{proposed}submit/", {f"signers.{leader.pk}": "1"})
    assert answer.status_code == 302, text(answer)
    return f"/approvals/{row(Approval).pk}/"


def test_a_draft_shows_what_it_costs_before_it_is_sent(county, proposed):
    page = text(county.get(proposed))
    assert "手工填 2 项 × 每项 2 分钟 × 每年 12 次 × 2 个单位" in page
    assert "0.8 小时／单位" in page
    assert "合计 1.6 小时" in page
    assert "防溺水月报" in text(county.get("/demands/?tab=open"))
    assert "防溺水月报" not in text(county.get("/demands/"))


def test_an_item_that_the_system_knows_is_not_to_be_typed(county, proposed):
    assert "不应再要基层填" not in text(county.get(proposed))
    assert county.post(f"{proposed}items/", {"item_1": ""}).status_code == 302
    page = text(county.get(proposed))
    assert "这1项系统里已经有，不应再要基层填：走访次数" in page
    assert "手工填 3 项" in page
    county.post(f"{proposed}items/", {"item_1": "figure.visits", "item_2": "figure.visits", "item_3": "figure.visits"})
    assert "这张表的各项系统都有，不需要基层填" in text(county.get(proposed))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"ground": ""}, "“依据”必须填写"),
        ({"items": " "}, "还没有写要填哪些项"),
        ({"until": "2018-10-01"}, "一张表最长要到2018-09-30（1年）"),
    ],
)
def test_what_cannot_be_proposed_says_why_and_nothing_typed_is_lost(county, count, said, sentence):
    answer = county.post("/demands/new/", SAID | said)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="县教体局"' in answer.content.decode()
    assert count(Demand) == 0


def test_agreed_to_by_another_person_it_stands_in_the_catalogue_of_those_who_are_asked(
    county, leader, proposed, submitted, sign_in
):
    township = sign_in("zhen")
    assert township.get(proposed).status_code == 404
    assert "没有要基层填的表" in text(township.get("/demands/"))
    assert county.post(f"{submitted}approve/", {"note": ""}).status_code == 422
    assert "防溺水月报" in text(leader.get(submitted))
    assert leader.post(f"{submitted}approve/", {"note": "可以"}).status_code == 302
    assert "防溺水月报" in text(township.get("/demands/"))
    page = text(township.get(proposed))
    assert "已审定" in page
    assert "汉滨区的村" in page
    assert "手工填 2 项 × 每项 2 分钟" in page


@pytest.mark.parametrize(("verdict", "state"), [("refuse", "不同意"), ("return", "起草")])
def test_refused_or_sent_back_it_says_so_with_the_words(leader, proposed, submitted, verdict, state):
    assert leader.post(f"{submitted}{verdict}/", {"note": "与民政月报重复"}).status_code == 302
    page = text(leader.get(proposed))
    assert state in page
    assert "与民政月报重复" in page


def test_sent_back_and_mended_it_is_submitted_again(county, leader, proposed, submitted, row):
    leader.post(f"{submitted}return/", {"note": "巡查次数系统有"})
    assert county.post(f"{proposed}submit/", {f"signers.{leader.pk}": "1"}).status_code == 422
    county.post(f"{proposed}items/", {"item_2": "figure.visits"})
    assert county.post(f"{submitted}resubmit/", {"note": "已改"}).status_code == 302
    assert leader.post(f"{submitted}approve/", {"note": ""}).status_code == 302
    assert row(Demand).state == "approved"


def test_merged_with_one_in_use(county, leader, proposed, submitted, row):
    leader.post(f"{submitted}approve/", {"note": ""})
    new = county.post("/demands/new/", SAID | {"title": "防溺水周报", "every": "week"})["Location"]
    county.post(f"{new}submit/", {f"signers.{leader.pk}": "1"})
    into = row(Demand, title="防溺水月报").pk
    assert f'name="into" value="{into}"' in leader.get(f"{new}merge/").content.decode()
    assert leader.post(f"{new}merge/", {"into": str(into), "words": "看月报"}).status_code == 302
    page = leader.get(new)
    assert "并入其他表" in text(page)
    assert f'<a href="/demands/{into}/">防溺水月报</a>' in page.content.decode()
    assert row(Approval, source_id=row(Demand, title="防溺水周报").pk).state == "refused"


def test_like_items_are_shown_side_by_side_and_judged(county, proposed, row, count):
    other = county.post("/demands/new/", SAID | {"title": "河长月报", "items": "防溺水巡查\n水质"})["Location"]
    page = text(county.get(other))
    assert "防溺水巡查 防溺水巡查次数 防溺水月报 （县教体局）" in page
    item, like = row(Item, label="防溺水巡查"), row(Item, label="防溺水巡查次数")
    said = {"item": item.pk, "other": like.pk}
    refused = county.post(f"{other}judge/", said | {"same": "0", "reason": ""})
    assert refused.status_code == 422
    assert "请写明差别在哪里" in text(refused)
    assert county.post(f"{other}judge/", said | {"same": "1"}).status_code == 302
    assert "同一项" in text(county.get(other))
    assert row(Judgement).same
    assert county.post(f"{other}judge/", said | {"item": like.pk, "same": "1"}).status_code == 404
    assert county.post(f"{other}judge/", said | {"same": "x"}).status_code == 404


def test_with_an_item_asked_from_above_it_is_for_those_above_to_compare(county, leader, submitted, sign_in, row, count):
    leader.post(f"{submitted}approve/", {"note": ""})
    township = sign_in("zhen")
    own = township.post("/demands/new/", SAID | {"title": "镇周报", "items": "防溺水巡查"})["Location"]
    assert "防溺水月报 （县教体局） 字面相同 由上级判断" in text(township.get(own))
    said = {"item": row(Item, label="防溺水巡查").pk, "other": row(Item, label="防溺水巡查次数").pk, "same": "1"}
    assert township.post(f"{own}judge/", said).status_code == 404
    assert county.post(f"{own}judge/", said).status_code == 302
    assert "同一项" in text(township.get(own))
    assert count(Judgement) == 1


def test_withdrawn_and_renewed(county, leader, proposed, submitted, row):
    leader.post(f"{submitted}approve/", {"note": ""})
    assert county.post(f"{proposed}renew/", {"until": "2018-12-31"}).status_code == 302
    assert row(Demand, renews__isnull=False).state == "draft"
    assert county.post(f"{proposed}withdraw/", {"day": "2017-10-31", "reason": "系统已有"}).status_code == 302
    page = text(county.get(proposed))
    assert "已停用" in page
    assert "2017-10-01 至 2017-10-31" in page


def test_who_is_asked_changes_nothing_and_who_only_reads_proposes_nothing(county, leader, proposed, submitted, sign_in):
    leader.post(f"{submitted}approve/", {"note": ""})
    township, reader = sign_in("zhen"), sign_in("kan")
    assert township.get(proposed).status_code == reader.get(proposed).status_code == 200
    for what, said in (("items", {"item_2": "figure.visits"}), ("withdraw", {"day": "2017-10-31", "reason": "不填"})):
        assert township.post(f"{proposed}{what}/", said).status_code == 404
        assert reader.post(f"{proposed}{what}/", said).status_code == 403
    assert township.get(f"{proposed}merge/").status_code == 403
    assert reader.get("/demands/new/").status_code == 403
    assert "提出要表" not in text(reader.get("/demands/"))


def test_one_out_of_sight_is_not_there(town, proposed, sign_in, count):
    with acting(EVERYTHING):
        Demand.objects.update(unit=town["大河镇"], path=town["大河镇"].path, state="approved")
        Item.objects.update(path=town["大河镇"].path)
    beside = sign_in("zhen")
    assert beside.get(proposed).status_code == 404
    assert beside.post(f"{proposed}items/", {"item_1": ""}).status_code == 404
    assert "防溺水月报" not in text(beside.get("/demands/"))
    assert count(Item, target="figure.visits") == 1
