"""Words for the page: what the packs call a kind, what an indicator counts and in which measure."""

from datetime import date
from decimal import Decimal
from functools import cache

from hangshi.indicators import queries
from hangshi.packs.models import Indicator, Kinds, Pack

MEASURES = {
    "person": "人",
    "household": "户",
    "item": "个",
    "yuan": "元",
    "mu": "亩",
    "m2": "平方米",
    "percent": "%",
    "point": "分",
    "year": "年",
    "minute": "分钟",
}
EMPTY = {"zero": "没有记录时为 0", "none": "没有记录时不显示数值"}
DIRECTION = {"up": "越高越好", "down": "越低越好", "none": "高低不分好坏"}
MEASURED = {"count(*)": "逐条计数"}
FAMILIES = frozenset(Kinds.model_fields)


def pack() -> Pack:
    """The packs of this installation."""
    return queries.pack()


@cache
def options(family: str) -> dict[str, str]:
    """Key → name of everything in a family of kinds."""
    return {key: it.name for key, it in pack().kinds.family(family).items()}


def label(family: str, key: str | None) -> str:
    """What the pack calls it; a key that no pack knows is shown as it is."""
    return options(family).get(key or "", key or "")


def restricted(family: str) -> list[str]:
    """The kinds whose rows need a permission of their own."""
    return [key for key, it in pack().kinds.family(family).items() if getattr(it, "restricted", False)]


def places() -> list[str]:
    """The kinds of unit that are places: what a map or a ranking of children shows."""
    return [key for key, it in pack().kinds.unit.items() if it.group == "place"]


def role_name(key: str) -> str:
    role = pack().roles.get(key)
    return role.name if role else key


def stages(kind: str) -> list[tuple[str, str]]:
    case = pack().kinds.case.get(kind)
    return [(it.key, it.name) for it in case.stages] if case else []


def stage_name(kind: str, stage: str) -> str:
    return dict(stages(kind)).get(stage, stage)


def number(value: Decimal | int | None, places: int | None = None) -> str:
    """Thousands apart (千分位); a fraction with up to two places; nothing is a dash, never a zero."""
    if value is None:
        return "—"
    if places is None:
        places = 0 if value == int(value) else 2
    return f"{value:,.{places}f}"


def measure(indicator: Indicator) -> str:
    """What stands after the number: the indicator's own classifier, else that of its unit."""
    return indicator.classifier or MEASURES.get(indicator.unit, indicator.unit)


def time_of(indicator: Indicator) -> str:
    """`as_of` or `within`; a ratio or a change has the time of its parts."""
    parts = [pack().indicators[key] for _, key in indicator.parts]
    return indicator.time or ("as_of" if all(time_of(part) == "as_of" for part in parts) else "within")


def time_words(indicator: Indicator, first: date, last: date) -> str:
    if time_of(indicator) == "as_of":
        return f"{last} 当日"
    return f"{first} 至 {last}（首尾两日都算）"


def definition(indicator: Indicator) -> list[tuple[str, str]]:
    """What the figure means, a line a clause."""
    names = {key: it.name for key, it in pack().indicators.items()}
    if indicator.numerator:
        how = f"“{names[indicator.numerator]}”除以“{names[indicator.denominator or '']}”，乘以 {indicator.scale}"
    elif indicator.change_of:
        how = f"“{names[indicator.change_of]}”较上年同期{'下降' if indicator.change == 'fall' else '上升'}的百分比"
    else:
        fact = pack().facts[indicator.fact or ""]
        how = f"{fact.doc}；{MEASURED.get(indicator.measure, indicator.measure)}"
    said = [
        ("怎样算", how),
        ("条件", indicator.where),
        ("时间", {"as_of": "某日的存量", "within": "一段时期内，首尾两日都算"}[time_of(indicator)]),
    ]
    said += [
        ("计量单位", measure(indicator)),
        ("空值", EMPTY[indicator.empty]),
        ("方向", DIRECTION[indicator.direction]),
    ]
    said += [("可否相加", "各下级相加等于本级" if indicator.home == "row" else "按对象去重，各下级相加可能大于本级")]
    said += [("依据", indicator.source), ("说明", indicator.doc)]
    return [(name, text) for name, text in said if text]
