"""Working days of mainland China, 调休 included, and what is reckoned with them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from chinese_calendar import constants  # type: ignore[import-untyped]  # the library ships no types; called here only

from hangshi.refusal import Refused

Counting = Literal["calendar", "working"]
ONE_DAY = timedelta(days=1)
KNOWN = range(min(constants.holidays).year, max(constants.holidays).year + 1)


@dataclass(frozen=True)
class Counted:
    """A day that was reckoned. `assumed`: years whose days off are not published, counted Monday to Friday."""

    day: date
    assumed: tuple[int, ...] = ()

    @property
    def caution(self) -> str:
        """The sentence to show beside the day; empty where every year is known."""
        years = "、".join(map(str, self.assumed))
        return f"{years}年的放假调休安排尚未收录，暂按周一至周五推算。" if years else ""


def is_working_day(day: date) -> bool:
    """Whether offices work that day. Raises `Refused` for a year whose days off are not known."""
    if day.year not in KNOWN:
        raise Refused(
            "calendar.year", f"{day.year}年的放假调休安排尚未收录（现有{KNOWN[0]}年至{KNOWN[-1]}年），无法判断工作日。"
        )
    return _works(day)


def deadline(start: date, days: int, counting: Counting = "working") -> Counted:
    """The last day of a limit of `days` (0: the start itself); the day it starts on is not counted."""
    if days < 0:
        raise ValueError(f"a limit has no negative days: {days}")
    if counting == "calendar":
        return Counted(start + timedelta(days=days))
    return _after(start, days)


def days_back(day: date, days: int, counting: Counting = "working") -> Counted:
    """The latest last day of a limit that is `days` overdue on the day; the other way round of `deadline`."""
    if counting == "calendar":
        return Counted(day - timedelta(days=days))
    return _before(day, days)


def working_days(first: date, last: date) -> int:
    """How many working days lie from `first` to `last`, both included; none when they are the wrong way round."""
    return sum(_works(first + timedelta(days=number)) for number in range((last - first).days + 1))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def periods(first: date, last: date, months: int) -> Iterator[tuple[date, date]]:
    """The first and last day of each period of so many months (1, 3, 6 or 12) of the year that meets the days given."""
    start = date(first.year, (first.month - 1) // months * months + 1, 1)
    while start <= last:
        following = months_after(start, months)
        yield start, following - ONE_DAY
        start = following


def _works(day: date) -> bool:
    return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)


def _after(start: date, days: int) -> Counted:
    day, left, years = start, days, set[int]()
    while left:
        day += ONE_DAY
        years.add(day.year)
        left -= _works(day)
    return Counted(day, tuple(sorted(years - set(KNOWN))))


def _before(day: date, days: int) -> Counted:
    """The latest day after which, up to and including `day`, there are so many working days."""
    left, years, at = days, set[int](), day
    while left:
        years.add(at.year)
        left -= _works(at)
        at -= ONE_DAY
    return Counted(at, tuple(sorted(years - set(KNOWN))))
