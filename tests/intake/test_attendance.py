"""Lists of who attended: for activities that stand in the register, a row a person, with the activity's own count kept true."""

from datetime import date

import pytest

from hangshi.activities.models import Activity, Attendance
from hangshi.intake import services
from hangshi.registry.people import register_person
from tests.intake.conftest import ACTOR, TODAY, citizen, counts, reasons
from tests.land import FIRST
from tests.refusals import refusal_of

DAY = date(2026, 3, 5)
HEAD = "党支部 | 活动类别 | 日期 | 姓名 | 身份证号 | 到会情况 | 请假事由"
BRANCH = "东湾村党支部 | 支部党员大会 | 2026.3.5"


@pytest.fixture
def meeting(land, people, pack):
    kind = next(key for key, it in pack.kinds.activity.items() if it.name == "支部党员大会")
    register_person(land.bay, name="周月", number=citizen(12), on=FIRST, actor=None)
    return Activity.objects.create(
        kind=kind, unit=land.bay_branch, path=land.bay_branch.path, day=DAY, topic="学习", present=0
    )


def said() -> list[tuple[str, str, str]]:
    return list(Attendance.objects.order_by("person__name").values_list("person__name", "state", "reason"))


def sheet(*rows: str) -> str:
    return "\n".join([HEAD, *(f"{BRANCH} | {it}" for it in rows)])


ALL = sheet("王建国 | | 到会 |", f"周月 | {citizen(12)} | 请假 | 住院")


def test_each_row_is_one_person_there_or_not(bring, commit, meeting):
    intake = bring("attendance", ALL)
    assert counts(intake) == (2, 0, 0, 0), intake.preview
    commit(intake)
    assert said() == [("周月", "leave", "住院"), ("王建国", "present", "")]
    row = Attendance.objects.get(person__name="周月")
    assert (row.activity_id, row.day, row.path) == (meeting.pk, DAY, meeting.path)
    assert counts(bring("attendance", ALL)) == (0, 0, 2, 0)


def test_an_activity_without_a_count_is_counted_by_the_list_and_undo_takes_it_back(bring, commit, meeting, pack):
    intake = commit(bring("attendance", ALL))
    meeting.refresh_from_db()
    assert meeting.present == 1
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    meeting.refresh_from_db()
    assert (said(), meeting.present) == ([], 0)


def test_a_count_that_stands_is_kept(bring, commit, meeting):
    Activity.objects.update(present=30)  # with residents who are not named
    commit(bring("attendance", ALL))
    meeting.refresh_from_db()
    assert meeting.present == 30


def test_more_named_than_counted_is_refused(bring, meeting):
    Activity.objects.update(present=1)
    two = sheet("王建国 | | 到会 |", f"周月 | {citizen(12)} | 到会 |")
    sentence = "到会的比这次活动登记的参加人数还多，请核对名单或更正参加人数。"
    assert reasons(bring("attendance", two)) == [(2, sentence), (3, sentence)]


def test_a_state_that_differs_is_a_change_and_comes_back_on_undo(bring, commit, meeting, pack):
    commit(bring("attendance", ALL))
    other = sheet("王建国 | | 缺席 |")
    intake = bring("attendance", other)
    assert counts(intake) == (0, 1, 0, 0)
    assert intake.preview["changes"] == [[2, "到会情况", "到会", "缺席"]]
    commit(intake)
    assert said()[1] == ("王建国", "absent", "")
    services.undo(pack, intake, on=TODAY, account=ACTOR)
    assert said()[1] == ("王建国", "present", "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("东湾村党支部 | 支部党员大会 | 2026.3.6 | 王建国 | | 到会 |", "没有登记过该单位这一天的这项活动，请先登记活动，再导入名单。"),
        ("东坡村党支部 | 支部党员大会 | 2026.3.5 | 李秀英 | | 到会 |", "没有登记过该单位这一天的这项活动，请先登记活动，再导入名单。"),
        (f"{BRANCH} | 没这人 | | 到会 |", "您的范围内没有这个人，请核对姓名和号码。"),
        (f"{BRANCH} | 王建国 | | 到会 | 有事", "没有请假，却填了请假事由。"),
        (f"{BRANCH} | 王建国 | | 可能 |", "没有“可能”这一项，可填：到会、请假、缺席、到、参加、出席、√、缺、未到。"),
    ],
)  # fmt: skip
def test_rows_refused(bring, meeting, row, reason):
    assert reasons(bring("attendance", f"{HEAD}\n{row}")) == [(2, reason)]


def test_a_person_twice_at_one_activity_is_refused(bring, meeting):
    assert reasons(bring("attendance", sheet("王建国 | | 到会 |", "王建国 | | 缺席 |"))) == [(3, "与第2行重复。")]


def test_two_activities_of_one_day_are_told_apart_by_topic(bring, commit, meeting):
    Activity.objects.create(kind=meeting.kind, unit=meeting.unit, path=meeting.path, day=DAY, topic="选举", present=0)
    assert reasons(bring("attendance", ALL))[0] == (2, "符合的在册记录不止一条，请补充公民身份号码或更多内容。")
    head = HEAD.replace("日期 |", "日期 | 主题 |")
    rows = f"{head}\n东湾村党支部 | 支部党员大会 | 2026.3.5 | 选举 | 王建国 | | 到会 |"
    commit(bring("attendance", rows))
    assert Attendance.objects.get().activity.topic == "选举"


def test_what_was_changed_later_stops_the_undo(bring, commit, meeting, pack):
    intake = commit(bring("attendance", ALL))
    Attendance.objects.filter(person__name="王建国").update(state="absent")
    assert refusal_of(services.undo, pack, intake, on=TODAY, account=ACTOR) == "intake.later"
