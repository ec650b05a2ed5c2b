"""Places of units among their peers: ties share one, the spread of reviewers gives an interval, and a weight may turn two around."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hangshi.appraisals.scoring import Outcome
from hangshi.packs.schemes import FULL, Edition


@dataclass(frozen=True)
class Standing:
    """One that is compared: `group` are its peers; without a total, or vetoed, it is not among those."""

    key: int
    group: str
    outcome: Outcome


@dataclass(frozen=True)
class Place:
    """`rank` of `among`; equal totals share a rank and the next is skipped. `best`, `worst`: what the reviewers' spread allows."""

    rank: int
    best: int
    worst: int
    among: int


def places(standings: Iterable[Standing]) -> dict[int, Place]:
    groups: dict[str, list[tuple[int, Decimal, Decimal, Decimal]]] = defaultdict(list)
    for it in standings:
        found = it.outcome
        if found.total is not None and found.low is not None and found.high is not None and not found.vetoed:
            groups[it.group].append((it.key, found.total, found.low, found.high))
    return {key: place for members in groups.values() for key, place in _placed(members)}


def _placed(members: Sequence[tuple[int, Decimal, Decimal, Decimal]]) -> Iterable[tuple[int, Place]]:
    totals = sorted(total for _, total, _, _ in members)
    lows, highs = sorted(low for _, _, low, _ in members), sorted(high for _, _, _, high in members)
    many = len(members)
    for key, total, low, high in members:
        best = 1 + many - bisect_right(lows, high)  # those that stand above it however the reviewers are read
        worst = many - bisect_left(highs, low)  # itself, and those that may stand beside or above it
        yield key, Place(1 + many - bisect_right(totals, total), best, worst, many)


@dataclass(frozen=True)
class Flip:
    """With `weight` instead of `now` for the criterion, the others keeping their proportions, the two totals are equal; beyond it they turn."""

    key: str
    now: Decimal
    weight: Fraction


def flips(edition: Edition, upper: Outcome, lower: Outcome) -> list[Flip]:
    """The single weights between 0 and 100 that turn the order of two, the smallest change first. Empty: none does.

    The search is exact: a total is linear in one weight. Where a heading's cap bites or a criterion is left out it is not, and nothing is said.
    """
    shares = [_shares(edition, it) for it in (upper, lower)]
    if None in shares or upper.total is None or lower.total is None or upper.total == lower.total:
        return []
    gaps = [one - other for one, other in zip(*(it or [] for it in shares), strict=True)]
    whole = sum(
        (gap * Fraction(it.weight) for gap, it in zip(gaps, edition.criteria, strict=True)), Fraction(0)
    )  # the lead now, in points
    found = []
    for gap, it in zip(gaps, edition.criteria, strict=True):
        now, full = Fraction(it.weight), Fraction(FULL)
        if now == full:
            continue
        rest = (whole - now * gap) / (full - now)  # the lead in all else, for each point of weight
        # lead(w) = w × gap + (100 − w) × rest = 0
        if gap != rest:
            weight = full * rest / (rest - gap)
            if 0 <= weight <= full:
                found.append(Flip(it.key, it.weight, weight))
    return sorted(found, key=lambda it: (abs(it.weight - Fraction(it.now)), it.key))


def _shares(edition: Edition, outcome: Outcome) -> list[Fraction] | None:
    """What each criterion gives, of 1, after deductions."""
    if any(part.state != "scored" for part in outcome.parts):
        return None
    points = sum((part.points for part in outcome.parts), Decimal(0))
    if points != outcome.total:  # a cap bites
        return None
    return [
        Fraction(part.points) / Fraction(it.weight) for part, it in zip(outcome.parts, edition.criteria, strict=True)
    ]
