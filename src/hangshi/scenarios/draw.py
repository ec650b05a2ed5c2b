"""Drawing that is repeatable and adds up: totals are given, only their spread is by chance."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
EPOCH = date(1970, 1, 1)
REPORT_DAY = date(2017, 10, 31)


def stream(name: str) -> np.random.Generator:
    """The random numbers of one part: adding a draw to another part leaves them as they were."""
    return np.random.default_rng(np.frombuffer(name.encode(), dtype=np.uint8).tolist())


def day_number(day: date) -> int:
    return (day - EPOCH).days


def days(numbers: Ints) -> pl.Series:
    """Day numbers as dates."""
    return pl.Series(numbers.astype(np.int32)).cast(pl.Date)


def split(total: int, weights: Floats, *, least: int = 0) -> Ints:
    """`total` as whole parts in proportion to `weights`, each at least `least`; the parts add up to `total` exactly.

    Where `total` does not reach for the least of each, the heaviest get theirs first.
    """
    if total < least * len(weights):
        few: Ints = np.zeros(len(weights), dtype=np.int64)
        np.add.at(few, np.argsort(-weights, kind="stable")[np.arange(total) % len(weights)], 1)
        return few
    shares = weights / weights.sum() * (total - least * len(weights))
    parts: Ints = np.floor(shares).astype(np.int64)
    missing = total - least * len(weights) - int(parts.sum())
    parts[np.argsort(-(shares - parts), kind="stable")[:missing]] += 1
    parts += least
    return parts


def grown(sizes: Ints) -> Ints:
    """0, 1, … within each group of these sizes, the groups one after the other."""
    starts = np.cumsum(sizes) - sizes
    counted: Ints = np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(starts, sizes)
    return counted


def between(rng: np.random.Generator, first: date, last: date, count: int) -> Ints:
    """Day numbers from `first` to `last`, both included."""
    return rng.integers(day_number(first), day_number(last) + 1, count)


def months(first: date, last: date) -> list[tuple[date, date]]:
    """The first and the last day of each month from the month of `first` to that of `last`."""
    found = []
    start = first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=32)).replace(day=1)
        found.append((start, following - timedelta(days=1)))
        start = following
    return found


def numbers(values: Ints) -> list[int]:
    """As whole numbers of Python: numpy's own do not go into JSON."""
    return [int(value) for value in values]
