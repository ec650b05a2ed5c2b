"""The oracle: an indicator's value by plain Python over plain rows, one row at a time. Slow, obvious, and independent of the SQL."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import sqlglot
from sqlglot import exp

from hangshi.packs.models import Indicator

Row = Mapping[str, Any]
Number = Decimal | int | None


def value(
    key: str,
    indicators: Mapping[str, Indicator],
    facts: Mapping[str, Sequence[Row]],
    path: str,
    first: date,
    last: date,
) -> Number:
    """The indicator for the rows below `path`; a stock is taken on `last`. A row carries its fact's columns and its `path`."""
    it = indicators[key]
    if it.change_of:
        now = value(it.change_of, indicators, facts, path, first, last)
        before = value(it.change_of, indicators, facts, path, _a_year_back(first), _a_year_back(last))
        return _change(before, now, it.change)
    if it.numerator and it.denominator:
        upper = value(it.numerator, indicators, facts, path, first, last)
        lower = value(it.denominator, indicators, facts, path, first, last)
        if upper is None or not lower:
            return None
        quotient = Fraction(upper) * Fraction(it.scale) / Fraction(lower)
        return Decimal(quotient.numerator) / Decimal(quotient.denominator)
    return measured(it, counted(it, facts[it.fact or ""], path, first, last))


def counted(it: Indicator, rows: Sequence[Row], path: str, first: date, last: date) -> list[Row]:
    """The rows that the indicator counts."""
    where = sqlglot.parse_one(it.where, dialect="postgres") if it.where else None
    return [
        row
        for row in rows
        if row["path"].startswith(path)
        and _in_time(it, row, first, last)
        and (where is None or holds(where, row) is True)
    ]


def measured(it: Indicator, rows: Sequence[Row]) -> Number:
    word = it.measure.replace(" ", "")
    column = word.removeprefix("count(distinct").removeprefix("sum(").removesuffix(")")
    found: Number
    if word == "count(*)":
        found = len(rows)
    elif word.startswith("sum("):
        numbers = [row[column] for row in rows if row[column] is not None]
        found = sum(numbers) if numbers else None
    else:
        found = len({row[column] for row in rows if row[column] is not None})
    if found is None or (found == 0 and not word.startswith("sum(")):
        return None if it.empty == "none" else 0
    return found


def holds(node: Any, row: Row) -> Any:  # noqa: C901  # one case a sort of expression
    """The worth of an expression for a row, with SQL's three truths: None is unknown."""
    match node:
        case exp.Paren():
            return holds(node.this, row)
        case exp.Column():
            return row[node.name]
        case exp.Literal():
            return node.this if node.is_string else Decimal(node.this)
        case exp.Boolean():
            return bool(node.this)
        case exp.Null():
            return None
        case exp.Not():
            inner = holds(node.this, row)
            return None if inner is None else not inner
        case exp.And():
            both = (holds(node.left, row), holds(node.right, row))
            return False if False in both else (None if None in both else True)
        case exp.Or():
            both = (holds(node.left, row), holds(node.right, row))
            return True if True in both else (None if None in both else False)
        case exp.Is():
            return (holds(node.this, row) is holds(node.expression, row)) != bool(node.args.get("negate"))
        case exp.In():
            return _in(holds(node.this, row), [holds(it, row) for it in node.expressions])
        case exp.Between():
            this = holds(node.this, row)
            ends = (
                _compare("GTE", this, holds(node.args["low"], row)),
                _compare("LTE", this, holds(node.args["high"], row)),
            )
            return False if False in ends else (None if None in ends else True)
        case exp.Coalesce():
            found = [holds(it, row) for it in (node.this, *node.expressions)]
            return next((it for it in found if it is not None), None)
        case exp.Neg() | exp.Abs():
            inner = holds(node.this, row)
            return None if inner is None else (-inner if isinstance(node, exp.Neg) else abs(inner))
    return _compare(type(node).__name__, holds(node.left, row), holds(node.right, row))


def _in(this: Any, among: list[Any]) -> bool | None:
    found = [_compare("EQ", this, it) for it in among]
    return True if True in found else (None if None in found else False)


def _compare(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if isinstance(left, date) != isinstance(right, date):  # a date beside one written as text
        left, right = str(left), str(right)
    return {
        "EQ": lambda: left == right,
        "NEQ": lambda: left != right,
        "LT": lambda: left < right,
        "LTE": lambda: left <= right,
        "GT": lambda: left > right,
        "GTE": lambda: left >= right,
        "Add": lambda: left + right,
        "Sub": lambda: left - right,
        "Mul": lambda: left * right,
    }[sign]()


def _in_time(it: Indicator, row: Row, first: date, last: date) -> bool:
    if it.time == "as_of":
        since, until = row["since"], row["until"]
        return since is not None and since <= last and (until is None or until >= last)
    day = row[it.time_column]
    return day is not None and first <= day <= last


def _a_year_back(day: date) -> date:
    for candidate in (29, 28) if (day.month, day.day) in ((2, 28), (2, 29)) else (day.day,):
        try:
            back = date(day.year - 1, day.month, candidate)
        except ValueError:
            continue
        if candidate == 29 and day.day == 28 and _is_leap(day.year):
            continue
        return back
    raise AssertionError(day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _change(before: Number, now: Number, sense: str) -> Decimal | None:
    if now is None or not before:
        return None
    moved = (Fraction(before) - Fraction(now)) * (1 if sense == "fall" else -1) * 100 / Fraction(before)
    return (Decimal(moved.numerator) / Decimal(moved.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
