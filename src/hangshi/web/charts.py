"""Pictures as ECharts options: months as bars, children as a map or as a ranking."""

from typing import Any

from hangshi.packs.models import Indicator
from hangshi.registry.models import Unit
from hangshi.web import jinja, words
from hangshi.web.period import Days


def _address(key: str, unit: int, first: Any, last: Any) -> str:
    return f"/indicators/{key}/?unit={unit}&from={first}&to={last}"


def months(indicator: Indicator, values: list[tuple[Any, Any]], unit: Unit) -> dict[str, Any]:
    """One bar a month; each opens the month's figure."""
    data = [
        {"value": value.value, "href": _address(indicator.key, unit.pk, span.first, span.last)}
        for span, value in values
    ]
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 8, "top": 32, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [f"{span.last:%Y-%m}" for span, _ in values]},
        "yAxis": {"type": "value", "name": words.measure(indicator)},
        "series": [{"type": "bar", "name": indicator.name, "data": data}],
    }


def children(indicator: Indicator, rows: list[tuple[Any, Any]], unit: Unit, days: Days) -> dict[str, Any]:
    """A map where the unit has one, else a ranking of the first twenty."""
    data = [
        {"name": child.name, "value": value.value, "href": _address(indicator.key, child.pk, days.first, days.last)}
        for child, value in rows
        if value.value is not None
    ]
    if map_code(unit):
        return _map(indicator, data, unit)
    shown = data[:20][::-1]
    return {
        "tooltip": {},
        "grid": {"left": 8, "right": 48, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [it["name"] for it in shown]},
        "series": [
            {"type": "bar", "name": indicator.name, "data": shown, "label": {"show": True, "position": "right"}}
        ],
    }


def map_code(unit: Unit) -> str:
    """The code of the unit's map; empty where there is none."""
    code = unit.code[:6].ljust(6, "0")
    return code if unit.kind == "city" and jinja.map_names(code) else ""


def _today_to_then(areas: tuple[str, ...], names: list[str]) -> dict[str, str]:
    """The map has today's names (旬阳市); the tree may have that day's (旬阳县)."""
    return {area: name for area in areas for name in names if area != name and area[:2] == name[:2]}


def _map(indicator: Indicator, data: list[dict[str, Any]], unit: Unit) -> dict[str, Any]:
    numbers = [float(it["value"]) for it in data] or [0.0]
    renamed = _today_to_then(jinja.map_names(map_code(unit)), [it["name"] for it in data])
    return {
        "tooltip": {},
        "visualMap": {
            "min": min(numbers),
            "max": max(max(numbers), min(numbers) + 1),
            "left": 8,
            "bottom": 8,
            "text": ["高", "低"],
            "inRange": {"color": ["#fbe3e1", "#c2473f"]},
        },
        "series": [
            {
                "type": "map",
                "map": map_code(unit),
                "nameMap": renamed,
                "name": indicator.name,
                "data": data,
                "label": {"show": True, "fontSize": 12},
                "itemStyle": {"borderColor": "#fff"},
            }
        ],
    }
