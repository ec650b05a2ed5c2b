"""Balance = sum of entries, and kept = what was booked by then, after any order of postings, reversals, corrections and closings."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hangshi.access.scope import EVERYTHING, acting
from hangshi.closings import services
from hangshi.closings.models import Closing, Kept
from hangshi.closings.periods import holding
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.ledger.queries import account, running
from hangshi.packs import load
from tests.land import make
from tests.refusals import refusal_of

BENEFIT = load("base", "ankang").kinds.entry["benefit"]
KEY = "resident_benefit_yuan"
FIRST, LAST, TODAY = date(2017, 7, 1), date(2017, 9, 30), date(2017, 10, 9)
MONTHS = {month: holding("month", date(2017, month, 1)) for month in (7, 8, 9)}
days = st.dates(FIRST, LAST)
amounts = st.integers(1, 10**9).map(lambda fen: Decimal(fen) / 100)


class Books(RuleBasedStateMachine):
    """A village's book beside a second one kept in plain Python: a list of (day, amount), and the months that are closed.

    A step that the second book forbids must be refused by the first, for the reason written here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.lines: list[tuple[date, Decimal]] = []
        self.standing: list[Entry] = []
        self.closed: dict[int, tuple[Closing, Decimal]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @initialize()
    def found(self) -> None:
        self.village = make("county", "示例县", None)

    def month_total(self, month: int) -> Decimal:
        return sum((amount for day, amount in self.lines if day.month == month), Decimal(0))

    @rule(day=days, amount=amounts)
    def post(self, day: date, amount: Decimal) -> None:
        entries: list[Entry] = []

        def book() -> None:
            entries.append(ledger.book(BENEFIT, unit=self.village, amount=amount, on=day, source="rent", actor=7))

        assert refusal_of(book) == ("period.closed" if day.month in self.closed else None)
        if entries:
            self.standing += entries
            self.lines.append((day, amount))

    @rule(day=days, amount=amounts)
    def add_what_was_left_out(self, day: date, amount: Decimal) -> None:
        self.standing.append(
            ledger.book(
                BENEFIT, unit=self.village, amount=amount, on=day, source="rent", actor=7, note="漏记", corrected_on=TODAY
            )
        )  # fmt: skip
        self.lines.append((day, amount))

    @rule(data=st.data(), on=days)
    def reverse(self, data: st.DataObject, on: date) -> None:
        if not self.standing:
            return
        entry = data.draw(st.sampled_from(self.standing))
        reason = "period.closed" if on.month in self.closed else None
        reason = "entry.dates" if on < entry.day else reason
        assert refusal_of(ledger.reverse, entry, on=on, reason="记错", actor=7) == reason
        if reason is None:
            self.standing.remove(entry)
            self.lines.append((on, -entry.amount))
            assert refusal_of(ledger.reverse, entry, on=on, reason="记错", actor=7) == "entry.reversed"

    @rule(data=st.data(), amount=amounts | st.none())
    def correct(self, data: st.DataObject, amount: Decimal | None) -> None:
        if not self.standing:
            return
        entry = data.draw(st.sampled_from(self.standing))
        self.standing.remove(entry)
        right = ledger.correct(BENEFIT, entry, amount=amount, on=TODAY, reason="记错", actor=7)
        self.lines.append((entry.day, -entry.amount))
        if amount is not None:
            self.standing.append(right)
            self.lines.append((entry.day, amount))

    @rule(month=st.sampled_from(sorted(MONTHS)))
    def close_or_reopen(self, month: int) -> None:
        if month in self.closed:
            closing, _ = self.closed.pop(month)
            services.reopen(closing, on=TODAY, reason="再改", actor=3)
        else:
            closing = services.close(self.village, "month", MONTHS[month], on=TODAY, actor=9)
            self.closed[month] = closing, self.month_total(month)

    @invariant()
    def the_balance_is_the_sum_of_the_entries(self) -> None:
        whole = account("benefit", self.village, FIRST, LAST)
        assert (whole.before, whole.after) == (Decimal(0), sum((amount for _, amount in self.lines), Decimal(0)))
        assert whole.came == sum((amount for _, amount in self.lines if amount > 0), Decimal(0))
        runs = [it.run for it in running("benefit", self.village, FIRST, LAST)]
        assert (runs[-1] if runs else 0) == whole.after

    @invariant()
    def what_a_month_leaves_the_next_begins_with(self) -> None:
        three = [account("benefit", self.village, it.first, it.last) for it in MONTHS.values()]
        assert [it.after for it in three[:2]] == [it.before for it in three[1:]]
        assert [it.came + it.went for it in three] == [self.month_total(month) for month in MONTHS]

    @invariant()
    def what_was_kept_stays_whatever_is_corrected(self) -> None:
        for closing, total in self.closed.values():
            assert Kept.objects.get(closing=closing, unit=self.village, indicator=KEY).value == total


def test_the_book_agrees_with_a_second_one_whatever_the_order_of_steps(everything: None) -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],  # a step is several statements
        ),
    )


def together(works: list[Callable[[], None]]) -> None:
    """All at once, each on a connection of its own; a fault of one is a fault of the test."""

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for it in [pool.submit(run, work) for work in works]:
            it.result(60)


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_four_who_post_and_reverse_while_a_closing_races_them(committed: None, seed: int) -> None:
    """Each counts what the services let through; the ledger must hold that and no more, and the closing what was there before it."""
    with acting(EVERYTHING):
        village = make("county", "示例县", None)
    counted: dict[int, Decimal] = dict.fromkeys(range(4), Decimal(0))
    refusals: list[str] = []
    begun = threading.Event()  # so that every run has something before the closing

    def write(index: int) -> None:
        dice = random.Random(seed * 10 + index)
        mine: list[Entry] = []
        for _ in range(8):
            amount, day = Decimal(dice.randint(1, 99999)) / 100, date(2017, 7, dice.randint(1, 31))
            with acting(EVERYTHING):
                refusal = refusal_of(_one, village, mine, amount, day, undo=bool(mine) and dice.random() < 0.4)
            if refusal is not None:
                refusals.append(refusal)
            begun.set()
        counted[index] = sum((it.amount for it in mine), Decimal(0))

    def close() -> None:
        assert begun.wait(30)
        with acting(EVERYTHING):
            services.close(village, "month", MONTHS[7], on=TODAY, actor=9)

    together([*(lambda index=index: write(index) for index in range(4)), close])
    with acting(EVERYTHING):
        balance = account("benefit", village, FIRST, LAST).after
        closing = Closing.objects.get()
        kept = Kept.objects.get(closing=closing, unit=village, indicator=KEY).value
    assert balance == sum(counted.values(), Decimal(0))
    assert closing.seen > 0
    assert kept == balance  # July was closed: whoever came later was refused
    assert set(refusals) <= {"period.closed"}


def _one(village: Any, mine: list[Entry], amount: Decimal, day: date, *, undo: bool) -> None:
    """Post, or undo the last of one's own; what went through is added to `mine`."""
    if undo and mine[-1].reverses_id is None:
        mine.append(ledger.reverse(mine[-1], on=date(2017, 7, 31), reason="记错", actor=7))
    else:
        mine.append(ledger.book(BENEFIT, unit=village, amount=amount, on=day, source="rent", actor=7))
