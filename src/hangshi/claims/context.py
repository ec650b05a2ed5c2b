"""Whose quantity it is (scope) and which time the sentence gives it (period)."""

import re

_REACH = 120
_SCOPE = re.compile(
    r"[市县区乡镇村]、?[市县区乡镇村]两级|全[省市县区州乡镇村旗国镇院校行局系统]|[我本][省市县区州乡镇村旗]|每(?:个|名|位)?(?:贫困村|行政村|党支部|乡镇|农户|党员|村|户|县|镇|乡|人|亩|年|月|支部|社区|党组织|单位)(?:每[年月次])?|每百[户人]|各(?:乡镇|县区|村|支部|县市区)"
    r"|(?:(?![的到在把各个名位新建成行社以力争员及和使让向对为后前年月日全])[\u4e00-\u9fff]){2,3}(?:[市县州旗]|(?<!责任)(?<!示范)(?<![社小园景片辖山库林])区)(?![委级直政民域内长])"
)
_PERIOD = re.compile(
    r"(?:截至|截止|到|至)?(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日|[底初末])?)?(?:以来|底|末|初|上半年|下半年|度)?|今年(?:以来|上半年|下半年)?|去年(?:以来|底|同期)?|近[一二两三四五几\d]{1,2}年来?|近年来|目前|截至目前|每(?:年|月|季度|半年|周)|当年|全年|上年|同比|上半年|下半年|[一二三四]季度"
    r"|[一二两三四五六七八九十\d]{1,2}年(?:来|间)|按月|年均|月均|(?:比|较)(?:上年|去年|(?:19|20)\d\d年)"
)


def scope(text: str, start: int, sentence: int) -> tuple[int, int]:
    """The nearest words before the quantity, in its sentence, that say whose it is; an empty span if none do."""
    return _last(_SCOPE, text, max(sentence, start - _REACH), start)


def period(text: str, start: int, sentence: int) -> tuple[int, int]:
    return _last(_PERIOD, text, max(sentence, start - _REACH), start)


def _last(pattern: re.Pattern[str], text: str, floor: int, stop: int) -> tuple[int, int]:
    found = (stop, stop)
    for match in pattern.finditer(text, floor, stop):
        found = match.span()
    return found
