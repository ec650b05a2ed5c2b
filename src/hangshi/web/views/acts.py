"""登记与办理: every form of the pages. `acts` says what is asked and which service answers; a form sent twice is carried out once."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.web import acts, choices, desk, lists, period, places, sent, telling
from hangshi.web.acts.shape import New, Scene
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds, permission
from hangshi.web.registers import REGISTERS

LISTED = 24


@permission("records.read")  # each kind asks for a permission of its own
def recordable(request: PersonRequest) -> HttpResponse:
    """Everything that this person may record, by kind."""
    may = partial(holds, request.grant.role)
    groups = [(it, it.kinds(may, request.unit)) for it in acts.NEW.values()]
    shown = [(it, kinds) for it, kinds in groups if kinds or (not it.family and may(it.permission(None)))]
    if not shown:
        raise PermissionDenied
    return render(request, "recordable.html", {"groups": shown, "registers": REGISTERS})


@require_http_methods(["GET", "POST"])
@permission("records.read")  # each kind asks for a permission of its own
def new(request: PersonRequest, key: str, kind: str = "") -> HttpResponse:
    """A new record: first its kind, then where, then the form."""
    it = acts.NEW.get(key)
    if it is None:
        raise Http404
    said = kind or request.GET.get("kind", "")
    scene = scene_of(request, kind=_kind(request, it, said))
    if it.family and not said:
        return render(
            request, "kinds.html", {"it": it, "kinds": it.kinds(scene.may, request.unit), "register": REGISTERS[key]}
        )
    kinds = it.stands(scene.kind)
    if kinds is not None:
        unit = _where(request, kinds)
        if unit is None:
            return _ask_where(request, it, scene, kinds)
        scene = scene_of(request, kind=scene.kind, unit=unit)
    form = Form(it.fields(scene), sent.posted(request), request.GET.dict())
    return sent.answer(request, form, lambda values: it.run(scene, values)) or sent.page(
        request,
        form,
        {"title": _title(it, scene), "scene": scene, "register": REGISTERS[key], "tells": it.tells(scene)},
    )


@require_http_methods(["GET", "POST"])
@permission("records.read")  # each act asks for a permission of its own
def act(request: PersonRequest, key: str, pk: int, name: str) -> HttpResponse:
    """Something done to a record that stands."""
    it = acts.ACTS.get((key, name))
    if it is None:
        raise Http404
    if not holds(request.grant.role, it.permission):
        raise PermissionDenied
    found = record_of(request, key, pk)
    scene = scene_of(request, record=found)
    form = Form(it.fields(scene), sent.posted(request), request.GET.dict())
    if form.errors:  # what was to be chosen may be gone, because somebody was quicker
        form.refused = it.overtaken(scene, form.data or {})
    return sent.answer(request, form, lambda values: it.run(scene, values)) or sent.page(
        request,
        form,
        {
            "title": it.name(scene),
            "scene": scene,
            "register": REGISTERS[key],
            "tells": it.tells(scene),
            "grave": it.grave,
            "back": telling.address(found),
            "heading": telling.heading(found),
            "closed": request.method == "GET" and not it.offered(scene),
        },
    )


@permission("records.read")
def choose(request: PersonRequest, what: str, field: str) -> HttpResponse:
    """What the text typed so far may mean, as a list to choose from."""
    if what not in choices.WORDS:
        raise Http404
    text = request.GET.get(field, "").strip()[:60]
    kinds = tuple(filter(None, request.GET.get("kinds", "").split(",")))
    found = choices.find(what, text, kinds)
    context = {"found": found[: choices.SHOWN], "more": len(found) > choices.SHOWN, "text": text}
    return render(request, "_choices.html", context)


def scene_of(request: PersonRequest, **more: Any) -> Scene:
    today = period.today(request.units)
    return Scene(
        today=today,
        day=_day(request) or today,
        latest=max(timezone.localdate(), today),
        actor=request.account.pk,
        may=partial(holds, request.grant.role),
        permissions=request.permissions,
        person=request.grant.person_id,
        own=request.grant.unit_id,
        signer=partial(desk.signer, request),
        **more,
    )


def record_of(request: PersonRequest, key: str, pk: int) -> Any:
    """The record, if it is in the scope and its kind is not closed to this person: else there is none."""
    register = REGISTERS[key]
    everything = lists.asked(register, type(request.GET)(""), request.unit)
    return get_object_or_404(lists.records(everything, restricted=holds(request.grant.role, "cases.restricted")), pk=pk)


def _day(request: PersonRequest) -> Any:
    """The day that the form speaks of so far; one that cannot be read is told by the form itself."""
    try:
        return period.parsed((request.POST or request.GET).get("day"))
    except Refused:
        return None


def _kind(request: PersonRequest, it: New, key: str) -> Any:
    may = partial(holds, request.grant.role)
    if not it.family:
        if not may(it.permission(None)):
            raise PermissionDenied
        return None
    kinds = it.kinds(may)
    if not kinds or (key and key not in kinds and key in it.kinds(lambda name: True)):
        raise PermissionDenied
    if key and key not in kinds:
        raise Http404
    return kinds.get(key)


def _where(request: PersonRequest, kinds: tuple[str, ...]) -> Unit | None:
    """The unit of the address, or the only one that it can be."""
    if "unit" in request.GET:
        unit = places.asked(request.GET, request.unit)
        return unit if not kinds or unit.kind in kinds else None
    found = _units(kinds)[:2]
    return found[0] if len(found) == 1 else None


def _units(kinds: tuple[str, ...]) -> Any:
    units = Unit.objects.filter(until=None).order_by("path")
    return units.filter(kind__in=kinds) if kinds else units


def _ask_where(request: PersonRequest, it: New, scene: Scene, kinds: tuple[str, ...]) -> HttpResponse:
    """Which unit: chosen by typing, or from the list where it is short."""
    context: dict[str, Any] = {"title": _title(it, scene), "kinds": kinds, "it": it, "scene": scene, "offers": ()}
    if "unit" in request.GET:
        context["wrong"] = "这类单位不办理此事，请另选。"
    if text := request.GET.get("where", "").strip():
        try:
            chosen = choices.resolve("unit", text, request.GET.get("where_id", ""), kinds)
        except choices.Unclear as unclear:
            context |= {"wrong": unclear.sentence, "offers": unclear.offers, "text": text}
        else:
            kept = {name: value for name, value in request.GET.items() if not name.startswith("where")}
            return redirect(f"{request.path}?{urlencode(kept | {'unit': chosen.pk})}")
    units = list(_units(kinds)[: LISTED + 1])
    context["units"] = units if len(units) <= LISTED else []
    context["above"] = choices.above_of(context["units"])
    return render(request, "where.html", context)


def _title(it: New, scene: Scene) -> str:
    return f"{it.title}：{scene.kind.name}" if scene.kind else it.title
