"""Every kind of the packs is recorded by a form that the pack itself draws."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity, Attendance
from hangshi.cases.models import Case
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.packs import load
from hangshi.registry import services as registry
from hangshi.registry.models import Household, Person, Unit

SignIn = Callable[[str], Client]
Town = dict[str, Unit]
KINDS = load("base", "ankang").kinds
BOOKS = {key: it for key, it in KINDS.entry.items() if not it.shown_days}  # points are proposed on a page of their own
OPEN = [(register, key) for register, family in (("duties", KINDS.duty), ("activities", KINDS.activity), ("cases", KINDS.case), ("entries", BOOKS), ("units", KINDS.unit)) for key in family]  # fmt: skip


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(("register", "kind"), OPEN)
def test_every_kind_of_the_packs_has_a_form_or_asks_where(sign_in: SignIn, register: str, kind: str) -> None:
    answer = sign_in("shi").get(f"/records/{register}/new/", {"kind": kind})
    assert answer.status_code == 200
    assert 'name="once"' in body(answer) or 'name="where"' in body(answer)


@pytest.mark.parametrize("register", ["persons", "households"])
def test_people_and_households_ask_where_first(sign_in: SignIn, register: str) -> None:
    assert 'name="where"' in body(sign_in("shi").get(f"/records/{register}/new/"))


def test_the_page_of_all_kinds_shows_what_one_may_record(sign_in: SignIn) -> None:
    pages = {who: body(sign_in(who).get("/records/new/")) for who in ("shi", "zhen")}
    assert {who: ("设立单位" in page or "/records/units/new/" in page) for who, page in pages.items()} == {
        "shi": True,
        "zhen": False,
    }
    assert {who: "违纪违法查处" in page for who, page in pages.items()} == {"shi": True, "zhen": False}


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("kan", "/records/new/", 403),
        ("kan", "/records/activities/new/?kind=visit", 403),
        ("zhen", "/records/cases/new/?kind=discipline", 403),  # a restricted kind
        ("shi", "/records/cases/new/?kind=discipline", 200),
        ("zhen", "/records/units/new/?kind=branch", 403),
        ("shi", "/records/activities/new/?kind=nonsense", 404),
        ("shi", "/records/members/new/", 404),
        ("shi", "/records/nonsense/new/", 404),
    ],
)
def test_who_may_open_which_form(sign_in: SignIn, who: str, address: str, status: int) -> None:
    assert sign_in(who).get(address).status_code == status


def test_a_theme_day_lists_the_members_of_the_branch_on_that_day(
    sign_in: SignIn, town: Town, party: dict[str, Person]
) -> None:
    branch = town["东湾村党支部"].pk
    page = body(sign_in("zhen").get(f"/records/activities/new/?kind=theme_day&unit={branch}"))
    assert [name in page for name in ("张爱民", "李建军", "陈小红", "王建国")] == [True, True, True, False]
    before = body(sign_in("zhen").get(f"/records/activities/new/?kind=theme_day&unit={branch}&day=2016-12-31"))
    assert "张爱民" not in before


@pytest.fixture
def theme_day(town: Town, party: dict[str, Person]) -> tuple[str, dict[str, str]]:
    """The address of the form, and what is said in it: two there, one on leave, and 王建国 as a guest."""
    states = zip(party.values(), ("present", "present", "leave"), strict=True)
    said = {
        "leader": "张爱民",
        "day": "2017-10-10",
        "topic": "学习党章",
        "place": "村委会",
        "guests": "王建国",
        "present": "",
        "minutes": "",
    }
    said |= {f"a_{person.pk}": state for person, state in states}
    return f"/records/activities/new/?kind=theme_day&unit={town['东湾村党支部'].pk}", said


def test_a_theme_day_is_recorded_with_who_was_there(sign_in: SignIn, theme_day: Any, row: Any) -> None:
    address, said = theme_day
    answer = sign_in("zhen").post(address, said)
    made = row(Activity)
    assert answer["Location"] == f"/records/activities/{made.pk}/"
    with acting(EVERYTHING):
        states = dict(Attendance.objects.values_list("person__name", "state"))
    assert states == {"张爱民": "present", "李建军": "present", "陈小红": "leave", "王建国": "present"}
    assert (made.kind, made.day, made.present, made.leader.name) == ("theme_day", date(2017, 10, 10), 3, "张爱民")


def test_residents_who_sat_in_are_counted_on_top(sign_in: SignIn, theme_day: Any, row: Any) -> None:
    address, said = theme_day
    sign_in("zhen").post(address, said | {"present": "20"})
    assert row(Activity).present == 20


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"leader": ""}, "“主持人”必须填写。"),
        ({"day": "2017-02-30"}, "“日期”不是日期，应写成 2017-10-31 这样。"),
        ({"guests": "没有的人"}, "“没有的人”：您的范围内没有这个人。"),
        ({"present": "2"}, "参加人数少于逐人登记的到会人数。"),
        ({"present": "二十"}, "“参加人数”应填整数。"),
        ({"topic": "长" * 201}, "“主题”最多200字，现有201字。"),
    ],
)
def test_what_is_refused_is_said_at_the_form_with_everything_kept(
    sign_in: SignIn, theme_day: Any, count: Any, change: dict[str, str], sentence: str
) -> None:
    address, said = theme_day
    answer = sign_in("zhen").post(address, said | change)
    page = body(answer)
    assert (answer.status_code, sentence in page, count(Activity)) == (422, True, 0)
    assert 'value="村委会"' in page
    assert page.count('value="leave" checked') == 1


def test_somebody_without_a_state_is_named(
    sign_in: SignIn, theme_day: Any, party: dict[str, Person], count: Any
) -> None:
    address, said = theme_day
    del said[f"a_{party['李建军'].pk}"]
    assert "还有1人没有选到会、请假或缺席：李建军。" in body(sign_in("zhen").post(address, said))
    assert count(Activity) == 0


def test_a_first_secretary_is_assigned(sign_in: SignIn, town: Town, row: Any) -> None:
    said = {"bearer": "王建国", "target": "东湾村", "since": "2017-05-01", "until": "", "x_reserve": "1"}
    answer = sign_in("zhen").post("/records/duties/new/?kind=first_secretary", said)
    made = row(Duty)
    assert answer["Location"] == f"/records/duties/{made.pk}/"
    assert (made.bearer.name, made.target_unit_id, made.since, made.extra) == (
        "王建国",
        town["东湾村"].pk,
        date(2017, 5, 1),
        {"reserve": True},
    )


def test_a_second_first_secretary_is_refused_at_the_form(sign_in: SignIn, party: Any, count: Any) -> None:
    client, said = sign_in("zhen"), {"bearer": "王建国", "target": "东湾村", "since": "2017-05-01"}
    client.post("/records/duties/new/?kind=first_secretary", said)
    answer = client.post("/records/duties/new/?kind=first_secretary", said | {"bearer": "张爱民"})
    assert (answer.status_code, count(Duty)) == (422, 1)
    assert "“东湾村”在此期间已有第一书记，请先结束原责任。" in body(answer)
    assert 'value="张爱民"' in body(answer)


def test_a_team_member_is_at_home_in_the_village_of_the_team(sign_in: SignIn, town: Town, row: Any) -> None:
    with acting(EVERYTHING):
        registry.create(
            KINDS.unit["work_team"], name="东湾村工作队", parent=town["东湾村"], on=date(2017, 1, 1), actor=None
        )
    said = {"bearer": "王建国", "target": "东湾村工作队", "since": "2017-05-01", "role": "leader"}
    sign_in("zhen").post("/records/duties/new/?kind=team_member", said)
    made = row(Duty)
    assert (made.target_unit.name, made.unit_id, made.role) == ("东湾村工作队", town["东湾村"].pk, "leader")


def test_a_weak_branch_case_is_opened_with_its_ground(sign_in: SignIn, town: Town, party: Any, row: Any) -> None:
    said = {"title": "班子长期不齐", "ground": "disunity", "day": "2017-06-01", "due_on": "2017-12-01"}
    answer = sign_in("zhen").post(f"/records/cases/new/?kind=weak_branch&unit={town['东湾村党支部'].pk}", said)
    made = row(Case)
    assert answer["Location"] == f"/records/cases/{made.pk}/"
    assert (made.stage, made.ground, made.due_on, made.unit_id) == (
        "screened",
        "disunity",
        date(2017, 12, 1),
        town["东湾村党支部"].pk,
    )


def test_a_case_about_a_household_is_at_home_where_the_household_is(sign_in: SignIn, town: Town, row: Any) -> None:
    said = {"title": "自愿放弃", "household": "H1", "day": "2017-06-01", "due_on": ""}
    sign_in("zhen").post("/records/cases/new/?kind=status_withdrawal", said)
    made = row(Case)
    assert (made.household.number, made.unit_id) == ("H1", town["东湾村"].pk)


@pytest.mark.parametrize(
    ("typed", "booked"),
    [("1200.50", "1200.50"), ("１，２００", "1200.00"), ("12,000", "12000.00")],
)
def test_an_amount_is_read_as_officials_write_it(
    sign_in: SignIn, town: Town, row: Any, typed: str, booked: str
) -> None:
    said = {"amount": typed, "day": "2017-09-01", "note": "门面租金"}
    sign_in("zhen").post(f"/records/entries/new/?kind=collective_income&unit={town['东湾村'].pk}", said)
    assert row(Entry).amount == Decimal(booked)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("很多", "“数额（元）”应填数字。"),
        ("0", "数额必须大于零；要撤销已入账的数额，请冲销。"),
        ("1.234", "数额最多两位小数。"),
        ("NaN", "“数额（元）”的数字太大或不是数字。"),
    ],
)
def test_which_amounts_are_refused(sign_in: SignIn, town: Town, count: Any, typed: str, sentence: str) -> None:
    said = {"amount": typed, "day": "2017-09-01", "note": "租金"}
    answer = sign_in("zhen").post(f"/records/entries/new/?kind=collective_income&unit={town['东湾村'].pk}", said)
    assert (answer.status_code, sentence in body(answer), count(Entry)) == (422, True, 0)
    assert 'value="租金"' in body(answer)


def test_an_income_of_a_household_asks_what_the_pack_asks(sign_in: SignIn, row: Any, count: Any) -> None:
    client, said = sign_in("zhen"), {"household": "H1", "amount": "4500", "day": "2017-09-01", "note": ""}
    assert "“家庭人口”必须填写。" in body(client.post("/records/entries/new/?kind=household_income", said))
    assert "“家庭人口”应在1至30之间。" in body(
        client.post("/records/entries/new/?kind=household_income", said | {"x_persons": "31"})
    )
    assert count(Entry) == 0
    client.post("/records/entries/new/?kind=household_income", said | {"x_persons": "4"})
    assert (row(Entry).household.number, row(Entry).extra) == ("H1", {"persons": 4})


def test_a_land_contract_has_its_days(sign_in: SignIn, town: Town, row: Any) -> None:
    said = {"amount": "60", "day": "2017-09-01", "since": "2017-09-01", "until": "2027-08-31", "note": ""}
    sign_in("zhen").post(f"/records/entries/new/?kind=land_contract&unit={town['东湾村'].pk}", said)
    assert (row(Entry).since, row(Entry).until) == (date(2017, 9, 1), date(2027, 8, 31))


def test_a_person_is_registered_and_the_number_never_shown(sign_in: SignIn, town: Town, row: Any) -> None:
    client = sign_in("zhen")
    said = {"name": "新来的人", "number": "11010519491231002X", "cadre": "village", "day": "2017-09-01"}
    answer = client.post(f"/records/persons/new/?unit={town['东湾村'].pk}", said)
    made = row(Person, name="新来的人")
    assert (answer["Location"], made.sex, made.born) == (f"/records/persons/{made.pk}/", "女", date(1949, 12, 31))
    assert "11010519491231002X" not in body(client.get(answer["Location"]))


def test_a_wrong_identity_number_is_refused_at_the_form(sign_in: SignIn, town: Town, count: Any) -> None:
    said = {"name": "新来的人", "number": "110105194912310021", "cadre": "", "day": "2017-09-01"}
    answer = sign_in("zhen").post(f"/records/persons/new/?unit={town['东湾村'].pk}", said)
    assert "公民身份号码的校验位不对" in body(answer)
    assert count(Person, name="新来的人") == 0


def test_a_household_is_registered_with_its_status(sign_in: SignIn, town: Town, row: Any) -> None:
    said = {"number": "H9", "head": "周九", "status": "registered", "ground": "村民代表会议", "day": "2017-09-01"}
    sign_in("zhen").post(f"/records/households/new/?unit={town['东湾村'].pk}", said)
    made = row(Household, number="H9")
    with acting(EVERYTHING):
        assert list(made.statuses.values_list("status", "ground")) == [("registered", "村民代表会议")]


def test_a_unit_is_set_up_by_a_county_clerk(sign_in: SignIn, town: Town, row: Any) -> None:
    said = {"name": "新村", "code": "", "day": "2017-09-01", "x_poor": "1"}
    answer = sign_in("shi").post(f"/records/units/new/?kind=village&unit={town['关庙镇'].pk}", said)
    made = row(Unit, name="新村")
    assert answer["Location"] == f"/units/{made.pk}/"
    assert (made.path, made.extra) == (f"{town['关庙镇'].path}{made.pk}/", {"poor": True})


def test_a_form_for_a_foreign_unit_does_not_exist(sign_in: SignIn, town: Town) -> None:
    address = f"/records/entries/new/?kind=collective_income&unit={town['西沟村'].pk}"
    assert sign_in("zhen").get(address).status_code == 404
    assert sign_in("zhen").post(address, {"amount": "1", "day": "2017-09-01"}).status_code == 404


def test_a_unit_of_the_wrong_kind_is_asked_for_again(sign_in: SignIn, town: Town) -> None:
    page = body(sign_in("shi").get(f"/records/activities/new/?kind=theme_day&unit={town['东湾村'].pk}"))
    assert 'name="where"' in page
    assert "这类单位不办理此事，请另选。" in page


def test_where_leads_to_the_form_of_the_unit(sign_in: SignIn, town: Town) -> None:
    answer = sign_in("zhen").get(
        "/records/entries/new/", {"kind": "collective_income", "where": "东湾村", "where_id": ""}
    )
    assert answer["Location"] == f"/records/entries/new/?kind=collective_income&unit={town['东湾村'].pk}"
    wrong = body(sign_in("zhen").get("/records/entries/new/", {"kind": "collective_income", "where": "西沟村"}))
    assert "您的范围内没有这个单位。" in wrong
    assert 'value="西沟村"' in wrong


def test_a_day_after_today_is_refused_for_what_happened(sign_in: SignIn, count: Any) -> None:
    said = {"household": "H1", "leader": "王建国", "day": "2999-01-01"}
    assert "“走访日期”不能晚于今天" in body(sign_in("zhen").post("/visits/new/", said))
    assert count(Activity) == 0
