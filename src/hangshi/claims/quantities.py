"""Finds quantity expressions: hedge, number, magnitude and measure word together, with the interval they allow.

Only the shape is judged here; whether a quantity is a claim is decided in `exclusions`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from hangshi.claims import hedges, masks, measures, numerals
from hangshi.claims.hedges import Interval
from hangshi.claims.numerals import Number

_HAN = "零〇一二两三四五六七八九十百千万亿几数上"
_UPPER = r"\d+亿(?=\d+(?:\.\d+)?[千百]?万)|\d+万(?=\d{4}(?![\d年]))"  # 1亿3000万, 2万3500
NUMBER = rf"(?:{_UPPER})?\d+(?:,\d{{3}}(?!\d))*(?:\.\d+)?(?:[十百万亿]|千(?![瓦伏]))*"
TOKEN = re.compile(rf"{NUMBER}|半|[{_HAN}]+")
_NUMBER_AT = re.compile(rf"{NUMBER}|[{_HAN}]+")
_MORE = re.compile(r"(?:余|多|来(?=[万亿个名人户亩项元家次条年天岁]))([十百千万亿]{0,3})")
_OF_POWER = re.compile(r"个([多余]?)(亿|千万|百万)(?=元|[,。;、)\n]|\Z)")
_RANGE = re.compile(r"(?:至|到|-{1,2})")
_LIST = re.compile(r"[、和与及]|以及")
_PERCENT = re.compile(
    r"百分之([一二三四五六七八九十零百]{1,5}(?:点[零一二三四五六七八九]{1,3})?|\d{1,3}(?:\.\d{1,4})?)"
)
_PART = re.compile(r"([一二两三四五六七八九十百]{1,3}|\d{1,3})分之([一二两三四五六七八九十]{1,3}|\d{1,3})")
_TENTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九")
_SLASH = re.compile(r"([1-9])/([2-9])(?=以上|以下|左右|的)")  # 2/3以上的村民代表
_POINT_UNITS = {"year": Decimal("0.5"), "hour": Decimal("0.5"), "day": Decimal("0.5"), "month": Decimal("0.5")}
_TIMES = {"年": "year", "天": "day", "小时": "hour", "个月": "month", "个小时": "hour", "个多小时": "hour"}
# What follows a word that looks like a measure word and makes it another word: 支部, 处级, 户均, 人才.
_NOT_BEFORE = {
    "支": "部持出付委书撑柱", "处": "级分长室理置罚于", "户": "均籍主口外", "人": "均才口民大员事居群情力物生类工", "组": "织建成长", "次": "数日年序要产性生",
    "期": "间限望货末盼", "种": "植养子粮苗田地", "位": "于置数列居", "分": "别析布类散为成解工期批级层管包队之配享红流步站会支公", "家": "庭园乡具电长属族",
    "场": "所地馆景面合", "台": "阶账湾风", "队": "伍员长", "头": "雁脑部羊等", "只": "有要能是", "本": "村市县级地年土科站质着区省乡身人届月来金",
    "里": "面边程", "天": "然津空气", "元": "旦月素", "担": "任当保负忧心", "载": "体", "口": "粮碑号头径岸感之", "笔": "记试者", "根": "据本基", "部": "门分队委署长位曲落",
    "面": "积向临对貌貌试貌", "道": "路德理", "门": "店户口", "首": "先次批个届家位席府", "起": "来步点到草源义", "例": "会如外行", "件": "数",
    "间": "接隔断作", "条": "件例", "块": "状", "克": "服难", "方": "面式法案向针便位圆", "步": "走行伐骤", "片": "区面段", "项": "目(", "层": "级次层面", "行": "业政动为人", "节": "约能点日",
    "亩": "均产", "日": "常报前", "点": "", "名": "单字义优牌称誉次录", "盘": "活棋", "张": "贴三", "村": "民级两委支干庄组务容", "乡": "村镇亲贤", "镇": "村乡区", "县": "级区域市委直处", "箱": "子",
    "顶": "层", "盆": "地", "封": "闭面", "轮": "车", "架": "构", "枝": "花", "款": "项", "座": "谈", "眼": "光界前睛", "台次": "", "类": "型别", "斤": "斤", "棵": "", "度": "",
    "米": "粉", "平方": "公千", "对": "于待象应口照外内比策手方话付抗接标0123456789一", "成": "立为员果功效就长了熟本品都交千不绩份形", "尾": "水矿", "匹": "配", "副": "书主县市乡镇处科总会站组局", "粒": "", "枚": "", "批": "准复示评", "口人": "", "吨": "",
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """A quantity in cleaned text: the span, the bare number's span, the interval in base units, and its measure word.

    `unit` is empty where the number has no measure word of its own. `article`: the number is 一 in characters.
    """

    start: int
    end: int
    digits: int  # where the number itself begins
    word: str
    unit: str
    interval: Interval
    arabic: bool
    hedge: str = ""
    loose: bool = False
    article: bool = False
    bare: bool = False  # 百, 千, 万 alone
    range: bool = False
    number: Number = numerals.NOTHING
    factor: Decimal = Decimal(1)


def quantities(text: str) -> list[Quantity]:
    """All quantities of the text from left to right, days and years left out; none overlaps another."""
    found: list[Quantity] = []
    at = 0
    while token := TOKEN.search(text, at):
        if day := masks.date_end(text, token.start()):
            at = max(day, token.start() + 1)
            continue
        made = _read(text, token)
        if made is None:
            at = token.end()
            continue
        found += made
        at = made[-1].end
    return list(_sharing(text, found))


def _sharing(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """450平方米和500平方米以上: the hedge behind the last holds for the one joined to it."""
    for it, nxt in pairwise([*found, *found[-1:]]):
        joined = nxt is not it and nxt.unit == it.unit and text[it.end : nxt.start] in ("和", "、", "与", "及")
        if (
            nxt
            and joined
            and it.number
            and not it.hedge
            and nxt.hedge in (hedges.LEAST, hedges.MOST)
            and nxt.start == nxt.digits
        ):
            yield replace(
                it,
                hedge=nxt.hedge,
                interval=_rounded(hedges.interval(it.number, nxt.hedge).times(it.factor), it.factor),
            )
        else:
            yield it


def _read(text: str, token: re.Match[str]) -> list[Quantity] | None:
    start, words = token.start(), token[0]
    if words == "半":
        return _half(text, start)
    if words[-1] == "一" and text[token.end() : token.end() + 1] == "半":
        return _half(text, token.end())
    if special := _fraction(text, token):
        return [special]
    if words[0] in "数上几" and (len(words) == 1 or words[1] not in "十百千万亿"):
        start += 1
    if words[0] == "上" and text[start - 1 : start] in ("以", "之", "级", "路", "线", "网", "会", "身"):
        start += 1
    number = numerals.read(text[start : token.end()]) if start < token.end() else None
    if number is None:
        return None
    one = _whole(text, start, token.end(), number)
    if one is None:
        return None
    if not one.word and (listed := _listed(text, one)):
        return listed
    return [one]


def _fraction(text: str, token: re.Match[str]) -> Quantity | None:
    """百分之八十, 三分之一."""
    start = token.start()
    if found := _PERCENT.match(text, start) or _PERCENT.match(text, max(start, token.end() - 1)):
        whole, _, decimals = found[1].partition("点")
        number = numerals.read(whole)
        if number is None:
            return None
        tail = "".join(str(numerals.DIGITS[it]) for it in decimals)
        value = number.value + (Decimal(int(tail)).scaleb(-len(tail)) if tail else 0)
        return _shared(text, found, value)
    if found := _PART.match(text, start):
        lower, upper = numerals.read(found[1]), numerals.read(found[2])
        if lower and upper and lower.value:
            return _shared(text, found, round(upper.value * 100 / lower.value, 2))
    if (found := _SLASH.match(text, start)) and found[1] < found[2]:
        return _shared(text, found, round(Decimal(found[1]) * 100 / Decimal(found[2]), 2))
    return None


def _shared(text: str, found: re.Match[str], value: Decimal) -> Quantity:
    number = numerals.exact(value, Decimal(1))
    return _hedged(text, found.start(), found.end(), number, "%", "percent", Decimal(1))


def _half(text: str, at: int) -> list[Quantity] | None:
    """一半, 半数, 过半, 近半; 半年, 半个月, 半天."""
    half = numerals.exact(Decimal("0.5"), Decimal(1))
    if found := re.compile("个月|年|天|小时|个小时").match(text, at + 1):
        if text[at - 1 : at] in tuple("上下前后大多每夜"):
            return None
        more = text[found.end() : found.end() + 1]
        end = found.end() + (more == "多")
        made = _hedged(text, at, end, half, found[0], _TIMES[found[0]], Decimal(1))
        return [made] if more != "多" else [replace(made, interval=Interval(Decimal("0.5"), Decimal(1), True, True))]
    fifty = numerals.exact(Decimal(50), Decimal(10))
    if text[at - 1 : at] == "一" and text[at + 1 : at + 2] not in tuple("路边天途截"):
        return [_hedged(text, at - 1, at + 1, fifty, "半", "percent", Decimal(1))]
    if text[at + 1 : at + 2] == "数":
        return [_hedged(text, at, at + 2, fifty, "半", "percent", Decimal(1))]
    if re.search("(?:超|过|近|将近|接近)$", text[max(0, at - 2) : at]) and not re.match(
        "[点年天个路途]", text[at + 1 : at + 2]
    ):
        return [_hedged(text, at, at + 1, fifty, "半", "percent", Decimal(1))]
    return None


def _whole(text: str, start: int, end: int, number: Number) -> Quantity | None:
    """Number, 余 or 多, range, measure word, hedge behind: whatever of it is there."""
    more = _MORE.match(text, end)
    kind = ""
    if more and (more[1] or _measure(text, more.end()) or _is_count(text, more.end())):
        weighted = numerals.read(text[start:end] + more[1]) if more[1] else number
        if weighted is None:
            return None
        number, end, kind = weighted, more.end(), hedges.MORE
    if power := _OF_POWER.match(text, end):  # 1个多亿
        weighted = numerals.read(text[start:end] + power[2])
        if weighted is not None:
            number, end, kind = weighted, power.end(), hedges.MORE if power[1] else kind
    if not kind and (ranged := _ranged(text, start, end, number)):
        return ranged
    word, after = _measured(text, start, end)
    if not word:
        return _hedged(text, start, end, number, "", "", Decimal(1), kind)
    measure = measures.MEASURES.get(word)
    unit, factor = (measure.unit, measure.factor) if measure else ("item", Decimal(1))
    return _hedged(text, start, after, number, word, unit, factor, kind)


def _is_count(text: str, at: int) -> bool:
    return "\u4e00" <= text[at : at + 1] <= "\u9fff"


def _measured(text: str, start: int, end: int) -> tuple[str, int]:
    """The measure word after the number and where it ends; 四大 counts too."""
    found = _measure(text, end)
    han = not text[end - 1 : end].isdigit() and not text[start].isdigit()
    if found and (not han or measures.after_han(found)):
        return found, end + len(found)
    if (
        text[end : end + 1] == "大"
        and _is_count(text, end + 1)
        and text[end + 1] not in "小家型量批队会学街门多于力众棚豆米"
    ):
        return "大", end + 1
    return "", end


def _measure(text: str, at: int) -> str:
    found = measures.PATTERN.match(text, at)
    if not found:
        return ""
    word = found[0]
    while word and text[found.start() + len(word) : found.start() + len(word) + 1] in tuple(_NOT_BEFORE.get(word, "")):
        word = word[:-1] if word[:-1] in measures.MEASURES else ""
    return word


def _ranged(text: str, start: int, end: int, low: Number) -> Quantity | None:
    """1至2名, 80-180元, 5%-8%, 3万至5万元."""
    first = _measure(text, end)
    link = _RANGE.match(text, end + len(first))
    if not link or re.search("[从由]$", text[max(0, start - 1) : start]):
        return None
    second = _NUMBER_AT.match(text, link.end())
    high = numerals.read(second[0]) if second else None
    if second is None or high is None:
        return None
    word, after = _measured(text, second.start(), second.end())
    if not word or (
        first and measures.MEASURES[first].unit != measures.MEASURES.get(word, measures.MEASURES["个"]).unit
    ):
        return None
    low = _of_same_power(text[start:end], second[0], low)
    if low.value >= high.value:
        return None
    measure = measures.MEASURES.get(word, measures.MEASURES["个"])
    number = Number(low.value, high.value, high.place, loose=True)
    made = _hedged(text, start, after, number, word, measure.unit, measure.factor)
    return replace(made, range=True)


def _of_same_power(first: str, second: str, low: Number) -> Number:
    """3至5万元 means 3万; 5000至1万元 does not."""
    power = re.search("[十百千万亿]+$", second)
    if not power or re.search("[十百千万亿]$", first) or not first[-1].isdigit():
        return low
    widened = numerals.read(first + power[0])
    upper = numerals.read(second)
    return widened if widened and upper and widened.value < upper.value else low


def _hedged(
    text: str, start: int, end: int, number: Number, word: str, unit: str, factor: Decimal, kind: str = ""
) -> Quantity:
    """With the hedges on both sides; a hedge behind the measure word decides over one before the number."""
    behind, stop = ("", end)
    if word:
        number, end = _and_a_half(text, end, number, unit)
        behind, stop = hedges.after(text, end)
        if (
            behind == hedges.MORE
            and unit not in ("year", "month", "day", "hour", "km", "m2")
            and word not in ("倍", "成")
        ):
            behind, stop = "", end
        if text[end:stop] in ("内", "起") and unit not in ("day", "hour", "month"):
            behind, stop = "", end
    if word == "番":
        number = numerals.exact(Decimal(2) ** min(int(number.value), 9), Decimal(1))
    ahead, first = hedges.before(text, start)
    kind = behind or kind or ahead or hedges.far(text, start)
    if "多" in word:
        kind = hedges.MORE
    article = text[start:end].startswith("一") and text[start + 1 : start + 2] not in tuple("十百千万亿")
    return Quantity(
        first, stop, start, word, unit, _rounded(hedges.interval(number, kind).times(factor), factor), text[start].isdigit(),
        hedge=kind, loose=number.loose, article=article and unit != "percent", bare=text[start] in "百千万亿十" and not number.loose,
        number=number, factor=factor,
    )  # fmt: skip


def _and_a_half(text: str, end: int, number: Number, unit: str) -> tuple[Number, int]:
    """一年半; 九成五."""
    if text[end - 1] == "成" and unit == "percent" and (tenths := text[end : end + 1]) in _TENTHS:
        return numerals.exact(number.value + Decimal(numerals.DIGITS[tenths]) / 10, Decimal("0.1")), end + 1
    if unit == "year" and text[end : end + 1] == "半" and text[end + 1 : end + 2] not in tuple("年数月天"):
        return numerals.exact(number.value + Decimal("0.5"), Decimal("0.5")), end + 1
    return number, end


def _rounded(it: Interval, factor: Decimal) -> Interval:
    """Converted amounts are rounded to six places after converting."""
    if factor == factor.to_integral_value():
        return it
    low = None if it.low is None else round(it.low, 6)
    high = None if it.high is None else round(it.high, 6)
    return replace(it, low=low, high=high)


def _listed(text: str, first: Quantity) -> list[Quantity] | None:
    """60、100、150元: each number takes the last measure word, and its power where it has none."""
    members = [first]
    while link := _LIST.match(text, members[-1].end):
        token = _NUMBER_AT.match(text, link.end())
        number = numerals.read(token[0]) if token else None
        if token is None or number is None or token[0][0].isdigit() != first.arabic:
            break
        one = _whole(text, token.start(), token.end(), number)
        if one is None:
            break
        members.append(one)
        if one.word:
            return list(_of_last(text, members))
    return members if len(members) > 1 else None


def _of_last(text: str, members: list[Quantity]) -> Iterator[Quantity]:
    last = members[-1]
    for it in members[:-1]:
        number = _of_same_power(text[it.digits : it.end], text[last.digits : last.end].rstrip(last.word), it.number)
        amount = hedges.interval(number, it.hedge or (last.hedge if last.hedge != hedges.MORE else ""))
        yield replace(
            it, word=last.word, unit=last.unit, interval=amount.times(last.factor), number=number, factor=last.factor
        )
    yield last


__all__ = ["Quantity", "quantities"]
