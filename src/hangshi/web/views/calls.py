"""电话抽查: who of those drawn is still to be called, the form of a call, and what was said, by place."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from hangshi.packs.work import Survey
from hangshi.planning import calls
from hangshi.planning.models import Draw
from hangshi.web import drawn, sent, words
from hangshi.web.acts import calls as acts
from hangshi.web.forms import Form
from hangshi.web.jinja import url
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.acts import scene_of


@permission("records.read")
def index(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """The results by place for everybody who sees the draw; whom to call only for those who call."""
    found, survey = _draw(pk), _survey(key)
    may = "draws.write" in request.permissions
    had = dict(found.calls.filter(survey=key).values_list("key", "outcome")) if may else {}
    people = drawn.told(found)["people"] if may else []
    context: dict[str, Any] = {"draw": found, "survey": survey, "may": may, "outcomes": calls.OUTCOMES}
    context["todo"] = [it for it in people if had.get(it[2], "unreached") == "unreached"]
    context["tried"] = {who for who, outcome in had.items() if outcome == "unreached"}
    context["results"] = [(found.frame["names"].get(it.group, "合计"), it) for it in calls.results(found, survey)]
    return render(request, "calls.html", context)


@require_http_methods(["GET", "POST"])
@permission("draws.write")
def call(request: PersonRequest, pk: int, key: str, who: str) -> HttpResponse:
    found, survey, scene = _draw(pk), _survey(key), scene_of(request)
    name = next((name for name, _, number in drawn.told(found)["people"] if number == who), None)
    if name is None:
        raise Http404
    form = Form(acts.fields(scene, survey), sent.posted(request), request.GET.dict())
    back = url("calls", pk, key)
    return sent.form_page(
        request,
        form,
        lambda said: acts.record(scene, found, survey, who, said),
        then=lambda made: back,
        title=f"与{name}通话",
        back=back,
        heading=survey.name,
        tells="先说明身份和来意。每个问题都可以不答；回答只按地方合计，不按人公布。",
    )


def _draw(pk: int) -> Draw:
    return get_object_or_404(Draw.objects.select_related("unit"), pk=pk, kind="sample", drawn_on__isnull=False)


def _survey(key: str) -> Survey:
    survey = words.pack().surveys.get(key)
    if survey is None:
        raise Http404
    return survey
