"""Noun phrases beside a quantity: where the thing counted begins and ends, by word lists of the genre.

Two lists decide. Firm verbs never stand inside a counted thing (担任, 召开); soft ones may (帮扶责任人, 培训班), and end a phrase only
where no head noun follows.
"""

import re

from hangshi.claims.lexicon import words

FIRM = words("firm")
SOFT = words("soft")
HEADS = words("heads")
_WORDS = frozenset(FIRM)
_LONGEST_WORD = max(map(len, _WORDS))
_HEAD = re.compile("|".join(sorted(HEADS, key=len, reverse=True)))
_TAIL = re.compile(rf"{_HEAD.pattern}|[\u4e00-\u9fff]{{1,2}}[员者户](?![工会])")
_HEAD_END = re.compile(rf"(?:{_HEAD.pattern})\Z")
_END = re.compile(
    r"[,。;:!?\n、0-9+/\-]|[户人亩村年月]均|[一二两三四五六七八九十]{1,4}(?=[个名户家人亩项支处次套条件张座间])|近(?=[\d百千万])"
)
_CUT = re.compile("平均|未|无|没|如今|仅|约占|全年|今年|去年|一律|全都")
_REACH = 26
_TIME = re.compile(
    r"(?:(?:19|20)\d\d年?(?:以来|来|底|初|末|度)?|今年(?:以来|[上下]半年)?|去年(?:以来)?|近[一二两三四五六七八九十几\d]{1,2}年来?|[一二两三四五六七八九十\d]{1,2}年多?来|其中|另有|此外|另外|\d{1,2}(?:-\d{1,2})?月份?|如今|现如今|原来|原先|以前|过去|近年来|目前|截至目前|以来|当年|全年|上半年|下半年|本月|[一二三四]季度|期间|至今|年初|年末|年底|同期|当前|现在)"
)
_PLACE = re.compile(
    r"^(?:全[省市县区州乡镇村旗国]|[我本该][省市县区州乡镇村旗国]|[\u4e00-\u9fff]{2,3}[市县区州旗](?=[\u4e00-\u9fff]{2})(?![级直委域政长]))(?![级直委域政长])"
)
FILL = re.compile(
    r"(?:首次|每天|年均|月均|可达|可|高达|多达|少于|共计|总计|合计|累计|共有|共|已有|已|约有|仅有|只有|仅|有|计|达到了?|达|分别为|分别是|分别|为|是|约|了|就|均|都|虽然?|却|一共|总共|总数|总量|总数达|现有|还有|尚有|的|又|再|至|到|:|之中|中|里|上|也|至少|不少于|最多|不超过|先后|陆续|平均|最高|最低|每人|每户|每年|每月|每村|每次|各|增至|升至|降至|个|人均|户均|以)\Z"
)


def verb_at(text: str, at: int, stop: int) -> str:
    """The longest listed verb that begins at `at` and ends by `stop`; empty if none, or if a noun holds it (指导员, 党组织)."""
    for length in range(min(_LONGEST_WORD, stop - at), 0, -1):
        verb = text[at : at + length]
        if verb in _WORDS:
            if length == 1 and (text[at : at + 2] in _SINGLE_NOUNS or text[max(0, at - 1) : at + 1] in _SINGLE_NOUNS):
                return ""
            noun = _HEAD.match(text, at)
            if (noun and noun.end() > at + length) or (length > 1 and _SUFFIX.match(text, at + length)):
                return ""
            return verb
    return ""


_SUFFIX = re.compile(
    "[员者户率费证班队型式性长](?![组支])|人员|人才|对象|专班|制度|资金|[人站点室组](?=[,。;、!?中内的等]|[\u4e00-\u9fff]{0,1}[,。;、])|工作队|服务队|指导员|责任人|带头人"
)


def ends_with_head(words: str) -> bool:
    """Whether the words end like a thing that can be counted (党员干部)."""
    return bool(_HEAD_END.search(words))


def forward(text: str, at: int) -> tuple[int, int]:
    """The phrase that the quantity ending at `at` counts, if it follows; an empty span if it does not."""
    of = text[at : at + 1] == "的"
    start = at + of
    limit = _before_a_number(text, start, _limit(text, start))
    end = _first_verb(text, start, limit)
    if of and _OF_A_RULE.match(text, start):
        return at, at
    head = _after_de(text, start, end, limit)
    if head is not None:
        start, end = head
    while end > start and (text[end - 1] in "的了等(和与及以共,、" or (text[end - 1] in "中里内" and end - start > 1)):
        end -= 1
    return (start, end) if end > start else (at, at)


def _limit(text: str, start: int) -> int:
    """Where the phrase must end: a mark, a number; brackets and quotes right inside it belong to it."""
    at, top = start, min(len(text), start + _REACH)
    while at < top:
        mark = text[at]
        if mark == "(":
            close = text.find(")", at, at + 12)
            if close < 0 or any(it in text[at:close] for it in ",。;:0123456789"):
                return at
            at = close + 1
        elif mark == "\u201c":
            close = text.find("\u201d", at, at + 16)
            if close < 0:
                return at
            at = close + 1
        elif mark in "\u201d)《》\u2018\u2019 ":
            return at
        elif mark == "、" and at > start and _joins(text, at):
            at += 1
        elif _END.match(text, at) or (at > start and _CUT.match(text, at)):
            return at
        else:
            at += 1
    return top


_OF_A_RULE = re.compile("(?:原则|标准|要求|规定|比例|目标|条件|速度|幅度|水平|价格|规模|额度|方式|总体)")


def _before_a_number(text: str, start: int, limit: int) -> int:
    """49个子项和市直部门8大项: what and leads to a number belongs to that number."""
    if limit < len(text) and (text[limit].isdigit() or text[limit] in "近约超一二两三四五六七八九十"):
        cut = max(text.rfind(mark, start, limit) for mark in "和与、")
        return cut if cut > start and ")" not in text[cut:limit] else limit
    return limit


def _joins(text: str, at: int) -> bool:
    """Whether 、 joins two nouns of one phrase (第一书记、工作队员) and no further count."""
    return not _END.match(text, at + 1) and text[at + 1 : at + 2] != "\u201c" and not verb_at(text, at + 1, at + 4)


def _first_verb(text: str, start: int, limit: int) -> int:
    at = start
    while at < limit:
        if text[at] == "\u201c":
            at = text.find("\u201d", at, limit) + 1 or limit
            continue
        verb = verb_at(text, at, limit)
        if verb and not (verb in SOFT and _belongs(text, start, at, verb, limit)):
            return at
        noun = None if verb else _HEAD.match(text, at, limit)  # 党组织 is passed as one: its 组织 is no verb
        at += len(noun[0]) if noun else max(1, len(verb))
    return limit


def _belongs(text: str, start: int, at: int, verb: str, limit: int) -> bool:
    """A soft verb is inside the phrase where a head noun follows soon, or where the phrase ends with it (标准化建设要求)."""
    if at > start and at + len(verb) == limit:
        return True
    found = _TAIL.search(text, at + len(verb), min(limit, at + len(verb) + 6))
    if not found:
        return False
    return at == start or not _HEAD_END.search(text[start:at])


def _after_de(text: str, start: int, end: int, limit: int) -> tuple[int, int] | None:
    """实绩突出的第一书记: what stands before 的 describes, unless a whole phrase came before the verb."""
    of = text.rfind("的", start, limit)
    if of <= start or of + 1 >= limit:
        return None
    if end < of and _HEAD.search(text[max(start, end - 4) : end]) and end - start >= 2:
        return None
    if end < of and any(mark in text[end:of] for mark in "、"):
        return None
    stop = _first_verb(text, of + 1, limit)
    return (of + 1, stop) if stop > of + 1 else None


def backward(text: str, at: int, floor: int) -> tuple[int, int, str]:
    """The phrase before `at`, not before `floor`, and the verbs that stand between it and the number ("" if none)."""
    start, end = max(floor, at - 40), at
    end = _strip(text, start, end)
    verb, run = "", end
    while end > start and (last := _verb_ending(text, start, end)):
        if _is_noun_tail(text, start, end, last):
            break
        verb = text[end - len(last) : run]
        end = _strip(text, start, end - len(last))
    begin = _phrase_start(text, start, end)
    if (
        start > 0
        and begin == start
        and text[start - 1] not in _MARKS_BEFORE
        and (cut := re.search("[和与、]", text[begin:end]))
    ):
        begin += cut.end()  # what follows the number before belongs to that number
    return begin, end, verb


_MARKS_BEFORE = ",。;:!?\n"


def _is_noun_tail(text: str, start: int, end: int, last: str) -> bool:
    """收入 in 集体经济收入 is the thing itself; 收入 alone is the verb."""
    head = _HEAD_END.search(text[max(start, end - 8) : end])
    if head and len(head[0]) > len(last):
        return True
    return last in _NOUN_TAILS and end - len(last) > start and not _is_edge(text[end - len(last) - 1])


_NOUN_TAILS = words("noun_tails")


def _is_edge(mark: str) -> bool:
    return mark in ",。;:!?、\n\u201d() "


def _strip(text: str, start: int, end: int) -> int:
    while end > start:
        found = FILL.search(text[max(start, end - 4) : end])
        if not found:
            if text[end - 1] in " \u2018\u2019":
                end -= 1
                continue
            return end
        if end - len(found[0]) - start >= 1 and text[end - len(found[0]) - 1 : end] in (
            "其中",
            "之多",
            "村里",
            "城里",
            "县里",
            "手里",
            "以上",
            "网上",
            "线上",
            "党内",
            "当中",
            "初中",
            "高中",
            "集中",
            "人均",
            "户均",
            "任务",
            "行为",
            "各项",
            "基地",
            "报名",
        ):
            return end
        end -= len(found[0])
    return end


def _verb_ending(text: str, start: int, end: int) -> str:
    for length in range(min(_LONGEST_WORD, end - start), 0, -1):
        if text[end - length : end] in _WORDS:
            return text[end - length : end]
    return ""


def _phrase_start(text: str, start: int, end: int) -> int:
    """After the last firm verb before the phrase, or a soft one that leaves a phrase of two characters and more."""
    begin = at = start
    while at < end:
        begin, at = _step(text, begin, at, end)
    return _trimmed(text, start, begin, end)


def _step(text: str, begin: int, at: int, end: int) -> tuple[int, int]:
    """Where the phrase begins by what stands at `at`, and where to look next."""
    if text[at] == "\u201c" and (close := text.find("\u201d", at, end)) > 0:
        return begin, close + 1
    if text[at] in "》\u201d":
        return at + 1, at + 1
    if found := _TIME.match(text, at):
        return min(found.end(), end), min(found.end(), end)
    verb = verb_at(text, at, end)
    if verb and end - at - len(verb) >= 2 and (verb not in SOFT or _leads(text, at, verb, begin, end)):
        at += len(verb)
        while at < end - 2 and text[at] in "了过出到":
            at += 1
        return at, at
    noun = None if verb else _HEAD.match(text, at, end)
    return begin, at + (len(noun[0]) if noun else max(1, len(verb)))


def _leads(text: str, at: int, verb: str, begin: int, end: int) -> bool:
    """Whether a soft verb governs what follows rather than standing in the middle of the phrase."""
    if at > begin and text[at - 1] in "共已" and text[at - 2 : at] != "公共":  # 各乡镇共办结民生实事
        return True
    if at != begin:
        between = ends_with_head(text[begin:at]) and ends_with_head(text[at:end])
        return len(verb) > 1 and end - at - len(verb) >= 3 and between
    head = _HEAD.match(text, at + len(verb))
    return not head or end - at - len(verb) > 3


def _trimmed(text: str, start: int, begin: int, end: int) -> int:
    """Past 全市, 每村, a verb of one character, and marks."""
    if found := _PLACE.match(text[begin:end]):
        begin += found.end() if found.end() < end - begin else 0
    if each := _EACH_OF.match(text[max(start, begin - 1) : end]):
        begin = min(end, max(begin, max(start, begin - 1) + each.end()))
    if (
        end - begin > 2
        and text[begin] in "设辖建选修种养开聘派招评印发增补"
        and text[begin : begin + 2] not in _LEADING_NOUNS
    ):
        begin += 1
    while begin < end and text[begin] in ",、的了和及与等 :":
        begin += 1
    return end if begin < end and text[end - 1] in "、," else begin


_EACH_OF = re.compile(
    r"每(?:个|名|位)?(?:人|户|村|年|月|生|亩|餐|乡镇?|镇|县|支部|社区|季度?|党支部|半年|周|次|天)?(?:每[年月天])?"
)
_LEADING_NOUNS = words("leading_nouns")
_SINGLE_NOUNS = words("single_nouns")
