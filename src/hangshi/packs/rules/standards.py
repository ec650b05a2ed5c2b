"""Standards: dated amounts."""

from collections.abc import Iterator
from itertools import pairwise

from hangshi.packs.models import Standard
from hangshi.packs.rules.register import Book, Fault, rule


@rule(Standard)
def amount_is_given(it: Standard, book: Book) -> Iterator[Fault]:
    """P321. A standard has at least one dated amount, and none is negative."""
    if not it.values:
        yield Fault("values", "P321", "标准没有数额：至少写一行 { since = 日期, amount = 数额 }")
    for number, value in enumerate(it.values):
        if value.amount < 0:
            yield Fault(f"values.{number}.amount", "P321", f"数额不能是负数：{value.amount}")


@rule(Standard)
def days_increase(it: Standard, book: Book) -> Iterator[Fault]:
    """P322. Each amount begins on a later day than the one before it."""
    for number, (earlier, later) in enumerate(pairwise(it.values), 1):
        if later.since <= earlier.since:
            yield Fault(f"values.{number}.since", "P322", f"首日要逐行递增：{later.since} 不晚于 {earlier.since}")
