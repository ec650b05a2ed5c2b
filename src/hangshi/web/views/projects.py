"""项目资金: the list, one project with every amount down to its lines, and what is done to it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hangshi.files import store
from hangshi.projects import course, queries
from hangshi.projects.models import STEPS, Line, Project
from hangshi.projects.services import MONEY
from hangshi.web import desk, names, period, places, sent, telling, words
from hangshi.web.acts.projects import ACTS, new_fields, opened, undo_fields, undone
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.files import handed_out

SIZE = 50


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit = places.asked(request.GET, request.unit)
    page = Paginator(queries.projects(unit), SIZE).get_page(request.GET.get("page"))
    context = {"unit": unit, "above": places.above(unit), "page": page, "steps": [(it, STEPS[it]) for it in MONEY]}
    return render(request, "projects.html", context | {"may": "entry.write" in request.permissions})


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def new(request: PersonRequest) -> HttpResponse:
    """At the unit asked for, one's own if none is."""
    unit = places.asked(request.GET, request.unit)
    form = Form(new_fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": "新立项目", "back": reverse("projects"), "heading": unit.name, "then": _address}
    return sent.form_page(request, form, lambda said: opened(unit, request.account.pk, said), **more)


@permission("records.read")
def project(request: PersonRequest, pk: int) -> HttpResponse:
    """The running state of every step; `step` lists only the lines that make up its sum."""
    found = _found(pk)
    lines = list(queries.lines(found))
    sums, only = course.sums(lines), request.GET.get("step", "")
    known = names.accounts([it.recorded_by for it in lines])
    standard = words.pack().standards.get(found.standard)
    context: dict[str, Any] = {"project": found, "steps": [(it, STEPS[it], sums[it]) for it in MONEY], "names": STEPS}
    context["lines"] = [
        (
            it,
            known.get(it.recorded_by, telling.OUTSIDE),
            it in course.standing(lines, it.step) and _may_undo(request, it),
        )
        for it in lines
        if only in ("", it.step)
    ]
    context |= {"only": only, "standard": standard, "amount_of_standard": standard and standard.amount(found.opened_on)}
    context["paid"], context["accepted"] = len(course.standing(lines, "paid")), course.standing(lines, "accepted")
    open_ = not found.closed_on
    context["acts"] = [(key, it) for key, it in ACTS.items() if open_ and it.permission in request.permissions]
    context["may_undo"] = open_
    return render(request, "project.html", context)


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    return _acted(request, pk, name)


@require_http_methods(["GET", "POST"])
@permission("cases.accept")
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, "accept")


def _acted(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = ACTS.get(name)
    if it is None or it.permission not in request.permissions:
        raise Http404
    found = _found(pk)
    form = Form(it.fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": it.title, "back": _address(found), "heading": found.title, "then": _address}
    more |= {"tells": it.tells, "grave": it.grave, "closed": request.method == "GET" and found.closed_on is not None}
    return sent.form_page(request, form, lambda said: it.run(found, desk.signer(request), said), **more)


@require_http_methods(["GET", "POST"])
@permission("entry.write")
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Line.objects.select_related("project"), pk=pk)
    if not _may_undo(request, line):
        raise Http404
    form = Form(undo_fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": f"冲销{STEPS[line.step]}", "back": _address(line.project), "then": _address}
    more |= {"heading": line.project.title, "tells": "原来的一笔留着，另记一笔相反的金额。"}
    return sent.form_page(request, form, lambda said: undone(line, desk.signer(request), said), **more)


@permission("records.read")
def voucher(request: PersonRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Line.objects.exclude(sha256=""), pk=pk)
    return handed_out(store.read(line.sha256), f"{STEPS[line.step]}{line.pk}")


def _may_undo(request: PersonRequest, line: Line) -> bool:
    """An acceptance is undone by those who may accept: not by whoever waits to be paid."""
    wanted = {"entry.write", "cases.accept"} if line.step == "accepted" else {"entry.write"}
    return wanted <= request.permissions


def _found(pk: int) -> Project:
    return get_object_or_404(Project.objects.select_related("unit"), pk=pk)


def _address(project: Project) -> str:
    return reverse("project", args=[project.pk])
