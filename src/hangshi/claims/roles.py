"""Fact, target, standard or structure: by the cue words and the modality of the sentence around a quantity."""

import re

from hangshi.claims.masks import Spans
from hangshi.claims.quantities import Quantity

_SENTENCE = 220
_STOPS = "。!?\n;"
_AIM = re.compile(
    r"力争|争取(?=[在到使让用把于实完达年今明早\d])|确保(?!了)|预计|拟(?!定|订|任|制)|下一步|明年|今后|将达到?|将(?=[建新实完培投选开组达打超突形整再在继进通推筹招安发覆带引落增扩])(?!建档|新增的)|"
    r"(?:目标(?:是|为|任务|:)|的目标)|规划(?=建设|实施|投资|新建|打造|发展|面积|总|到)|(?<![”\u201d\u4e00-\u9fff]{0})(?:计划|打算|准备|谋划)(?=在?[投选实建新完培总用到今明于引发组开招安争再从扶整用筹拟改打落种推]|年|每|\d)|共计划|计划(?:总投资|投资|今年|到)|"
    r"要(?:达到|打造|建成|实现|完成|新建|培育|培养|突破|超过|力争|确保|发展)|都要|努力(?:实现|使|让|把|达到|打造|建成)|到(?:20\d\d年|\u201c?十[四五六]五)[底末]?[,,]?(?!,?已)|至20[3-9]\d年|"
    r"有望|奋斗目标|目标任务|年内(?:要|将|再|力争|确保|完成|实现|建成)|将要|即将|争创|希望|期望|瞄准|锚定|预期"
)
_DONE = re.compile(r"已(?!脱贫|经济)|目前|截至|截止(?!20)|累计(?!达标)|完成了|实现了|达到了|建成了|确保了|现有|共有|如期|顺利|圆满|超额|超过目标|去年|当年|实际|共(?=[查排调投发建开选解召举帮培走化])|确定了|储备了|创建了|筛选了|先后")
_RULE = re.compile(
    r"(?:按照?|依据|根据|参照|对照|执行|落实)[^。;!?\n]{0,60}(?:标准|原则|要求|规定|比例|条件)|规定|不得|必须|应当|原则上|须(?!知)|应(?=[当不按为有在于达配占参由])|不(?:少|低|超|高|多)于|不得(?:少|低|超|高)|"
    r"标准(?:为|是|从|由|达|提高|不|每|:)|每[\u4e00-\u9fff]{1,6}(?:补助|补贴|奖励|发放|安排|给予|拨付|列支|贴息|资助)|(?:给予|一次性)[\u4e00-\u9fff]{0,8}(?:奖励|补助|补贴|奖补)|期限|年限|额度|利率|年息|上限|下限|起点|门槛|限额|保底|(?:分别)?上[调浮](?=\d)|每评上|"
    r"符合[^。;,]{0,16}条件|凡|对[^。;,]{2,20}的,|要求(?=[^。;]{0,12}(?:每|各|至少|不))|实行[^。;,]{0,20}制度"
)
_RULE_HEDGE = frozenset({"least", "most"})
_EACH_PERSON = re.compile(r"每(?:个|名|位)?(?:村|乡镇?|镇|县|支部|社区|党支部|户|人|组|单位|党委|街道)(?:党组织|党支部)?\Z")
_EACH_DOES = re.compile(r"每(?:个|名|位)?(?:人|村|乡镇?|镇|县|支部|社区|党支部|单位|干部|党员|领导)(?:干部)?(?:至少)?[\u4e00-\u9fff]{1,6}\Z")
_EACH = re.compile(r"每(?:个|名|位|季度|月|年|周|半年|村|人|户|亩|次|支部|乡镇|县|社区|人每年|户每年|党支部|两个?月)[\u4e00-\u9fff()、“”]{0,10}\Z|(?:每月|每年|每季度|每周|每半年)[\u4e00-\u9fff]{0,12}(?:不少于|至少|不低于)[\u4e00-\u9fff]{0,4}\Z|至少[\u4e00-\u9fff]{0,6}\Z")
_PARTS = (
    "步骤 要求 类型 情形 模式 渠道 体系 方面 环节 要素 大项 子项 小项 表现 阶段 原则 板块 类别 标准 指标 关口 重点 难点 特点 主题 方式 途径 层面 梯次 系列 内容 维度 目标 领域 层次 关系 导向 "
    "工程 行动 任务 重点任务 具体任务 工作任务 战略 举措 政策 机制 抓手 步 重点工作 产业 主导产业 支柱产业 特色产业 品牌 指数 品系 关键 课题 模块 专题 篇章 片区 组团 轴 网络 责任清单 清单 防线 优势 短板 思路 路径 等次 档次 等级 档 序列 类"
).split()
_PART = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
_FRAMED = re.compile(r"(?:分为|分成|划分为|包括|包含|涵盖|涉及|细化(?:为|成)?|分解(?:为|成)?|概括为|总结(?:出|为)?|归纳为|提炼|提出|明确(?:了|为|出)?|围绕|聚焦|按照?|构建|探索(?:出|建立)?|紧扣|突出|从|着眼|设置|列出|形成|创新|实施|推进|抓好|健全|完善|对照|落实|以|梳理出)[\u4e00-\u9fff“”()、]{0,16}\Z")


def without_titles(text: str, titles: Spans) -> str:
    """The text with the inside of 《》 blanked: a document called 计划 plans nothing here."""
    pieces, at = [], 0
    for start, end in zip(titles.starts, titles.ends, strict=True):
        pieces += [text[at:start], "某" * (end - start)]
        at = end
    return "".join((*pieces, text[at:]))


def role(text: str, it: Quantity, subject: str, before_it: tuple[int, str]) -> str:
    """`fact` where nothing says otherwise. `before_it`: where the claim before ended, and its role: a list shares it."""
    if before_it[1] in ("standard", "target") and _LISTED.fullmatch(text[before_it[0] : it.start]):
        return before_it[1]
    start = sentence_start(text, it.start)
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


def _is_part(text: str, it: Quantity, before: str, subject: str) -> bool:
    if it.unit != "item" or it.hedge:
        return False
    if it.word in ("大项", "子项", "小项", "方面", "环节", "步骤", "板块", "层次"):
        return True
    if re.search(r"\u201c[^\u201d]{0,8}[+＋][^\u201d]{0,8}\u201d\([^)]{0,30}\Z", before):
        return True
    small = it.number is not None and it.number.value <= 100
    if it.word == "大":
        return True
    if not (small and it.word in ("个", "种", "项", "类", "条", "道", "", "套", "款")):
        return False
    noun = text[it.end : it.end + 14] if subject and text[it.end : it.end + 24].find(subject[:2]) >= 0 else ""
    noun = subject if noun else ""
    if it.word in ("种", "类") and (noun or not it.arabic) and not re.search("农产品|药|菌|病|鱼|作物|书|蔬菜|产品", subject):
        return True
    if noun and re.search(f"(?:{_PART.pattern})$", noun) and not re.search(r"(?:个|项)?(?:项目|示范工程|民生工程|重点项目)$", noun):
        counted_work = re.search(r"(?:工程|行动|任务|产业|机制|政策|举措|品牌|清单|标准|内容|指标)$", noun)
        if not counted_work:
            return True
        return bool(_FRAMED.search(before[-20:])) or not it.arabic
    return bool(re.search(r"(?:要素|子项|大项)$", subject)) or bool(noun and _FRAMED.search(before[-12:]) and re.search("措施|办法|制度|意见|条款", noun) and re.search("提出|明确|细化|分解|梳理", before[-16:]))


def _is_aim(text: str, it: Quantity, before: str, after: str) -> bool:
    aims = list(_AIM.finditer(before))
    if aims:
        between = before[aims[-1].end() :]
        if not _DONE.search(between) and not re.match(r"了", between):
            return True
    if re.search(r"每(?:个)?(?:村|乡镇?|镇|县|支部|社区)\Z", before) and it.word in ("名", "人", "个") and it.arabic and not _RULE_FRAME.search(before):
        return True
    ahead = re.match(r"[^。;!?]{0,24}(?:都要|均要|要全部|将全部|全部要|力争|的目标|目标)(?!任务完成)", after)
    return bool(ahead) and not _DONE.search(before[-40:]) and not re.search("完成|实现了|达到了", before[-30:] + ahead[0])


_LISTED = re.compile(r"[\u4e00-\u9fff()“”]{0,12}[、和及与][\u4e00-\u9fff“”]{0,8}")
_RULE_FRAME = re.compile(r"按照?(?:每)[^,。;]{0,14}\Z")


def _is_rule(text: str, it: Quantity, before: str, after: str) -> bool:
    rules = list(_RULE.finditer(before))
    if rules:
        last = rules[-1]
        between = before[last.end() :]
        open_frame = not re.search(r"(?:的|等)?(?:标准|原则|要求|规定|比例|条件)[\u201d]?,", before[last.start() :])
        if not _DONE.search(between) and (open_frame or re.search(r"[(](?:即|指)[^)]*\Z", between)) and "共" not in between[-8:]:
            return True
    framed = re.search(r"(?:按照?|执行|落实|坚持)[^。;]{0,60}\Z", before)
    if framed and re.match(r"[^。;!?]{0,40}(?:的?(?:标准|原则|要求|规定|比例|条件|补助|奖励|额度))", after) and not _DONE.search(before[framed.start() :]):
        return True
    if re.search(r"\u201c[^\u201d]*\Z", before) and re.match(r"[^\u201d]{0,60}\u201d的?(?:要求|规定|标准|条件|原则)", after):
        return True
    if it.hedge in _RULE_HEDGE and not _DONE.search(before[-30:]) and re.match(r"[^,。;]{0,12}(?:的标准|的要求|的比例)", after):
        return True
    if _EACH_DOES.search(before) and it.unit != "percent" and not _DONE.search(before[-24:]):
        return True
    return bool(re.search(r"按(?:月|年|季|次|人|户|亩)[\u4e00-\u9fff]{0,6}(?:发放|补助|给予|补贴|支付)\Z", before)) or (
        it.unit == "yuan" and bool(re.search(r"每(?:人|户|亩|村|年|月|个|名|次|次性|支部|工|天|日)[\u4e00-\u9fff每]{0,10}\Z", before[-14:])) and bool(re.match(r"(?:的(?:标准|补助|补贴|奖励|工资|报酬|生活补助)|标准)", after))
    )
