"""Search over units, persons and households by a part of the name."""

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.web import lists, personal
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
        register = personal.allowed(request, REGISTERS[key])
        rows = lists.cells(register, lists.found(target, text).order_by(*register.order))
        found.append((register, list(rows[: SHOWN + 1])))
    return render(request, "search.html", {"text": text, "found": found, "shown": SHOWN})
