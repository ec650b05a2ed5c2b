"""学习: materials and lists of one's own unit and of those above, and a member's own plan."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.files import store
from hangshi.refusal import Refused
from hangshi.registry.models import Person
from hangshi.study import queries, services
from hangshi.study.models import Intent, Material, ReadingList
from hangshi.web import period, sent, studying, words
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.files import handed_out

SHOWN = 100
HOME: dict[str, Any] = {"back": "/study/", "heading": "学习"}
STEPS = {"publish": services.publish, "withdraw": services.withdraw}


@permission("study.read")
def index(request: PersonRequest) -> HttpResponse:
    """What can be read today, for everybody or for the class in `?for=`."""
    today, learner = period.today(request.units), request.GET.get("for", "")
    if learner and learner not in words.options("learner"):
        raise Http404
    materials = list(queries.readable(on=today, learner=learner)[:SHOWN])
    lists = list(queries.lists(on=today, learner=learner)[:SHOWN])
    own = list(queries.held(request.unit.path)[:SHOWN]) if "study.write" in request.permissions else []
    items: dict[int, list[Any]] = {it.pk: [] for it in lists}
    for line in queries.lines(lists):
        items[line.list_id].append(line)
    context = {
        "materials": materials, "lists": [(it, items[it.pk]) for it in lists], "own": own, "learner": learner,
        "learners": words.options("learner"), "learners_of": studying.learners_of, "states": services.STATES,
        "units": studying.units_of(request, [it.unit_id for it in (*materials, *lists)]),
    }  # fmt: skip
    return render(request, "study.html", context)


@permission("study.read")
def material(request: PersonRequest, pk: int) -> HttpResponse:
    return _material(request, get_object_or_404(Material, pk=pk))


def _material(request: PersonRequest, found: Material, refused: str = "") -> HttpResponse:
    context = {
        "it": found, "refused": refused, "learners": studying.learners_of(found.learners), "own": _own(request, found),
        "state": services.STATES[found.state], "unit_name": studying.units_of(request, [found.unit_id])[found.unit_id],
    }  # fmt: skip
    return render(request, "study_material.html", context, status=422 if refused else 200)


def _own(request: PersonRequest, found: Material) -> bool:
    """Whether it is the unit's own, or of one below a place clerk's: those below read it and change nothing."""
    if found.unit_id == request.unit.pk:
        return True
    return request.grant.line == "place" and found.path.startswith(request.grant.path)


@permission("study.read")
def material_file(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Material.objects.exclude(sha256=""), pk=pk)
    return handed_out(store.read(found.sha256), found.file_name)


@require_http_methods(["GET", "POST"])
@permission("study.write")
def material_new(request: PersonRequest) -> HttpResponse:
    """A draft of one's own unit."""
    form = Form(studying.material_fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    tells = "先存为草稿，看过以后再发布；发布以后下级单位和党员都看得到。"
    return sent.form_page(request, form, lambda said: _add(request, said), title="新增学习资料", tells=tells, **HOME)


def _add(request: PersonRequest, said: dict[str, Any]) -> Material:
    file = said["file"]
    return services.add_material(
        words.pack().kinds.material[said["kind"]],
        unit=request.unit,
        title=said["title"],
        learners=said["learners"],
        kinds=words.pack().kinds.learner,
        since=said["since"],
        until=said["until"],
        link=said["link"],
        data=file.read() if file else None,
        name=file.name if file else "",
        actor=request.account.pk,
    )


@require_POST
@permission("study.write")
def material_step(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    found = get_object_or_404(Material, pk=pk)
    if name not in STEPS or not _own(request, found):
        raise Http404
    try:
        STEPS[name](found, actor=request.account.pk)
    except Refused as error:
        return _material(request, found, f"没有办理：{error.sentence}")
    return redirect("study_material", pk=pk)


@require_http_methods(["GET", "POST"])
@permission("study.write")
def list_new(request: PersonRequest) -> HttpResponse:
    """A list of one's own unit, of what it can read today."""
    today = period.today(request.units)
    materials = list(queries.readable(on=today)[:SHOWN])
    form = Form(studying.list_fields(today, materials), sent.posted(request), request.GET.dict())
    return sent.form_page(
        request, form, lambda said: _list_made(request, said, materials), title="新增学习清单", tells="", **HOME
    )


def _list_made(request: PersonRequest, said: dict[str, Any], materials: list[Material]) -> ReadingList:
    return services.make_list(
        unit=request.unit,
        title=said["title"],
        learners=said["learners"],
        kinds=words.pack().kinds.learner,
        since=said["since"],
        until=said["until"],
        required=studying.chosen(materials, said["required"]),
        optional=studying.chosen(materials, said["optional"]),
        actor=request.account.pk,
    )


@permission("study.read")
def list_(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReadingList, pk=pk)
    context = {
        "it": found, "lines": list(queries.lines([found])), "learners_of": studying.learners_of,
        "units": studying.units_of(request, [found.unit_id]),
    }  # fmt: skip
    return render(request, "study_list.html", context)


@require_http_methods(["GET", "POST"])
@permission("study.answer")
def plan(request: PersonRequest) -> HttpResponse:
    """One's own plan; at a branch, below it what its members mean to study, as they wrote it."""
    materials = list(queries.readable(on=period.today(request.units))[:SHOWN])
    form = Form(studying.intent_fields(materials), sent.posted(request), request.GET.dict())
    if form.valid and form.attempt(lambda said: _intend(request, said, materials)) is not None:
        return redirect("study_plan")
    return _plan(request, form)


def _plan(request: PersonRequest, form: Form, refused: str = "") -> HttpResponse:
    person = request.grant.person_id
    members = list(queries.intents(branch=request.unit.pk)[:SHOWN]) if request.unit.kind == "branch" else []
    others = [it for it in members if it.person_id != person]
    names = dict(Person.objects.filter(pk__in={it.person_id for it in others}).values_list("pk", "name"))
    context = {
        "form": form, "refused": refused, "person": person, "names": names, "others": others,
        "own": list(queries.intents(person=person)[:SHOWN]),
    }  # fmt: skip
    return render(request, "study_plan.html", context, status=422 if refused or form.refused or form.errors else 200)


def _intend(request: PersonRequest, said: dict[str, Any], materials: list[Material]) -> Intent:
    if request.grant.person_id is None:
        raise Refused("intent.nobody", "这个账号没有关联到人员，不能制定个人自学计划；请管理员在授权时关联本人。")
    picked = next(iter(studying.chosen(materials, [said["material"]])), None)
    return services.intend(
        request.grant.person_id,
        branch=request.unit,
        title=said["title"] or (picked.title if picked else ""),
        material=picked,
        due=said["due"],
        on=period.today(request.units),
        actor=request.account.pk,
    )


@require_POST
@permission("study.answer")
def intent_done(request: PersonRequest, pk: int) -> HttpResponse:
    return _change(request, pk, done=True)


@require_POST
@permission("study.answer")
def intent_drop(request: PersonRequest, pk: int) -> HttpResponse:
    return _change(request, pk, done=False)


def _change(request: PersonRequest, pk: int, *, done: bool) -> HttpResponse:
    found, today = get_object_or_404(Intent, pk=pk), period.today(request.units)
    by: dict[str, Any] = {"person": request.grant.person_id, "actor": request.account.pk}
    try:
        if done:
            services.studied(found, on=today, note=request.POST.get("note", "")[:500], **by)
        else:
            services.give_up(found, **by)
    except Refused as error:
        materials = list(queries.readable(on=today)[:SHOWN])
        return _plan(request, Form(studying.intent_fields(materials), None, {}), f"没有办理：{error.sentence}")
    return redirect("study_plan")
