"""结账: periods closed and reopened; the figures as reported beside those of now, and the corrections between them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.access.append import spoken
from hangshi.closings import periods, queries, services
from hangshi.closings.models import Closing
from hangshi.indicators.queries import Period
from hangshi.ledger import queries as ledger
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import names, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50
OFFERED = {"month": 6, "quarter": 4, "year": 2}


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    """What is closed at the unit, below it and above it, and what can be closed now."""
    unit = places.asked(request.GET, request.unit)
    pages = Paginator(queries.closings(unit), SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {"unit": unit, "above": places.above(unit), "page": page, "said": _said}
    return render(request, "closings.html", context | {"offers": _offers(request, unit)})


def _offers(request: PersonRequest, unit: Unit) -> list[tuple[str, Period, str]]:
    """Length, period and its name, of those that the service would close today."""
    if "period.close" not in request.permissions:
        return []
    today, found = period.today(request.units), []
    for length, count in OFFERED.items():
        for it in periods.ended(length, today, count):
            if not services.covering(unit, it).exists():
                found.append((length, it, periods.said(length, it)))
    return found


@require_http_methods(["GET", "POST"])
@permission("period.close")
def close(request: PersonRequest) -> HttpResponse:
    """Asks once more, with the units below that have not closed; then closes."""
    unit = places.asked(request.GET, request.unit)
    length, today = request.GET.get("length", ""), period.today(request.units)
    day = period.parsed(request.GET.get("day"))
    if day is None:
        raise Refused("closing.period", "请选择要结账的期间。")
    chosen = periods.holding(length, day)
    refused = ""
    try:
        services.check_may_close(unit, length, chosen, on=today)
        if request.method == "POST":
            with spoken():
                return redirect(
                    "closing", pk=services.close(unit, length, chosen, on=today, actor=request.account.pk).pk
                )
    except Refused as error:
        refused = error.sentence
    below = [it for it in queries.unclosed(unit, chosen) if it.kind in words.places()]
    context = {"unit": unit, "name": periods.said(length, chosen), "period": chosen, "below": below, "refused": refused}
    return render(request, "closing_new.html", context, status=422 if refused and request.method == "POST" else 200)


@permission("records.read")
def closing(request: PersonRequest, pk: int) -> HttpResponse:
    """The kept figures of the unit beside those of now; those that differ come first."""
    found = _found(pk)
    lines = sorted(queries.lines(found), key=lambda it: not it.differs)
    known = words.pack().indicators
    context: dict[str, Any] = {"closing": found, "name": _said(found), "lines": [(known[it.key], it) for it in lines]}
    context["names"] = names.accounts([it for it in (found.closed_by, found.reopened_by) if it])
    context["intact"] = queries.intact(found)
    context["may_reopen"] = "period.reopen" in request.permissions and _reopenable(found)
    return render(request, "closing.html", context)


def _reopenable(found: Closing) -> bool:
    try:
        services.check_may_reopen(found, reason="-")
    except Refused:
        return False
    return True


@require_POST
@permission("period.reopen")
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    reason, today = request.POST.get("reason", "")[:200], period.today(request.units)
    services.reopen(_found(pk), on=today, reason=reason, actor=request.account.pk)
    return redirect("closing", pk=pk)


@permission("records.read")
def figure(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """One figure of a closed period: kept, now, and the very records between the two."""
    found = _found(pk)
    line = queries.line(found, key)
    if line is None:
        raise Http404
    context = {"closing": found, "name": _said(found), "line": line, "it": words.pack().indicators[key]}
    return render(request, "closing_figure.html", context | {"between": queries.explaining(found, key)[:500]})


@permission("records.read")
def corrections(request: PersonRequest) -> HttpResponse:
    """更正清单: what was corrected or added to an earlier day, when and why."""
    unit = places.asked(request.GET, request.unit)
    page = Paginator(ledger.corrections(unit), SIZE).get_page(request.GET.get("page"))
    return render(request, "corrections.html", {"unit": unit, "above": places.above(unit), "page": page})


def _found(pk: int) -> Closing:
    return get_object_or_404(Closing.objects.select_related("unit"), pk=pk)


def _said(found: Closing) -> str:
    return periods.said(found.length, Period(found.first, found.last))
