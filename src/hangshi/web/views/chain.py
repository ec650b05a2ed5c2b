"""责任链 from one's unit down, the sets of helpers around a case (四个一), and a plan by its strands."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from hangshi.indicators import queries
from hangshi.web import chains, here, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission


def _scene(request: PersonRequest) -> dict[str, Any]:
    unit = places.asked(request.GET, request.unit)
    return {"unit": unit, "above": places.above(unit), "today": period.today(request.units)}


@permission("records.read")
def show(request: PersonRequest) -> HttpResponse:
    context = _scene(request)
    unit, today, pack = context["unit"], context["today"], words.pack()
    kinds = chains.kinds_at(unit)
    context |= {
        "chain": chains.chain(unit, kinds, today) if kinds else None,
        "loads": chains.carried(unit, today),
        "sets": here.only("joint_set", pack.joint_sets, unit).values(),
        "boards": here.only("strand_board", pack.strand_boards, unit).values(),
    }
    return render(request, "responsibility.html", context)


@permission("records.read")
def joint(request: PersonRequest, key: str) -> HttpResponse:
    context = _scene(request)
    it = here.only("joint_set", words.pack().joint_sets, context["unit"]).get(key)
    if it is None:
        raise Http404
    found = chains.joined(it, context["unit"], context["today"])
    kinds = [words.pack().kinds.duty[one] for one in it.duties]
    gaps = [(kind, sum(kind in one.lacking for one in found)) for kind in kinds]
    whole = sum(not one.lacking for one in found)
    return render(request, "joint_set.html", context | {"set": it, "found": found, "gaps": gaps, "whole": whole})


@permission("records.read")
def strands(request: PersonRequest, key: str) -> HttpResponse:
    context = _scene(request)
    unit, today = context["unit"], context["today"]
    it = here.only("strand_board", words.pack().strand_boards, unit).get(key)
    if it is None:
        raise Http404
    found = chains.strands(it, unit, today)
    days = period.Days(today.replace(month=1, day=1), today)
    keys = list(dict.fromkeys(one.key for strand in found for one in strand.indicators))
    values = queries.values(keys, unit, days.period)
    return render(request, "strands.html", context | {"board": it, "found": found, "days": days, "values": values})
