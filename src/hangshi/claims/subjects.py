"""What a quantity counts: the phrase after it or before it, or the thing that the sentence counted last."""

import re
from dataclasses import dataclass, field

from hangshi.claims import phrases
from hangshi.claims.lexicon import words
from hangshi.claims.quantities import Quantity

Span = tuple[int, int]
_MARKS = ",。;:!?\n"
_CLAUSE = 60
_NAMED = re.compile(r"[\u4e00-\u9fff\u201c(]")
_CHANGES = words("changes")
_CHANGED = tuple(_CHANGES)
_SPENT = words("spent")
_OCCASIONS = frozenset({"次", "场次", "场", "期", "趟", "轮", "批次", "批", "人次"})
_HELD = re.compile("[\u4e00-\u9fff]{2,6}(?=[,。;、])")
_MERE_CHANGES = frozenset({"增幅", "降幅", "涨幅", "增速", "占比", "增长率", "同比"})
_OF_STANDARD = re.compile("[^,。;]{0,16}?的?标准")
_OF_A_YEAR = re.compile(r"是(?:(?:19|20)\d\d年|上年|去年)(?:同期)?的\Z")
_AFTER_FIRST = words("after_first") | {""}


@dataclass
class Memory:
    """What was counted last, by base unit, so that 其中37个 knows its thing; forgotten after a paragraph."""

    last: dict[str, tuple[Span, int]] = field(default_factory=dict)
    ended: tuple[int, Span] = (-1, (0, 0))  # the end of the quantity before, and what it counted

    def keep(self, it: Quantity, unit: str, span: Span) -> None:
        if span[1] > span[0]:
            self.last[unit] = (span, it.end)
        self.ended = (it.end, span)

    def recall(self, text: str, it: Quantity, unit: str) -> Span:
        found = self.last.get(unit) or (self.last.get("household") if unit == "person" else None)
        if not found or it.start - found[1] > 160 or "\n" in text[found[1] : it.start]:
            return it.end, it.end
        return found[0]


def subject(text: str, it: Quantity, unit: str, memory: Memory) -> Span:
    """The span of the phrase in cleaned text; empty if the text names nothing."""
    span = _narrow(text, _found(text, it, unit, memory), unit)
    memory.keep(it, unit, span)
    return span


def _narrow(text: str, span: Span, unit: str) -> Span:
    """The end of a long phrase before an amount is what the amount is of: …成员月报酬. 22个村集体经济收入 counts 村."""
    start, end = span
    if text.startswith("村集体", start) and unit == "item":
        return start, start + 1
    if unit != "yuan" or end - start <= 8:
        return span
    cut = max(text.rfind(mark, start, end - 2) for mark in "、\u201d的)")
    return (cut + 1 if cut >= start else start, end)


def _found(text: str, it: Quantity, unit: str, memory: Memory) -> Span:
    floor = _floor(text, it.start)
    if memory.ended[0] == it.start and memory.ended[1][1]:  # 90866户373043人
        return memory.ended[1]
    if text[it.start - 2 : it.start] in ("共计", "合计", "总计") and text[it.start - 3 : it.start - 2] in tuple(
        ",、。"
    ):
        return memory.ended[1] if it.start - memory.ended[0] < 12 else (it.end, it.end)
    start, end, verb = phrases.backward(text, it.start, max(floor, memory.ended[0]))
    if text[start - 1 : start] in ("比", "较"):
        start, end, _ = phrases.backward(text, start - 1, max(floor, memory.ended[0]))
    elif end <= start and (
        came := re.search(
            "[由从](?:(?:19|20)[0-9]{2}年|[^,。;0-9]){0,10}\\Z", text[max(floor, it.start - 14) : it.start]
        )
    ):
        start, end, _ = phrases.backward(text, max(floor, it.start - 14) + came.start(), floor)
    before: Span = (start, end)
    after = phrases.forward(text, it.end)
    rule = _OF_STANDARD.match(text, it.end)
    if rule and "按" in text[floor : it.start] and (served := _served(text, rule.end())):
        return served
    if unit == "percent":
        return _rate(text, it, before, after, verb, memory)
    if unit == "yuan":
        return _money(text, it, before, after, verb, floor, memory)
    if unit in ("year", "month", "day", "hour"):
        return _time(text, it, unit, before, after, verb, floor, memory)
    return _counted(text, it, before, after, verb, floor) or _verbal(text, it, unit, before, verb, floor, memory)


def _counted(text: str, it: Quantity, before: Span, after: Span, verb: str, floor: int) -> Span | None:
    """The thing after a measure word like 名 and 个, before one like 户 and 亩; a verb for an occasion."""
    following = after[1] - after[0] >= (1 if it.word else 2) and bool(_NAMED.match(text[after[0]]))
    if it.word in _OCCASIONS and not following:
        if held := _HELD.match(text, it.end):
            return held.span()
        if verb and not verb.endswith(_CHANGED) and (at := text.rfind(verb, floor, it.start)) >= 0:
            return at, at + len(verb)
    thing = _is_thing(text, before)
    if (
        thing
        and before[1] == it.start
        and it.word in _PEOPLE
        and not verb
        and phrases.ends_with_head(text[slice(*before)])
    ):
        return before
    first = it.word in _AFTER_FIRST or text[it.end : it.end + 1] == "的" or not _touches(before, verb)
    if following and (first or not thing):
        return after
    return before if thing else None


_PEOPLE = frozenset({"名", "人", "户", "人次", "位"})


def _served(text: str, at: int) -> Span | None:
    """按每人100元的标准拨付培训经费: what the amount is for stands at the end of the clause."""
    stop = min((found for mark in _MARKS if (found := text.find(mark, at, at + _CLAUSE)) >= 0), default=at)
    if stop <= at:
        return None
    start, end, _ = phrases.backward(text, stop, at)
    return (start, end) if end - start >= 2 else None


def _time(text: str, it: Quantity, unit: str, before: Span, after: Span, verb: str, floor: int, memory: Memory) -> Span:
    """The person for an age; what lasts for a length of time."""
    if it.word in ("岁", "周岁"):
        named = _first(after) if it.hedge in ("least", "most", "about") or text.startswith("的", it.end) else None
        if not named and re.fullmatch("(?:平均)?年龄", text[before[0] : before[1]]):
            remembered = memory.recall(text, it, "person")
            return remembered if remembered[1] > remembered[0] else before
        if not named and (
            age := re.search("(?:今年|现年|刚满|年近|年仅)\\Z", text[max(floor, it.start - 4) : it.start])
        ):
            start, end, _ = phrases.backward(text, it.start - len(age[0]), floor)
            return start, end
        if named or _is_thing(text, before):
            return named or before
        remembered = memory.recall(text, it, "year")
        return remembered if remembered[1] > remembered[0] else memory.recall(text, it, "person")
    if verb in _CHANGES and memory.ended[0] > floor and memory.ended[1][1] > floor:  # 由40分钟缩短至15分钟
        return memory.ended[1]
    if len(verb) > 1 and (at := text.rfind(verb, floor, it.start)) >= 0:
        return at, at + len(verb)
    if _is_thing(text, before):
        return before
    return _first(after) or memory.recall(text, it, unit)


def _floor(text: str, at: int) -> int:
    low = max(0, at - _CLAUSE)
    return max(max(text.rfind(mark, low, at) for mark in _MARKS) + 1, low)


def _touches(before: Span, verb: str) -> bool:
    return before[1] > before[0] and not verb


def _is_thing(text: str, span: Span) -> bool:
    words = text[span[0] : span[1]]
    if text[span[0] - 1 : span[0]] in ("比", "较"):
        return False
    return (
        len(words) >= 1
        and not phrases._TIME.fullmatch(words)
        and not re.fullmatch(
            r"其中|全[市县区镇乡村省]|[我本][市县区镇乡村省]|此外|另有|另外|同时|期间|一年|每[年月]", words
        )
        and (words not in phrases._WORDS or words in phrases._NOUN_TAILS)
    )


def _first(*spans: Span) -> Span | None:
    return next((it for it in spans if it[1] > it[0]), None)


def _rate(text: str, it: Quantity, before: Span, after: Span, verb: str, memory: Memory) -> Span:
    if text[it.end : it.end + 1] == "的" and after[1] > after[0] and not (verb in _CHANGES and _is_thing(text, before)):
        return after
    if (
        share := re.search(
            "(?:占(?:到|比|全[市县区镇村])?[\u4e00-\u9fff]{0,12}|达到[\u4e00-\u9fff]{2,8}的)\\Z",
            text[max(0, it.start - 18) : it.start],
        )
    ) and "率" not in share[0]:
        start, end, _ = phrases.backward(
            text, max(0, it.start - 18) + share.start(), max(_floor(text, it.start), memory.ended[0])
        )
        among = text.rfind("中", start, end - 1)
        before = (among + 1 if among > start else start, end)
    elif not _is_thing(text, before) and (
        came := re.search("[由从][^,。;]{0,10}\\Z", text[max(0, it.start - 14) : it.start])
    ):
        start, end, _ = phrases.backward(text, max(0, it.start - 14) + came.start(), _floor(text, it.start))
        before = (start, end)
    elif (
        verb
        and not verb.endswith(_CHANGED)
        and (at := text.rfind(verb, 0, it.start)) >= 0
        and not _is_thing(text, before)
    ):
        return at, at + len(verb)
    if of := _OF_A_YEAR.search(text, max(_floor(text, it.start), it.start - 14), it.start):
        start, end, _ = phrases.backward(text, of.start(), _floor(text, it.start))
        before = (start, end)
    if text[before[0] : before[1]] in ("比例", "比重", "水平"):
        before = max(_floor(text, it.start), memory.ended[0]), before[1]
    if _is_thing(text, before) and text[before[0] : before[1]] not in _MERE_CHANGES:
        return before
    if not verb and after[1] - after[0] >= 2 and text[it.start - 1 : it.start] in (",", "。", "有", "仅", "\n", ""):
        return after  # 80%以上村…: what follows at once
    if memory.ended[1][1] > memory.ended[1][0] and it.start - memory.ended[0] < 24:
        return memory.ended[1]
    return _first(after) or before


def _money(text: str, it: Quantity, before: Span, after: Span, verb: str, floor: int, memory: Memory) -> Span:
    bounded = it.hedge in ("least", "most", "above", "below")
    if text[it.end : it.end + 1] == "的" and after[1] > after[0]:
        remembered = memory.recall(text, it, "yuan")
        if bounded and (_is_thing(text, before) or remembered[1] > remembered[0]):
            return before if _is_thing(text, before) else remembered
        return after
    if verb in _SPENT and verb not in _CHANGES:
        at = text.rfind(verb, floor, it.start)
        object_before = _is_thing(text, before) and verb not in (
            "投入",
            "投资",
            "增收",
            "受益",
            "支出",
            "节约",
            "减免",
            "争取",
            "筹集",
            "拨付",
            "下拨",
            "到位",
        )
        return before if object_before else (at, at + len(verb))
    if _is_thing(text, before):
        return before
    if after[1] - after[0] >= 2:
        return after
    return _verbal(text, it, "yuan", before, verb, floor, memory)


def _verbal(text: str, it: Quantity, unit: str, before: Span, verb: str, floor: int, memory: Memory) -> Span:
    """入户110余次: only a verb is counted; 其中37个: the thing counted before."""
    counted = unit == "item" and it.word in _OCCASIONS
    if (verb and verb not in _CHANGES and (counted or unit in ("yuan", "person", "household")) and unit != "item") or (
        verb and counted
    ):
        at = text.rfind(verb, floor, it.start)
        remembered = memory.recall(text, it, unit)
        if (unit in ("person", "household") or (unit == "yuan" and verb not in _SPENT)) and remembered[1] > remembered[
            0
        ]:
            return remembered
        return (at, at + len(verb)) if at >= 0 else before
    remembered = memory.recall(text, it, unit)
    if remembered[1] > remembered[0]:
        return remembered
    return before if _is_thing(text, before) else (it.end, it.end)
