"""A unit: where it stands, what is below it, its figures, and its records in tabs."""

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.registry import tree
from hangshi.web import lists, names, offers, period, personal, places, telling, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.registers import REGISTERS, UNIT_TABS
from hangshi.web.views.acts import scene_of

CHILDREN = 200


@permission("records.read")
def unit(request: PersonRequest, pk: int) -> HttpResponse:
    found = places.of(pk, request.unit)
    days = period.asked(request.GET, request.units)
    tab = request.GET.get("tab", "figures")
    context = {
        "unit": found,
        "beyond": names.above(),
        "above": places.above(found),
        "days": days,
        "tab": tab,
        "tabs": UNIT_TABS,
        "registers": REGISTERS,
        "actions": offers.of("units", scene_of(request, record=found)),
    }
    if tab in UNIT_TABS:
        register = personal.allowed(request, REGISTERS[tab])
        asked = lists.asked(register, request.GET, found)
        rows = lists.records(asked, restricted=holds(request.grant.role, "cases.restricted"))
        context |= {"asked": asked, "page": lists.page(register, rows, 1, 20), "register": register}
        context["new"] = offers.new(tab, scene_of(request), found.pk)
    elif tab == "course":
        context["course"] = telling.course(found)
    elif tab == "children":
        context["children"] = tree.children_on(found, found.line, days.last).order_by("kind", "code", "pk")[:CHILDREN]
    else:
        context |= {"values": places.figures(found, days), "indicators": words.pack().indicators}
    return render(request, "unit.html", context)
