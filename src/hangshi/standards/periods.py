"""The last whole period before a day."""

from datetime import date, timedelta

from hangshi.indicators.plan import Period

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
ONE_DAY = timedelta(days=1)


def last_whole(every: str, on: date) -> Period:
    """The month, quarter, half-year or year that ended last by the day `on`; on its last day it has ended."""
    months = MONTHS[every]
    start = _first(on + ONE_DAY, months)
    last = start - ONE_DAY
    return Period(_first(last, months), last)


def _first(day: date, months: int) -> date:
    return date(day.year, (day.month - 1) // months * months + 1, 1)
