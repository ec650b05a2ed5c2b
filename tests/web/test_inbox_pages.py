"""待办、已办、我发起的、消息: what waits for somebody, and that it is theirs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import plans, reviews
from hangshi.activities import services as activities
from hangshi.cases import course
from hangshi.cases import services as cases
from hangshi.cases.models import Case
from hangshi.notices.models import Message
from hangshi.notices.telling import tell
from hangshi.packs import load
from hangshi.registry.models import Unit

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
JUNE_1 = date(2017, 6, 1)


def account(username: str) -> int:
    with acting(EVERYTHING):
        return int(Account.objects.get(username=username).pk)


def body(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


@pytest.fixture
def problem(town: dict[str, Unit]) -> Case:
    """Opened by the township's clerk; its first stage was due on 8 June."""
    actor = account("zhen")
    with acting(EVERYTHING):
        return cases.open_case(KINDS.case["problem"], unit=town["东湾村"], title="路灯不亮", on=JUNE_1, actor=actor)


def test_a_case_waits_for_who_opened_it_and_says_that_it_is_late(sign_in: SignIn, problem: Case) -> None:
    page = body(sign_in("zhen").get("/inbox/"))
    row = page.split("路灯不亮")[1].split("</tr>")[0]
    assert ("办理" in row, "问题整改" in row, "东湾村" in row, "登记" in row) == (True, True, True, True)
    assert "2017-06-08" in row
    assert "已逾期" in row
    assert "路灯不亮" not in body(sign_in("shi").get("/inbox/"))


def test_a_closed_case_waits_no_more_and_is_among_what_was_done(sign_in: SignIn, problem: Case) -> None:
    actor = account("zhen")
    with acting(EVERYTHING):
        cases.close(
            KINDS.case["problem"], problem, to="withdrawn", verdict="重复", note="重复登记", on=JUNE_1, actor=actor
        )
    client = sign_in("zhen")
    assert "现在没有等您办理的事" in body(client.get("/inbox/"))
    assert "撤销（重复登记）" in body(client.get("/inbox/done/"))
    assert "路灯不亮" in body(client.get("/inbox/started/"))


def test_an_activity_sent_back_and_a_plan_that_passed_wait_for_who_wrote_them(
    sign_in: SignIn, town: dict[str, Unit], party: Any
) -> None:
    mine, other, branch = account("zhen"), account("shi"), town["东湾村党支部"]
    with acting(EVERYTHING):
        held = activities.record(
            KINDS.activity["theme_day"],
            unit=branch,
            on=JUNE_1,
            leader=party["张爱民"],
            attendance={party["张爱民"].pk: "present"},
            topic="植树",
            actor=mine,
        )
        reviews.review(held, to="sent_back", note="缺纪要", on=JUNE_1, actor=other)
        plans.plan(KINDS.activity["theme_day"], unit=branch, on=date(2017, 10, 30), topic="义诊", actor=mine)
        plans.plan(KINDS.activity["theme_day"], unit=branch, on=date(2099, 1, 1), topic="以后的", actor=mine)
    page = body(sign_in("zhen").get("/inbox/"))
    assert ("植树" in page, "义诊" in page, "以后的" in page) == (True, True, False)
    assert "更正" in page.split("植树")[1].split("</tr>")[0]
    assert "登记或取消" in page.split("义诊")[1].split("</tr>")[0]


@pytest.mark.parametrize(
    ("day", "listed"), [(date(2017, 9, 1), True), (date(2017, 9, 2), True), (date(2017, 8, 31), False)]
)
def test_activities_of_sixty_days_wait_for_somebody_else_to_review_them(
    sign_in: SignIn, town: dict[str, Unit], party: Any, day: date, listed: bool
) -> None:
    mine = account("zhen")
    with acting(EVERYTHING):
        activities.record(
            KINDS.activity["theme_day"],
            unit=town["东湾村党支部"],
            on=day,
            leader=party["张爱民"],
            attendance={party["张爱民"].pk: "present"},
            topic="植树",
            actor=mine,
        )
    assert ("植树" in body(sign_in("shi").get("/inbox/review/"))) is listed
    assert "植树" not in body(sign_in("zhen").get("/inbox/review/"))


def test_the_menu_asks_for_its_count_after_the_page(sign_in: SignIn, problem: Case) -> None:
    client = sign_in("zhen")
    assert "待办 1 件" in client.get("/inbox/count/").content.decode()
    assert "待办" not in sign_in("shi").get("/inbox/count/").content.decode()


@pytest.mark.parametrize(("tab", "statements"), [("todo", 8), ("review", 8), ("done", 8), ("started", 8)])
def test_a_list_is_one_statement_however_many_rows(
    sign_in: SignIn, town: dict[str, Unit], django_assert_max_num_queries: Any, tab: str, statements: int
) -> None:
    actor = account("zhen")
    with acting(EVERYTHING):
        for number in range(30):
            cases.open_case(KINDS.case["problem"], unit=town["东湾村"], title=f"{number}", on=JUNE_1, actor=actor)
    client = sign_in("zhen")
    with django_assert_max_num_queries(statements + 6):  # the session and its scope
        client.get(f"/inbox/{tab}/")


def test_an_urging_is_told_once_and_counts_as_read_when_asked(sign_in: SignIn, problem: Case) -> None:
    with acting(EVERYTHING):
        course.urge(KINDS.case["problem"], problem, level="remind", on=date(2017, 7, 3), actor=None)
        first, again = tell(today=date(2017, 7, 3)), tell(today=date(2017, 7, 4))
    assert (first, again) == (1, 0)
    client = sign_in("zhen")
    page = body(client.get("/inbox/messages/"))
    assert "您办理的事项被催办" in page
    assert "路灯不亮" in page
    assert "未读消息 1 条" in client.get("/inbox/count/").content.decode()
    client.post("/inbox/read/")
    assert "未读消息" not in client.get("/inbox/count/").content.decode()


def test_a_message_about_what_left_the_scope_names_nothing(sign_in: SignIn, problem: Case) -> None:
    with acting(EVERYTHING):
        Message.objects.create(
            account=account("kan"), kind="urging", cause="x", source="case_file", source_id=problem.pk + 999
        )
    page = body(sign_in("kan").get("/inbox/messages/"))
    assert "（不在您的范围内）" in page
    assert "路灯不亮" not in page


def test_there_is_no_other_tab(sign_in: SignIn) -> None:
    assert sign_in("zhen").get("/inbox/nothing/").status_code == 404
