"""任期与空缺: which duties run out, which nobody bears."""

from django.http import HttpResponse
from django.shortcuts import render

from hangshi.duties import queries
from hangshi.duties.models import Duty
from hangshi.refusal import Refused
from hangshi.web import names, period, places, telling, tenures
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

WITHIN = {30: "一个月内", 90: "三个月内", 180: "半年内"}
MOST = 50


@permission("records.read")
def show(request: PersonRequest) -> HttpResponse:
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    within = _within(request.GET.get("within", "90"))
    rows = below(queries.running_out(today, within), unit)
    found = list(rows.select_related("unit", "target_unit", "household", "bearer_unit")[: MOST + 1])
    known = names.persons([it.bearer_id for it in found if it.bearer_id])
    context = {
        "unit": unit,
        "above": places.above(unit),
        "today": today,
        "within": within,
        "choices": WITHIN,
        "ending": [(it, _bearer(it, known), it.target_unit or it.household) for it in found[:MOST]],
        "more": len(found) > MOST,
        "vacant": tenures.vacancies(unit, today, most=MOST),
    }
    return render(request, "tenures.html", context)


def _bearer(it: Duty, known: dict[int, str]) -> str:
    return known.get(it.bearer_id or 0, telling.OUTSIDE) if it.bearer_id else str(it.bearer_unit)


def _within(text: str) -> int:
    if not text.isdecimal() or int(text) not in WITHIN:
        raise Refused("tenures.within", f"请从{'、'.join(WITHIN.values())}中选择。")
    return int(text)
