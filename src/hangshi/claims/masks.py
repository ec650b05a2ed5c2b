"""Where no claim can stand: dates, numbers of documents and telephones, titles, slogans in quotes, furniture of a page."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_YEAR = r"(?:19|20)\d{2}"
_ARABIC_DAY = re.compile(
    rf"{_YEAR}[-/年]\d{{1,2}}(?:[-/.月]\d{{1,2}}[日号]?)?(?!\d)"
    rf"|{_YEAR}\.\d{{1,2}}(?:\.\d{{1,2}})?(?!\d|[万亿%‰元亩户个名人头吨斤倍克]|公[里顷斤]|平方|立方|千[米瓦])"  # 2069.4万元 is no month
    rf"|{_YEAR}(?:[-至到、和/]{{1,2}}{_YEAR})*-{{0,2}}年?(?:度|代|底|初|末)?(?!\d|[万亿余多.]|[人名个户元亩家支项次条场期座套])"
    r"|\d{1,2}(?:[-至到]{1,2}\d{1,2})?月(?:份|\d{1,2}(?:[-至到]{1,2}\d{1,2})?[日号]?|[上中下]旬|底|初)?"
    r"|\d{1,2}(?:、\d{1,2}){0,9}[日号](?!内|以内|之内)|\d{1,2}[:时点]\d{2}分?|\d{1,2}时(?!代|间)|\d{2}年(?:底|初|末|度|代)"
    r"|\d{1,5}号(?:文|令|楼|线|院)?|\d{3,4}-\d{7,8}|1[3-9]\d{9}(?!\d)|\d0后|24小时|7[x×*]24|\d{3}(?:国道|省道|县道)|\d{1,4}[a-zA-Z](?![a-zA-Z]?[²2³3]?\b)"
)
_HAN_DAY = re.compile(
    r"[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}[日号]|(?=[份上中下底初]))|[二一][〇零九][〇零一二三四五六七八九]{2}年"
    r"|[六七八九]十年代|[一二三四]季度|(?:十[一二三四五]|[一二三四五六七八九])五(?:期间|规划|时期|末)"
)


def date_end(text: str, at: int) -> int:
    """Where the day, year, clock time or document number ends that begins at `at`; 0 if none does."""
    before = text[at - 1 : at]
    if before == "第":
        return at + 1 if not (found := _ORDINAL.match(text, at)) else found.end()
    if before.isascii() and before.isalpha():
        return _DIGITS.match(text, at).end() if text[at].isdigit() else 0  # type: ignore[union-attr]  # a digit stands there
    found = (_ARABIC_DAY if text[at].isdigit() else _HAN_DAY).match(text, at)
    return found.end() if found else 0


_DIGITS = re.compile(r"[\d.]+")
_ORDINAL = re.compile(r"(?:\d{1,5}|[零一二三四五六七八九十百]{1,5})(?:[个名位批次条章节届期场轮项])?")
_LABELS = "字数|浏览|阅读|点击|下载|访问|评论|转发|点赞|收藏|人气|编号|售价|单价|来源|热度|页数|邮编|电话|传真|手机|热线|QQ|微信|已读|查看|分享|跟帖|回复"
_FURNITURE = re.compile(
    rf"(?:{_LABELS})(?:[次数量人]{{1,2}}|率)?[ ]?[:(][ ]?[\d,.万+ ]{{1,16}}[字次条人]?|\d{{1,9}}[ ]?(?:次浏览|人浏览|人阅读|次阅读|条评论|次点击|次下载|人点赞|人看过|次访问|次播放)"
    r"|ICP[备证][^\n]{0,20}|(?:公网安备|许可证)[^\n]{0,30}|[Cc]opy[Rr]ight[^\n]{0,60}|©[^\n]{0,60}|共 ?\d{1,4} ?页|\d{1,4} ?/ ?\d{1,4}(?!以[上下]|左右|的) ?页?|本文共?[约计]?\d{1,6}字|全文[共约]{0,2}\d{1,6}字|预计阅读\d{1,3}分钟"
)
_FURNITURE_LINE = re.compile(
    r"本站|会员|充值|版权所有|侵权|免费阅读|备案号|公网安备|联系电话|订阅热线|投稿邮箱|扫一扫|二维码|举报电话|网站标识码|客服|付费|下载券|字号[:\[]|打印本页|分享到"
)
_AFTER_END = re.compile(
    r"(?:^|\n)[ \[【<>]{0,3}(?:相关(?:新闻|阅读|链接|推荐|文章|报道|稿件|信息|附件)|延伸阅读|推荐阅读|热门(?:文章|推荐|新闻)|猜你喜欢|温馨提示|上一[篇条]|下一[篇条]|最新(?:新闻|文章|资讯)|友情链接|更多(?:精彩|新闻|内容)|网友评论|图片新闻)[^\n]{0,60}"
)
_QUOTES = {"\u201c": "\u201d", "\u2018": "\u2019", "《": "》"}
_LONGEST_QUOTE = 160
_RULE_AFTER = re.compile(r"的?(?:总体|基本|统一|硬性|明确)?(?:要求|规定|标准|条件|原则|比例|指标|目标|条款|约定)")
_SAID_BEFORE = re.compile(r"(?:说|道|表示|介绍|告诉\w{1,4}|[:,])[:,]?$")


@dataclass(frozen=True)
class Spans:
    """Sorted, disjoint stretches of text."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> "Spans":
        merged: list[list[int]] = []
        for start, end in sorted(pairs):
            if merged and start < merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        return cls(tuple(it[0] for it in merged), tuple(it[1] for it in merged))

    def around(self, at: int) -> tuple[int, int] | None:
        """The stretch that holds the character number `at`."""
        found = bisect_right(self.starts, at) - 1
        return (self.starts[found], self.ends[found]) if found >= 0 and at < self.ends[found] else None

    def touches(self, start: int, end: int) -> bool:
        found = bisect_right(self.starts, end - 1) - 1
        return found >= 0 and self.ends[found] > start


@dataclass(frozen=True)
class Masks:
    """`furniture`: of the page. `quoted`: the inside of quotes; `titles`: of 《》."""

    furniture: Spans
    quoted: Spans
    titles: Spans


def masks(text: str) -> Masks:
    quotes = list(_quotes(text))
    return Masks(
        Spans.of(_furniture(text)),
        Spans.of((start, end) for mark, start, end in quotes if mark != "《"),
        Spans.of((start, end) for mark, start, end in quotes if mark == "《"),
    )


def _quotes(text: str) -> Iterator[tuple[str, int, int]]:
    """Innermost pairs of quotes with nothing longer than a sentence inside. One pass; an unclosed one is nothing."""
    open_at: dict[str, int] = {}
    closing = {end: start for start, end in _QUOTES.items()}
    for found in re.finditer("[\u201c\u201d\u2018\u2019《》\n]", text):
        mark, at = found[0], found.start()
        if mark == "\n":
            open_at.clear()
        elif mark in _QUOTES:
            open_at[mark] = at
        elif (start := open_at.pop(closing[mark], -1)) >= 0 and at - start <= _LONGEST_QUOTE:
            yield closing[mark], start + 1, at


def _furniture(text: str) -> Iterator[tuple[int, int]]:
    yield from (it.span() for it in _FURNITURE.finditer(text))
    end = _AFTER_END.search(text, len(text) // 3)
    body = end.start() if end else len(text)
    if end:
        yield end.start(), len(text)
    at = 0
    for line in text[:body].split("\n"):
        if len(line) <= 120 and _FURNITURE_LINE.search(line):
            yield at, at + len(line)
        at += len(line) + 1


def is_stated(text: str, start: int, end: int, *, arabic: bool) -> bool:
    """Whether a number inside these quotes is said of the world: a rule quoted, or somebody's words; no slogan, no name."""
    if not arabic:
        return bool(_RULE_AFTER.match(text, end + 1)) and end - start > 8
    if _RULE_AFTER.match(text, end + 1) and end - start > 4:
        return True
    inside = text[start:end]
    if end - start > 24 and any(mark in inside for mark in ",。;"):
        return True
    return end - start > 7 and bool(_SAID_BEFORE.search(text[max(0, start - 8) : start - 1]))
