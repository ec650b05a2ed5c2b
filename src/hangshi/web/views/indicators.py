"""指标: a figure opened: its value, the children it adds up from, its months, what it means, and its very rows."""

from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from hangshi.indicators import queries
from hangshi.packs.models import Indicator
from hangshi.registry.models import Unit
from hangshi.web import charts, names, opened, period, personal, places, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission

SIZE = 50
EXPORTED = 5000


@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    values = places.figures(unit, days)
    fragment = request.headers.get("HX-Target") == "figures" and "HX-History-Restore-Request" not in request.headers
    context = {"unit": unit, "days": days, "values": values, "indicators": words.pack().indicators}
    response = render(request, "_figures.html" if fragment else "indicators.html", context)
    response["Vary"] = "HX-Request"
    return response


@permission("figures.read")
def indicator(request: PersonRequest, key: str) -> HttpResponse:
    it, unit, days = _known(key), places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    when, children = days.period, places.children(key, unit, days)
    context: dict[str, Any] = {"it": it, "unit": unit, "days": days, "above": places.above(unit), "children": children}
    context["beyond"] = names.above()
    context["value"] = queries.value(key, unit, when)
    context["trend"] = charts.months(it, queries.months(key, unit, days.last, 12), unit)
    context["definition"], context["time_words"] = words.definition(it), words.time_words(it, days.first, days.last)
    context["sql"] = queries.sql(key, unit, when)
    context |= _rows(request, it, unit, when) if _may_open(request, it) else {"closed": True}
    fragment = request.headers.get("HX-Target") == "rows" and "HX-History-Restore-Request" not in request.headers
    response = render(request, "_rows.html" if fragment else "indicator.html", context)
    response["Vary"] = "HX-Request"
    return response


@permission("records.export")
@delicate
def export(request: PersonRequest, key: str) -> FileResponse:
    it, unit, days = _known(key), places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    if not _may_open(request, it):
        raise PermissionDenied
    when = days.period
    first = queries.rows(key, unit, when, page=1, size=EXPORTED)
    title = f"{it.name}-{unit.name}"
    says = personal.exported(
        request, first.total, table="", what=key, unit=unit.pk, of=f"{title}　{days.first}至{days.last}"
    )
    pages = range(2, -(-first.total // EXPORTED) + 1)
    later = (
        row for number in pages for row in opened.shown(it, queries.rows(key, unit, when, page=number, size=EXPORTED))
    )
    return workbook.answer(title, opened.head(it, first), chain(opened.shown(it, first), later), says=says)


def _may_open(request: PersonRequest, it: Indicator) -> bool:
    """A restricted kind shows its figure to all who may read figures, its rows only to those with the permission."""
    return not opened.restricted(it) or holds(request.grant.role, "cases.restricted")


def _known(key: str) -> Indicator:
    if key not in words.pack().indicators:
        raise Http404
    return words.pack().indicators[key]


def _rows(request: PersonRequest, it: Indicator, unit: Unit, when: queries.Period) -> dict[str, Any]:
    """A page of the records counted; a ratio opens its numerator, and offers its parts."""
    parts = [words.pack().indicators[part] for _, part in it.parts]
    text = request.GET.get("page", "1")
    number = min(int(text), 100_000) if text.isdecimal() and int(text) else 1
    rows = queries.rows(it.key, unit, when, page=number, size=SIZE)
    last = max(1, -(-rows.total // SIZE))
    return {
        "parts": parts,
        "rows": rows,
        "head": opened.head(it, rows),
        "shown": opened.linked(it, rows),
        "number": number,
        "last": last,
    }
