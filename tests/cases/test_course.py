"""Deadlines, suspension, reopening, batches, urging, and two who move one case."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cases import course, parts, queries, services
from hangshi.cases.models import Case, Urging
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Catalogue, Stage
from hangshi.refusal import Refused
from tests.cases.kinds import JUNE_1, PROBLEM
from tests.committed import at_once
from tests.land import make
from tests.refusals import refusal_of

PLAIN = CaseKind(
    key="request",
    name="群众诉求",
    subject="unit",
    single=True,
    stages=[
        Stage(key="received", name="受理", days=2, counting="working"),
        Stage(key="handling", name="办理", days=15, counting="working"),
        Stage(key="answered", name="答复"),
    ],
)


def opened(unit: object, on: date = JUNE_1, kind: CaseKind = PROBLEM) -> Case:
    return services.open_case(kind, unit=unit, title="账目不清", on=on, actor=7)


@pytest.fixture
def case(land: SimpleNamespace) -> Case:
    return opened(land.bay)


def test_a_stage_is_due_in_working_days_and_the_next_from_the_day_it_was_entered(land: SimpleNamespace) -> None:
    case = opened(land.bay, on=date(2020, 6, 22), kind=PLAIN)
    assert (case.stage_due_on, case.due_assumed) == (date(2020, 6, 24), False)
    moved = services.move(PLAIN, case, to="handling", on=date(2020, 6, 24), actor=7)
    assert moved.stage_due_on == date(2020, 7, 16)  # the 25th to 27th are off, Sunday the 28th is worked


def test_a_deadline_in_a_year_without_published_days_off_is_marked(land: SimpleNamespace) -> None:
    make_later = date(2099, 6, 1)
    assert opened(land.bay, on=make_later, kind=PLAIN).due_assumed


def test_a_suspended_case_stands_still_and_its_deadlines_move_on(land: SimpleNamespace) -> None:
    case = opened(land.bay, kind=PLAIN)
    assert refusal_of(course.suspend, case, reason=" ", on=date(2020, 6, 2), actor=7) == "case.reason"
    course.suspend(case, reason="当事人外出", on=date(2020, 6, 2), actor=7)
    assert refusal_of(services.move, PLAIN, case, to="handling", on=date(2020, 6, 3), actor=7) == "case.suspended"
    assert refusal_of(course.suspend, case, reason="又一次", on=date(2020, 6, 3), actor=7) == "case.suspended"
    assert queries.stage_overdue(date(2020, 6, 10)).count() == 0
    resumed = course.resume(PLAIN, case, on=date(2020, 6, 9), actor=7)  # five working days later
    assert (resumed.stage_due_on, resumed.suspended_on) == (date(2020, 6, 10), None)
    assert refusal_of(course.resume, PLAIN, case, on=date(2020, 6, 9), actor=7) == "case.not_suspended"
    assert [it.act for it in queries.steps(case)] == ["open", "suspend", "resume"]


def closed(case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(stage="struck", closed_on=date(2020, 6, 5), verdict="已整改")
    return Case.objects.get(pk=case.pk)


def test_a_closed_case_is_reopened_with_a_reason_and_its_verdict_is_kept(case: Case) -> None:
    again = {"reason": "回访发现反弹", "on": date(2020, 7, 1), "actor": 8}
    assert refusal_of(course.reopen, PROBLEM, case, **again) == "case.open"
    done = closed(case)
    assert refusal_of(course.reopen, PROBLEM, done, **{**again, "reason": ""}) == "case.reason"
    assert refusal_of(course.reopen, PLAIN, done, **again) == "case.final"
    reopened = course.reopen(PROBLEM, done, **again)
    assert (reopened.stage, reopened.closed_on, reopened.stage_due_on) == ("mending", None, date(2020, 7, 31))
    assert reopened.due_on == date(2020, 8, 14)  # ten working days more for checking
    last = queries.steps(case).last()
    assert (last.act, last.before, last.note) == ("reopen", "struck", "回访发现反弹（原结论：已整改）")


def test_what_has_no_limit_left_is_not_overdue_when_it_is_reopened(case: Case) -> None:
    stages = [Stage(key="mending", name="整改"), Stage(key="struck", name="销号")]
    kind = PROBLEM.model_copy(update={"stages": stages, "transitions": [], "ends": ()})
    reopened = course.reopen(kind, closed(case), reason="反弹", on=date(2020, 7, 1), actor=8)
    assert (reopened.due_on, queries.overdue(date(2020, 7, 2)).count()) == (None, 0)


def test_a_stage_in_calendar_days_moves_on_by_calendar_days(land: SimpleNamespace) -> None:
    stages = [
        Stage(key="received", name="受理", days=5),
        Stage(key="answered", name="答复", days=5, counting="working"),
    ]
    case = opened(land.bay, kind=PLAIN.model_copy(update={"stages": stages}))
    course.suspend(case, reason="当事人外出", on=date(2020, 6, 5), actor=7)
    kind = PLAIN.model_copy(update={"stages": stages})
    resumed = course.resume(kind, case, on=date(2020, 6, 8), actor=7)  # a Friday and a weekend
    assert (case.stage_due_on, resumed.stage_due_on) == (date(2020, 6, 6), date(2020, 6, 9))
    assert (case.due_on, resumed.due_on) == (date(2020, 6, 12), date(2020, 6, 15))


def test_a_case_in_a_stage_that_its_kind_has_dropped_says_so(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(stage="dropped")
    assert refusal_of(services.move, PROBLEM, case, to="mending", on=JUNE_1, actor=7) == "case.stage_gone"
    assert refusal_of(services.close, PROBLEM, case, verdict="好", on=JUNE_1, actor=7) == "case.stage_gone"


def test_batches_are_listed_and_struck_off(land: SimpleNamespace) -> None:
    first, second, third = (opened(land.bay) for _ in range(3))
    course.enlist_all(PROBLEM, [first, second], batch="第一批", on=JUNE_1, actor=7)
    course.enlist(third, batch="第二批", on=JUNE_1, actor=7, kind=PROBLEM)
    closed(first)
    assert list(queries.batches("problem", date(2020, 7, 1))) == [
        {"batch": "第一批", "total": 2, "closed": 1, "late": 1},
        {"batch": "第二批", "total": 1, "closed": 0, "late": 1},
    ]
    assert [it["closed"] for it in queries.batches("problem", date(2020, 6, 4))] == [0, 0]


def test_a_list_with_one_that_is_refused_lists_none(land: SimpleNamespace) -> None:
    first, second = opened(land.bay), closed(opened(land.bay))
    listing = {"batch": "第一批", "on": date(2020, 6, 8), "actor": 7}
    assert refusal_of(course.enlist_all, PROBLEM, [first, second], **listing) == "case.closed"
    assert Case.objects.filter(batch="第一批").count() == 0
    assert refusal_of(course.enlist, first, **{**listing, "batch": " "}, kind=PROBLEM) == "case.batch"
    course.enlist(first, **listing, kind=PROBLEM)
    assert refusal_of(course.enlist, first, **listing, kind=PROBLEM) == "case.same_batch"


def test_an_overdue_case_is_urged_level_by_level_once_for_a_deadline(case: Case) -> None:
    assert case.stage_due_on == date(2020, 6, 8)
    remind = {"level": "remind", "actor": 8}
    assert refusal_of(course.urge, PROBLEM, case, on=date(2020, 6, 8), **remind) == "case.not_overdue"
    assert queries.to_urge(PROBLEM, "remind", date(2020, 6, 8)).count() == 0
    assert list(queries.to_urge(PROBLEM, "remind", date(2020, 6, 9))) == [case]
    course.urge(PROBLEM, case, on=date(2020, 6, 9), **remind)
    assert queries.to_urge(PROBLEM, "remind", date(2020, 6, 10)).count() == 0
    assert refusal_of(course.urge, PROBLEM, case, on=date(2020, 6, 10), **remind) == "case.urged"
    assert (
        refusal_of(course.urge, PROBLEM, case, level="supervise", on=date(2020, 6, 10), actor=8) == "case.not_overdue"
    )
    assert list(queries.to_urge(PROBLEM, "supervise", date(2020, 6, 11))) == [case]  # three working days
    course.urge(PROBLEM, case, level="supervise", on=date(2020, 6, 11), actor=8)
    assert refusal_of(course.urge, PROBLEM, case, level="shame", on=date(2020, 6, 11), actor=8) == "case.level"
    assert list(Urging.objects.order_by("pk").values_list("level", "due_on")) == [
        ("remind", date(2020, 6, 8)),
        ("supervise", date(2020, 6, 8)),
    ]


def test_what_is_due_soon(case: Case) -> None:
    counts = {day: queries.due_soon(date(2020, 6, day), within=3).count() for day in (4, 5, 8, 9)}
    assert counts == {4: 0, 5: 1, 8: 1, 9: 0}  # due on the 8th; on the 9th it is overdue
    assert [queries.stage_overdue(date(2020, 6, day)).count() for day in (8, 9)] == [0, 1]


def test_my_cases_are_those_where_i_have_a_part(land: SimpleNamespace, people: SimpleNamespace) -> None:
    seated, measured, other = (opened(land.bay) for _ in range(3))
    parts.take_seat(PROBLEM, seated, seat="owner", bearer=people.wang, on=JUNE_1, actor=7)
    measure = parts.plan_measure(measured, text="补记", bearer=people.wang, on=JUNE_1, actor=7)
    parts.take_seat(PROBLEM, other, seat="partner", bearer=land.hill, on=JUNE_1, actor=7)
    day = date(2020, 6, 10)
    assert set(queries.mine(day, person=people.wang.pk)) == {seated, measured}
    assert set(queries.mine(day, units=[land.hill.pk])) == {other}
    assert set(queries.mine(day, account=7)) == {seated, measured, other}
    assert set(queries.mine(day)) == set()
    parts.finish_measure(measure, result="已补", on=day, actor=7)
    assert set(queries.mine(day, person=people.wang.pk)) == {seated}


DATED = PLAIN.model_copy(
    update={
        "single": False,
        "catalogues": [
            Catalogue(since=date(2019, 3, 1), source="某文件", unit_kinds=("village",), grounds={"weak": "软弱"}),
            Catalogue(since=date(2020, 3, 1), source="某文件", unit_kinds=("village",), grounds={"lax": "涣散"}),
        ],
    }
)


@pytest.mark.parametrize(
    ("on", "ground", "unit", "code"),
    [
        (date(2019, 2, 28), "weak", "bay", "case.catalogue"),
        (date(2019, 3, 1), "weak", "bay", None),
        (date(2020, 2, 29), "weak", "bay", None),
        (date(2020, 3, 1), "weak", "bay", "case.ground"),
        (date(2020, 3, 1), "lax", "bay", None),
        (date(2020, 3, 1), "lax", "bay_branch", "case.catalogue"),
    ],
)
def test_grounds_are_those_of_the_catalogue_in_force(
    land: SimpleNamespace, on: date, ground: str, unit: str, code: str | None
) -> None:
    given = {"unit": getattr(land, unit), "title": "整顿", "ground": ground, "on": on, "actor": 7}
    assert refusal_of(services.open_case, DATED, **given) == code


def test_a_single_kind_is_open_once_for_a_subject(land: SimpleNamespace) -> None:
    opened(land.bay, kind=PLAIN)
    with pytest.raises(Refused, match="“账目不清”还没有办结"):
        opened(land.bay, kind=PLAIN)
    opened(land.hill, kind=PLAIN)
    assert Case.objects.count() == 2


def test_who_saw_an_older_state_is_told_what_happened(case: Case, people: SimpleNamespace) -> None:
    seen = case.revision
    course.enlist(case, batch="第一批", on=JUNE_1, actor=8, kind=PROBLEM, revision=seen)
    with pytest.raises(
        Refused, match="已有人办理：2020-06-01，现阶段为“登记”，说明：列入第一批。您的操作没有保存"
    ) as refused:
        services.move(PROBLEM, case, to="mending", on=JUNE_1, actor=7, revision=seen)
    assert refused.value.code == "case.moved"
    assert (
        refusal_of(services.move, PROBLEM, case, to="mending", on=JUNE_1, actor=7, expected="checking") == "case.moved"
    )


def test_of_two_who_move_a_case_at_once_one_does_and_the_other_is_told(committed: None) -> None:
    with acting(EVERYTHING):
        case = opened(make("county", "示例县", None), kind=PLAIN)
    given = {"to": "handling", "on": JUNE_1, "expected": "received"}
    results = at_once(lambda number: refusal_of(services.move, PLAIN, case, actor=number, **given))
    with acting(EVERYTHING):
        assert (sorted(map(str, results)), case.steps.count()) == (["None", "case.moved"], 2)


def test_of_two_who_open_a_single_kind_at_once_one_does(committed: None) -> None:
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
    results = at_once(lambda _: refusal_of(opened, unit, kind=PLAIN))
    with acting(EVERYTHING):
        assert (sorted(map(str, results)), Case.objects.count()) == (["None", "case.single"], 1)


def test_earlier_versions_of_a_case_keep_the_new_columns_too(case: Case) -> None:
    course.enlist(case, batch="第一批", on=JUNE_1, actor=8, kind=PROBLEM)
    course.enlist(case, batch="第二批", on=JUNE_1, actor=9, kind=PROBLEM)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch, revision, op, replaced_by FROM case_file_history WHERE id = %s ORDER BY version", [case.pk]
        )
        assert cursor.fetchall() == [("", 0, "UPDATE", 8), ("第一批", 1, "UPDATE", 9)]
