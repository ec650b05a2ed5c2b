"""抽样: the list, freezing a frame, holding the draw, the result, and the file by which anybody checks it."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from hangshi.planning.models import Draw
from hangshi.planning.proof import faults, published
from hangshi.planning.services import check_may_hold
from hangshi.web import drawn, places, sent, words
from hangshi.web.acts import draws
from hangshi.web.acts.shape import allowed
from hangshi.web.forms import Form
from hangshi.web.lists import below
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.acts import scene_of

SIZE = 50
FROZEN = "封存以后，名单和规则不能再改；种子的摘要随即公布，种子在抽取以后公布，任何人都可以据此重算。"

SHARED = "按抽签结果，一次登记谁查谁；以后在责任花名册“互查分工”里看。"


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    unit = places.asked(request.GET, request.unit)
    rows = below(Draw.objects.select_related("unit"), unit).order_by("-pk")
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    return render(request, "draws.html", {"page": page, "unit": unit, "ways": draws.WAYS})


@require_http_methods(["GET", "POST"])
@permission("draws.write")
def new(request: PersonRequest, way: str = "sample") -> HttpResponse:
    it = draws.WAYS.get(way)
    if it is None:
        raise Http404
    scene = scene_of(request)
    form = Form(it.fields(scene), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {
        "title": f"封存名单：{it.title}",
        "back": "/draws/",
        "heading": "抽样",
        "tells": it.tells + FROZEN,
    }
    return sent.form_page(request, form, lambda said: it.freeze(scene, request.unit, said), **more)


@permission("records.read")
def draw(request: PersonRequest, pk: int) -> HttpResponse:
    found, scene = get_object_or_404(Draw.objects.select_related("unit"), pk=pk), scene_of(request)
    context = {
        "draw": found,
        "way": draws.WAYS[found.kind],
        "size": len(found.frame.get("items") or found.frame["units"]),
        "faults": faults(published(found)) if found.drawn_on else [],
        "may_share": draws.may_share(scene, found),
        "may": "draws.write" in request.permissions and allowed(check_may_hold, found, on=scene.today),
    }
    surveys = words.pack().surveys.values() if found.drawn_on and found.kind == "sample" else ()
    return render(request, "draw.html", context | drawn.told(found) | {"surveys": surveys})


@require_http_methods(["GET", "POST"])
@permission("draws.write")
def hold(request: PersonRequest, pk: int) -> HttpResponse:
    found, scene = get_object_or_404(Draw.objects.select_related("unit"), pk=pk), scene_of(request)
    form = Form(draws.hold_fields(scene), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": "抽取", "back": f"/draws/{pk}/", "heading": found.title, "grave": True}
    more["closed"] = request.method == "GET" and found.drawn_on is not None
    return sent.form_page(request, form, lambda said: draws.hold(scene, found, said), **more)


@require_http_methods(["GET", "POST"])
@permission("duty.write")
def share(request: PersonRequest, pk: int) -> HttpResponse:
    """Who checks whom goes from the ring into the register of duties."""
    found, scene = get_object_or_404(Draw.objects.select_related("unit"), pk=pk), scene_of(request)
    form = Form(draws.share_fields(scene), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": "登记互查分工", "back": f"/draws/{pk}/", "heading": found.title, "tells": SHARED}
    more["closed"] = request.method == "GET" and not draws.may_share(scene, found)
    return sent.form_page(request, form, lambda said: draws.share(scene, found, said), **more)


@permission("records.read")
def proof(request: PersonRequest, pk: int) -> HttpResponse:
    """The published file: keys and places, no names. `hangshi draw verify` checks it anywhere."""
    found = get_object_or_404(Draw, pk=pk)
    text = json.dumps(published(found), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="draw-{found.pk}.json"'
    return response
