"""Search over units, persons and households by a part of the name."""

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.web import lists
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.registers import REGISTERS

SHOWN = 20
TARGETS = {"units": "unit", "persons": "person", "households": "household"}


@permission("records.read")
def search(request: PersonRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:40]
    found = []
    for key, target in TARGETS.items() if text else ():
        rows = lists.cells(REGISTERS[key], lists.found(target, text).order_by(*REGISTERS[key].order))
        found.append((REGISTERS[key], list(rows[: SHOWN + 1])))
    return render(request, "search.html", {"text": text, "found": found, "shown": SHOWN})
