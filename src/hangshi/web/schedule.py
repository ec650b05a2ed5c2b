"""日历: what a unit and those below it planned for a month, and what each rule asked of them and got."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hangshi.activities.standing import Standing
from hangshi.packs.work import Requirement

OPEN = ("overdue", "due")


@dataclass(frozen=True)
class Month:
    first: date

    @classmethod
    def of(cls, text: str, today: date) -> "Month":
        """The month of `2017-10`; this one where the text is none."""
        try:
            return cls(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return cls(today.replace(day=1))

    @property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Tally:
    """One rule over all units that owe it: how many stand how (done, late, due, overdue), and the first of those that still owe it."""

    requirement: Requirement
    counts: Mapping[str, int]
    owing: list[Standing]


def tallies(standings: Iterable[Standing], requirements: Mapping[str, Requirement], *, most: int) -> list[Tally]:
    """In the order of the rules; `most` of those that owe are kept, the overdue ones first."""
    counts: dict[str, Counter[str]] = {}
    owing: dict[str, list[Standing]] = {}
    for it in standings:
        counts.setdefault(it.requirement, Counter())[it.state] += 1
        if it.state in OPEN:
            owing.setdefault(it.requirement, []).append(it)
    return [
        Tally(it, counts[key], sorted(owing.get(key, []), key=lambda it: (OPEN.index(it.state), it.due))[:most])
        for key, it in requirements.items()
        if key in counts
    ]
