"""Register and record lists, a record with its history, and their workbooks."""

from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from hangshi.cases.models import Case
from hangshi.web import history, lists, personal, places, words, workbook
from hangshi.web.delicate import delicate
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.registers import REGISTERS, RELATED, Register


@permission("records.read")
def records(request: PersonRequest, key: str) -> HttpResponse:
    asked = _asked(request, key)
    page = lists.listed(asked, restricted=holds(request.grant.role, "cases.restricted"))
    fragment = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    context = {"asked": asked, "page": page, "register": asked.register, "options": words.options}
    response = render(request, "_list.html" if fragment else "list.html", context)
    response["Vary"] = "HX-Request"
    return response


@permission("records.export")
@delicate
def export(request: PersonRequest, key: str) -> FileResponse:
    asked = _asked(request, key)
    head = (column.label for column in asked.register.columns)
    found, title = _allowed(request, asked), f"{asked.register.title}-{asked.unit.name}"
    says = personal.exported(
        request, personal.counted(found), table=asked.register.table, what=key, unit=asked.unit.pk, of=title
    )
    return workbook.answer(title, head, lists.sheet(asked.register, found), says=says)


@permission("records.read")
def record(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    register = _register(key)
    if key == "units":
        return redirect("unit", pk=pk)
    everything = lists.asked(register, type(request.GET)(""), request.unit)
    found = get_object_or_404(_allowed(request, everything), pk=pk)
    shows = partial(personal.may_see, request, type(found))
    context: dict[str, Any] = {
        "register": register,
        "record": found,
        "facts": [it for it in history.facts(found) if shows(it[3])],
        "changes": history.changes(found, shows=shows),
    }
    context["related"] = _related(request, key, pk)
    context |= personal.beside(request, found)
    if isinstance(found, Case):
        context |= {"steps": found.steps.order_by("id"), "stages": words.stages(found.kind)}
    return render(request, "record.html", context)


def _register(key: str) -> Register:
    if key not in REGISTERS:
        raise Http404
    return REGISTERS[key]


def _asked(request: PersonRequest, key: str) -> lists.Asked:
    register = personal.allowed(request, _register(key))
    return lists.asked(register, request.GET, places.asked(request.GET, request.unit))


def _allowed(request: PersonRequest, asked: lists.Asked) -> Any:
    return lists.records(asked, restricted=holds(request.grant.role, "cases.restricted"))


def _related(request: PersonRequest, key: str, pk: int) -> list[tuple[str, Register, lists.Page]]:
    found = []
    for title, other, column in RELATED.get(key, ()):
        everything = lists.asked(REGISTERS[other], type(request.GET)(""), request.unit)
        rows = _allowed(request, everything).filter(**{column: pk})
        shown = personal.allowed(request, REGISTERS[other])
        found.append((title, shown, lists.page(shown, rows, 1, 10)))
    return found
