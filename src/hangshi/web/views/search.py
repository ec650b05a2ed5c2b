"""Search over units, persons and households by a part of the name, and over cases by a part of the title."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.web import lists, personal
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.registers import REGISTERS

SHOWN = 20
TARGETS = {"units": "unit", "persons": "person", "households": "household"}


@permission("records.read")
def search(request: PersonRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:40]
    found = []
    for key, target in TARGETS.items() if text else ():
        register = personal.allowed(request, REGISTERS[key])
        rows = lists.cells(register, lists.found(target, text).order_by(*register.order))
        found.append((register, list(rows[: SHOWN + 1])))
    if text:
        found.append((REGISTERS["cases"], _cases(request, text)))
    return render(request, "search.html", {"text": text, "found": found, "shown": SHOWN})


def _cases(request: PersonRequest, text: str) -> list[tuple[Any, ...]]:
    """The latest first; restricted kinds only for those who may read them. Cases are few beside activities: their titles are read."""
    register = REGISTERS["cases"]
    everything = lists.asked(register, type(request.GET)(""), request.unit)
    rows = lists.records(everything, restricted=holds(request.grant.role, "cases.restricted"))
    return list(lists.cells(register, rows.filter(title__contains=text).order_by("-id"))[: SHOWN + 1])
