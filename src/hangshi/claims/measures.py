"""Measure words and the base unit each is counted in, with the factor to it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from hangshi.claims.lexicon import words


@dataclass(frozen=True)
class Measure:
    """`factor`: how many base units one of it is. `whole`: the word may follow a numeral in Chinese characters."""

    word: str
    unit: str
    factor: Decimal = Decimal(1)


def _factor(text: str) -> Decimal:
    upper, _, lower = text.partition("/")
    return Decimal(upper) / Decimal(lower or 1)


def _table() -> dict[str, Measure]:
    made: dict[str, Measure] = {}
    for unit, named in _UNITS.items():
        for said in named.split():
            word, _, factor = said.partition("*")
            made[word] = Measure(word, unit, _factor(factor or "1"))
    return made


_UNITS = {
    "person": "人次 人 名 位 口人 口 人头 员 个人 人(次) 位数",
    "household": "户 户次 户(次)",
    "item": "个 家 处 支 期 场次 场 项 条 件 篇 次 头 台 册 座 所 间 种 类 大项 大类 桌 小项 子项 部 份 套 辆 本 幅 块 只 棵 株 羽 匹 尾 盏 张 堂 节 批次 "
    "批 趟 轮次 轮 组 队 门 道 眼 艘 架 根 枚 副 封 则 笔 宗 起 例 盘 栋 幢 孔 塘 箱 瓶 桶 面 首 部(篇) 班次 台次 车次 台套 台(套) 个(次) 个次 家次 款 例次 件次 条次 "
    "环节 方面 板块 层次 步骤 头(只) 万头 步 课时 个(件) 窝 垛 片 批(次) 件(次) 场(次) 次(场) 期(次) 千瓦 兆瓦 千伏安 盆 行 顶 床 张床 筒 袋 枝 粒 "
    "个/次 村 乡 镇 县 县区 乡镇 街道 社区 对",
    "yuan": "元 块钱 元钱 元人民币 元整 角*1/10 美元",
    "mu": "亩 亩次 公顷*15 平方公里*1500 平方千米*1500 亩地",
    "m2": "平方米 平米 ㎡ m2 m² 平方",
    "m3": "立方米 立方 方 m³ m3 立方千米*1000000000 方量",
    "percent": "% 个百分点 百分点 个点 ‰*1/10 成*10 倍*100 番*100",
    "year": "年 周年 岁 周岁 载 个年头 年头 学年 年期 年时间 个年度",
    "month": "个月 个多月 月龄 个季度*3",
    "day": "天 日 个工作日 工作日 个日夜 昼夜 天时间 个昼夜",
    "hour": "小时 个小时 学时 个学时 个钟头 分钟*1/60 个课时 h",
    "km": "公里 千米 km 里*1/2 里路*1/2 华里*1/2 米*1/1000",
    "kg": "公斤 千克 kg 斤*1/2 吨*1000 t*1000 克*1/1000 担*50 公担*100",
    "point": "分 个积分 积分",
}
MEASURES = _table()

# The longest first; the words of the alternation are fixed, so one look takes constant time.
_WORDS = sorted(MEASURES, key=len, reverse=True)
PATTERN = re.compile("|".join(map(re.escape, _WORDS)))
# After a numeral in Chinese characters: the words that count, and few others, for 一片, 两面, 三节 and their like are seldom figures.
_AFTER_HAN = words("after_han")


def after_han(word: str) -> bool:
    """Whether a numeral written in Chinese characters before this word is a quantity."""
    return word in _AFTER_HAN
