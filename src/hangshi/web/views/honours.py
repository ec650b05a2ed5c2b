"""红旗和荣誉: which sorts are held by how many, by whom, how won and until when; what a round came to and what is done about it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hangshi.appraisals import honours, queries
from hangshi.appraisals.models import Honour, Round
from hangshi.approvals.services import STATES
from hangshi.web import desk, period, places, sent, studying, words
from hangshi.web.acts.honours import ACTS, Asked, withdraw_fields, withdrawn
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.appraisals import runs

SIZE = 50


@permission("appraisals.read")
def index(request: PersonRequest) -> HttpResponse:
    """The sorts at the unit and below on the day of `?on=`; of the chosen sort its holders, else the unit's own history."""
    unit, award = places.asked(request.GET, request.unit), request.GET.get("award", "")
    day, past = period.parsed(request.GET.get("on")) or period.today(request.units), bool(request.GET.get("past"))
    found = honours.awards(words.pack(), unit, on=day)
    listed = (
        honours.granted_of(words.pack(), award, unit, on=None if past else day)
        if award
        else honours.history(words.pack(), unit)
    )
    context: dict[str, Any] = {"unit": unit, "above": places.above(unit), "day": day, "award": award, "past": past}
    context |= {"awards": found, "page": Paginator(listed, SIZE).get_page(request.GET.get("page"))}
    context["title"] = next((it.name for it in found if it.key == award), "")
    context["units"] = studying.units_of(request, {it.by for it in context["page"] if it.by})
    context["may"] = "duty.write" in request.permissions
    return render(request, "honours.html", context)


@permission("appraisals.read")
def round_(request: PersonRequest, pk: int) -> HttpResponse:
    """What the round proposes, what was decided about it, who holds what."""
    at = _asked(request, pk)
    rows = Honour.objects.filter(sheet__round=at.round).select_related("sheet__unit", "sheet__person")
    scheme, _ = queries.scheme_of(at.round)
    own = runs(request, at.round) and "appraisals.write" in request.permissions
    context: dict[str, Any] = {"round": at.round, "effects": scheme.effects, "states": honours.STATES, "own": own}
    context |= {"rows": list(rows.order_by("name", "path", "pk")), "approval": at.approval}
    context["approval_state"] = STATES[at.approval.state] if at.approval else "还没有提交"
    context["acts"] = [(key, it) for key, it in ACTS.items() if (own or not it.own) and it.may(at)]
    return render(request, "honour_round.html", context)


@require_http_methods(["GET", "POST"])
@permission("appraisals.write")
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it, at = ACTS.get(name), _asked(request, pk)
    if it is None or (it.own and not runs(request, at.round)):
        raise Http404
    form = Form(it.fields(at), sent.posted(request), request.GET.dict())
    more = _more(at.round, it.title, it.tells) | {"closed": request.method == "GET" and not it.may(at)}

    def do(said: dict[str, Any]) -> Round:
        it.run(at, said)
        return at.round

    return sent.form_page(request, form, do, **more)


@require_http_methods(["GET", "POST"])
@permission("appraisals.write")
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    honour = get_object_or_404(Honour.objects.select_related("sheet__round"), pk=pk)
    found = honour.sheet.round
    if not runs(request, found):
        raise Http404
    form = Form(withdraw_fields(period.today(request.units)), sent.posted(request), request.GET.dict())
    more = _more(found, f"撤销{honour.name}", "撤销以后的月份不再上浮报酬；以前各月的不变。") | {"grave": True}

    def do(said: dict[str, Any]) -> Round:
        withdrawn(honour, request.account.pk, said)
        return found

    return sent.form_page(request, form, do, **more)


def _more(found: Round, title: str, tells: str) -> dict[str, Any]:
    return {"title": title, "back": _address(found), "heading": found.title, "tells": tells, "then": _address}


def _asked(request: PersonRequest, pk: int) -> Asked:
    found = get_object_or_404(Round, pk=pk)  # not by its unit, which may stand above one's scope
    return Asked(found, desk.signer(request), period.today(request.units))


def _address(found: Round) -> str:
    return reverse("honour_round", args=[found.pk])
