"""Words around a number that widen it: 近, 不少于, 7万余, 以上, 左右."""

import re
from dataclasses import dataclass
from decimal import Decimal

from hangshi.claims.numerals import Number

LEAST, ABOVE, BELOW, MOST, NEAR, ABOUT, MORE = "least", "above", "below", "most", "near", "about", "more"
_BEFORE = {
    LEAST: "不少于 不得少于 不能少于 不低于 不得低于 不能低于 至少 最少 起码 不下 不下于 满 不小于 年满 至少有 至少要",
    ABOVE: "超过 超 突破 多于 高于 大于 逾 超出 过 破 超过了 突破了",
    BELOW: "不足 不到 不满 未满 低于 少于 小于 未达到 未达",
    MOST: "不超过 不得超过 不高于 不多于 至多 最多 不大于 不得高于 不能超过 不得多于 不超",
    NEAR: "将近 接近 近 快 快要",
    ABOUT: "大约 大概 约 约为 约有 大致 差不多",
}
_AFTER = {
    LEAST: "及以上 以上 (含)以上 起",
    MOST: "及以下 以下 以内 之内 内 (含)以下 (含)以内",
    ABOUT: "左右 上下",
    MORE: "多 余 有余 出头",
}
_KIND_BEFORE = {word: kind for kind, words in _BEFORE.items() for word in words.split()}
_KIND_AFTER = {word: kind for kind, words in _AFTER.items() for word in words.split()}
_LONGEST = max(map(len, _KIND_BEFORE))
BEFORE = re.compile("(?:" + "|".join(sorted(_KIND_BEFORE, key=len, reverse=True)) + r")\Z")
AFTER = re.compile("|".join(re.escape(it) for it in sorted(_KIND_AFTER, key=len, reverse=True)))
# 最近, 预约, 加快, 通过 end like a hedge and are none.
_PARTS = re.compile(
    r"(?:最近|附近|邻近|就近|临近|远近|亲近|节约|预约|违约|契约|制约|签约|公约|条约|合约|加快|赶快|尽快|通过|经过|不过|圆满|美满|饱满|赛过|经不过|渡过|度过|有过|搞过|去过|看破)\Z"
)
_FAR = re.compile(
    r"(至少|最少|起码|不少于|不得少于|不低于|不得低于|不超过|不得超过|至多|最多|不得高于)(?!的)[\u4e00-\u9fff]{1,8}\Z"
)


@dataclass(frozen=True)
class Interval:
    """What the words allow, in the measure as written; None is unbounded."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def times(self, factor: Decimal) -> "Interval":
        low = None if self.low is None else self.low * factor
        return Interval(low, None if self.high is None else self.high * factor, self.low_open, self.high_open)


def before(text: str, at: int) -> tuple[str, int]:
    """The kind of hedge that ends at `at` and where it begins; ("", at) if there is none."""
    window = text[max(0, at - 8) : at]
    found = BEFORE.search(window[-_LONGEST:])
    if not found or _PARTS.search(window):
        return "", at
    return _KIND_BEFORE[found[0]], at - len(found[0])


def far(text: str, at: int) -> str:
    """The kind of a hedge that stands a few words before: 至少召开1次."""
    found = _FAR.search(text[max(0, at - 13) : at])
    return _KIND_BEFORE[found[1]] if found else ""


def after(text: str, at: int) -> tuple[str, int]:
    """The kind of hedge that begins at `at` and where it ends."""
    found = AFTER.match(text, at)
    return (_KIND_AFTER[found[0]], found.end()) if found else ("", at)


def interval(number: Number, kind: str) -> Interval:
    """What a number under a hedge allows."""
    value = number.value
    if kind == MORE and not number.loose:
        return Interval(value, value + number.place, True, True)
    if kind == NEAR:
        return Interval(value * 9 / 10, value, False, True)
    if kind == ABOUT:
        return Interval(value * 95 / 100, value * 105 / 100)
    if kind in (LEAST, ABOVE):
        return Interval(value, None, kind == ABOVE)
    if kind in (BELOW, MOST):
        return Interval(None, number.high if number.loose else value, False, kind == BELOW)
    return Interval(number.low, number.high, False, number.high_open)
