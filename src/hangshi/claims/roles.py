"""Fact, target, standard or structure: by the cue words and the modality of the sentence around a quantity."""

import re

from hangshi.claims.lexicon import words
from hangshi.claims.masks import Spans
from hangshi.claims.quantities import Quantity

_SENTENCE = 220
_STOPS = "。!?\n;"
_AIM = re.compile(
    r"(?:建成|投产|达产)(?:投产|投用|达效)?后|可(?=达|带动|实现|增|吸纳|解决|为)|力争|争取(?=[在到使让用把于实完达年今明早\d])|确保(?!了)|预计|拟(?!定|订|任|制)|下一步|明年|今后|将达到?|将(?=[建新实完培投选开组达打超突形整再在继进通推筹招安发覆带引落增扩])(?!建档|新增的)|"
    r"(?:目标(?:是|为|任务|:)|的目标)|规划(?=建设|实施|投资|新建|打造|发展|面积|总|到)|(?:计划|打算|准备|谋划)(?=在?[投选实建新完培总用到今明于引发组开招安争再从扶整用筹拟改打落种推]|年|每|\d)|共计划|计划(?:总投资|投资|今年|到)|"
    r"要(?:达到|打造|建成|实现|完成|新建|培育|培养|突破|超过|力争|确保|发展)|都要|努力(?:实现|使|让|把|达到|打造|建成)|(?<![长加高升降少达得展大减增])到(?:20\d\d年|\u201c?十[四五六]五)[底末]?[,,]?(?!,?已)|至20[3-9]\d年|"
    r"有望|奋斗目标|目标任务|年内(?:要|将|再|力争|确保|完成|实现|建成)|将要|即将|争创|希望|期望|瞄准|锚定|预期"
)
_DONE = re.compile(
    r"一年下来|至今|已(?!脱贫|经济)|目前|截至|截止(?!20)|累计(?!达标)|完成了|实现了|达到了|建成了|确保了|现有|共有|如期|顺利|圆满|超额|超过目标|去年|当年|实际|共(?=[查排调投发建开选解召举帮培走化])|确定了|储备了|创建了|筛选了|先后"
)
_RULE_HEDGE = frozenset({"least", "most"})
_PARTS = words("parts")
_PART = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
_FRAMED = re.compile(
    r"(?:分为|分成|划分为|包括|包含|涵盖|涉及|细化(?:为|成)?|分解(?:为|成)?|概括为|总结(?:出|为)?|归纳为|提炼|提出|明确(?:了|为|出)?|围绕|聚焦|按照?|构建|探索(?:出|建立)?|紧扣|突出|从|着眼|设置|列出|形成|创新|实施|推进|抓好|健全|完善|对照|落实|以|梳理出)[\u4e00-\u9fff“”()、]{0,16}\Z"
)


def _is_next_part(text: str, it: Quantity, before: int) -> bool:
    """9个方面35项任务: the second count of one frame."""
    beside = re.fullmatch(r"[\u4e00-\u9fff]{0,6}[、和]?", text[before : it.start])
    return it.unit == "item" and bool(beside) and bool(_PART.search(text, it.end, it.end + 8))


def without_titles(text: str, titles: Spans) -> str:
    """The text with the inside of 《》 blanked: a document called 计划 plans nothing here."""
    pieces, at = [], 0
    for start, end in zip(titles.starts, titles.ends, strict=True):
        pieces += [text[at:start], "某" * (end - start)]
        at = end
    return "".join((*pieces, text[at:]))


_HEADING = re.compile(
    r"(?:^|\n)[ 　]*(?:[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\)|第[一二三四五六]部分)?([^\n。,;]{2,30})(?=\n|$)"
)
_PLAN = re.compile(
    r"下一?步|打算|工作计划|努力方向|(?:工作|发展)思路|今后|改进措施|明年|20\d\d年(?:工作|主要|重点)?(?:目标|安排|计划|思路|打算)"
)
_PAST = re.compile("完成|推进情况|回顾|成效|落实情况|进展|开展情况")


def planned(text: str) -> Spans:
    """From a heading that promises to the next heading."""
    heads = [
        (it.start(), it.end(), bool(_PLAN.search(it[1]) and not _PAST.search(it[1]))) for it in _HEADING.finditer(text)
    ]
    ends = [start for start, _, _ in heads[1:]] + [len(text)] * bool(heads)
    return Spans.of((end, stop) for (_, end, plan), stop in zip(heads, ends, strict=True) if plan and stop > end)


def role(text: str, it: Quantity, subject: str, before_it: tuple[int, str], planned: Spans) -> str:
    """`fact` where nothing says otherwise. `before_it`: where the claim before ended, and its role: a list shares it.

    `planned`: sections headed 下一步打算 and the like, where every number is aimed at.
    """
    if before_it[1] == "structure" and _is_next_part(text, it, before_it[0]):
        return "structure"
    if before_it[1] in ("standard", "target") and _LISTED.fullmatch(text[before_it[0] : it.start]):
        return before_it[1]
    start = sentence_start(text, it.start)
    if planned.touches(it.start, it.end) and not _DONE.search(text[max(start, it.start - 30) : it.start]):
        return "structure" if _is_part(text, it, text[start : it.start], subject) else "target"
    before, after = text[start : it.start], _rest(text, it.end)
    if _is_part(text, it, before, subject):
        return "structure"
    if _is_aim(text, it, before, after):
        return "target"
    if _is_rule(text, it, before, after):
        return "standard"
    return "fact"


def sentence_start(text: str, at: int) -> int:
    floor = max(0, at - _SENTENCE)
    return max(max(text.rfind(stop, floor, at) for stop in _STOPS) + 1, floor)


def _rest(text: str, at: int) -> str:
    window = text[at : at + 120]
    found = re.search(f"[{_STOPS}]", window)
    return window[: found.start()] if found else window


_ALWAYS_PARTS = frozenset({"大项", "大类", "子项", "小项", "方面", "环节", "步骤", "板块", "层次", "大"})
_PART_AFTER = re.compile("方面|环节|步骤|阶段|层面|维度|关键|要素")
_KIND_AFTER = re.compile("类型|表现|情形|模式|形态|渠道|方式")
_EXPLAINED = re.compile("\u201c[^\u201d]{0,8}[+＋][^\u201d]{0,8}\u201d\\([^)]{0,30}\\Z")  # “1+X”(1个综合班; …
_THING_KINDS = re.compile("农产品|药|菌|病|鱼|作物|书|蔬菜|产品")
_DONE_WORK = re.compile(r"(?:工程|行动|任务|产业|机制|政策|举措|品牌|清单|标准|内容|指标)$")
_PROJECTS = re.compile(r"(?:个|项)?(?:项目|示范工程|民生工程|重点项目)$")


def _is_part(text: str, it: Quantity, before: str, subject: str) -> bool:
    """How many parts a plan, a document or a network has."""
    if it.unit != "item" or it.hedge:
        return False
    if it.word in _ALWAYS_PARTS or (it.word == "个" and _PART_AFTER.match(text, it.end)) or _EXPLAINED.search(before):
        return True
    if it.number.value > 100 or it.word not in ("个", "种", "项", "类", "条", "道", "", "套", "款"):
        return False
    noun = subject if subject and subject in re.split("[,。;]", text[it.end : it.end + 24])[0] else ""
    if _KIND_AFTER.match(text, it.end):
        return True
    if it.word in ("种", "类") and (noun or not it.arabic) and not _THING_KINDS.search(subject):
        return True
    return _names_parts(it, before, subject, noun)


def _names_parts(it: Quantity, before: str, subject: str, noun: str) -> bool:
    if noun and re.search(f"(?:{_PART.pattern})$", noun) and not _PROJECTS.search(noun):
        return not _DONE_WORK.search(noun) or bool(_FRAMED.search(before[-20:])) or not it.arabic
    if re.search(r"(?:要素|子项|大项)$", subject):
        return True
    written = re.search("措施|办法|制度|意见|条款", noun) and re.search(
        "出台|印发|推出|提出|明确|细化|分解|梳理", before[-16:]
    )
    return bool(_FRAMED.search(before[-12:]) and written)


def _is_aim(text: str, it: Quantity, before: str, after: str) -> bool:
    aims = list(_AIM.finditer(before))
    if aims:
        between = before[aims[-1].end() :]
        if not _DONE.search(between) and not between.startswith("了"):
            return True
    if _QUOTA.search(before) and it.word in ("名", "人", "个") and not it.hedge:
        return True
    ahead = _AHEAD.match(after)
    if not ahead or _DONE.search(before[-40:]):
        return False
    return not re.search("完成|实现了|达到了", before[-30:] + ahead[0])


_QUOTA = re.compile(r"每(?:个)?(?:村|乡镇?|镇|县|支部|社区)\Z")
_AHEAD = re.compile(r"[^。;!?]{0,24}(?:都要|均要|要全部|将全部|全部要|将于|将在|力争|的目标(?!任务完成))")
_LISTED = re.compile(r"[\u4e00-\u9fff()“”]{0,12}[、和及与][\u4e00-\u9fff“”]{0,8}")


def _is_rule(text: str, it: Quantity, before: str, after: str) -> bool:
    """A rule's amount: by a frame (按照…的标准), a modal (必须), a threshold, or a share for each."""
    return (
        _is_framed(before, after)
        or _is_modal(before)
        or _is_threshold(text, it, before, after)
        or _is_share(it, before, after)
    )


def _is_framed(before: str, after: str) -> bool:
    framed = re.search(r"(?:按照?|执行|落实|坚持|实行)[^。;]{0,60}\Z", before)
    if (
        framed
        and _RULE_NOUN.match(after)
        and not _DONE.search(before[framed.start() :])
        and not _RULE_CLOSED.search(before[framed.start() :])
    ):
        return True
    if re.search("\u201c[^\u201d]*\\Z", before) and re.match(
        "[^\u201d]{0,60}\u201d的?(?:要求|规定|标准|条件|原则)", after
    ):
        return True
    return bool(re.search(r"(?:要求|规定|标准|原则|条件)\u201d?[(](?:即|指|包括)?[^)]*\Z", before))


_RULE_NOUN = re.compile(r"[^。;!?]{0,40}(?:的?(?:标准|原则|要求|规定|比例|条件|额度))")
_RULE_CLOSED = re.compile(r"(?:的|等)(?:标准|原则|要求|规定|比例|条件)\u201d?[,、]?")
_MODAL = re.compile(
    r"规定|不得|必须|应当|原则上|须(?!知)|(?<![适对相反响供])应(?=[当不按为有在于达配占参由])|凡|要求(?=[^。;]{0,14}(?:每|各|至少|不))|实行[^。;,]{0,20}制度,"
)


_QUOTE_SHUT = re.compile("[^\u201c\u201d]*\u201d")  # what a closed quote demands does not govern the rest


def _is_modal(before: str) -> bool:
    found = [it for it in _MODAL.finditer(before) if not _QUOTE_SHUT.match(before, it.end())]
    return bool(found) and not _DONE.search(before[found[-1].end() :])


def _is_threshold(text: str, it: Quantity, before: str, after: str) -> bool:
    clause = before[max(before.rfind(mark) for mark in ",;:(") + 1 :]
    if _DONE.search(clause):
        return False
    words = text[it.start : it.digits]
    if words.startswith(("不低于", "不少于", "不超过", "不得", "不高于", "至少", "最低")) or re.search(
        r"(?:不低于|不少于|不超过|至少|不高于|不得少于|不得低于)[\u4e00-\u9fff]{1,8}\Z", clause
    ):
        return it.unit != "percent" or not _AIM.search(before)
    if (
        re.search(
            r"期限|年限|额度|利率|年息|上限|下限|门槛|限额|保底|每评上|(?:补|奖|贷|给予|享受|每)[^,;:]{0,8}最高(?:可|给予|不超过|奖励|补助|贷款)?\Z|给予最高\Z",
            clause,
        )
        or text[it.end - 2 : it.end] == "年期"
    ):
        return True
    gives = re.match(r"[^。;,]{0,16}(?:补贴|补助|奖励|给予|免费|减免|贷款)", after)
    return it.hedge in _RULE_HEDGE and bool(gives)


_PER = r"每(?:个|名|位)?(?:人|组|村|乡镇?|镇|县|支部|社区|党支部|单位|干部|党员|领导|户|季度|月|半月|半个月|两周|半年|周|年)"
_PER_DOES = re.compile(rf"(?:{_PER}|每[个名位][\u4e00-\u9fff]{{1,9}})(?:干部|党员)?(?:至少)?[\u4e00-\u9fff]{{1,7}}\Z")
_OFTEN = re.compile(r"每(?:半?个?月|季度?|半?年|周|天)[\u4e00-\u9fff]{0,6}\Z")
_PER_PAID = re.compile(
    r"每(?:人|户|亩|村|年|月|个|名|次|支部|工|天|日|生|餐|座|处|只|头|棵|株|公斤|斤|吨|岗|位|所|家|平方米)[\u4e00-\u9fff]{0,8}\Z"
)


def _is_share(it: Quantity, before: str, after: str) -> bool:
    tail = before[-24:]
    if _DONE.search(tail) or re.search("平均|人均|户均", tail[-14:]):
        return False
    if it.word in ("次", "场", "期") and _OFTEN.search(tail):
        return True
    if it.unit == "yuan":
        paid = re.search(
            r"按(?:月|年|季|次|人|户|亩)[\u4e00-\u9fff]{0,6}(?:发放|补助|给予|补贴|支付)\Z|(?:上[调浮]|一次性(?:奖励|补助|给予))\Z",
            tail,
        )
        each = _PER_PAID.search(tail[-14:])
        earned = re.search("收入|增收|收益|增加|提高|上涨|分红|节约|纯收", tail[-12:])
        if re.match("(?:提高|增加|上调|涨|提升)", after):
            return False
        return bool(paid) or (bool(each) and not earned)
    return it.unit in ("item", "person", "household", "hour", "day") and bool(_PER_DOES.search(tail))
