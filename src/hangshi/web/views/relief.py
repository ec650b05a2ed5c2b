"""减负: what filling forms took, by month, level and department, every number down to its fillings; and a demand filled for one unit."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hangshi.calendar.days import periods
from hangshi.demands import answers, collecting, costs, fillings, queries
from hangshi.demands.models import EVERY, STATES, Demand, Filling
from hangshi.indicators import queries as figures
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import period, places, words
from hangshi.web.acts.demands import numbered
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50
MOST_UNITS = 500
CARDS = (
    "demands", "demanded_items", "demanded_items_typed", "fillings", "cells_filled_by_system", "cells_typed",
    "cells_left_empty", "filling_minutes",
)  # fmt: skip
NARROWED = {"department": "department", "level": "level", "title": "title"}


@require_GET
@permission("figures.read")
def index(request: PersonRequest) -> HttpResponse:
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    pack, found, demands = words.pack(), _found(unit, days), queries.around(unit)
    rate = costs.rate(pack, days.last)
    spared = [(it, costs.cost(pack, it, on=it.decided_on or it.until)) for it in fillings.spared(demands, days.period)]
    values = figures.values(CARDS, unit, days.period)
    by_system = values["cells_filled_by_system"].value or 0
    context: dict[str, Any] = {
        "unit": unit, "above": places.above(unit), "days": days, "states": STATES,
        "cards": [(pack.indicators[key], values[key]) for key in CARDS],
        "minutes": values["filling_minutes"].value, "saved": None if rate is None else rate * by_system,
        "standard": pack.standards.get(costs.RATE), "rate": rate,
        "months": _months(found, days), "levels": fillings.grouped(found, "level"),
        "titles": fillings.grouped(found, "title"), "departments": fillings.departments(demands, found, days.last),
        "spared": spared,
    }  # fmt: skip
    return render(request, "relief.html", context)


def _found(unit: Unit, days: period.Days) -> QuerySet[Filling]:
    return fillings.within(below(Filling.objects.all(), unit), days.period)


def _months(found: Any, days: period.Days) -> list[tuple[Any, date, date]]:
    """Each month summed up, with the days of it that are asked for."""
    return [
        (row, max(row["key"], days.first), min(next(periods(row["key"], row["key"], 1))[1], days.last))
        for row in fillings.grouped(found, "month")
    ]


@require_GET
@permission("figures.read")
def listed(request: PersonRequest) -> HttpResponse:
    """The fillings behind a number: of the days, and of the department, level or form named in the address."""
    unit, days = places.asked(request.GET, request.unit), period.asked(request.GET, request.units)
    narrowed = {field: request.GET[name] for name, field in NARROWED.items() if name in request.GET}
    found = _found(unit, days).filter(**narrowed).select_related("unit").order_by("-filled_on", "-pk")
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    context = {"unit": unit, "above": places.above(unit), "days": days, "page": page, "narrowed": narrowed}
    return render(request, "fillings.html", context)


@require_GET
@permission("figures.read")
def filling(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Filling.objects.select_related("unit", "demand"), pk=pk)
    when = figures.Period(found.first, found.last)
    lines = answers.sheet(words.pack(), found.demand, found.unit, when) if found.demand else []
    context = {"filling": found, "lines": lines, "closed": "people.restricted" not in request.permissions}
    return render(request, "filling.html", context)


@require_http_methods(["GET", "POST"])
@permission("forms.fill")
def fill(request: PersonRequest, pk: int) -> HttpResponse:
    """For the unit and the day of the address; the items `item_<number>`."""
    demand, today = get_object_or_404(Demand, pk=pk), period.today(request.units)
    units = _units(request, demand)
    if not units:
        raise Http404
    unit = places.asked(request.GET, request.unit) if "unit" in request.GET else units[0]
    day = period.parsed(request.GET.get("day")) or min(today, demand.until)
    typed = numbered(request.POST)
    try:
        when = answers.term(demand, day)
        answers.check_may_fill(demand, unit, when)
        if request.method == "POST":
            seen = numbered(request.POST, "was")
            made = answers.fill(
                words.pack(), demand, unit, day=day, typed=typed, on=today, actor=request.account.pk, seen=seen
            )
            return redirect(reverse("filling", args=[made.pk]))
    except Refused as refused:
        return _sheet(request, demand, unit, units, day, typed, refused.sentence)
    return _sheet(request, demand, unit, units, day, typed, "")


def _sheet(
    request: PersonRequest, demand: Demand, unit: Unit, units: list[Unit], day: date, typed: dict[int, str], error: str
) -> HttpResponse:
    when = answers.term(demand, day)
    context = {
        "demand": demand, "every": EVERY, "unit": unit, "units": units, "day": day, "when": when, "typed": typed,
        "error": error, "lines": answers.sheet(words.pack(), demand, unit, when),
    }  # fmt: skip
    return render(request, "fill.html", context, status=422 if error else 200)


@require_GET
@permission("figures.read")
def collected(request: PersonRequest, pk: int) -> HttpResponse:
    """汇总: what each unit in sight has said in the term of the address, and who has not filled it."""
    demand, today = get_object_or_404(Demand, pk=pk), period.today(request.units)
    unit, day = places.asked(request.GET, request.unit), period.parsed(request.GET.get("day")) or today
    when = answers.term(demand, day)
    units = collecting.units_of(demand, unit, when)
    page = Paginator(units, SIZE).get_page(request.GET.get("page"))
    done = demand.fillings.filter(unit__in=units, first=when.first, last=when.last).count()
    context = {
        "demand": demand, "unit": unit, "above": places.above(unit), "day": day, "when": when, "page": page, "done": done,
        "items": demand.items.order_by("number"), "rows": collecting.collected(demand, unit, when, list(page)),
        "closed": "people.restricted" not in request.permissions, "fills": "forms.fill" in request.permissions,
    }  # fmt: skip
    return render(request, "collected.html", context)


def _units(request: PersonRequest, demand: Demand) -> list[Unit]:
    """The units in sight that fill it."""
    found = below(Unit.objects.filter(kind=demand.level, until=None, path__startswith=demand.path), request.unit)
    return list(found.order_by("path")[:MOST_UNITS])
