"""What was owed, held, late and overdue, by unit and period, each activity once for each requirement it meets."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from icalendar import Calendar

from hangshi.activities import plans, reviews, services
from hangshi.activities.feed import calendar_text
from hangshi.activities.models import Activity
from hangshi.activities.standing import Standing, owed, standing, tallies
from hangshi.packs.models import ActivityKind
from hangshi.packs.work import Requirement
from hangshi.registry import services as registry
from hangshi.registry.reach import Reach
from tests.land import make

MONTH = date(2020, 6, 1), date(2020, 6, 30)
THEME = ActivityKind(
    key="theme_day", name="主题党日", unit_kinds=("branch",), attendance="named", also=("party_lesson",)
)
LESSON = ActivityKind(key="party_lesson", name="党课", unit_kinds=("branch",), attendance="named")


def requirement(key: str = "theme_day", **given: object) -> Requirement:
    given = {"activity": key, "unit_kinds": ("branch",), "every": "month"} | given
    return Requirement(key=f"r_{key}", name=f"{key}要求", source="某文件第三条", **given)


DAY_10 = requirement(day_of_month=10, grace=5)


def held(unit: object, day: date, **given: object) -> Activity:
    return services.record(given.pop("kind", THEME), unit=unit, on=day, actor=7, **given)


def rows(land: SimpleNamespace, *wanted: Requirement, today: date, span: tuple[date, date] = MONTH) -> list[Standing]:
    return standing(land.county, wanted, *span, today=today)


def states(land: SimpleNamespace, *wanted: Requirement, today: date = date(2020, 6, 30)) -> dict[str, str]:
    return {f"{it.unit} {it.requirement}": it.state for it in rows(land, *wanted, today=today)}


@pytest.mark.parametrize(
    ("day", "today", "state"),
    [
        (None, date(2020, 6, 15), "due"),  # the last day of grace
        (None, date(2020, 6, 16), "overdue"),
        (date(2020, 6, 10), date(2020, 6, 30), "done"),
        (date(2020, 6, 15), date(2020, 6, 30), "done"),
        (date(2020, 6, 16), date(2020, 6, 30), "late"),
        (date(2020, 5, 31), date(2020, 6, 16), "overdue"),  # of the month before
        (date(2020, 6, 1), date(2020, 6, 1), "done"),
        (date(2020, 6, 30), date(2020, 7, 5), "late"),
    ],
)
def test_due_done_late_and_overdue(land: SimpleNamespace, day: date | None, today: date, state: str) -> None:
    if day:
        held(land.bay_branch, day)
    assert states(land, DAY_10, today=today)["东湾村党支部 r_theme_day"] == state


def test_each_branch_stands_for_itself(land: SimpleNamespace) -> None:
    held(land.bay_branch, date(2020, 6, 10))
    assert states(land, DAY_10) == {"东湾村党支部 r_theme_day": "done", "东坡村党支部 r_theme_day": "overdue"}


def test_one_activity_meets_several_requirements_each_once(land: SimpleNamespace) -> None:
    wanted = requirement(times=1), requirement("party_lesson", times=2)

    def found() -> dict[str, tuple[int, date | None, str]]:
        of_bay = standing(land.bay_branch, wanted, *MONTH, today=date(2020, 6, 30))
        return {it.requirement: (it.held, it.done_on, it.state) for it in of_bay}

    held(land.bay_branch, date(2020, 6, 10), satisfies=["party_lesson"])
    assert found() == {"r_theme_day": (1, date(2020, 6, 10), "done"), "r_party_lesson": (1, None, "due")}
    held(land.bay_branch, date(2020, 6, 20), kind=LESSON)
    assert found() == {
        "r_theme_day": (1, date(2020, 6, 10), "done"),
        "r_party_lesson": (2, date(2020, 6, 20), "done"),
    }


def test_what_was_sent_back_does_not_count_until_it_is_put_right(land: SimpleNamespace) -> None:
    activity = held(land.bay_branch, date(2020, 6, 10))
    reviews.review(activity, to="sent_back", on=date(2020, 6, 12), actor=8, note="纪要太略")
    assert states(land, DAY_10)["东湾村党支部 r_theme_day"] == "overdue"
    reviews.correct(THEME, activity, on=date(2020, 6, 13), actor=7, minutes="详")
    assert states(land, DAY_10)["东湾村党支部 r_theme_day"] == "done"


def test_a_unit_owes_what_falls_due_while_it_exists(land: SimpleNamespace) -> None:
    make("branch", "新支部", land.hill, on=date(2020, 6, 11))
    registry.close(land.hill_branch, on=date(2020, 6, 9), actor=None)
    assert set(states(land, DAY_10)) == {"东湾村党支部 r_theme_day"}


def test_only_what_lies_below_the_unit(land: SimpleNamespace) -> None:
    found = standing(land.hill, [DAY_10], *MONTH, today=date(2020, 6, 30))
    assert [it.unit for it in found] == ["东坡村党支部"]
    assert standing(land.west, [DAY_10], *MONTH, today=date(2020, 6, 30)) == []


def test_without_requirements_nothing_is_owed(land: SimpleNamespace) -> None:
    assert standing(land.county, [], *MONTH, today=date(2020, 6, 30)) == []


def dues(span: tuple[date, date], **given: object) -> list[date]:
    return [it.due for it in owed([requirement(**given)], *span)]


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"every": "month"}, ["2020-01-31", "2020-02-29", "2020-03-31"]),
        ({"every": "month", "day_of_month": 30}, ["2020-01-30", "2020-02-29", "2020-03-30"]),
        ({"every": "quarter", "day_of_month": 10}, ["2020-03-10"]),
        ({"every": "year"}, ["2020-12-31"]),
        ({"every": "month", "since": date(2020, 2, 29)}, ["2020-02-29", "2020-03-31"]),
        ({"every": "month", "until": date(2020, 2, 28)}, ["2020-01-31"]),
    ],
)
def test_when_it_is_due(given: dict[str, object], days: list[str]) -> None:
    assert [day.isoformat() for day in dues((date(2020, 1, 5), date(2020, 3, 2)), **given)] == days


def test_all_units_and_periods_are_one_statement(land: SimpleNamespace, django_assert_num_queries: object) -> None:
    wanted = [DAY_10, requirement("party_lesson")]
    with django_assert_num_queries(1):
        found = rows(land, *wanted, today=date(2020, 12, 31), span=(date(2020, 1, 1), date(2020, 12, 31)))
    assert len(found) == 2 * 2 * 12


def test_the_tallies_are_those_of_the_rows(land: SimpleNamespace) -> None:
    held(land.bay_branch, date(2020, 6, 10), satisfies=["party_lesson"])
    wanted = [DAY_10, requirement("party_lesson", times=2)]
    assert tallies(land.county, wanted, *MONTH, today=date(2020, 7, 1)) == {
        "r_theme_day": {"done": 1, "overdue": 1},
        "r_party_lesson": {"overdue": 2},
    }
    assert tallies(land.hill, wanted, *MONTH, today=date(2020, 6, 12)) == {
        "r_theme_day": {"due": 1},
        "r_party_lesson": {"due": 1},
    }
    assert tallies(land.west, wanted, *MONTH, today=date(2020, 7, 1)) == {}


def test_the_calendar_says_what_is_planned_and_what_is_due(land: SimpleNamespace) -> None:
    plan = plans.plan(
        THEME,
        unit=land.bay_branch,
        on=date(2020, 6, 10),
        topic="学习，议事",
        place="村部",
        starts_at=time(14, 30),
        agenda=["学习", "议事"],
        actor=7,
    )
    other = plans.plan(THEME, unit=land.bay_branch, on=date(2020, 6, 20), topic="整日", actor=7)
    found = standing(land.bay_branch, [DAY_10], *MONTH, today=date(2020, 6, 1))
    made_at = datetime(2020, 6, 1, tzinfo=UTC)
    text = calendar_text("东湾村党支部", [plan, other], found, {"r_theme_day": DAY_10}, made_at=made_at)
    read = Calendar.from_ical(text)
    events = {str(it["uid"]): it for it in read.walk("VEVENT")}
    assert sorted(events) == sorted(
        [
            f"plan-{plan.pk}@hangshi",
            f"plan-{other.pk}@hangshi",
            f"due-{land.bay_branch.pk}-r_theme_day-2020-06-01@hangshi",
        ]
    )
    first = events[f"plan-{plan.pk}@hangshi"]
    assert (str(first["summary"]), str(first["location"]), str(first["description"])) == (
        "学习，议事",
        "村部",
        "学习\n议事",
    )
    assert first.decoded("dtstart").astimezone(UTC) == datetime(2020, 6, 10, 6, 30, tzinfo=UTC)
    due = events[f"due-{land.bay_branch.pk}-r_theme_day-2020-06-01@hangshi"]
    assert (due.decoded("dtstart"), str(due["summary"])) == (date(2020, 6, 10), "到期：theme_day要求（东湾村党支部）")
    assert text == calendar_text("东湾村党支部", [plan, other], found, {"r_theme_day": DAY_10}, made_at=made_at)


def test_what_is_done_is_not_in_the_calendar_as_due(land: SimpleNamespace) -> None:
    held(land.bay_branch, date(2020, 6, 10))
    found = standing(land.bay_branch, [DAY_10], *MONTH, today=date(2020, 6, 30))
    text = calendar_text("某", [], found, {"r_theme_day": DAY_10}, made_at=datetime(2020, 6, 1, tzinfo=UTC))
    assert "BEGIN:VEVENT" not in text


def test_a_requirement_of_a_place_is_owed_in_its_place_only(land: SimpleNamespace) -> None:
    ditch_branch = make("branch", "西沟村党支部", land.ditch)
    east = {"r_theme_day": Reach((land.east.path,), inside=True)}
    elsewhere = {"r_theme_day": Reach((land.east.path,))}

    def owing(**given: object) -> set[int]:
        return {it.unit_id for it in standing(land.county, [DAY_10], *MONTH, today=MONTH[1], **given)}

    assert owing() == {land.bay_branch.pk, land.hill_branch.pk, ditch_branch.pk}
    assert owing(reaches=east) == {land.bay_branch.pk, land.hill_branch.pk}
    assert owing(reaches=elsewhere) == {ditch_branch.pk}
    assert owing(reaches={"another": east["r_theme_day"]}) == owing()
    counted = tallies(land.county, [DAY_10], *MONTH, today=MONTH[1], reaches=east)
    assert counted == {"r_theme_day": {"overdue": 2}}
