"""What is done to a record that stands: the buttons that the rules allow, and what they lead to."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import services as cases
from hangshi.cases.models import Case, Measure
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry.models import Household, Membership, Person, Unit

SignIn = Callable[[str], Client]
Town = dict[str, Unit]
KINDS = load("base", "ankang").kinds
MAY_1, JUNE_1 = date(2017, 5, 1), date(2017, 6, 1)


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def weak(town: Town, party: Any) -> Case:
    with acting(EVERYTHING):
        return cases.open_case(
            KINDS.case["weak_branch"],
            unit=town["东湾村党支部"],
            title="班子不齐",
            on=JUNE_1,
            ground="disunity",
            actor=None,
        )


@pytest.fixture
def secretary(town: Town, party: dict[str, Person]) -> Duty:
    with acting(EVERYTHING):
        return duties.assign(
            KINDS.duty["first_secretary"], bearer=party["张爱民"], target=town["东湾村"], on=MAY_1, actor=None
        )


@pytest.fixture
def rent(town: Town) -> Entry:
    with acting(EVERYTHING):
        return ledger.book(KINDS.entry["collective_income"], unit=town["东湾村"], amount=1200, on=MAY_1, actor=None)


FOUR = {"county_leader": "张爱民", "township_leader": "李建军", "first_secretary": "王建国", "paired_unit": "东湾村"}


def test_a_case_is_walked_to_its_end_by_the_buttons_of_its_page(sign_in: SignIn, weak: Case, row: Any) -> None:
    client, here = sign_in("zhen"), f"/records/cases/{weak.pk}/"
    assert "转入“方案”" in body(client.get(here))
    assert (
        client.post(f"{here}move/", {"to": "plan", "day": "2017-07-01", "note": "", "revision": "0"})["Location"]
        == here
    )
    page = body(client.get(here))
    assert "还不能：还缺少：整顿方案。补齐后再进入下一阶段。" in page
    assert "转入“整顿”</a>" not in page
    client.post(f"{here}evidence/", {"evidence": "plan", "name": "关发〔2017〕9号", "day": "2017-07-02"})
    for seat, name in FOUR.items():
        bearer = {"unit": name, "person": ""} if seat == "paired_unit" else {"person": name, "unit": ""}
        client.post(f"{here}seat/", {"seat": seat, "day": "2017-07-02"} | bearer)
    assert "还没有一条措施" in body(client.get(here))
    client.post(
        f"{here}measure/",
        {"text": "补选支部委员", "person": "李建军", "unit": "", "due_on": "2017-08-01", "day": "2017-07-02"},
    )
    assert "转入“整顿”</a>" in body(client.get(here))
    client.post(f"{here}move/", {"to": "mending", "day": "2017-07-03", "note": "", "revision": str(row(Case).revision)})
    assert "还有1条措施没有完成。" in body(client.get(here))
    measure = row(Measure)
    client.post(f"{here}finish/", {"measure": str(measure.pk), "result": "已补选", "day": "2017-07-20"})
    client.post(
        f"{here}close/", {"verdict": "已配齐班子", "day": "2017-08-01", "note": "", "revision": str(row(Case).revision)}
    )
    assert (row(Case).stage, row(Case).verdict, row(Case).closed_on) == ("accepted", "已配齐班子", date(2017, 8, 1))
    page = body(client.get(here))
    assert [f"{here}{act}/" in page for act in ("move", "close", "seat", "measure", "reopen")] == [False] * 4 + [True]
    for said in ("县级领导班子成员联村：张爱民", "补选支部委员", "2017-07-20 完成：已补选", "关发〔2017〕9号"):
        assert said in page


def test_of_two_who_move_a_case_the_second_is_told_what_happened(sign_in: SignIn, weak: Case, row: Any) -> None:
    client, move = sign_in("zhen"), f"/records/cases/{weak.pk}/move/"
    seen = str(row(Case).revision)
    client.post(move, {"to": "plan", "day": "2017-07-01", "note": "先办的", "revision": seen})
    late = client.post(move, {"to": "screened", "day": "2017-07-01", "note": "后办的", "revision": seen})
    assert "您打开之后，“班子不齐”已有人办理：2017-07-01，现阶段为“方案”，说明：先办的。" in body(late)
    assert row(Case).stage == "plan"


def test_a_measure_that_does_not_hold_is_open_again(sign_in: SignIn, weak: Case, row: Any) -> None:
    client, here = sign_in("zhen"), f"/records/cases/{weak.pk}/"
    client.post(
        f"{here}measure/", {"text": "补选支部委员", "person": "李建军", "unit": "", "due_on": "", "day": "2017-07-02"}
    )
    pk = str(row(Measure).pk)
    client.post(f"{here}finish/", {"measure": pk, "result": "已补选", "day": "2017-07-20"})
    client.post(f"{here}recheck/", {"measure": pk, "holds": "0", "finding": "又缺一名", "day": "2017-08-20"})
    assert (row(Measure).done_on, row(Measure).finding) == (None, "又缺一名")


def test_a_case_is_suspended_resumed_and_reopened_by_buttons(sign_in: SignIn, weak: Case, row: Any) -> None:
    client, here = sign_in("zhen"), f"/records/cases/{weak.pk}/"
    client.post(f"{here}suspend/", {"reason": "等换届", "day": "2017-07-01"})
    page = body(client.get(here))
    assert (f"{here}move/" in page, f"{here}resume/" in page) == (False, True)
    client.post(f"{here}resume/", {"day": "2017-08-01", "note": ""})
    assert f"{here}move/" in body(client.get(here))
    assert row(Case).suspended_on is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"to": "mending", "day": "2017-07-01"}, "“进入阶段”请从所列选项中选择。"),
        ({"to": "plan", "day": "2017-05-31"}, "上一次办理是2017-06-01，日期不能早于这一天。"),
        ({"to": "", "day": "2017-07-01"}, "“进入阶段”必须填写。"),
    ],
)
def test_which_moves_of_a_case_are_refused(
    sign_in: SignIn, weak: Case, row: Any, said: dict[str, str], sentence: str
) -> None:
    answer = sign_in("zhen").post(f"/records/cases/{weak.pk}/move/", said | {"note": "已定方案"})
    assert (answer.status_code, sentence in body(answer), row(Case).stage) == (422, True, "screened")
    assert ">已定方案</textarea>" in body(answer)


def test_a_case_goes_back_only_with_a_reason(sign_in: SignIn, weak: Case, row: Any) -> None:
    client, move = sign_in("zhen"), f"/records/cases/{weak.pk}/move/"
    client.post(move, {"to": "plan", "day": "2017-07-01", "note": ""})
    said = {"to": "screened", "day": "2017-07-02", "note": ""}
    assert "退回上一阶段须说明理由。" in body(client.post(move, said))
    assert client.post(move, said | {"note": "方案不实"}).status_code == 302
    assert row(Case).stage == "screened"


def test_a_case_that_may_not_be_closed_yet_offers_no_button(sign_in: SignIn, weak: Case, row: Any) -> None:
    client, close = sign_in("zhen"), f"/records/cases/{weak.pk}/close/"
    assert close not in body(client.get(f"/records/cases/{weak.pk}/"))
    assert "现在不能办理" in body(client.get(close))
    assert "还没有经过“方案”阶段，不能办结。" in body(
        client.post(close, {"verdict": "好了", "day": "2017-07-01", "note": ""})
    )
    assert row(Case).closed_on is None


def test_a_duty_is_ended_once(sign_in: SignIn, secretary: Duty, row: Any) -> None:
    client, end = sign_in("zhen"), f"/records/duties/{secretary.pk}/end/"
    assert end in body(client.get(f"/records/duties/{secretary.pk}/"))
    client.post(end, {"until": "2017-09-30", "reason": "term"})
    assert (row(Duty).until, row(Duty).end_reason) == (date(2017, 9, 30), "term")
    assert end not in body(client.get(f"/records/duties/{secretary.pk}/"))
    again = client.post(end, {"until": "2017-10-01", "reason": "recall"})
    assert "此项责任已于2017-09-30结束。" in body(again)


def test_an_entry_is_reversed_and_booked_again(sign_in: SignIn, town: Town, rent: Entry) -> None:
    client, here = sign_in("zhen"), f"/records/entries/{rent.pk}/"
    client.post(f"{here}reverse/", {"day": "2017-06-01", "reason": "多记一位"})
    page = body(client.get(here))
    again = f"/records/entries/new/?kind=collective_income&amp;unit={town['东湾村'].pk}"
    assert (f"{here}reverse/" in page, again in page, "冲销分录" in page) == (False, True, True)
    client.post(again.replace("&amp;", "&"), {"amount": "120", "day": "2017-06-01", "note": ""})
    with acting(EVERYTHING):
        assert list(Entry.objects.order_by("pk").values_list("amount", flat=True)) == [
            Decimal("1200.00"),
            Decimal("-1200.00"),
            Decimal("120.00"),
        ]


def test_a_reversal_wants_its_reason(sign_in: SignIn, rent: Entry, count: Any) -> None:
    answer = sign_in("zhen").post(f"/records/entries/{rent.pk}/reverse/", {"day": "2017-06-01", "reason": " "})
    assert (answer.status_code, "“理由”必须填写。" in body(answer), count(Entry)) == (422, True, 1)


def test_a_household_changes_its_status(sign_in: SignIn, row: Any) -> None:
    household = row(Household, number="H1")
    client, here = sign_in("zhen"), f"/records/households/{household.pk}/"
    answer = client.post(f"{here}status/", {"status": "lifted", "ground": "镇党委会", "day": "2017-09-01"})
    assert answer["Location"] == here
    page = body(client.get(here))
    assert "2017-01-01 至 2017-08-31" in page
    assert "2017-09-01 至 今 · 镇党委会" in page
    early = client.post(f"{here}status/", {"status": "registered", "ground": "", "day": "2017-08-01"})
    assert "已有状态变更，请按时间先后办理。" in body(early)


def memberships(person: Person) -> list[tuple[str, str, date, date | None, str]]:
    with acting(EVERYTHING):
        rows = Membership.objects.filter(person=person).order_by("since")
        return list(rows.values_list("unit__name", "status", "since", "until", "end_reason"))


def test_a_membership_is_transferred(sign_in: SignIn, town: Town, party: dict[str, Person]) -> None:
    person = party["李建军"]
    said = {"branch": "西沟村党支部", "category": "", "day": "2017-09-01"}
    assert sign_in("shi").post(f"/records/persons/{person.pk}/transfer/", said).status_code == 302
    assert memberships(person) == [
        ("东湾村党支部", "full", date(2017, 1, 1), date(2017, 8, 31), "transfer"),
        ("西沟村党支部", "full", date(2017, 9, 1), None, ""),
    ]


def test_a_township_cannot_transfer_to_a_branch_it_does_not_see(sign_in: SignIn, party: dict[str, Person]) -> None:
    said = {"branch": "西沟村党支部", "category": "", "day": "2017-09-01"}
    answer = sign_in("zhen").post(f"/records/persons/{party['李建军'].pk}/transfer/", said)
    assert (answer.status_code, "您的范围内没有这个单位。" in body(answer)) == (422, True)


@pytest.mark.parametrize(("name", "offered"), [("陈小红", True), ("李建军", False)])
def test_only_who_is_on_probation_may_be_confirmed(
    sign_in: SignIn, party: dict[str, Person], name: str, offered: bool
) -> None:
    person = party[name]
    client, confirm = sign_in("zhen"), f"/records/persons/{person.pk}/confirm/"
    assert (confirm in body(client.get(f"/records/persons/{person.pk}/"))) == offered
    assert (client.post(confirm, {"day": "2017-09-01"}).status_code == 302) == offered
    assert memberships(person)[-1][1] == "full"


def test_somebody_joins_and_leaves_a_branch(sign_in: SignIn, party: Any, row: Any) -> None:
    person = row(Person, name="王建国")
    client, here = sign_in("zhen"), f"/records/persons/{person.pk}/"
    said = {"branch": "东湾村党支部", "status": "probationary", "category": "rural", "day": "2017-02-01"}
    client.post(f"{here}join/", said)
    assert "应办理转接" in body(client.post(f"{here}join/", said | {"day": "2017-03-01"}))
    client.post(f"{here}leave/", {"day": "2017-09-30", "reason": "quit"})
    assert memberships(person) == [("东湾村党支部", "probationary", date(2017, 2, 1), date(2017, 9, 30), "quit")]


def test_the_page_of_a_membership_offers_what_is_done_to_the_member(
    sign_in: SignIn, party: dict[str, Person], row: Any
) -> None:
    membership = row(Membership, person=party["陈小红"])
    page = body(sign_in("zhen").get(f"/records/members/{membership.pk}/"))
    assert f"/records/persons/{party['陈小红'].pk}/transfer/" in page


def test_a_person_moves_into_a_household_and_out(sign_in: SignIn, party: dict[str, Person]) -> None:
    person = party["李建军"]
    client, here = sign_in("zhen"), f"/records/persons/{person.pk}/"
    client.post(f"{here}enter/", {"household": "H1", "relation": "子", "day": "2017-02-01"})
    page = body(client.get(here))
    assert (f"{here}enter/" in page, f"{here}depart/" in page, "2017-02-01 至 今 · 子" in page) == (False, True, True)
    client.post(f"{here}depart/", {"day": "2017-09-30"})
    assert "2017-02-01 至 2017-09-30 · 子" in body(client.get(here))


@pytest.fixture
def west(town: Town) -> Unit:
    return town["西沟村"]


def test_a_unit_is_renamed_moved_and_merged_by_the_county(sign_in: SignIn, town: Town, west: Unit, row: Any) -> None:
    client, here = sign_in("shi"), f"/records/units/{west.pk}/"
    client.post(f"{here}rename/", {"name": "大沟村", "code": "610902", "day": "2017-03-01"})
    assert "代码610902在2017-03-01已由别的单位使用。" in body(
        client.post(f"{here}rename/", {"name": "大沟村", "code": "610902", "day": "2017-03-01"})
    )
    client.post(f"{here}rename/", {"name": "大沟村", "code": "", "day": "2017-03-01"})
    client.post(f"{here}move/", {"parent": "关庙镇", "day": "2017-04-01"})
    answer = client.post(f"{here}merge/", {"into": "东湾村", "day": "2017-05-01"})
    assert answer["Location"] == f"/units/{town['东湾村'].pk}/"
    now = row(Unit, pk=west.pk)
    assert (now.name, now.until, now.path) == ("大沟村", date(2017, 4, 30), f"{town['东湾村'].path}{west.pk}/")


def test_a_merger_says_what_goes_along(sign_in: SignIn, west: Unit) -> None:
    assert "现有1户在册状态、1户。合并后都转到并入的单位" in body(
        sign_in("shi").get(f"/records/units/{west.pk}/merge/")
    )


def test_a_unit_that_holds_something_is_not_closed(sign_in: SignIn, west: Unit, row: Any) -> None:
    answer = sign_in("shi").post(f"/records/units/{west.pk}/close/", {"day": "2017-05-01"})
    assert "“西沟村”还有1户在册状态、1户，请先转出或办结。" in body(answer)
    assert row(Unit, pk=west.pk).until is None


def test_a_unit_is_split_and_the_heir_takes_over(sign_in: SignIn, west: Unit, row: Any) -> None:
    client, split = sign_in("shi"), f"/records/units/{west.pk}/split/"
    one = client.post(split, {"names": "上沟村", "heir": "1", "day": "2017-05-01"})
    assert "拆分至少要有两个各不相同的新单位名称。" in body(one)
    answer = client.post(split, {"names": "上沟村\n下沟村", "heir": "2", "day": "2017-05-01"})
    heir = row(Unit, name="下沟村")
    assert (answer["Location"], row(Household, number="H3").unit_id) == (f"/units/{heir.pk}/", heir.pk)


@pytest.mark.parametrize("name", ["rename", "move", "merge", "split", "close"])
def test_a_township_changes_no_unit(sign_in: SignIn, town: Town, name: str) -> None:
    client, village = sign_in("zhen"), town["东湾村"].pk
    assert client.get(f"/records/units/{village}/{name}/").status_code == 403
    assert f"/records/units/{village}/{name}/" not in body(client.get(f"/units/{village}/"))
    assert f"/records/units/{village}/{name}/" in body(sign_in("shi").get(f"/units/{village}/"))


def test_a_reader_sees_no_button(sign_in: SignIn, weak: Case, secretary: Duty, rent: Entry) -> None:
    client = sign_in("kan")
    for register, pk in (("cases", weak.pk), ("duties", secretary.pk), ("entries", rent.pk)):
        page = body(client.get(f"/records/{register}/{pk}/"))
        assert [word in page for word in ("move/", "end/", "reverse/", "/new/?")] == [False] * 4


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/records/cases/{pk}/nonsense/", 404),
        ("/records/entries/{pk}/move/", 404),
        ("/records/cases/999999/move/", 404),
    ],
)
def test_an_act_that_does_not_exist_is_not_found(sign_in: SignIn, weak: Case, address: str, status: int) -> None:
    assert sign_in("zhen").get(address.format(pk=weak.pk)).status_code == status


def test_a_record_of_another_township_is_not_there_to_be_changed(sign_in: SignIn, town: Town, row: Any) -> None:
    household = row(Household, number="H3")
    said = {"status": "lifted", "ground": "", "day": "2017-09-01"}
    assert sign_in("zhen").post(f"/records/households/{household.pk}/status/", said).status_code == 404
    assert sign_in("shi").post(f"/records/households/{household.pk}/status/", said).status_code == 302
