"""总览: the figures of one's unit, how its children stand, and what is due."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.web import charts, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

FIRST = ("first_secretaries", "paired_households", "weak_branches", "land_mu")
TREND = "visits"
RANKED = 12


@permission("figures.read")
def overview(request: PersonRequest) -> HttpResponse:
    """The first figures, the ranking and what is due; the other figures come in a block of their own, for they take the longest."""
    days = period.asked(request.GET, request.units)
    indicators = words.pack().indicators
    unit = places.asked(request.GET, request.unit)
    chosen = _chosen(request.GET.get("by", ""))
    first = [key for key in FIRST if key in indicators]
    rows = places.children(chosen, unit, days)
    context: dict[str, Any] = {
        "days": days,
        "unit": unit,
        "first": first,
        "values": queries.values(first, unit, days.period),
        "indicators": indicators,
        "chosen": indicators[chosen],
        "children": rows[:RANKED],
        "more": max(len(rows) - RANKED, 0),
        "picture": charts.children(indicators[chosen], rows, unit, days),
        "map": charts.map_code(unit),
        "trend": charts.months(indicators[TREND], queries.months(TREND, unit, days.last, 12), unit),
        "due": places.overdue(unit, on=days.last),
    }
    return render(request, "overview.html", context)


def _chosen(key: str) -> str:
    if key and key not in words.pack().indicators:
        raise Refused("indicator.unknown", f"没有“{key}”这个指标。")
    return key or TREND
