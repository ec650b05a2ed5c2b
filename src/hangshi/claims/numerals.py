"""What a written number means: its value, the place of its last digit, and how it was written.

`read` knows Arabic digits with 万 and 亿, thousands apart, and numerals in Chinese characters, also 十几, 数十, 上百, 两三.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
LONGEST = 24  # characters; a longer run is no number that anybody wrote

_ARABIC = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?([十百千万亿]{0,4})\Z")
_TWO = re.compile(r"(\d+[亿万])(\d+(?:\.\d+)?[百千万]{0,2})\Z")
_LOOSE = {"几": 2, "数": 2, "上": 1}


@dataclass(frozen=True)
class Number:
    """[`low`, `high`], both ends included unless `high_open`. `place`: the weight of its last non-zero digit.

    `loose`: the number itself names a range (数十, 两三, 1.5万); 余 and 近 then do not apply to `place`.
    """

    low: Decimal
    high: Decimal
    place: Decimal
    high_open: bool = False
    loose: bool = False
    stated: Decimal | None = None  # 14.7万 as 147000: what hedges count from

    @property
    def value(self) -> Decimal:
        return self.low if self.stated is None else self.stated


def exact(value: Decimal, place: Decimal) -> Number:
    return Number(value, value, place)


NOTHING = Number(Decimal(0), Decimal(0), Decimal(1))


def read(text: str) -> Number | None:
    """The number that `text` writes from its first to its last character; None if it writes none."""
    if not text or len(text) > LONGEST:
        return None
    if text[0].isdigit():
        return _arabic(text)
    return _loose(text) or _pair(text) or _han_number(text)


def _arabic(text: str) -> Number | None:
    found = _ARABIC.match(text)
    if not found:
        return _in_two(text)
    whole, decimals, powers = found[1].replace(",", ""), found[2] or "", found[3]
    weight = _weight(powers)
    if weight is None:
        return None
    value = Decimal(int(whole + decimals)).scaleb(-len(decimals)) * weight
    if decimals and weight >= 10**4:
        half = (Decimal(weight) / 2).scaleb(-len(decimals))
        return Number(value - half, value + half, half * 2, high_open=True, stated=value)
    return exact(value, (_place(int(whole + decimals)) * weight).scaleb(-len(decimals)))


def _in_two(text: str) -> Number | None:
    """1亿3000万: the second part is less than one unit of the first."""
    found = _TWO.match(text)
    if not found:
        return None
    upper, lower = _arabic(found[1]), _arabic(found[2])
    if upper is None or lower is None or lower.value >= 10 ** (8 if found[1].endswith("亿") else 4):
        return None
    more = upper.value
    return Number(
        more + lower.low, more + lower.high, lower.place, lower.high_open, stated=lower.stated and more + lower.stated
    )


def _weight(powers: str) -> int | None:
    """The factor of 万, 亿, 千万 after digits: powers never fall, except 万亿."""
    weight = 1
    for power in powers:
        weight *= POWERS[power]
    return weight if weight <= 10**16 else None


def _place(whole: int) -> Decimal:
    place = 1
    while whole and whole % 10 == 0:
        whole //= 10
        place *= 10
    return Decimal(place)


def _loose(text: str) -> Number | None:
    """数十, 几千, 上百, 数百万; 十几, 二十几, 十几万."""
    if text[0] in _LOOSE and len(text) > 1:
        weight = _weight(text[1:]) if all(it in POWERS for it in text[1:]) else None
        return None if weight is None else _from_to(_LOOSE[text[0]] * weight, 10 * weight - 1, weight)
    head, found, tail = text.partition("几")
    if not found or not head.endswith("十"):
        return None
    tens = _han(head)
    weight = _weight(tail) if all(it in POWERS for it in tail) else None
    if tens is None or weight is None:
        return None
    return _from_to((tens + 1) * weight, (tens + 10) * weight - 1, weight)


def _pair(text: str) -> Number | None:
    """两三, 三五, 七八十, 十七八: two neighbouring digits say a range."""
    found = re.match(
        r"(十|[一二三四五六七八九]十)?([一二两三四五六七八])([二三四五六七八九])([十百千万亿]{0,3})\Z", text
    )
    if not found:
        return None
    first, second, weight = DIGITS[found[2]], DIGITS[found[3]], _weight(found[4])
    if weight is None or not 1 <= second - first <= 2:
        return None
    tens = _han(found[1]) or 0 if found[1] else 0
    return _from_to((tens + first) * weight, (tens + second) * weight, weight)


def _from_to(low: int, high: int, place: int) -> Number:
    return Number(Decimal(low), Decimal(high), Decimal(place), loose=True)


def _han_number(text: str) -> Number | None:
    value = _han(text)
    return None if value is None else exact(Decimal(value), _place(value))


def _han(text: str) -> int | None:
    """三十六 → 36, 一千二百 → 1200, 一万五 → 15000, 百 → 100; None for what is not one numeral."""
    total = section = digit = 0
    last = 10**16
    for at, it in enumerate(text):
        if it in DIGITS:
            if digit and text[at - 1] not in "零〇":
                return None
            digit = DIGITS[it]
            continue
        power = POWERS.get(it)
        if power is None:
            return None
        if power < 10**4:
            section += (digit or 1) * power
        else:
            counted = section + digit
            total = total + counted * power if total > power else (total + counted or 1) * power
            section = 0
        digit, last = 0, power
    if digit and len(text) > 1 and text[-2] in "百千万亿":
        digit *= last // 10  # 一万五
    return total + section + digit
