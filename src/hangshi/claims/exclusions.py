"""Which quantities are no claims: ordinals, fixed names, slogans, lengths of time that only date something, mere articles."""

import re

from hangshi.claims import masks as where
from hangshi.claims import phrases
from hangshi.claims.masks import Masks
from hangshi.claims.quantities import Quantity

TIMES = frozenset({"year", "month", "day", "hour"})
# National phrases that hold a numeral before a word that could count.
_NAMES = re.compile(
    r"四个(?:意识|自信|全面|伟大|不摘|最严|合格|服从|善于|铁一般|服务)|两个(?:维护|确立|务必|毫不动摇|责任|覆盖|一百年|结合|先行|巩固|大局|代表|文明|大计)|三个(?:代表|务必|区分开来|不能|组织化(?=[,。]))"
    r"|五个(?:振兴|文明|坚持)|六个(?:精准|必须|坚持)|八项规定|四项基本原则|三大(?:攻坚战|战役|作风|革命|规律)|五大(?:发展理念|振兴|理念)|七个有之|九个坚持|十个(?:明确|坚持)"
    r"|[二两三四五六七八九十]个(?:一批|一律|到位|结合|转变|强化|突出|聚焦|过硬|带头|不|更加|必须|注重|百分之百|确保|严格|专项|是否|有没有|什么|清楚|明白|满意|放心|指头|统一|同步|优先|全覆盖)"
    r"|[两三四五六七八九]个[一百千](?![个名户家人十])|[一两]头|四处|三天两头|两口子|三口之家|三人行|二人转|四合院|三轮车|两条腿|[一二三]次产业|两类人员|一家人|八方|千家万户|百家争鸣|百家姓|百年|千年|万年|百日|百岁|千里|万里|千斤|百亩|百花|百姓|万人空巷|千人一面|百分点"
    r"|十[一二三四五六七八九]大|二十大|三农|三支一扶|五保户?|两会|五险|两房|一线|一次性|十里|万元户|千万元以上(?=企业)|十大杰出|两高|百强|五好|九年(?:制|义务|一贯)|五年(?:规划|计划)|三定|四好|十分|万分|百分|双百"
)
_NAMED_AFTER = re.compile(
    r"(?:的)?(?:行动(?:计划|方案)?|规划|计划(?!生育)|攻坚(?:战|行动)?|工程项目库|倍增|过渡期|义务教育|制(?:学校|大专)|战略|如一日|发展纲要|整治行动|提升行动|目标任务书?|届满|一遇|期工程)"
)
_PERIOD_AFTER = re.compile(
    r"(?:多|余|半)?(?:的?时间)?(?:以来|来(?!自|到|看)|前(?![往来沿])|之前|以前|后(?!备|进|续)|之后|以后|间(?!断)|之间|期间|中(?!心|央|国)|里|下来|时间(?:里|内|中)|不到的时间|如一日|累计|一[次度届轮回]|一个|一考|开展|召开|组织|至少|不少于|[一二两三四五六七八九\d]次)"
)
_PERIOD_BEFORE = re.compile(
    r"(?:近|最近|过去|未来|今后|此后|这|前|后|头|每|每隔|第|上|下|当|此前|往后|用|利用|经过|短短|不到|仅用|仅仅用|只用|用了|历经|再用|花了|同期|平均每|其后|随后|接下来|建党|建国|成立|改革开放|入党满|提前|延长至|间隔)[这的]?(?:过?去的)?(?:近|约|将近)?\Z"
)
_DEADLINE = re.compile(r"(?:之内|以内|内)")
_RANK = re.compile(r"(?:前|第|全[省市国县]|倒数|排名|位列|位居|列|居)\Z")
_RHETORIC = re.compile(
    r"一[个名支户村人县乡镇项件条种家张本块组套批类份篇场次][\u4e00-\u9fff]{1,2}一|[一两]手|一盘棋|一[张条支把根股面体道块片份颗座只双]|一(?:个个|户户|件件|家家|次次|项项|人多|家之|心|同|路|样|起|把)"
)
_ONLY = re.compile(
    r"(?:每|仅|只|至少|不少于|唯一|各|各有|仅有|只有|不足|不到|减少|增加|多|少|超过|确保|落实|明确|安排|选派|配备|确定|培养|建立|建成|打造|设立|联系|包|派驻|选定|选好)[\u4e00-\u9fff()]{0,6}\Z"
)
_EACH = re.compile(r"(?:每|各|仅|只|至少|不少于|单位|一个|一户|一人|人均|户均|村均)[\u4e00-\u9fff()]{0,7}\Z")
_LEVEL = re.compile(r"(?:[二两三四五六七]级|[二两三]期(?=工程|项目|建设))")
_COUNT = re.compile(r"[,、和及与以]?(?:\d|[两二三四五六七八九十]{1,3}[名个位户支项家人])")
_HAN_NEXT = re.compile(r"[一二三四五六七八九十百千万][\u4e00-\u9fff]")
_SLOGAN_HEAD = re.compile(r"(?:工程|行动|计划|活动|战略)[。:;\n]|(?:工程|行动|计划|活动)$")


def excluded(text: str, it: Quantity, masks: Masks) -> bool:
    """True for what is no claim."""
    if masks.furniture.touches(it.start, it.end):
        return True
    if masks.titles.around(it.digits) or _is_glued(text, it):
        return True
    inside = masks.quoted.around(it.digits)
    if inside and not where.is_stated(text, *inside, arabic=it.arabic or bool(it.hedge)):
        return True
    if it.unit in TIMES and it.word not in ("岁", "周岁"):
        return _only_dates(text, it)
    return (it.unit != "percent" and _is_name(text, it)) or _is_article(text, it) or _is_title_line(text, it)


def _is_glued(text: str, it: Quantity) -> bool:
    """1+X, 5×8, A4, V2.0, 8:30: part of another sign."""
    before, after = text[it.digits - 1 : it.digits], text[it.end : it.end + 1]
    if before and (
        before in "+×*=#"
        or (before.isascii() and before.isalpha())
        or (before in ".:/-" and text[it.digits - 2 : it.digits - 1].isdigit())
    ):
        return True
    if not it.word and after and (after in "+×*=:/-" or (after.isascii() and after.isalpha())):
        return True
    return after in ("+", "×") or text[it.start - 1 : it.start] in ("第", "之") or before == "第"


def _only_dates(text: str, it: Quantity) -> bool:
    """A length of time that dates another statement is its period."""
    before = (
        text[max(0, it.start - 8) : it.start]
        if it.hedge not in ("near", "below")
        else text[max(0, it.digits - 8) : it.digits]
    )
    after = text[it.end : it.end + 10]
    if (
        it.word in ("周年", "日")
        and not _DEADLINE.match(text[it.end - 1 : it.end + 2].lstrip("日"))
        and it.word != "日"
    ):
        return True
    if it.word == "日" and "内" not in text[it.end - 1 : it.end + 2]:
        return True
    if it.unit in ("year", "month") and it.hedge == "near" and not _is_tenure(text, it):
        return True
    if _NAMED_AFTER.match(after) or _NAMES.match(text, it.digits):
        return True
    if _DEADLINE.match(after) or text[it.end - 1 : it.end] == "内":
        return it.unit == "year" or bool(re.search(r"(?:近|最近|过去)\Z", before))
    if _PERIOD_AFTER.match(after) or _PERIOD_BEFORE.search(before):
        return True
    return it.article and not it.hedge and not _is_tenure(text, it) and text[it.end - 1] != "半"


def _is_tenure(text: str, it: Quantity) -> bool:
    around = text[max(0, it.start - 8) : it.start] + text[it.end : it.end + 6]
    return bool(
        re.search("满|期限|为期|任期|党龄|工龄|年限|合同|服务期|试用期|工作经[历验]|不少于|长达|连续|时长|平均", around)
    )


def _is_name(text: str, it: Quantity) -> bool:
    at = it.digits
    if _NAMES.match(text, at) or text[it.end - len(it.word) : it.end] == "级":
        return True
    if it.arabic:
        return it.word in ("名", "位", "强") and bool(re.search(r"[前后末]\Z", text[max(0, it.start - 1) : it.start]))
    if _LEVEL.match(text, at) or (text[at] == "二" and it.end - len(it.word) - at == 1 and not it.hedge):
        return True
    if it.unit != "percent" and text[at - 1 : at] in tuple("前第头首末后初十百千万"):
        return True
    if it.bare and not it.hedge and it.unit != "percent" and _is_round(text, it):
        return True  # 百名书记, 千个项目: names of campaigns
    if it.word == "类" and re.search("[一二]类", text[max(0, it.digits - 50) : it.end + 30]):
        return True  # 一类党组织, 二类, 三类: grades
    following = _HAN_NEXT.match(text, it.end)
    return bool(following) and text[it.end + 1] not in "名个位户支项家人件条万亿十百千场次余多分半" and it.word != "大"


def _is_round(text: str, it: Quantity) -> bool:
    return all(mark in "十百千万亿" for mark in text[it.digits : it.end - len(it.word)]) and not (
        text[it.digits] == "十" and it.word not in ("大", "佳", "强")
    )


def _is_article(text: str, it: Quantity) -> bool:
    """一支队伍 is no count; 每村一名, 仅一户, 一正两副 listed with others are."""
    if not it.article or it.hedge or it.unit in ("percent", "yuan", "mu", "kg") or it.range:
        return False
    if _LISTED_PARTS.search(text[max(0, it.start - 60) : it.start]):
        return False
    if _RHETORIC.match(text, it.digits) and not _EACH.search(text[max(0, it.start - 10) : it.start]):
        return True
    before = text[max(0, it.start - 10) : it.start]
    if re.search(r"(?:每|仅|只|至少|不少于|唯一|仅有|只有|各)[\u4e00-\u9fff()\d]{0,9}\Z", before):
        return bool(re.search(r"(?:每一|各一|只是一|只有一?[\u4e00-\u9fff]{6})\Z", before + "一")) and before[-1:] in (
            "每",
        )
    return True


# “五个一”标准(一个阵地、一支队伍、…: the parts of a name are counts where the text lists them.
_LISTED_PARTS = re.compile(
    "[一二两三四五六七八九十]个一\u201d[\u4e00-\u9fff]{0,6}[(,:](?:即|指)?:?(?:[一1][\u4e00-\u9fff]{2,12}[、,])*\\Z"
)


def _is_title_line(text: str, it: Quantity) -> bool:
    """十大…工程。 alone as a sentence is a name."""
    if it.arabic or text[it.start - 1 : it.start] not in ("", "。", "\n"):
        return False
    return it.bare and bool(re.match(r"[\u4e00-\u9fff]{4,24}(?:工程|行动|计划|活动)[。\n]", text[it.end : it.end + 30]))


_PERSONS = re.compile(
    r"(?:党员|干部|群众|农民|农村人口|贫困人口|人口|村民|职工|居民|学生|劳动力|员工|人员|书记|队员|老人|妇女|儿童|青年|者|人才|代表|农民工|能人|学员|师生|老党员|官兵|教师|医生|委员|骨干|志愿者|员|大学生|儿|选民|市民|牧民|渔民|工人|[^\u4e00-\u9fff]人)\Z"
)
_HOUSEHOLDS = re.compile(r"(?:户|人家|家庭)\Z")
_THINGS = re.compile(
    r"(?:支部|党支部|党组织|党委|社区|自然村|行政村|贫困村|村|乡镇|合作社|企业|网格|问题|单位|部门|农家书屋|岗位|项目|卫生室|厕所|路灯|线索|基地|点|牲畜|头猪|只羊)\Z"
)


# 总人口31.2万: the noun stands before, and nothing follows.
_TOTALS = {
    "人口": "person",
    "人数": "person",
    "户数": "household",
    "党员": "person",
    "人口达": "person",
    "人口约": "person",
}


_MONEY = re.compile(  # 投入8.6亿, 社会捐助达3000多万
    r"(?:投入|资金|收入|捐款|捐助|捐赠|贷款|产值|补助|经费|奖金|融资|投资|存款|收益|利润|税收|分红|节约|撬动|拨付|营收|销售额|交易额)"
    r"[\u4e00-\u9fff]{0,6}\Z"
)


def unit_by_noun(text: str, it: Quantity) -> str:
    """The base unit of a number without a measure word, by what follows (40多万贫困群众); empty if that is no countable thing."""
    if not it.arabic and it.number.value < 100:
        return ""
    if text[it.end : it.end + 1] in ("", ",", "。", ";", "、", "\n", ")"):
        if text[it.end - 1] in "万亿" and _MONEY.search(text[max(0, it.start - 14) : it.start]):
            return "yuan"
        return next((unit for word, unit in _TOTALS.items() if text.endswith(word, 0, it.start)), "")
    start, end = phrases.forward(text, it.end)
    if start != it.end or end <= start:
        return ""
    noun = re.sub(r"\([^)]*\)|[\u201c\u201d]", "", text[start:end])
    if _HOUSEHOLDS.search(noun):
        return "household"
    if _PERSONS.search(noun) or noun.startswith(("党员", "干部", "群众", "贫困人口", "贫困群众", "农民", "村民")):
        return "person"
    loose = it.loose or it.hedge == "more" or it.number.value >= 10**4
    if it.arabic and _THINGS.search(noun):
        return "item"
    return "item" if loose and it.arabic and phrases._HEAD.search(noun) else ""


__all__ = ["TIMES", "excluded", "unit_by_noun"]
