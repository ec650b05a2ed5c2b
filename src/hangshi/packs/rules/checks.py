"""Checks: they name what exists, compare like with like, and do not contradict each other."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from string import Formatter

from hangshi.packs.checks import BELOW, Check, Counted
from hangshi.packs.models import Indicator
from hangshi.packs.rules.register import RULES, Book, Fault, rule
from hangshi.packs.shapes import did_you_mean

WORDS = {"has", "needs"}


@rule(Check)
def fragments_hold(it: Check, book: Book) -> Iterator[Fault]:
    """The rules of an indicator (P2xx) hold for each fragment of a check, at the key where it is written."""
    for field, part in it.parts():
        for model, function in RULES:
            if model is Indicator:
                for fault in function(part, book):
                    yield Fault(_at(field, fault.field), fault.code, fault.sentence)


def _at(field: str, inner: str) -> str:
    if field == "of":
        return {"where": "of_where", "fact": "of"}.get(inner, "of")
    return f"{field}.{inner}" if inner else field


@rule(Check)
def subjects_are_named(it: Check, book: Book) -> Iterator[Fault]:
    """P601. The column that names the subject is one of its fact's, and `by` one of the counted fact's, or "below" for units."""
    sides: list[tuple[str, str, str]] = [("subject", it.of, it.subject)]
    sides += [(f"{field}.by", counted.fact, counted.by) for field, counted in _counted(it)]
    for field, key, column in sides:
        fact = book.pack.facts.get(key)
        if column == BELOW:
            if it.subject != "unit_id":
                yield Fault(field, "P601", "只有以单位为对象的检查才能用 below")
        elif fact is not None and (column not in fact.columns or fact.columns[column].type != "id"):
            ids = [name for name, found in fact.columns.items() if found.type == "id"]
            yield Fault(field, "P601", f"事实“{key}”没有“{column}”这个编号列{did_you_mean(column, ids)}")


def _counted(it: Check) -> Iterator[tuple[str, Counted]]:
    for field in ("has", "times"):
        if counted := getattr(it, field):
            yield field, counted


@rule(Check)
def the_bound_is_given(it: Check, book: Book) -> Iterator[Fault]:
    """P603. What is counted has one bound, an amount or a standard that exists; what is not counted has none."""
    bounds = [bool(it.amount), it.standard is not None]
    if it.has is None and (any(bounds) or it.times or it.every):
        yield Fault("", "P603", "没有 has 就不写 amount、standard、times、every")
    elif it.has is not None and sum(bounds) != 1:
        yield Fault("", "P603", "有 has 就要有一个界限：amount 或 standard，不能都写，也不能都不写")
    if it.has is not None and it.years is not None:
        yield Fault("years", "P603", "has 和 years 只能写一个")
    if it.standard is not None and not book.has("standard", it.standard):
        known = book.names("standard")
        yield Fault("standard", "P603", f"没有标准“{it.standard}”{did_you_mean(it.standard, known)}")
    for number, (earlier, later) in enumerate(pairwise(it.amount), 1):
        if later.since <= earlier.since:
            yield Fault(f"amount.{number}.since", "P603", f"首日要逐行递增：{later.since} 不晚于 {earlier.since}")


@rule(Check)
def years_are_from_a_date(it: Check, book: Book) -> Iterator[Fault]:
    """P604. Years are counted from a date column of the subject's fact, and have a bound."""
    if it.years is None:
        return
    fact = book.pack.facts.get(it.of)
    if fact is not None and (it.years.column not in fact.columns or fact.columns[it.years.column].type != "date"):
        dates = [name for name, found in fact.columns.items() if found.type == "date"]
        yield Fault(
            "years.column",
            "P604",
            f"事实“{it.of}”没有“{it.years.column}”这个日期列{did_you_mean(it.years.column, dates)}",
        )
    if it.years.least is None and it.years.most is None:
        yield Fault("years", "P604", "年数没有界限：写 least 或 most")


@rule(Check)
def a_period_goes_with_within(it: Check, book: Book) -> Iterator[Fault]:
    """P605. What is counted within a period says how long it is; what is counted on a day does not."""
    if it.has is not None and (it.has.time == "within") != bool(it.every):
        yield Fault("every", "P605", "has.time 是 within 时要写 every，是 as_of 时不写")
    if it.times is not None and it.times.time != "as_of":
        yield Fault("times.time", "P605", "times 只能按某一天计：as_of")


@rule(Check)
def sentences_use_known_words(it: Check, book: Book) -> Iterator[Fault]:
    """P606. A sentence puts in {has} and {needs}, and nothing else."""
    try:
        words = {name for _, name, _, _ in Formatter().parse(it.sentence) if name is not None}
    except ValueError:
        words = {"{"}
    for word in sorted(words - WORDS):
        yield Fault("sentence", "P606", f"句子里不能用“{{{word}}}”：只有 {{has}} 和 {{needs}}")


@rule(Check)
def no_two_contradict(it: Check, book: Book) -> Iterator[Fault]:
    """P607. Two checks of the same thing can both be kept: no least above another's most on any day."""
    for other in book.pack.checks.values():
        if it.bound == "most" or other.key == it.key or other.bound == "least" or _thing(it) != _thing(other):
            continue
        for day in _days(it, other):
            least, most = _amount(it, book, day), _amount(other, book, day)
            if least is not None and most is not None and least > most:
                words = f"与“{other.key}”互相矛盾：自{day}起至少{least}，而“{other.name}”至多{most}"
                yield Fault("", "P607", words)
                break


def _thing(it: Check) -> tuple[object, ...]:
    return it.of, it.of_where, it.subject, it.has, it.every, it.times


def _days(*checks: Check) -> list[date]:
    return sorted({date(1949, 10, 1), *(value.since for it in checks for value in it.amount)})


def _amount(it: Check, book: Book, day: date) -> Decimal | None:
    if it.standard and it.standard not in book.pack.standards:
        return None
    return it.needs(day, book.pack.standards)
