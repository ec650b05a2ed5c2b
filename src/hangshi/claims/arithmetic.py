"""What a text says against itself: parts beyond their whole, a rate against its numbers, a change against both ends, one thing twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from hangshi.claims.table import Claim, plain

_STOP = re.compile("[。！？!?\n]")


@dataclass(frozen=True)
class Contradiction:
    """`claims`: those that cannot all be true. `sentence`: for the reader."""

    rule: str
    claims: tuple[Claim, ...]
    sentence: str


def contradictions(claims: list[Claim], raw: str) -> list[Contradiction]:
    """Everything in the text alone that does not add up, in its order; only exact numbers are held against each other."""
    found = [
        *_parts(claims, raw),
        *_shares(claims, raw),
        *_changes(claims, raw),
        *_twice(claims, raw),
        *_quotas(claims, raw),
    ]
    return sorted(found, key=lambda it: it.claims[0].start)


def exact(it: Claim) -> Decimal | None:
    return it.low if it.low is not None and it.low == it.high else None


def _sentences(claims: list[Claim], raw: str) -> Iterator[list[Claim]]:
    """Claims grouped by sentence."""
    group: list[Claim] = []
    for it in claims:
        if group and _STOP.search(raw, group[-1].end, it.start):
            yield group
            group = []
        group.append(it)
    if group:
        yield group


def _parts(claims: list[Claim], raw: str) -> Iterator[Contradiction]:
    """共120人，其中A 50人、B 90人: parts of one list may not exceed their whole."""
    for group in _sentences(claims, raw):
        for at, whole in enumerate(group[:-1]):
            link = raw[whole.end : group[at + 1].start]
            total = exact(whole)
            if total is None or ("其中" not in link and "包括" not in link) or len(link) > 24:
                continue
            parts = [it for it in _listed(group[at + 1 :], raw) if it.unit == whole.unit]
            amounts = [amount for it in parts if (amount := exact(it)) is not None]
            if len(amounts) == len(parts) and sum(amounts) > total:
                yield Contradiction(
                    "parts", (whole, *parts), f"各部分之和 {plain(Decimal(sum(amounts)))} 大于总数 {plain(total)}"
                )


def _listed(rest: list[Claim], raw: str) -> list[Claim]:
    """The claims that one list holds together by 、 or 和."""
    taken = rest[:1]
    for one, nxt in pairwise(rest):
        if not re.fullmatch(r"[^，,。；;]{0,16}[、和][^，,。；;]{0,16}|[、和]", raw[one.end : nxt.start]):
            break
        taken.append(nxt)
    return taken


def _shares(claims: list[Claim], raw: str) -> Iterator[Contradiction]:
    """60个支部中有9个…，占15%: the rate against its numbers."""
    for group in _sentences(claims, raw):
        for at in range(2, len(group)):
            whole, part, rate = group[at - 2 : at + 1]
            if (
                rate.unit != "percent"
                or whole.unit != part.unit
                or not re.search("占[^，,。；;]{0,6}$", raw[part.end : rate.start])
            ):
                continue
            total, some, said = exact(whole), exact(part), exact(rate)
            linked = re.search("其中|中[,，]?有", raw[whole.end : part.start])
            if (
                total
                and some is not None
                and said is not None
                and linked
                and abs(100 * some / total - said) > _slack(rate)
            ):
                computed = plain(round(100 * some / total, 2))
                yield Contradiction(
                    "share", (whole, part, rate), f"{plain(some)} 占 {plain(total)} 的 {computed}%，不是 {rate.text}"
                )


def _slack(rate: Claim) -> Decimal:
    """Half of the last place written, and a little."""
    places = len(rate.text.partition(".")[2].rstrip("%％"))
    return Decimal("0.51").scaleb(-places)


_RISE = "提高|增加|增长|上升|提升|发展|扩大|壮大|跃升"
_FALL = "下降|减少|降低|缩短|压减|缩减"
_MOVED = re.compile(f"(?P<up>(?:{_RISE})[到至]|[增升]至)|(?P<down>(?:{_FALL})[到至]|[降减]至)")
_RATE_OF_CHANGE = re.compile("(?:增幅|降幅|涨幅|增长|提高|增加|上升|下降|减少|降低)(?:率|了|达|达到|为)?$")
_YEAR = re.compile(r"((?:19|20)\d\d)年")


def _changes(claims: list[Claim], raw: str) -> Iterator[Contradiction]:
    """由1500元提高到2800元，增幅86.7%; 2016年…, 2017年…, 同比增长16.7%: the words and the rate against both ends."""
    for group in _sentences(claims, raw):
        for at, (first, second) in enumerate(pairwise(group)):
            before, after = exact(first), exact(second)
            moved = _MOVED.search(raw[first.end : second.start])
            if first.unit != second.unit or not before or after is None:
                continue
            if moved and (after < before if moved["up"] else after > before):
                yield Contradiction("direction", (first, second), f"从 {first.text} 到 {second.text} 不是“{moved[0]}”")
            elif moved or _follows(first, second):
                yield from _rate_of(first, second, group[at + 2 : at + 3], raw)


def _follows(first: Claim, second: Claim) -> bool:
    """Whether the two say the same thing of a year and of the next."""
    one, other = _YEAR.search(first.period), _YEAR.search(second.period)
    return bool(one and other and int(one[1]) + 1 == int(other[1]) and first.subject == second.subject)


def _rate_of(first: Claim, second: Claim, following: list[Claim], raw: str) -> Iterator[Contradiction]:
    """The rate that follows the two, where it does not say what they say."""
    before, after = exact(first), exact(second)
    for rate in following:
        said = exact(rate)
        named = _RATE_OF_CHANGE.search(raw[second.end : rate.start])
        if not (named and rate.text[-1:] in "%％" and before and after is not None and said is not None):
            continue
        change = abs(after - before) * 100 / before
        if abs(change - said) > _slack(rate):
            computed = plain(round(change, 2))
            yield Contradiction(
                "change", (first, second, rate), f"从 {first.text} 到 {second.text} 变动 {computed}%，不是 {rate.text}"
            )


def _twice(claims: list[Claim], raw: str) -> Iterator[Contradiction]:
    """The same thing of the same place and time with two values that no number can meet both; within a sentence it is a change."""
    seen: dict[tuple[str, str, str, str], Claim] = {}
    for it in claims:
        key = (it.subject, it.unit, it.scope, it.period)
        if len(it.subject) < 3 or it.role != "fact" or _is_narrowed(it, raw):
            continue
        earlier = seen.setdefault(key, it)
        if _apart(earlier, it) and _STOP.search(raw, earlier.end, it.start):
            yield Contradiction("twice", (earlier, it), f"“{it.subject}”前后不一：{earlier.text} 与 {it.text}")


def _is_narrowed(it: Claim, raw: str) -> bool:
    """脱贫半年以上的乡镇党政正职 are some of them: what stands before 的 makes it another thing."""
    at = raw.rfind(it.subject, max(0, it.start - 40), it.end + 30)
    return at > 0 and raw[at - 1] == "的"


def _apart(one: Claim, other: Claim) -> bool:
    return _below(one, other) or _below(other, one)


def _below(one: Claim, other: Claim) -> bool:
    """Whether every number the first allows is less than every one the second allows."""
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and (one.high_open or other.low_open))


_EACH = re.compile(r"每(?:个|名)?[\u4e00-\u9fff]{0,3}?(县|乡镇|村|社区|支部|网格|乡|镇)[^，,。；;]{0,8}$")


def _quotas(claims: list[Claim], raw: str) -> Iterator[Contradiction]:
    """每村2至3名, 30个村, 共100名: what each is due, times how many there are, against what they have together."""
    for group in _sentences(claims, raw):
        for at, quota in enumerate(group):
            each = _EACH.search(raw[max(0, quota.start - 20) : quota.start])
            if not each:
                continue
            bases = [it for it in group if it is not quota and it.subject.endswith(each[1]) and exact(it) is not None]
            totals = [
                it
                for it in group[at + 1 :]
                if it.unit == quota.unit and re.search("共[^，,。；;]{0,8}$", raw[max(0, it.start - 12) : it.start])
            ]
            if bases and totals:
                yield from _unmet(bases[0], quota, totals[0])


def _unmet(base: Claim, quota: Claim, total: Claim) -> Iterator[Contradiction]:
    number, have = exact(base), exact(total)
    if number is None or have is None:
        return
    least = None if quota.low is None else quota.low * number
    most = None if quota.high is None else quota.high * number
    if (least is not None and have < least) or (most is not None and have > most):
        span = f"{plain(least) or '不限'} 至 {plain(most) or '不限'}"
        yield Contradiction(
            "quota", (base, quota, total), f"{base.text}按“{quota.text}”应为 {span}，写的是 {total.text}"
        )
