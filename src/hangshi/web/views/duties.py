"""责任: a unit's duties by kind, the roster of a kind, and who keeps a required set."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from hangshi.packs.models import DutyKind
from hangshi.standards import queries as standards
from hangshi.web import here, period, personal, places, rosters, tenures, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    vacant = {it.kind.key: it.total for it in tenures.vacancies(unit, today, most=0)}
    loads = [it for it in standards.tallies(unit, words.pack()) if it.open and tenures.is_load(it.check)]
    sets = [
        (it, rosters.keepers(it, unit, today))
        for it in here.only("required_set", words.pack().required_sets, unit).values()
    ]
    context = {
        "unit": unit,
        "above": places.above(unit),
        "today": today,
        "lines": rosters.lines(unit, today, vacant),
        "soon": rosters.SOON,
        "loads": loads,
        "sets": [(it, len(found), sum(bool(one.lacking) for one in found)) for it, found in sets if found],
    }
    return render(request, "duties.html", context)


@permission("records.read")
def roster(request: PersonRequest, key: str) -> HttpResponse:
    """Who bears the kind of duty today: by what it is for, or with `?by=bearer` a row a person with all their posts."""
    kind, unit, today = _kind(key), places.asked(request.GET, request.unit), period.today(request.units)
    by_bearer = request.GET.get("by") == "bearer" and kind.bearer == "person"
    found: Any = rosters.bearers(key, unit, today) if by_bearer else rosters.borne(key, unit, today)
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {"kind": kind, "unit": unit, "above": places.above(unit), "today": today, "page": page}
    context["persons"] = rosters.by_bearer(kind, unit, today, shown) if by_bearer else None
    context["rows"] = [] if by_bearer else list(rosters.rows(kind, shown))
    return render(request, "roster.html", context)


@permission("records.export")
@delicate
def roster_workbook(request: PersonRequest, key: str) -> FileResponse:
    kind, unit, today = _kind(key), places.asked(request.GET, request.unit), period.today(request.units)
    found, title = rosters.borne(key, unit, today), f"{kind.name}花名册-{unit.name}-{today}"
    says = personal.exported(
        request, personal.counted(found), table="duty", what=f"roster.{key}", unit=unit.pk, of=title
    )
    lines = (row.cells for row in rosters.rows(kind, list(found)))
    return workbook.answer(title, rosters.HEAD, lines, says=says)


@permission("records.read")
def required_set(request: PersonRequest, key: str) -> HttpResponse:
    """Who holds what of the set, and who lacks which part."""
    it = words.pack().required_sets.get(key)
    if it is None:
        raise Http404
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    context = {"set": it, "unit": unit, "above": places.above(unit), "today": today}
    return render(request, "required_set.html", context | {"bearers": rosters.keepers(it, unit, today)})


def _kind(key: str) -> DutyKind:
    kind = words.pack().kinds.duty.get(key)
    if kind is None:
        raise Http404
    return kind
