"""Register and record lists, a record with its history, and their workbooks."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render

from hangshi.activities.models import Activity, Attendance
from hangshi.approvals import queries
from hangshi.cases.models import Case
from hangshi.registry.models import Household, Person
from hangshi.web import fields, history, lists, names, offers, personal, places, telling, words, workbook
from hangshi.web.acts.cases import nexts
from hangshi.web.acts.shape import Scene
from hangshi.web.delicate import delicate
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
    page = lists.listed(asked, restricted=holds(request.grant.role, "cases.restricted"))
    fragment = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    context = {"asked": asked, "page": page, "register": asked.register, "options": words.options}
    context["new"] = None if fragment else offers.new(key, scene_of(request), asked.query.get("unit"))
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
    return workbook.answer(title, head, lists.sheet(asked.register, found), says=says, totals=lists.summed(asked))


@permission("records.read")
def record(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    register = _register(key)
    if key == "units":
        return redirect("unit", pk=pk)
    found = record_of(request, key, pk)
    scene = scene_of(request, record=found)
    shows = partial(personal.may_see, request, type(found))
    context: dict[str, Any] = {
        "register": register,
        "record": found,
        "heading": telling.heading(found),
        "kind_name": telling.kind_name(found) if type(found) in telling.FAMILIES else "",
        "facts": telling.facts(found, shows),
        "changes": telling.told(found, history.changes(found, shows=shows)),
        "actions": offers.of(register.key, scene),
        "related": _related(request, key, pk),
        "dated": _dated(found, shows),
    }
    context |= personal.beside(request, found)
    if isinstance(found, Case):
        context |= _course(found, scene)
    if isinstance(found, Activity):
        context["attendance"] = _attendance(found, reasons=personal.may_see(request, Attendance, "reason"))
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


def _related(request: PersonRequest, key: str, pk: int) -> list[tuple[str, Register, lists.Page, bool]]:
    found = []
    for title, other, column in RELATED.get(key, ()):
        everything = lists.asked(REGISTERS[other], type(request.GET)(""), request.unit)
        rows = _allowed(request, everything).filter(**{column: pk})
        latest = rows.order_by(f"-{REGISTERS[other].day or 'id'}", "-pk")
        shown = personal.allowed(request, REGISTERS[other])
        page = lists.page(shown, latest, 1, FEW)
        if page.rows:
            found.append((title, shown, page, page.total is None or page.total > FEW))
    return found


def _course(case: Case, scene: Scene) -> dict[str, Any]:
    """The stages, what was done and by whom, the latest first, and by how many days it is late."""
    steps = list(case.steps.order_by("-id"))
    by = names.accounts([it.recorded_by for it in steps])
    late = (scene.today - case.due_on).days if case.due_on and not case.closed_on else 0
    return {
        "steps": [(it, by.get(it.recorded_by or 0, "")) for it in steps],
        "stages": words.stages(case.kind),
        "ways": nexts(scene) if scene.may("case.write") else [],
        "asked": queries.of_record(case._meta.db_table, case.pk)[:FEW],
        "late": max(late, 0),
    }


def _attendance(activity: Activity, *, reasons: bool) -> dict[str, Any] | None:
    """Who was there; why somebody had leave is for those who may read it (`reasons`)."""
    states = list(activity.attendances.values_list("person_id", "state", "reason"))
    if not states:
        return None
    known = names.persons([pk for pk, _, _ in states])
    rows = sorted((known.get(pk, telling.OUTSIDE), pk, state, why if reasons else "") for pk, state, why in states)
    counts = Counter(state for _, state, _ in states)
    return {"rows": rows[:NAMED], "counts": [(text, counts[key]) for key, text in fields.STATES.items()]}


def _dated(record: Any, shows: Callable[[str], bool]) -> list[tuple[str, list[Fact]]]:
    """What a household counted as and who lives there; where a person lives; the parts of a case or an activity."""
    if isinstance(record, Case):
        return telling.parts(record)
    if isinstance(record, Activity):
        return telling.held(record, files=shows("minutes"))
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
