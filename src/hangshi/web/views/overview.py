"""总览: the figures of one's unit, how its children stand, and what is due."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.web import charts, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

FIRST = ("first_secretaries", "reserve_first_secretaries", "paired_households", "weak_branches", "land_mu")
TREND = "visits"


@permission("figures.read")
def overview(request: PersonRequest) -> HttpResponse:
    days = period.asked(request.GET, request.units)
    indicators = words.pack().indicators
    unit = places.asked(request.GET, request.unit)
    values = places.figures(unit, days)
    chosen = _chosen(request.GET.get("by", ""))
    context: dict[str, Any] = {
        "days": days,
        "unit": unit,
        "values": values,
        "indicators": indicators,
        "chosen": indicators[chosen],
    }
    context |= _children(chosen, unit, days)
    context["trend"] = charts.months(indicators[TREND], queries.months(TREND, unit, days.last, 12), unit)
    context["due"] = places.overdue(unit, on=days.last)
    context["map"] = charts.map_code(unit)
    context["first"] = [key for key in FIRST if key in values][:4]
    return render(request, "overview.html", context)


def _chosen(key: str) -> str:
    if key and key not in words.pack().indicators:
        raise Refused("indicator.unknown", f"没有“{key}”这个指标。")
    return key or TREND


def _children(key: str, unit: Any, days: period.Days) -> dict[str, Any]:
    indicator = words.pack().indicators[key]
    rows = places.children(key, unit, days)
    return {"children": rows, "picture": charts.children(indicator, rows, unit, days)}
