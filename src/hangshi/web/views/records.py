"""Register and record lists, a record with its history, and their workbooks."""

from collections import Counter
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render

from hangshi.activities.models import Activity
from hangshi.cases.models import Case
from hangshi.registry.models import Household, Person
from hangshi.web import fields, history, lists, names, offers, places, telling, words, workbook
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.registers import REGISTERS, RELATED, Register
from hangshi.web.telling import Fact
from hangshi.web.views.acts import record_of, scene_of

FEW = 10
NAMED = 300


@permission("records.read")
def records(request: PersonRequest, key: str) -> HttpResponse:
    asked = _asked(request, key)
    page = lists.page(asked.register, _allowed(request, asked), asked.number)
    fragment = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    context = {"asked": asked, "page": page, "register": asked.register, "options": words.options}
    context["new"] = None if fragment else offers.new(key, scene_of(request), asked.query.get("unit"))
    response = render(request, "_list.html" if fragment else "list.html", context)
    response["Vary"] = "HX-Request"
    return response


@permission("records.export")
def export(request: PersonRequest, key: str) -> FileResponse:
    asked = _asked(request, key)
    head = (column.label for column in asked.register.columns)
    rows = lists.sheet(asked.register, _allowed(request, asked))
    return workbook.answer(f"{asked.register.title}-{asked.unit.name}", head, rows)


@permission("records.read")
def record(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    register = _register(key)
    if key == "units":
        return redirect("unit", pk=pk)
    found = record_of(request, key, pk)
    scene = scene_of(request, record=found)
    context: dict[str, Any] = {
        "register": register,
        "record": found,
        "heading": telling.heading(found),
        "kind_name": telling.kind_name(found) if type(found) in telling.FAMILIES else "",
        "facts": telling.facts(found),
        "changes": telling.told(found, history.changes(found)),
        "actions": offers.of(register.key, scene),
        "related": _related(request, key, pk),
        "dated": _dated(found),
    }
    if isinstance(found, Case):
        context |= _course(found, scene.today)
    if isinstance(found, Activity):
        context["attendance"] = _attendance(found)
    return render(request, "record.html", context)


def _register(key: str) -> Register:
    if key not in REGISTERS:
        raise Http404
    return REGISTERS[key]


def _asked(request: PersonRequest, key: str) -> lists.Asked:
    return lists.asked(_register(key), request.GET, places.asked(request.GET, request.unit))


def _allowed(request: PersonRequest, asked: lists.Asked) -> Any:
    return lists.records(asked, restricted=holds(request.grant.role, "cases.restricted"))


def _related(request: PersonRequest, key: str, pk: int) -> list[tuple[str, Register, lists.Page, bool]]:
    found = []
    for title, other, column in RELATED.get(key, ()):
        everything = lists.asked(REGISTERS[other], type(request.GET)(""), request.unit)
        rows = _allowed(request, everything).filter(**{column: pk})
        latest = rows.order_by(f"-{REGISTERS[other].day or 'id'}", "-pk")
        page = lists.page(REGISTERS[other], latest, 1, FEW)
        if page.rows:
            found.append((title, REGISTERS[other], page, page.total is None or page.total > FEW))
    return found


def _course(case: Case, today: Any) -> dict[str, Any]:
    """The stages, what was done and by whom, the latest first, and by how many days it is late."""
    steps = list(case.steps.order_by("-id"))
    by = names.accounts([it.recorded_by for it in steps])
    late = (today - case.due_on).days if case.due_on and not case.closed_on else 0
    return {
        "steps": [(it, by.get(it.recorded_by or 0, "")) for it in steps],
        "stages": words.stages(case.kind),
        "late": max(late, 0),
    }


def _attendance(activity: Activity) -> dict[str, Any] | None:
    states = list(activity.attendances.values_list("person_id", "state"))
    if not states:
        return None
    known = names.persons([pk for pk, _ in states])
    rows = sorted((known.get(pk, telling.OUTSIDE), pk, state) for pk, state in states)
    counts = Counter(state for _, state in states)
    return {"rows": rows[:NAMED], "counts": [(text, counts[key]) for key, text in fields.STATES.items()]}


def _dated(record: Any) -> list[tuple[str, list[Fact]]]:
    """What a household counted as and who lives there; where a person lives."""
    if isinstance(record, Household):
        statuses = record.statuses.order_by("-since")
        members = record.members.select_related("person").order_by("until", "since")
        return [
            ("户类别", [Fact(words.label("household_status", it.status), _span(it, it.ground)) for it in statuses]),
            ("家庭成员", [Fact(str(it.person), _span(it, it.relation), telling.address(it.person)) for it in members]),
        ]
    if isinstance(record, Person):
        homes = record.households.select_related("household").order_by("-since")
        lived = [Fact(str(it.household), _span(it, it.relation), telling.address(it.household)) for it in homes]
        return [("所在户", lived)]
    return []


def _span(it: Any, also: str) -> str:
    return " · ".join(filter(None, (f"{it.since} 至 {it.until or '今'}", also)))
