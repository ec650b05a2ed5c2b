"""Which days a page is about: said in its address, else this year up to the day the data speak of."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from hangshi.indicators.queries import Period
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

# Beyond these the day before, or the year before, need not exist.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Days:
    first: date
    last: date

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)

    @property
    def words(self) -> str:
        return f"{self.first} 至 {self.last}"


def today(units: list[Unit]) -> date:
    """The day the data speak of: a demonstration stands still on its report day, else the calendar's."""
    said = next((unit.extra["report_day"] for unit in units if "report_day" in unit.extra), None)
    return date.fromisoformat(said) if said else timezone.localdate()


def asked(query: QueryDict, units: list[Unit]) -> Days:
    """The days of `from` and `to`. Raises `Refused` for what is not a day, or for an end before its start."""
    last = parsed(query.get("to")) or today(units)
    first = parsed(query.get("from")) or date(last.year, 1, 1)
    if first < EARLIEST or last > LATEST:
        raise Refused("period.far", f"日期应在 {EARLIEST} 至 {LATEST} 之间。")
    if first > last:
        raise Refused("period.order", "起始日不能晚于截止日。")
    return Days(first, last)


def parsed(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("period.day", f"“{text}”不是日期，应写成 2017-10-31 这样。") from None
