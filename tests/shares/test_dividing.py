"""A sum divided by shares: the parts add up to the sum, to the fen."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hangshi.shares.dividing import divide
from tests.refusals import refusal_of

CENT = Decimal("0.01")
MONEY = st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100)
SHARES = st.dictionaries(
    st.integers(0, 500), st.integers(1, 500_000).map(lambda it: Decimal(it) / 100), min_size=1, max_size=40
)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        ("100.00", {1: 1, 2: 1, 3: 1}, {1: "33.34", 2: "33.33", 3: "33.33"}),
        ("100.00", {1: 1, 2: 2, 3: 0}, {1: "33.33", 2: "66.67", 3: "0.00"}),
        ("0.02", {1: "0.5", 2: "0.5", 3: "0.5"}, {1: "0.01", 2: "0.01", 3: "0.00"}),
        ("0.00", {1: 3}, {1: "0.00"}),
    ],
)
def test_a_dividend_is_divided_to_the_fen(total, shares, parts):
    divided = divide(Decimal(total), {key: Decimal(it) for key, it in shares.items()})
    assert divided == {key: Decimal(it) for key, it in parts.items()}


@given(MONEY, SHARES)
def test_parts_add_up_to_the_fen_and_nobody_is_a_fen_away_from_their_share(total: Decimal, shares: dict[int, Decimal]):
    parts, whole = divide(total, shares), sum(shares.values())
    assert sum(parts.values()) == total
    assert all(abs(parts[key] - total * shares[key] / whole) < CENT for key in shares)


@given(MONEY, SHARES)
def test_who_holds_more_never_gets_less_and_the_order_of_the_list_is_of_no_account(
    total: Decimal, shares: dict[int, Decimal]
):
    parts = divide(total, shares)
    assert parts == divide(total, dict(reversed(shares.items())))
    by_shares = sorted(shares, key=lambda key: shares[key])
    for less, more in pairwise(by_shares):
        assert shares[less] == shares[more] or parts[less] <= parts[more]


@pytest.mark.parametrize(
    ("total", "shares", "code"),
    [
        ("1", {}, "shares.none"),
        ("1", {1: "0"}, "shares.none"),
        ("1", {1: "-1", 2: "2"}, "shares.none"),
        ("0.001", {1: "1"}, "shares.total"),
    ],
)
def test_what_cannot_be_divided_is_refused(total, shares, code):
    assert refusal_of(divide, Decimal(total), {key: Decimal(it) for key, it in shares.items()}) == code
