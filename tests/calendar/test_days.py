"""Expected days are those of the State Council's notices on days off (国务院办公厅关于部分节假日安排的通知)."""

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday  # type: ignore[import-untyped]  # the library ships no types

from hangshi.calendar.days import (
    KNOWN,
    Counted,
    days_back,
    deadline,
    is_working_day,
    months_after,
    periods,
    working_days,
)
from hangshi.refusal import Refused
from tests.refusals import refusal_of


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2020, 10, 1), False),  # 国庆节、中秋节
        (date(2020, 10, 8), False),  # a Thursday off in lieu
        (date(2020, 9, 27), True),  # a Sunday worked in lieu
        (date(2020, 10, 10), True),  # a Saturday worked in lieu
        (date(2020, 10, 11), False),  # an ordinary Sunday
        (date(2020, 10, 12), True),  # an ordinary Monday
        (date(2020, 1, 31), False),  # 2020: the Spring Festival was prolonged by notice
    ],
)
def test_days_off_and_days_in_lieu(day: date, works: bool) -> None:
    assert is_working_day(day) == works


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2020, 9, 25), 0, date(2020, 9, 25)),
        (date(2020, 9, 25), 1, date(2020, 9, 27)),  # the Sunday is worked
        (date(2020, 9, 30), 1, date(2020, 10, 9)),  # eight days off
        (date(2020, 9, 30), 2, date(2020, 10, 10)),  # the Saturday is worked
        (date(2020, 9, 30), 3, date(2020, 10, 12)),
        (date(2020, 10, 3), 1, date(2020, 10, 9)),  # starting on a day off
    ],
)
def test_a_limit_in_working_days_does_not_count_the_day_it_starts_on(start: date, days: int, last: date) -> None:
    assert deadline(start, days) == Counted(last)


def test_a_limit_in_calendar_days_counts_every_day() -> None:
    assert deadline(date(2020, 9, 30), 10, "calendar") == Counted(date(2020, 10, 10))


def test_a_limit_has_no_negative_days() -> None:
    with pytest.raises(ValueError, match="negative"):
        deadline(date(2020, 9, 30), -1)


def test_a_year_without_data_is_counted_by_weekdays_and_says_so() -> None:
    unknown = KNOWN[-1] + 1
    start = date(unknown, 6, 1)
    counted = deadline(start, 5)
    assert (counted.day - start).days == 7
    assert counted.assumed == (unknown,)
    assert counted.caution == f"{unknown}年的放假调休安排尚未收录，暂按周一至周五推算。"
    assert deadline(date(2020, 9, 30), 3).caution == ""


def test_whether_a_day_of_a_year_without_data_is_worked_is_refused() -> None:
    assert refusal_of(is_working_day, date(2003, 5, 1)) == "calendar.year"
    with pytest.raises(Refused, match="2003年的放假调休安排尚未收录"):
        is_working_day(date(2003, 5, 1))


@pytest.mark.parametrize(
    ("day", "overdue", "latest"),
    [
        (date(2020, 10, 9), 1, date(2020, 10, 8)),
        (date(2020, 10, 9), 2, date(2020, 9, 29)),
        (date(2020, 10, 12), 3, date(2020, 10, 8)),
        (date(2020, 10, 12), 0, date(2020, 10, 12)),
    ],
)
def test_how_far_back_a_limit_ended_that_is_so_many_working_days_overdue(day: date, overdue: int, latest: date) -> None:
    assert days_back(day, overdue) == Counted(latest)
    assert working_days(latest + timedelta(days=1), day) == overdue


def test_calendar_days_back() -> None:
    assert days_back(date(2020, 10, 12), 10, "calendar") == Counted(date(2020, 10, 2))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2020, 9, 27), date(2020, 9, 30), 4),  # both ends count
        (date(2020, 10, 1), date(2020, 10, 8), 0),
        (date(2020, 10, 9), date(2020, 10, 9), 1),
        (date(2020, 10, 9), date(2020, 10, 8), 0),
    ],
)
def test_working_days_from_a_day_to_a_day(first: date, last: date, count: int) -> None:
    assert working_days(first, last) == count


def test_every_day_of_every_known_year_agrees_with_the_library() -> None:
    first, last = date(KNOWN[0], 1, 1), date(KNOWN[-1], 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert [day for day in days if is_working_day(day) != is_workday(day)] == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2020, 2, 29), 6, date(2020, 8, 29)),
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2018, 8, 31), 6, date(2019, 2, 28)),
        (date(2016, 7, 1), 60, date(2021, 7, 1)),
        (date(2020, 12, 31), 1, date(2021, 1, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_the_periods_that_meet_the_days_given() -> None:
    assert list(periods(date(2020, 5, 7), date(2020, 7, 1), 3)) == [
        (date(2020, 4, 1), date(2020, 6, 30)),
        (date(2020, 7, 1), date(2020, 9, 30)),
    ]
    assert list(periods(date(2020, 2, 29), date(2020, 2, 29), 1)) == [(date(2020, 2, 1), date(2020, 2, 29))]
    assert list(periods(date(2020, 7, 1), date(2020, 12, 31), 12)) == [(date(2020, 1, 1), date(2020, 12, 31))]
