"""积分 on the pages: proposed, put up, posted by another, appealed and answered, redeemed; nobody sees an account but those it concerns."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hangshi.access import grants
from hangshi.access import services as access
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import services as activities
from hangshi.activities.models import Activity, Attendance
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs import load
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.services import hang
from tests.web.conftest import JAN_1, PASSWORD

TODAY, LATER = date(2017, 10, 31), date(2017, 11, 5)
LABOUR = {"item": "volunteer", "why": "10月28日清理水渠", "day": "2017-10-31"}


@pytest.fixture
def village(town: dict[str, Unit], party: dict[str, Person], sign_in: Callable[[str], Client]) -> SimpleNamespace:
    """In 东湾村 work a first secretary and two of the team, in its branch the secretary; 张爱民 signs in for himself."""
    with acting(EVERYTHING):
        hang(town["东湾村党支部"], line="party", parent=None, on=JAN_1, actor=None)
        for username, role, unit in (
            ("cun", "first_secretary", "东湾村"),
            ("dui", "first_secretary", "东湾村"),
            ("yuan", "first_secretary", "东湾村"),
            ("shu", "branch_secretary", "东湾村党支部"),
            ("xi", "first_secretary", "西沟村"),
        ):
            _opened(username, role, town[unit])
        _opened("zhang", "party_member", town["东湾村党支部"], party["张爱民"].pk)
        _opened("li", "party_member", town["东湾村党支部"], party["李建军"].pk)
    on(TODAY)
    names = ("cun", "dui", "yuan", "shu", "xi", "zhang", "li", "zhen")
    return SimpleNamespace(
        **{name: sign_in(name) for name in names}, zhang_pk=party["张爱民"].pk, town=town, party=party
    )


def _opened(username: str, role: str, unit: Unit, person: int | None = None) -> None:
    account = access.open_account(username, name=f"{username}的账号", password=PASSWORD)
    if person:
        access.link_person(account, person_id=person)
    grants.give(account, role=role, unit_id=unit.pk, path=unit.path, since=JAN_1)


def on(day: date) -> None:
    """The day that the pages speak of."""
    with acting(EVERYTHING):
        Unit.objects.update(extra={"field": "rural", "report_day": day.isoformat()})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def propose(client: Client, who: str, key: str = "member_points", **said: str) -> Any:
    return client.post(f"/points/{key}/new/", {"subject": who} | LABOUR | said)


@pytest.fixture
def proposal(village: SimpleNamespace, row: Callable[..., Any]) -> PointProposal:
    answer = propose(village.cun, "张爱民")
    found: PointProposal = row(PointProposal)
    assert (answer.status_code, answer["Location"]) == (302, f"/points/proposals/{found.pk}/")
    return found


def act(client: Client, proposal: PointProposal, name: str, **said: str) -> Any:
    return client.post(f"/points/proposals/{proposal.pk}/{name}/", said)


@pytest.fixture
def posted(village: SimpleNamespace, proposal: PointProposal) -> PointProposal:
    on(LATER)
    assert act(village.dui, proposal, "approve", day="2017-11-05").status_code == 302
    return proposal


def test_what_is_proposed_is_put_up_and_counts_for_nothing(village: SimpleNamespace, proposal: PointProposal):
    page = text(village.cun.get("/points/member_points/notice/"))
    for said in ("张爱民", "参加志愿服务、义务劳动：10月28日清理水渠", "2017-10-31 至 2017-11-04", "打印张贴"):
        assert said in page
    assert "张爱民" in text(village.cun.get("/points/"))
    assert Entry.objects.count() == 0


def test_another_person_posts_it_after_the_days(village: SimpleNamespace, proposal: PointProposal):
    early = act(village.dui, proposal, "approve", day="2017-10-31")
    assert (early.status_code, "公示到2017-11-04为止" in text(early)) == (422, True)
    on(LATER)
    own = act(village.cun, proposal, "approve", day="2017-11-05")
    assert (own.status_code, "请换一人" in text(own)) == (422, True)
    assert "审核入账" not in text(village.cun.get(f"/points/proposals/{proposal.pk}/"))
    assert act(village.dui, proposal, "approve", day="2017-11-05").status_code == 302
    page = text(village.cun.get(f"/points/member_points/{village.zhang_pk}/"))
    for said in ("张爱民的党员积分", "2017-11-05", "参加志愿服务、义务劳动：10月28日清理水渠", "dui的账号"):
        assert said in page


def test_all_that_were_put_up_are_posted_at_once(village: SimpleNamespace, count: Callable[..., int]):
    for name in ("张爱民", "李建军", "陈小红"):
        propose(village.cun, name)
    propose(village.dui, "张爱民", item="lesson")
    assert "没有等待审核的积分" in text(village.dui.get("/points/todo/"))
    on(LATER)
    assert "期满的一并入账（3）" in text(village.dui.get("/points/todo/"))
    assert "3笔一并入账" in text(village.dui.get("/points/approve/"))
    assert village.dui.post("/points/approve/").status_code == 302
    assert (count(PointProposal, state="posted"), count(Entry, kind="member_points")) == (3, 3)
    assert "期满的一并入账（1）" in text(village.cun.get("/points/todo/"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"item": ""}, "“积分项目”必须填写"),
        ({"item": "nothing"}, "请从所列选项中选择"),
        ({"subject": "没有这个人"}, "您的范围内没有这个人"),
        ({"day": "2016-01-01"}, "东湾村”在2016-01-01不在存续期内"),
    ],
)
def test_what_cannot_be_proposed_is_told_and_nothing_typed_is_lost(village, count, said, sentence):
    answer = propose(village.cun, "张爱民", **said)
    page = text(answer)
    assert (answer.status_code, sentence in page, "10月28日清理水渠" in page) == (422, True, True)
    assert count(PointProposal) == 0


def test_a_form_sent_twice_proposes_once(village: SimpleNamespace, count: Callable[..., int]):
    for _ in range(2):
        assert propose(village.cun, "张爱民", once="8b0f").status_code == 302
    assert count(PointProposal) == 1


def test_what_is_taken_off_is_told_to_the_member_and_stands_on_no_list(village: SimpleNamespace):
    propose(village.cun, "张爱民", item="absent", why="10月主题党日")
    assert "无故不参加" not in text(village.cun.get("/points/member_points/notice/"))
    page = text(village.zhang.get(f"/points/member_points/{village.zhang_pk}/"))
    assert ("无故不参加组织生活：10月主题党日" in page, "-1" in page) == (True, True)


def test_the_member_sees_their_own_account_and_appeals(village: SimpleNamespace, posted: PointProposal, row: Any):
    page = text(village.zhang.get("/points/"))
    assert ("我的党员积分" in page, f"/points/member_points/{village.zhang_pk}/" in page, "李建军" in page) == (
        True, True, False,
    )  # fmt: skip
    assert "提出申诉" in text(village.zhang.get(f"/points/proposals/{posted.pk}/"))
    assert act(village.zhang, posted, "appeal", text="做了两天", day="2017-11-05").status_code == 302
    found = row(PointProposal)
    assert (found.appeal, found.heard) == ("做了两天", "")
    for client in (village.cun, village.dui):  # who proposed and who posted
        assert act(client, posted, "answer", outcome="uphold", reason="查过", day="2017-11-05").status_code == 422
    assert "做了两天" in text(village.yuan.get(f"/points/proposals/{posted.pk}/"))
    assert "等待答复的申诉，1 笔" in text(village.yuan.get("/points/todo/"))
    assert act(village.yuan, posted, "answer", outcome="take", reason="记错了人", day="2017-11-05").status_code == 302
    page = text(village.zhang.get(f"/points/member_points/{village.zhang_pk}/"))
    assert ("冲销" in page, "记错了人" in page) == (True, True)


def test_a_clerk_takes_an_appeal_down_with_words_saying_so(village: SimpleNamespace, posted: PointProposal, row: Any):
    said = {"text": "做了两天", "day": "2017-11-05"}
    own = act(village.cun, posted, "appeal", **said)  # a clerk does not appeal as if they were the member
    assert (own.status_code, "不是本人提交的" in text(own)) == (422, True)
    refused = act(village.cun, posted, "appeal-for", **said)
    assert (refused.status_code, "“代记情况”必须填写" in text(refused)) == (422, True)
    heard = "11月5日本人来村委会口述，第一书记代记"
    assert act(village.cun, posted, "appeal-for", heard=heard, **said).status_code == 302
    assert row(PointProposal).heard == heard
    page = text(village.zhang.get(f"/points/proposals/{posted.pk}/"))
    assert ("代记申诉：做了两天" in page, heard in page) == (True, True)


def test_points_are_declined_or_taken_back_with_a_reason(village: SimpleNamespace, proposal: PointProposal, row: Any):
    empty = act(village.dui, proposal, "decline", reason="", day="2017-10-31")
    assert (empty.status_code, "“理由”必须填写" in text(empty)) == (422, True)
    assert act(village.dui, proposal, "decline", reason="当天没有来", day="2017-10-31").status_code == 302
    page = text(village.zhang.get(f"/points/proposals/{proposal.pk}/"))
    assert "不予入账：当天没有来" in page
    assert "现在不能办理" in text(village.dui.get(f"/points/proposals/{proposal.pk}/approve/"))


def test_posted_by_mistake_it_is_reversed(village: SimpleNamespace, posted: PointProposal, row: Any):
    assert act(village.yuan, posted, "take-back", reason="记重了", day="2017-11-05").status_code == 302
    assert row(PointProposal).state == "reversed"
    assert "记重了" in text(village.zhang.get(f"/points/member_points/{village.zhang_pk}/"))


def test_the_branch_secretary_proposes_for_the_members_and_posts(village: SimpleNamespace, row: Any):
    page = text(village.shu.get("/points/member_points/new/"))
    assert [name in page for name in ("张爱民", "李建军", "陈小红", "王建国")] == [True, True, True, False]
    assert propose(village.shu, str(village.zhang_pk)).status_code == 302
    on(LATER)
    proposal = row(PointProposal)
    assert act(village.shu, proposal, "approve", day="2017-11-05").status_code == 422
    assert act(village.cun, proposal, "approve", day="2017-11-05").status_code == 302
    assert act(village.shu, proposal, "take-back", reason="记重了", day="2017-11-05").status_code == 422
    page = text(village.shu.get(f"/points/member_points/{village.zhang_pk}/"))
    assert "张爱民的党员积分" in page


def test_a_household_redeems_what_the_list_has_left(village: SimpleNamespace, row: Any, count: Callable[..., int]):
    household = row(Household, number="H1")
    for why in ("一组", "二组", "三组"):
        assert propose(village.cun, "H1", "household_points", item="labour", why=why).status_code == 302
    on(LATER)
    village.dui.post("/points/approve/")
    redeem = f"/points/household_points/{household.pk}/redeem/"
    page = text(village.cun.get(redeem))
    assert ("现有6分" in page, "洗衣粉（5分，还剩60份）" in page) == (True, True)
    said = {"reward": "detergent", "count": "2", "day": "2017-11-05"}
    refused = village.cun.post(redeem, said)
    assert (refused.status_code, "账户里有6.00分，不够兑换10分" in text(refused)) == (422, True)
    assert village.cun.post(redeem, said | {"count": "1"}).status_code == 302
    assert "洗衣粉（5分，还剩59份）" in text(village.cun.get(redeem))
    entry = row(Entry, source="redemption")
    assert village.cun.post(f"/points/redemptions/{entry.pk}/undo/", {"reason": "没有货"}).status_code == 302
    assert "洗衣粉（5分，还剩60份）" in text(village.cun.get(redeem))
    assert count(Entry, household=household) == 5


@pytest.fixture
def labour(village: SimpleNamespace) -> Activity:
    """A theme day of the branch: 张爱民 and 李建军 were there, 陈小红 had leave."""
    kind = load("base", "ankang").kinds.activity["theme_day"].model_copy(update={"leader": False})
    with acting(EVERYTHING):
        branch = village.town["东湾村党支部"]
        made = activities.record(kind, unit=branch, on=TODAY, actor=None, topic="清理水渠", present=2)
        for name, state in (("张爱民", "present"), ("李建军", "present"), ("陈小红", "leave")):
            it = {"activity": made, "unit": branch, "path": branch.path, "day": TODAY}
            Attendance.objects.create(person=village.party[name], state=state, **it)
    return made


def test_for_one_activity_all_who_came_are_proposed_and_nobody_twice(village, labour, count):
    address = f"/records/activities/{labour.pk}/points/"
    assert address in text(village.cun.get(f"/records/activities/{labour.pk}/"))
    page = text(village.cun.get(address))
    assert "到会的人里有2人的积分账户在本单位" in page
    assert ("参加志愿服务、义务劳动（+2分）" in page, "无故不参加" in page) == (True, False)
    said = {"item": "member_points.volunteer", "why": "清理水渠", "day": "2017-10-31"}
    assert village.cun.post(address, said).status_code == 302
    assert village.dui.post(address, said).status_code == 302
    assert count(PointProposal, cause=f"activity:{labour.pk}") == 2
    assert address not in text(village.xi.get("/points/"))
    assert village.zhen.get(f"/records/activities/{labour.pk}/").content.decode().count(address) == 0


def test_no_level_above_and_no_neighbour_sees_an_account(village: SimpleNamespace, posted: PointProposal):
    pages = (
        f"/points/proposals/{posted.pk}/",
        f"/points/proposals/{posted.pk}/take-back/",
        f"/points/member_points/{village.zhang_pk}/",
    )
    for client in (village.zhen, village.xi, village.li):
        assert [client.get(page).status_code for page in pages[:1] + pages[2:]] == [404, 404]
        assert "张爱民" not in text(client.get("/points/"))
        assert client.get("/points/").status_code == 200
    assert village.zhen.get(pages[1]).status_code == 404
    assert village.zhang.get(pages[1]).status_code in (403, 404)
    assert "党员积分 2" not in text(village.zhen.get("/records/entries/"))


def test_another_unit_of_ones_own_range_is_told_who_proposes(village: SimpleNamespace, count: Callable[..., int]):
    answer = propose(village.zhen, "张爱民")
    assert (answer.status_code, "不在本单位，由其所在的村或支部提出" in text(answer)) == (422, True)
    assert count(PointProposal) == 0


def test_who_only_reads_has_no_points_page(village: SimpleNamespace, sign_in: Callable[[str], Client]):
    reader = sign_in("kan")
    assert reader.get("/points/").status_code == 403
    assert village.zhang.post("/points/member_points/new/", LABOUR).status_code == 403
    assert village.zhang.get("/points/todo/").status_code == 403
    assert village.zhang.get("/points/member_points/notice/").status_code == 403


def test_points_are_not_booked_at_once_by_form_or_sheet(village: SimpleNamespace):
    assert village.cun.get("/records/entries/new/?kind=member_points").status_code in (403, 404)
    assert "党员积分" not in text(village.cun.get("/records/entries/new/"))
    assert "台账：党员积分" not in text(village.cun.get("/intake/new/"))


@pytest.mark.parametrize("address", ["/points/nothing/new/", "/points/nothing/notice/", "/points/member_points/99999/"])
def test_an_account_that_there_is_not(village: SimpleNamespace, address: str):
    assert village.cun.get(address).status_code == 404


def test_an_account_is_found_by_a_part_of_the_name(village: SimpleNamespace):
    for name in ("张爱民", "李建军"):
        propose(village.cun, name)
    page = text(village.cun.get("/points/?q=爱民"))
    assert ("张爱民" in page, "李建军" in page) == (True, False)
    propose(village.cun, "H2", "household_points", item="clean")
    assert "李二" in text(village.cun.get("/points/?kind=household_points&q=李二"))
    assert "没有查到“赵”的党员积分账户" in text(village.cun.get("/points/?q=赵"))


def test_the_list_of_accounts_takes_the_same_number_of_statements_for_many(village, django_assert_max_num_queries):
    for name in ("张爱民", "李建军", "陈小红"):
        propose(village.cun, name)
    village.cun.get("/points/")
    with django_assert_max_num_queries(16):
        page = text(village.cun.get("/points/?by=branch"))
    assert page.index("李建军") < page.index("陈小红")
