"""责任清单: how far each unit is, a unit's list opened down to records, self-report and verification."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hangshi.cases.models import Case
from hangshi.indicators.queries import Period
from hangshi.packs.duty_lists import DutyList
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.responsibility import queries, services
from hangshi.web import period, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SHOWN = 200


@require_GET
@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    """Each list that units of the scope answer by, unit by unit in the order of the tree."""
    today = period.today(request.units)
    year = _year(request, today.year)
    pack, found = words.pack(), []
    for it in pack.duty_lists.values():
        if units := queries.bearers(pack, it, request.unit)[:SHOWN]:
            found.append((it, queries.tallies(pack, it, units, year=year, on=today)))
    return render(request, "duty_lists.html", {"lists": found, "year": year, "known": bool(pack.duty_lists)})


def _year(request: PersonRequest, present: int) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and 2000 <= int(text[:4]) <= 2100 and len(text) == 4 else present


def _list(key: str) -> DutyList:
    found: DutyList | None = words.pack().duty_lists.get(key)
    if found is None:
        raise Http404
    return found


def _bearer(request: PersonRequest, it: DutyList, pk: int) -> Unit:
    found = next((unit for unit in queries.bearers(words.pack(), it, request.unit) if unit.pk == pk), None)
    if found is None:
        raise Http404
    return found


@require_GET
@permission("records.read")
def one(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    it = _list(key)
    return _page(request, it, _bearer(request, it, pk))


def _page(request: PersonRequest, it: DutyList, unit: Unit, refused: str = "", about: str = "") -> HttpResponse:
    """`about`: the item that was refused, in whose form the note is shown again."""
    today = period.today(request.units)
    year = _year(request, today.year)
    pack = words.pack()
    found = queries.items(pack, it, unit, year=year, on=today)
    own, present = unit.pk == request.unit.pk, year == today.year
    days = Period(today.replace(year=year, month=1, day=1), today) if present else None
    context: dict[str, Any] = {
        "list": it, "unit": unit, "year": year, "today": today, "refused": refused, "about": about, "note": request.POST.get("note", ""),
        "headings": queries.headed(pack, it, found, year), "states": queries.STATES, "days": days,
        "tally": queries.tallies(pack, it, [unit], year=year, on=today)[0], "indicators": pack.indicators,
        "may_report": own and present and "case.write" in request.permissions,
        "may_verify": not own and "cases.accept" in request.permissions,
        "stages": {stage.key: stage.name for stage in pack.kinds.case[it.reverse].stages},
        "elements": pack.kinds.case[it.reverse].grounds_on(today, unit.kind),
    }  # fmt: skip
    return render(request, "duty_list.html", context, status=422 if refused else 200)


@require_POST
@permission("case.write")
def report(request: PersonRequest, key: str, pk: int, item: str) -> HttpResponse:
    it = _list(key)
    unit = _bearer(request, it, pk)
    try:
        services.report(
            words.pack(), it, unit, item, by=request.unit, note=request.POST.get("note", ""), on=period.today(request.units),
            actor=request.account.pk,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, it, unit, f"没有上报：{refused.sentence}", item)
    return redirect(reverse("duty_list", args=[key, pk]) + f"#{item}")


@require_POST
@permission("cases.accept")
def verify(request: PersonRequest, key: str, pk: int, case: int) -> HttpResponse:
    it = _list(key)
    unit = _bearer(request, it, pk)
    found = get_object_or_404(Case, pk=case, unit=unit, kind=it.case)
    try:
        if request.POST.get("good") not in ("0", "1"):
            raise Refused("responsibility.choice", "请选属实或退回。")
        services.verify(
            words.pack(), found, by=request.unit, good=request.POST["good"] == "1", note=request.POST.get("note", ""),
            on=period.today(request.units), actor=request.account.pk,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, it, unit, f"没有核实：{refused.sentence}", found.ground)
    return redirect(reverse("duty_list", args=[key, pk]) + f"#{found.ground}")
