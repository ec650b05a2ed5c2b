"""The pay of red flags as the pages show it: a person a row, with every flag behind the sum and what changed since last month."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hangshi.appraisals.models import Raise
from hangshi.flagpay.due import Due, Key
from hangshi.web import names, words

HEAD = ("村", "姓名", "岗位", "红旗", "持旗起", "持旗止", "依据", "标准和金额（元）")
NONE = Decimal(0)


@dataclass(frozen=True)
class Row:
    """`had`: what the same person was owed for the same village the month before. `lines`: each flag, and its posting where there is one."""

    person: int
    name: str
    unit: int
    village: str
    post: str
    lines: list[tuple[Due, Raise | None]]
    total: Decimal
    had: Decimal

    @property
    def change(self) -> Decimal:
        return self.total - self.had

    @property
    def unrated(self) -> bool:
        return any(it.amount is None for it, _ in self.lines)


def rows(found: Iterable[Due], before: Iterable[Due], posted: dict[Key, Raise]) -> list[Row]:
    """By village and person, in the order of `found`; last come those who are owed nothing any more, without a line."""
    now, was = _by_person(found), _by_person(before)
    known = names.persons([person for _, person in (*now, *was)])
    return [
        _row(known, lines or was[key], lines, was.get(key, []), posted)
        for key, lines in [*now.items(), *((key, []) for key in was if key not in now)]
    ]


def _by_person(found: Iterable[Due]) -> dict[tuple[int, int], list[Due]]:
    grouped: dict[tuple[int, int], list[Due]] = {}
    for it in found:
        grouped.setdefault((it.unit, it.person), []).append(it)
    return dict(sorted(grouped.items(), key=lambda pair: pair[1][0].village))


def _row(known: dict[int, str], said: list[Due], lines: list[Due], before: list[Due], posted: dict[Key, Raise]) -> Row:
    first = said[0]
    return Row(
        first.person,
        known.get(first.person, names.OUTSIDE),
        first.unit,
        first.village,
        role(first),
        [(it, posted.get(it.key)) for it in lines],
        total(lines),
        total(before),
    )


def total(found: Iterable[Due]) -> Decimal:
    """In yuan; a line without a standard adds nothing, and its row says so."""
    return sum((it.amount or NONE for it in found), NONE)


def role(it: Due) -> str:
    """What the pack calls the post."""
    kind = words.pack().kinds.duty.get(it.duty)
    return kind.roles.get(it.role, kind.name) if kind else it.role


def cells(found: Collection[Due]) -> Iterable[list[Any]]:
    """The rows of the workbook, a line each."""
    known = names.persons([it.person for it in found])
    for it in found:
        yield [
            it.village, known.get(it.person, names.OUTSIDE), role(it), it.flag, it.since, it.until, it.source, it.amount,
        ]  # fmt: skip


def month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
