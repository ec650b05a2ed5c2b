"""Points from frozen inputs: a pure function, exact in fractions, rounded half up once a criterion. The same inputs give the same digits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from hangshi.packs.schemes import FULL, Criterion, Edition, Knot

Inputs = Mapping[str, Any]
Percents = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True)
class Part:
    """What a criterion gives. `state`: scored, wait (an input is missing) or out (left out, as the scheme says).

    `percent`: before deductions; `low`, `high`: the points by the strictest and the mildest of its reviewers.
    """

    key: str
    state: str
    percent: Fraction = Fraction(0)
    points: Decimal = Decimal(0)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    deducted: Decimal = Decimal(0)

    @cached_property
    def kept(self) -> dict[str, str]:
        """As it is written to a sheet; a part that many sheets share is put into words once."""
        numbers = {"percent": self.percent, "points": self.points, "low": self.low, "high": self.high}
        said = {name: str(value) for name, value in numbers.items()}
        return {"key": self.key, "state": self.state, "deducted": str(self.deducted)} | said


Known = dict[tuple[str, str], Part]


@dataclass(frozen=True)
class Outcome:
    """`total` None: something is still missing, see the parts that wait. `low`, `high`: the totals that the reviewers' spread allows."""

    parts: list[Part] = field(default_factory=list)
    total: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    grade: str = ""
    vetoed: bool = False


def half_up(value: Fraction, places: int) -> Decimal:
    """Rounded to `places` decimals; a half goes up. For values of 0 and more."""
    scaled = value * 10**places
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-places)


def on_curve(curve: Sequence[Knot], shape: str, value: Fraction) -> Fraction:
    """The percent at the value; before the first knot and after the last one, that of the knot."""
    if value <= Fraction(curve[0].at):
        return Fraction(curve[0].percent)
    for lower, upper in pairwise(curve):
        if value < Fraction(upper.at):
            if shape == "steps":
                return Fraction(lower.percent)
            way = (value - Fraction(lower.at)) / (Fraction(upper.at) - Fraction(lower.at))
            return Fraction(lower.percent) + way * (Fraction(upper.percent) - Fraction(lower.percent))
    return Fraction(curve[-1].percent)


def score(edition: Edition, places: int, inputs: Inputs, known: Known | None = None) -> Outcome:
    """`inputs`: criterion → {value | marks | counts | ticks, elements}, and "vetoes": the keys that were found.

    `known` keeps what a value gives, for the sheets of one round: thousands of branches held twelve theme days.
    """
    known = {} if known is None else known
    parts = [_known_part(it, places, inputs.get(it.key, {}), known) for it in edition.criteria]
    vetoed = bool(inputs.get("vetoes"))
    if any(part.state == "wait" for part in parts):
        return Outcome(parts, vetoed=vetoed)
    total = low = high = _total(edition, parts, "points", places)
    if any(it.by == "reviewers" for it in edition.criteria):  # only reviewers differ
        low, high = _total(edition, parts, "low", places), _total(edition, parts, "high", places)
    if total is None or low is None or high is None:
        return Outcome(parts, vetoed=vetoed)
    return Outcome(parts, total, low, high, graded(edition, total, vetoed=vetoed), vetoed)


def graded(edition: Edition, total: Decimal, *, vetoed: bool) -> str:
    """The key of the grade; a veto makes the last one."""
    if vetoed:
        return edition.grades[-1].key
    return next(it.key for it in edition.grades if total >= it.least)


def _total(edition: Edition, parts: Sequence[Part], which: str, places: int) -> Decimal | None:
    """The sum under the caps of the headings; criteria left out hand their share to the others. None where all are left out."""
    caps = {it.key: it.cap for it in edition.headings if it.cap is not None}
    sums: dict[str, Decimal] = {}
    counted = Decimal(0)
    for criterion, part in zip(edition.criteria, parts, strict=True):
        if part.state == "scored":
            counted += criterion.weight
            sums[criterion.heading] = sums.get(criterion.heading, Decimal(0)) + getattr(part, which)
    if not counted:
        return None
    total = sum((min(it, caps.get(key, it)) for key, it in sums.items()), Decimal(0))
    return total if counted == FULL else half_up(Fraction(total) * Fraction(FULL) / Fraction(counted), places)


def _known_part(it: Criterion, places: int, said: Inputs, known: Known) -> Part:
    if it.by not in ("indicator", "ledger") or said.get("elements"):
        return score_part(it, places, said)
    at = (it.key, str(said.get("value")))
    if at not in known:
        known[at] = score_part(it, places, said)
    return known[at]


def score_part(it: Criterion, places: int, said: Inputs) -> Part:
    percents = _percents(it, said)
    if percents is None and it.missing != "zero":
        return Part(it.key, it.missing)
    got, low, high = percents or (Fraction(0),) * 3
    deducted = _deducted(it, said)
    points = [
        max(Decimal(0), half_up(Fraction(it.weight) * percent / 100, places) - deducted) for percent in (got, low, high)
    ]
    net, least, most = points
    return Part(it.key, "scored", got, net, least, most, deducted)


def _deducted(it: Criterion, said: Inputs) -> Decimal:
    """Each element as often as it was found, at most `most_deducted`, and never more than the criterion is worth."""
    found = said.get("elements", {})
    total = sum((element.points * int(found.get(key, 0)) for key, element in it.elements.items()), Decimal(0))
    return min(total, it.weight if it.most_deducted is None else it.most_deducted)


def _percents(it: Criterion, said: Inputs) -> Percents | None:
    """What it gives, and by the strictest and the mildest reviewer; None: the input is missing."""
    match it.by:
        case "reviewers":
            return _reviewed(it, [Fraction(mark) for mark in said.get("marks", ())])
        case "residents":
            return _rated(it, said.get("counts", {}))
        case "checklist":
            return _ticked(it, said.get("ticks", {}))
    if said.get("value") is None:
        return None
    return (on_curve(it.curve, it.shape, Fraction(str(said["value"]))),) * 3


def _reviewed(it: Criterion, marks: list[Fraction]) -> Percents | None:
    if len(marks) < it.least:
        return None
    marks = sorted(marks)
    middle = marks
    if it.combine == "trimmed" and len(marks) > 2:
        middle = marks[1:-1]
    if it.combine == "median":
        middle = marks[(len(marks) - 1) // 2 : len(marks) // 2 + 1]
    return sum(middle, Fraction(0)) / len(middle), marks[0], marks[-1]


def _rated(it: Criterion, counts: Mapping[str, int]) -> Percents | None:
    total = sum(int(counts.get(key, 0)) for key in it.choices)
    if total < it.least:
        return None
    weighted = sum(
        (Fraction(choice.percent) * int(counts.get(key, 0)) for key, choice in it.choices.items()), Fraction(0)
    )
    return (weighted / total,) * 3


def _ticked(it: Criterion, ticks: Mapping[str, bool]) -> Percents | None:
    """Every line must have been looked at: one that was not is not one that fails."""
    if any(key not in ticks for key in it.items):
        return None
    whole = sum((Fraction(item.points) for item in it.items.values()), Fraction(0))
    held = sum((Fraction(item.points) for key, item in it.items.items() if ticks[key]), Fraction(0))
    return (100 * held / whole,) * 3
