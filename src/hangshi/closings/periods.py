"""The months, quarters and years that can be closed."""

import re
from calendar import monthrange
from datetime import date, timedelta

from hangshi.indicators.queries import Period
from hangshi.refusal import Refused

LENGTHS = {"month": "月", "quarter": "季", "year": "年"}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
ONE_DAY = timedelta(days=1)


def holding(length: str, day: date) -> Period:
    """The month, quarter or year that holds the day. Raises `Refused` for another length."""
    if length not in MONTHS:
        raise Refused("closing.length", "结账期间只能是月、季或年。")
    months = MONTHS[length]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    last = first.month + months - 1
    return Period(first, date(day.year, last, monthrange(day.year, last)[1]))


WRITTEN = re.compile(r"(?P<year>[12]\d{3})(-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?", re.ASCII)


def named(text: str) -> tuple[str, Period]:
    """The length and the period that are written 2017-07, 2017-Q3 or 2017. Raises `Refused`."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise Refused("closing.period", f"看不懂期间“{text}”：月写 2017-07，季写 2017-Q3，年写 2017。")
    year, month, quarter = int(found["year"]), found["month"], found["quarter"]
    if month:
        return "month", holding("month", date(year, int(month), 1))
    if quarter:
        return "quarter", holding("quarter", date(year, int(quarter) * 3, 1))
    return "year", holding("year", date(year, 1, 1))


def ended(length: str, on: date, count: int) -> list[Period]:
    """The last `count` whole periods before the day `on`, the latest first."""
    found: list[Period] = []
    before = holding(length, on).first
    while len(found) < count:
        found.append(holding(length, before - ONE_DAY))
        before = found[-1].first
    return found


def said(length: str, period: Period) -> str:
    """2017年10月, 2017年第四季度, 2017年."""
    year, month = period.first.year, period.first.month
    ordinal = "一二三四"[(month - 1) // 3]
    return {"month": f"{year}年{month}月", "quarter": f"{year}年第{ordinal}季度"}.get(length, f"{year}年")
