"""A sum divided by shares: the parts add up to the sum, to the fen."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from hangshi.refusal import Refused

CENT = Decimal("0.01")


def divide(total: Decimal, shares: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Who holds which part of `total` (yuan), by share, in fen.

    Each part is first rounded down to the fen; the fen left over go one each to the largest remainders, among equal ones to the lower
    number (the method of the largest remainder). Who holds no share gets 0.00. Raises `Refused` where there is nothing to divide by.
    """
    if any(it < 0 for it in shares.values()) or not sum(shares.values()):
        raise Refused("shares.none", "没有可以据以分红的股份，或有股份为负数。")
    if total < 0 or total != total.quantize(CENT):
        raise Refused("shares.total", "分红总额不能为负数，最多两位小数。")
    whole = sum(map(Fraction, shares.values()))
    exact = {key: Fraction(total) * Fraction(it) / whole * 100 for key, it in shares.items()}
    fen = {key: it.numerator // it.denominator for key, it in exact.items()}
    left = int(total * 100) - sum(fen.values())
    for key in sorted(exact, key=lambda key: (fen[key] - exact[key], key))[:left]:
        fen[key] += 1
    return {key: (Decimal(it) / 100).quantize(CENT, ROUND_FLOOR) for key, it in fen.items()}
