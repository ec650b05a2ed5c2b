"""Plan → notice → held → recorded → checked → accepted or sent back; late is marked, never back-dated."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from hangshi.activities import plans, queries, reviews, services
from hangshi.activities.models import Activity, Also, Attendance, Plan, Review
from hangshi.activities.services import Item
from hangshi.outbox.models import Event
from hangshi.packs.models import ActivityKind
from tests.refusals import refusal_of

THEME = ActivityKind(
    key="theme_day",
    name="主题党日",
    unit_kinds=("branch",),
    attendance="named",
    record_within=7,
    also=("party_lesson", "visit"),
    leave_reason=True,
)
JUNE_10 = date(2020, 6, 10)


@pytest.fixture
def planned(land: SimpleNamespace) -> Plan:
    return plans.plan(
        THEME,
        unit=land.bay_branch,
        on=JUNE_10,
        topic="学习条例",
        place="村部",
        starts_at=time(14, 30),
        agenda=["学习", " ", "议事"],
        actor=7,
    )


@pytest.fixture
def record(land: SimpleNamespace) -> Callable[..., Activity]:
    def recorded(**given: object) -> Activity:
        given = {"kind": THEME, "unit": land.bay_branch, "on": JUNE_10, "actor": 7} | given
        return services.record(given.pop("kind"), **given)

    return recorded


def test_a_plan_lends_what_was_not_said_again(planned: Plan, record: Callable[..., Activity]) -> None:
    plans.notify(planned, on=date(2020, 6, 8), actor=7)
    activity = record(plan=planned)
    planned.refresh_from_db()
    assert (planned.state, planned.activity, activity.topic, activity.place) == ("held", activity, "学习条例", "村部")
    assert list(activity.agenda.values_list("number", "topic")) == [(1, "学习"), (2, "议事")]


def test_what_was_held_need_not_be_what_was_planned(planned: Plan, record: Callable[..., Activity]) -> None:
    activity = record(plan=planned, topic="防汛", on=date(2020, 6, 11), agenda=[Item("防汛分工", "每组两人值守")])
    assert (activity.topic, activity.day) == ("防汛", date(2020, 6, 11))
    assert list(activity.agenda.values_list("topic", "resolution")) == [("防汛分工", "每组两人值守")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"topic": " "}, "plan.topic"),
        ({"on": date(2015, 1, 1)}, "activity.unit_ended"),
        ({"unit": "bay"}, "activity.unit_kind"),
        ({}, None),
    ],
)
def test_what_may_be_planned(land: SimpleNamespace, given: dict[str, object], code: str | None) -> None:
    unit = getattr(land, str(given.pop("unit", "bay_branch")))
    assert refusal_of(plans.plan, THEME, **{"unit": unit, "on": JUNE_10, "topic": "学习", "actor": 7} | given) == code


def test_the_states_of_a_plan_and_what_each_refuses(planned: Plan, record: Callable[..., Activity]) -> None:
    assert refusal_of(plans.notify, planned, on=date(2020, 6, 11), actor=7) == "plan.too_late"
    plans.notify(planned, on=date(2020, 6, 9), actor=7)
    assert refusal_of(plans.notify, planned, on=date(2020, 6, 9), actor=7) == "plan.noticed"
    assert refusal_of(plans.put_off, planned, to=JUNE_10, reason="下雨", actor=7) == "plan.same_day"
    assert refusal_of(plans.put_off, planned, to=date(2020, 6, 12), reason=" ", actor=7) == "plan.reason"
    moved = plans.put_off(planned, to=date(2020, 6, 12), reason="下雨", actor=7)
    assert (moved.state, moved.noticed_on, moved.reason) == ("planned", None, "下雨")
    assert refusal_of(plans.call_off, planned, reason="", actor=7) == "plan.reason"
    plans.call_off(planned, reason="防汛", actor=7)
    assert refusal_of(record, plan=planned) == "activity.plan_over"
    assert refusal_of(plans.put_off, planned, to=date(2020, 6, 13), reason="再议", actor=7) == "plan.over"
    assert queries.plans(date(2020, 6, 1), date(2020, 6, 30)).count() == 0


def test_a_plan_is_held_once_by_its_own_unit_and_kind(
    planned: Plan, record: Callable[..., Activity], land: SimpleNamespace
) -> None:
    assert refusal_of(record, plan=planned, unit=land.hill_branch) == "activity.plan"
    record(plan=planned)
    assert refusal_of(record, plan=planned) == "activity.plan_over"


def test_what_has_not_happened_yet_is_not_recorded(record: Callable[..., Activity]) -> None:
    assert refusal_of(record, on=timezone.localdate() + timedelta(days=1)) == "activity.future"


@pytest.mark.parametrize(
    ("recorded_at", "late"),
    [
        (datetime(2020, 6, 17, 15, 59, tzinfo=UTC), False),  # 23:59 on the 17th in China: the seventh day
        (datetime(2020, 6, 17, 16, 0, tzinfo=UTC), True),  # midnight: the eighth
    ],
)
def test_what_is_recorded_after_its_term_is_late(recorded_at: datetime, late: bool) -> None:
    assert services.is_late(THEME, JUNE_10, recorded_at) == late
    assert not services.is_late(THEME.model_copy(update={"record_within": None}), JUNE_10, recorded_at)


def test_the_time_of_recording_is_the_servers(record: Callable[..., Activity]) -> None:
    old, new = record(), record(on=timezone.localdate())
    assert (old.late, new.late) == (True, False)
    assert abs(old.recorded_at - timezone.now()) < timedelta(minutes=5)
    with pytest.raises(TypeError, match="recorded_at"):
        record(recorded_at=datetime(2020, 6, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("states", "reasons", "code"),
    [
        ({"wang": "present", "li": "leave"}, {"li": "就医"}, None),
        ({"wang": "present", "li": "leave"}, {}, "activity.leave_reason"),
        ({"wang": "present", "li": "leave"}, {"li": " "}, "activity.leave_reason"),
        ({"wang": "present", "li": "absent"}, {"li": "就医"}, "activity.reason_stray"),
    ],
)
def test_leave_has_a_reason(
    record: Callable[..., Activity],
    people: SimpleNamespace,
    states: dict[str, str],
    reasons: dict[str, str],
    code: str | None,
) -> None:
    by_id = {getattr(people, name).pk: state for name, state in states.items()}
    why = {getattr(people, name).pk: reason for name, reason in reasons.items()}
    assert refusal_of(record, attendance=by_id, reasons=why) == code
    assert Attendance.objects.filter(reason="就医").count() == (1 if code is None else 0)


@pytest.mark.parametrize(
    ("satisfies", "code"),
    [
        (["party_lesson", "visit"], None),
        (["party_lesson", "party_lesson"], "activity.also_twice"),
        (["study_session"], "activity.also"),
        (["theme_day"], "activity.also"),
    ],
)
def test_one_activity_counts_as_others_that_its_kind_names(
    record: Callable[..., Activity], satisfies: list[str], code: str | None
) -> None:
    assert refusal_of(record, satisfies=satisfies) == code
    assert Also.objects.count() == (0 if code else 2)


REVIEW = {"on": date(2020, 6, 20), "actor": 8}


def test_a_record_is_checked_then_accepted_by_somebody_else(record: Callable[..., Activity]) -> None:
    activity = record()
    assert refusal_of(reviews.review, activity, to="accepted", **REVIEW) == "activity.review_state"
    assert refusal_of(reviews.review, activity, to="checked", on=date(2020, 6, 20), actor=7) == "activity.own"
    assert refusal_of(reviews.review, activity, to="praised", **REVIEW) == "activity.review"
    assert reviews.review(activity, to="checked", **REVIEW).state == "checked"
    assert reviews.review(activity, to="accepted", **REVIEW).state == "accepted"
    assert refusal_of(reviews.review, activity, to="sent_back", note="再看", **REVIEW) == "activity.review_state"
    assert refusal_of(reviews.correct, THEME, activity, topic="改", **REVIEW) == "activity.fixed"
    assert list(Event.objects.order_by("pk").values_list("topic", flat=True)) == [
        "activity.recorded",
        "activity.accepted",
    ]


def test_a_record_sent_back_is_corrected_and_checked_again(
    record: Callable[..., Activity], people: SimpleNamespace
) -> None:
    activity = record(attendance={people.wang.pk: "present"}, minutes="略")
    assert refusal_of(reviews.review, activity, to="sent_back", **REVIEW) == "activity.note"
    reviews.review(activity, to="sent_back", note="纪要太略", **REVIEW)
    assert refusal_of(reviews.review, activity, to="checked", **REVIEW) == "activity.review_state"
    everybody = {people.wang.pk: "present", people.li.pk: "present"}
    again = reviews.correct(
        THEME, activity, on=date(2020, 6, 21), actor=7, minutes="逐项议定", attendance=everybody, agenda=[Item("议事")]
    )
    assert (again.state, again.minutes, again.present, again.day) == ("recorded", "逐项议定", 2, JUNE_10)
    reviews.review(activity, to="checked", **REVIEW)
    passed = Review.objects.order_by("pk").values_list("before", "after", "note")
    assert list(passed) == [
        ("recorded", "sent_back", "纪要太略"),
        ("sent_back", "recorded", "更正"),
        ("recorded", "checked", ""),
    ]
    assert list(queries.to_review()) == [activity]


def test_what_was_corrected_is_kept_in_the_history(record: Callable[..., Activity], people: SimpleNamespace) -> None:
    activity = record(attendance={people.wang.pk: "leave"}, reasons={people.wang.pk: "就医"}, minutes="略")
    reviews.correct(
        THEME, activity, on=date(2020, 6, 21), actor=9, attendance={people.wang.pk: "present"}, minutes="详"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT minutes, state, late, replaced_by FROM activity_history ORDER BY version LIMIT 1")
        assert cursor.fetchall() == [("略", "recorded", True, 9)]
        cursor.execute("SELECT state, reason, op, replaced_by FROM attendance_history")
        assert cursor.fetchall() == [("leave", "就医", "DELETE", 9)]


def test_a_correction_obeys_the_rules_of_the_record(record: Callable[..., Activity], people: SimpleNamespace) -> None:
    activity = record()
    wrong = {people.wang.pk: "asleep"}
    assert refusal_of(reviews.correct, THEME, activity, on=JUNE_10, actor=7, attendance=wrong) == "activity.state"
    reviews.correct(THEME, activity, on=JUNE_10, actor=7, attendance={people.wang.pk: "present"})
    assert refusal_of(reviews.correct, THEME, activity, on=JUNE_10, actor=7, present=0) == "activity.present"
    assert reviews.correct(THEME, activity, on=JUNE_10, actor=7, present=5).present == 5
