"""The oracle: points by whole numbers and plain loops, written apart from the code it judges. Slow and obvious."""

from decimal import Decimal
from typing import Any

from hangshi.packs.schemes import Criterion, Edition


def rounded(numerator: int, denominator: int, places: int) -> Decimal:
    """Half up, by whole-number division, digit by digit."""
    whole = (numerator * 10**places * 2 + denominator) // (denominator * 2)
    return Decimal(whole) / Decimal(10**places)


def as_ratio(value: Any) -> tuple[int, int]:
    return Decimal(str(value)).as_integer_ratio()


def percent(it: Criterion, said: dict[str, Any]) -> tuple[int, int] | None:
    if it.by in ("indicator", "ledger"):
        return None if said.get("value") is None else on_curve(it, Decimal(str(said["value"])))
    if it.by == "checklist":
        if set(it.items) - set(said.get("ticks", {})):
            return None
        good = sum(line.points for key, line in it.items.items() if said["ticks"][key])
        ratio = as_ratio(good)
        whole = as_ratio(sum(line.points for line in it.items.values()))
        return 100 * ratio[0] * whole[1], ratio[1] * whole[0]
    if it.by == "residents":
        answers = [it.choices[key].percent for key, n in said.get("counts", {}).items() for _ in range(n)]
        return average(answers, it.least)
    marks = sorted(Decimal(mark) for mark in said.get("marks", []))
    if len(marks) < it.least:
        return None
    if it.combine == "trimmed" and len(marks) >= 3:
        marks = marks[1:-1]
    if it.combine == "median":
        while len(marks) > 2:
            marks = marks[1:-1]
    return average(marks, 1)


def average(numbers: list[Decimal], least: int) -> tuple[int, int] | None:
    if len(numbers) < least:
        return None
    total = as_ratio(sum(numbers))
    return total[0], total[1] * len(numbers)


def on_curve(it: Criterion, value: Decimal) -> tuple[int, int]:
    below = [knot for knot in it.curve if knot.at <= value]
    above = [knot for knot in it.curve if knot.at > value]
    if not below:
        return as_ratio(it.curve[0].percent)
    if not above or it.shape == "steps":
        return as_ratio(below[-1].percent)
    left, right = below[-1], above[0]
    rise, run = as_ratio((value - left.at) * (right.percent - left.percent)), as_ratio(right.at - left.at)
    base = as_ratio(left.percent)
    top, bottom = rise[0] * run[1], rise[1] * run[0]
    return base[0] * bottom + top * base[1], base[1] * bottom


def total(edition: Edition, places: int, inputs: dict[str, Any]) -> Decimal | None:
    """None while an input is missing."""
    sums: dict[str, Decimal] = {}
    counted = Decimal(0)
    for it in edition.criteria:
        said = inputs.get(it.key, {})
        got = percent(it, said)
        if got is None and it.missing == "wait":
            return None
        if got is None and it.missing == "out":
            continue
        top, bottom = got or (0, 1)
        weight = as_ratio(it.weight)
        points = rounded(top * weight[0], bottom * weight[1] * 100, places)
        off = Decimal(0)
        for key, times in said.get("elements", {}).items():
            for _ in range(times):
                off += it.elements[key].points
        most = it.weight if it.most_deducted is None else it.most_deducted
        points = points - (off if off < most else most)
        counted += it.weight
        sums[it.heading] = sums.get(it.heading, Decimal(0)) + (points if points > 0 else Decimal(0))
    for heading in edition.headings:
        if heading.cap is not None and sums.get(heading.key, Decimal(0)) > heading.cap:
            sums[heading.key] = heading.cap
    if counted == 0:
        return None
    whole = as_ratio(sum(sums.values()))
    share = as_ratio(counted)
    return sum(sums.values()) if counted == 100 else rounded(whole[0] * share[1] * 100, whole[1] * share[0], places)
