"""疑似重复: two persons side by side, what somebody judges of them, and joining them, which can be undone."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.duplicates import joining, looking, queries, services
from hangshi.duplicates.models import Pair
from hangshi.jobs import services as jobs
from hangshi.jobs.models import Job
from hangshi.refusal import Refused
from hangshi.web import names
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.personal import RESTRICTED

STATES = {
    "open": "待判断",
    "later": "暂不能定",
    "same": "是同一人，待合并",
    "joined": "已合并",
    "different": "不是同一人",
}
LISTED = 30


@require_GET
@permission("register.write")
def index(request: PersonRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    page = Paginator(queries.in_state(state), LISTED).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "states": STATES,
        "counts": queries.counts(),
        "sides": queries.sides(page),
        "grounds": looking.GROUNDS,
    }
    return render(request, "duplicates.html", context)


@require_POST
@permission("register.write")
def look(request: PersonRequest) -> HttpResponse:
    """To the search under way, else a new one."""
    mine = Job.objects.filter(account_id=request.account.pk, kind="duplicates.look", state="waiting")
    waiting = mine.first() or jobs.ask(
        "duplicates.look", title="查找疑似重复的人员", account=request.account, grant=request.grant, said={}
    )
    return redirect("job", pk=waiting.pk)


@require_http_methods(["GET", "POST"])
@permission("register.write")
def pair(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pair.objects.select_related("unit"), pk=pk)
    if request.method == "GET":
        return _shown(request, found)
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    try:
        services.judge(found, verdict=verdict, note=note, on=timezone.localdate(), account=request.account.pk)
    except Refused as refused:
        return _shown(request, found, error=refused.sentence, note=note, verdict=verdict)
    return redirect("duplicate", pk=pk) if verdict == "same" else redirect("duplicates")


def _shown(request: PersonRequest, found: Pair, **said: Any) -> HttpResponse:
    sides = queries.sides([found])
    context = {
        "pair": found,
        "sides": [sides.get(it) for it in (found.first, found.second)],
        "ids": [found.first, found.second],
        "states": STATES,
        "verdicts": services.VERDICTS,
        "grounds": [looking.GROUNDS[it] for it in found.grounds],
        "restricted": RESTRICTED in request.permissions,
        "judge": names.accounts([found.judged_by]).get(found.judged_by or 0, ""),
        "note": found.note,
    }
    return render(request, "duplicate.html", context | said, status=422 if "error" in said else 200)


@require_POST
@permission("register.write")
def join(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pair, pk=pk)
    keep = request.POST.get("keep", "")
    kept = int(keep) if keep.isascii() and keep.isdecimal() and len(keep) < 19 else 0
    try:
        joining.join(found, keep=kept, on=timezone.localdate(), account=request.account.pk)
    except Refused as refused:
        return _shown(request, found, error=refused.sentence)
    return redirect("duplicate", pk=pk)


@require_POST
@permission("register.write")
def part(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Pair, pk=pk)
    try:
        joining.part(found, account=request.account.pk)
    except Refused as refused:
        return _shown(request, found, error=refused.sentence)
    return redirect("duplicate", pk=pk)
