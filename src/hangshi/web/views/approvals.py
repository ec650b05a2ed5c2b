"""审批: what is asked of me, what each answered, what changed since, and the answer."""

from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hangshi.appraisals.effects import SOURCE as RESULTS
from hangshi.approvals import queries
from hangshi.approvals.models import Approval
from hangshi.approvals.services import STATES
from hangshi.cases.models import Case
from hangshi.demands.models import Demand
from hangshi.notices.inbox import shown
from hangshi.schemes.models import Draft
from hangshi.web import desk, history, names, personal, scheme_changes, sent, telling, words
from hangshi.web.acts.approvals import ACTS, Desk, answered, offered
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.acts import scene_of

TABS = {"waiting": "待我审批", "answered": "我审批过的", "submitted": "我提交的", "all": "全部"}
ACTED = {
    "submit": "提交", "resubmit": "重新提交", "approve": "同意", "refuse": "不同意", "return": "退回", "withdraw": "撤回",
    "hand_over": "转办", "ask_also": "加签",
}  # fmt: skip
TASKS = {"waiting": "未轮到", "open": "待审批", "dropped": "不再需要", **desk.ANSWERS}
SIZE = 50


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    tab = request.GET.get("tab", "waiting")
    me = desk.signer(request)
    lists: dict[str, Callable[[], Any]] = {
        "waiting": lambda: queries.waiting_for(me),
        "answered": lambda: queries.answered_by(me).order_by("-pk"),
        "submitted": lambda: queries.submitted_by(me.account),
        "all": lambda: Approval.objects.order_by("-pk"),
    }
    if tab not in lists:
        raise Http404
    rows = shown(lists[tab]().select_related("unit"), desk.hidden(request))
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    context = {"tab": tab, "tabs": TABS, "page": page, "flows": words.pack().approvals, "states": STATES}
    return render(request, "approvals.html", context)


@permission("records.read")
def approval(request: PersonRequest, pk: int) -> HttpResponse:
    at = _desk(request, pk)
    found = at.approval
    if found.source == RESULTS:  # what is asked, and the answer, stand on the page of the round
        return redirect("honour_round", pk=found.source_id)
    tasks, acts = list(found.tasks.order_by("step", "place", "pk")), list(queries.acts(found))
    known = names.accounts([*(it.account for it in tasks), *(it.account for it in acts), found.author])
    context = {
        "approval": found,
        "flow": at.flow,
        "states": STATES,
        "tasks": [(it, known.get(it.account, telling.OUTSIDE), TASKS[it.state]) for it in tasks],
        "acts": [(it, known.get(it.account, telling.OUTSIDE), ACTED.get(it.act, it.act)) for it in acts],
        "author": known.get(found.author, telling.OUTSIDE),
        "case": at.case,
        "draft": at.draft,
        "demand": at.demand,
        "seen": at.seen,
        "rewritten": scheme_changes.since_in_force(at.draft, at.today) if at.draft else [],
        "facts": telling.facts(at.case, partial(personal.may_see, request, Case)) if at.case else [],
        "dated": telling.parts(at.case) if at.case else [],
        "changed": at.changed,
        "changes": _since(at.case, acts) if at.case else [],
        "buttons": offered(at),
    }
    return render(request, "approval.html", context)


@require_http_methods(["GET", "POST"])
@permission("records.read")  # who may answer is the service's to say
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = ACTS.get(name)
    if it is None:
        raise Http404
    at = _desk(request, pk)
    form = Form(it.fields(at), sent.posted(request), request.GET.dict())
    closed = request.method == "GET" and not it.may(at)
    back = telling.address(at.approval)
    more: dict[str, Any] = {
        "tells": it.tells,
        "closed": closed,
        "heading": at.approval.title,
        "title": it.title,
        "back": back,
    }
    return sent.form_page(request, form, lambda said: answered(it, at, said), **more)


def _desk(request: PersonRequest, pk: int) -> Desk:
    """The approval as this person may see it; else there is none."""
    found = get_object_or_404(shown(Approval.objects.select_related("unit"), desk.hidden(request)), pk=pk)
    flow = words.pack().approvals.get(found.kind)
    if flow is None:
        raise Http404
    case = Case.objects.filter(pk=found.source_id).first() if found.source == Case._meta.db_table else None
    draft = Draft.objects.filter(pk=found.source_id).first() if found.source == Draft._meta.db_table else None
    demand = Demand.objects.filter(pk=found.source_id).first() if found.source == Demand._meta.db_table else None
    return Desk(found, flow, case, desk.signer(request), scene_of(request).today, draft, demand)


def _since(case: Case, acts: list[Any]) -> list[Any]:
    """How the case's own fields changed since the day it was last submitted."""
    day = max((it.day for it in acts if it.act in ("submit", "resubmit")), default=case.opened_on)
    start = timezone.make_aware(datetime.combine(day, time.min))
    made = [it for it in history.changes(case, shows=lambda name: name not in telling.NOISE) if it.at >= start]
    return [it for it in telling.told(case, made) if it.fields]
