"""名册: every register by the name that an office knows it by."""

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.indicators import queries
from hangshi.web import here, period, places, rolls, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    lines = rolls.lines(unit, today, restricted=holds(request.grant.role, "cases.restricted"))
    days = period.Days(today.replace(month=1, day=1), today)
    keys = list(dict.fromkeys(key for line in lines for key in line.roll.indicators))
    context = {"unit": unit, "above": places.above(unit), "today": today, "lines": lines, "days": days}
    context |= {
        "values": queries.values(keys, unit, days.period) if keys else {},
        "indicators": words.pack().indicators,
    }
    documents = here.only("document", words.pack().documents, request.unit)
    return render(request, "rolls.html", context | {"documents": len(documents)})
