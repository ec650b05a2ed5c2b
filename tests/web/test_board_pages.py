"""看板、批次、逾期与催办、提醒函."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import course, parts
from hangshi.cases import services as cases
from hangshi.cases.models import Case, Urging
from hangshi.packs import load
from hangshi.registry.models import Person, Unit

SignIn = Callable[[str], Client]
KINDS = load("base", "ankang").kinds
PROBLEM = KINDS.case["problem"]
JUNE_1 = date(2017, 6, 1)


def main(answer: Any) -> str:
    return str(answer.content.decode()).split("<main")[1]


@pytest.fixture
def open_case(town: dict[str, Unit]) -> Callable[..., Case]:
    def opened(title: str, village: str = "东湾村", on: date = JUNE_1) -> Case:
        with acting(EVERYTHING):
            return cases.open_case(PROBLEM, unit=town[village], title=title, on=on, actor=None)

    return opened


def test_the_board_has_a_column_a_stage_with_the_soonest_due_first(sign_in: SignIn, open_case: Any) -> None:
    open_case("后立的", on=date(2017, 6, 20))
    open_case("先立的")
    open_case("别处的", "西沟村")
    struck = open_case("撤销的")
    with acting(EVERYTHING):
        cases.close(PROBLEM, struck, to="withdrawn", verdict="重复", note="重复", on=JUNE_1, actor=None)
    page = main(sign_in("zhen").get("/board/?kind=problem"))
    columns = {part.split("</h2>")[0].split(" <span")[0].split("<h2>")[1]: part for part in page.split("<section")[1:]}
    assert list(columns) == ["登记", "整改", "验收", "销号", "撤销（重复登记）"]
    assert columns["登记"].index("先立的") < columns["登记"].index("后立的")
    assert "撤销的" in columns["撤销（重复登记）"]
    assert "别处的" not in page


def test_only_the_first_dozen_of_a_stage_are_shown_and_all_are_counted(
    sign_in: SignIn, open_case: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        open_case(f"第{number}件")
    client = sign_in("zhen")
    with django_assert_max_num_queries(16):
        page = main(client.get("/board/?kind=problem"))
    assert (page.count("board-card"), "另有 3 件" in page) == (12, True)


def test_the_kind_with_the_latest_case_is_shown_first(sign_in: SignIn, open_case: Any) -> None:
    open_case("路灯不亮")
    assert "问题整改</h1>" in sign_in("zhen").get("/board/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("zhen", 404), ("shi", 200)])
def test_a_restricted_kind_has_no_board_for_those_it_is_closed_to(sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(who).get("/board/?kind=personnel_move").status_code == status


def test_a_batch_is_listed_struck_off_and_counted(sign_in: SignIn, open_case: Any) -> None:
    first, second = open_case("一号"), open_case("二号")
    client = sign_in("shi")
    for case in (first, second):
        answer = client.post(f"/records/cases/{case.pk}/list/", {"batch": "2017年第一批", "day": "2017-06-02"})
        assert answer.status_code == 302
    with acting(EVERYTHING):
        cases.close(PROBLEM, first, to="withdrawn", verdict="重复", note="重复", on=date(2017, 6, 3), actor=None)
    row = main(client.get("/board/batches/")).split("2017年第一批")[1].split("</tr>")[0]
    assert [row.split(f'data-label="{name}">')[1].split("<")[0] for name in ("挂牌", "已销号", "未销号")] == [
        "2",
        "1",
        "1",
    ]
    assert "二号" in main(client.get("/board/?kind=problem&batch=2017年第一批"))


def test_what_is_overdue_is_urged_once_and_the_letter_says_by_how_much(
    sign_in: SignIn, open_case: Any, town: dict[str, Unit], row: Any
) -> None:
    case, client = open_case("路灯不亮"), sign_in("shi")
    with acting(EVERYTHING):
        parts.plan_measure(case, text="换灯", bearer=town["东湾村"], on=JUNE_1, actor=None)
    assert "路灯不亮" in main(client.get("/board/overdue/"))
    answer = client.post(
        f"/records/cases/{case.pk}/urge/", {"level": "remind", "note": "三日内办结", "day": "2017-06-12"}
    )
    assert answer.status_code == 302
    letter = client.get(f"/letters/{row(Urging).pk}/").content.decode()
    assert "应于 2017-06-08 前完成“登记”阶段的工作，至 2017-06-12 已逾期 4 天（2 个工作日）" in letter
    assert "换灯（东湾村）" in letter
    assert "要求：三日内办结" in letter
    assert "2017年6月12日" in letter
    again = client.post(f"/records/cases/{case.pk}/urge/", {"level": "remind", "note": "", "day": "2017-06-13"})
    assert again.status_code == 422


def test_a_letter_of_another_township_is_not_found(sign_in: SignIn, open_case: Any, row: Any) -> None:
    case = open_case("路灯不亮", "西沟村")
    with acting(EVERYTHING):
        course.urge(PROBLEM, case, level="remind", on=date(2017, 7, 3), actor=None)
    assert [sign_in(who).get(f"/letters/{row(Urging).pk}/").status_code for who in ("shi", "zhen")] == [200, 404]


def test_of_two_who_move_a_case_one_is_told_what_happened(sign_in: SignIn, open_case: Any, row: Any) -> None:
    case = open_case("路灯不亮")
    with acting(EVERYTHING):
        owner = Person.objects.get(name="王建国")
        parts.take_seat(PROBLEM, case, seat="owner", bearer=owner, on=JUNE_1, actor=None)
    one, two, here = sign_in("zhen"), sign_in("shi"), f"/records/cases/{case.pk}/move/"
    seen = row(Case).revision
    said = {"to": "mending", "day": "2017-06-05", "note": "", "revision": seen}
    assert one.post(here, said).status_code == 302
    answer = two.post(here, said | {"note": "我也转了"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "您打开之后，“路灯不亮”已有人办理：2017-06-05，现阶段为“整改”" in page
    assert "我也转了" in page
    assert row(Case).stage == "mending"


@pytest.fixture
def three(open_case: Any) -> dict[str, Case]:
    """Two cases of 东湾村, the second suspended by nobody yet, and one of 西沟村."""
    return {
        title: open_case(title, village)
        for title, village in (("路灯", "东湾村"), ("水渠", "东湾村"), ("桥", "西沟村"))
    }


BATCH = {"batch": "2017年第一批", "day": "2017-10-31"}


def ticked(*cases: Case) -> dict[str, str]:
    return {f"cases.{it.pk}": "1" for it in cases}


def listed() -> dict[str, str]:
    with acting(EVERYTHING):
        return dict(Case.objects.values_list("title", "batch"))


def test_several_cases_are_listed_in_one_batch_at_once(sign_in: SignIn, three: dict[str, Case]) -> None:
    client = sign_in("shi")
    answer = client.post("/board/batches/problem/new/", BATCH | ticked(three["路灯"], three["桥"]))
    assert (answer.status_code, "batch=2017" in answer["Location"]) == (302, True)
    assert listed() == {"路灯": "2017年第一批", "桥": "2017年第一批", "水渠": ""}
    board = main(client.get(answer["Location"]))
    assert [title in board for title in ("路灯", "桥", "水渠")] == [True, True, False]
    again = main(client.get("/board/batches/problem/new/"))
    assert [title in again for title in ("路灯", "桥", "水渠")] == [
        False,
        False,
        True,
    ]  # whoever is listed is not offered


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "“事项”至少选一个。"),
        ({"batch": ""}, "“批次”必须填写。"),
        ({"day": "2017-05-31"}, "上一次办理是2017-06-01，日期不能早于这一天。"),  # before they were opened
    ],
)
def test_a_batch_that_is_refused_lists_none_and_keeps_what_was_ticked(
    sign_in: SignIn, three: dict[str, Case], said: dict[str, str], sentence: str
) -> None:
    chosen = ticked(three["路灯"], three["水渠"]) if said else {}
    answer = sign_in("shi").post("/board/batches/problem/new/", BATCH | chosen | said)
    page = main(answer)
    assert (answer.status_code, sentence in page, page.count(" checked")) == (422, True, len(chosen))
    assert set(listed().values()) == {""}


def test_a_township_lists_what_it_sees_and_nothing_else(sign_in: SignIn, three: dict[str, Case]) -> None:
    client = sign_in("zhen")
    page = main(client.get("/board/batches/problem/new/"))
    assert [title in page for title in ("路灯", "水渠", "桥")] == [True, True, False]
    client.post("/board/batches/problem/new/", BATCH | ticked(three["路灯"], three["桥"]))
    assert listed() == {"路灯": "2017年第一批", "水渠": "", "桥": ""}


def test_who_only_reads_lists_nothing(sign_in: SignIn, three: dict[str, Case]) -> None:
    assert sign_in("kan").get("/board/batches/problem/new/").status_code == 403
    assert sign_in("shi").get("/board/batches/nothing/new/").status_code == 404
    assert sign_in("zhen").get("/board/batches/discipline/new/").status_code == 404  # a restricted kind


def test_the_board_shows_one_batch_or_only_what_is_late(
    sign_in: SignIn, open_case: Any, three: dict[str, Case]
) -> None:
    client = sign_in("shi")
    client.post("/board/batches/problem/new/", BATCH | ticked(three["路灯"]))
    with acting(EVERYTHING):
        Case.objects.filter(title="桥").update(due_on=date(2017, 10, 30), stage_due_on=None)
        Case.objects.exclude(title="桥").update(due_on=date(2017, 10, 31), stage_due_on=None)
    late = main(client.get("/board/?kind=problem&late=1"))
    assert [f"<strong>{title}<" in late for title in ("路灯", "水渠", "桥")] == [False, False, True]
    batch = main(client.get("/board/?kind=problem&batch=2017年第一批"))
    assert [f"<strong>{title}<" in batch for title in ("路灯", "水渠", "桥")] == [True, False, False]
