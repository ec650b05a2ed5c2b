"""Numbers in words that are true by construction: each phrase is chosen so that the interval its words allow holds the value.

The intervals are those by which `claims` reads a report: 近N is [0.9N, N), N余 lies between N and one more of its last digit, 14.7万 is
half a digit either side, 约N is five per cent either side. Where the wished phrase cannot be true, the number itself is said.
"""

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from hangshi.packs.models import Indicator
from hangshi.refusal import Refused

MEASURES = {
    "person": "人",
    "household": "户",
    "item": "个",
    "yuan": "元",
    "mu": "亩",
    "m2": "平方米",
    "percent": "%",
    "point": "分",
}
WAN, YI = Decimal(10**4), Decimal(10**8)
FINEST = 2  # decimals of a number as it is said
Phrase = Callable[[Decimal, str], str]


def measure(it: Indicator) -> str:
    """What stands after the number."""
    return it.classifier or MEASURES[it.unit]


def check_sayable(value: Decimal, name: str) -> None:
    if value < 0:
        raise Refused("report.negative", f"“{name}”算得 {value}，是负数，不能这样写进材料；请先核对冲销的记录。")


def exact(value: Decimal, word: str) -> str:
    """The number as it is. A percentage is rounded half up to two decimals, as readers take it; any other with more is 约.

    A number so small that two decimals miss it by more than 约 allows is said with as many as it takes.
    """
    for places in range(FINEST, 30):
        said = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if said == value or word == "%":
            return f"{plain(said)}{word}"
        if said * 95 <= value * 100 <= said * 105:
            return f"约{plain(said)}{word}"
    return f"不足{plain(Decimal(1).scaleb(-FINEST))}{word}"


def plain(value: Decimal) -> str:
    """Digits; thousands apart only where a reader would take the number for a year or a telephone number."""
    text = _digits(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(value: Decimal) -> str:
    return f"{value:{',' if 1900 <= value < 2100 or value >= 10**10 else ''}f}"


def in_ten_thousands(value: Decimal, word: str) -> str:
    """14.7万, 1.35亿: one decimal of 万, two of 亿, always written unless there is nothing to round; below 万 the number itself."""
    if value < WAN or word == "%":
        return exact(value, word)
    power, sign, places = (YI, "亿", 2) if value >= YI else (WAN, "万", 1)
    said = (value / power).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if said * power == value:
        return f"{plain(said)}{sign}{word}"
    return f"{_digits(said)}{sign}{word}"


def nearly(value: Decimal, word: str) -> str:
    """近4亿元: the next number of one digit above, or of two where one is too far."""
    if not _large(value, word):
        return exact(value, word)
    for digits in (1, 2):
        above = _above(value, digits)
        if above * 9 / 10 <= value < above:
            return f"近{_counted(above)}{word}"
    return exact(value, word)


def more_than(value: Decimal, word: str) -> str:
    """7万余名, 4800余名: one digit from 万 on, two below; a round number itself is said as it is."""
    if not _large(value, word):
        return exact(value, word)
    below = _rounded(value, 1 if value >= WAN else 2, ROUND_FLOOR)
    if below == value:
        return exact(value, word)
    return f"{_counted(below)}余{word}"


def about(value: Decimal, word: str) -> str:
    """约4.9万户: two digits."""
    if not _large(value, word):
        return exact(value, word)
    return f"约{_counted(_rounded(value, 2, ROUND_HALF_UP))}{word}"


def at_least(value: Decimal, word: str) -> str:
    """不少于4800名: two digits, rounded down."""
    return exact(value, word) if not _large(value, word) else f"不少于{_counted(_rounded(value, 2, ROUND_FLOOR))}{word}"


def beyond(value: Decimal, word: str) -> str:
    """超过4800名: two digits, rounded down; a number that is round already is said as it is."""
    below = _rounded(value, 2, ROUND_FLOOR)
    return exact(value, word) if not _large(value, word) or below == value else f"超过{_counted(below)}{word}"


# By the words that a template calls them.
PHRASES: dict[str, Phrase] = {
    "值": exact,
    "万": in_ten_thousands,
    "近": nearly,
    "余": more_than,
    "约": about,
    "不少于": at_least,
    "超过": beyond,
}


def _large(value: Decimal, word: str) -> bool:
    """Whether rounding it is speech and not a loss: small numbers and percentages are said as they are."""
    return value >= 100 and word != "%"


def _rounded(value: Decimal, digits: int, how: str) -> Decimal:
    """To so many significant digits."""
    if not value:
        return value
    step = Decimal(1).scaleb(value.adjusted() - digits + 1)
    return (value / step).quantize(Decimal(1), how) * step


def _above(value: Decimal, digits: int) -> Decimal:
    """The least number of so many digits that is greater."""
    step = Decimal(1).scaleb(value.adjusted() - digits + 1)
    up = _rounded(value, digits, ROUND_CEILING)
    return up + step if up == value else up


def _counted(value: Decimal) -> str:
    """A number of one or two digits and noughts as it is written: 70000 → 7万, 320000000 → 3.2亿, 4800 → 4800."""
    power, sign = (YI, "亿") if value >= YI else (WAN, "万") if value >= WAN else (Decimal(1), "")
    return f"{plain(value / power)}{sign}"
