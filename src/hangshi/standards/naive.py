"""The oracle: who does not keep a check, by plain Python over plain rows. Slow, obvious, and independent of the SQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hangshi.indicators import naive
from hangshi.packs.checks import BELOW, Check
from hangshi.packs.models import Indicator, Standard
from hangshi.standards.periods import last_whole

Row = Mapping[str, Any]
Breach = tuple[Decimal | None, Decimal | None]


def breaches(
    check: Check, facts: Mapping[str, Sequence[Row]], standards: Mapping[str, Standard], on: date
) -> dict[int, Breach]:
    """Subject → what it has and what it needs. `facts`: rows with their columns and their `path`, of all units."""
    parts = dict(check.parts())
    period = last_whole(check.every, on) if check.every else None
    subjects = naive.counted(parts["of"], facts[check.of], "", on, on)
    subjects = [row for row in subjects if row[check.subject] is not None]
    if period is not None:
        subjects = [row for row in subjects if row["since"] <= period.first]
    if check.has is None:
        return {row[check.subject]: (None, None) for row in subjects if _out_of_years(check, row, on)}
    amount = check.needs(on, standards)
    if amount is None:
        return {}
    found: dict[int, Breach] = {}
    for row in subjects:
        first, last = (period.first, period.last) if period else (on, on)
        has = _measured(parts["has"], check.has.by, facts[check.has.fact], row, check.subject, first, last)
        times = Decimal(1)
        if check.times is not None:
            times = _measured(parts["times"], check.times.by, facts[check.times.fact], row, check.subject, on, on)
        if _wrong(check.bound, has, amount * times):
            found[row[check.subject]] = (has, amount * times)
    return found


def _measured(
    part: Indicator, by: str, rows: Sequence[Row], subject: Row, column: str, first: date, last: date
) -> Decimal:
    if by == BELOW:
        mine = [row for row in rows if row["path"].startswith(subject["path"])]
    else:
        mine = [row for row in rows if row[by] == subject[column]]
    return Decimal(naive.measured(part, naive.counted(part, mine, "", first, last)) or 0)


def _wrong(bound: str, has: Decimal, needs: Decimal) -> bool:
    return {"least": has < needs, "most": has > needs, "exact": has != needs}[bound]


def _out_of_years(check: Check, row: Row, on: date) -> bool:
    if check.years is None:
        return True
    since = row[check.years.column]
    if since is None:
        return True
    full = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    low = check.years.least is not None and full < check.years.least
    return low or (check.years.most is not None and full > check.years.most)
