"""后台任务: what one asked for, how far it is, and what came of it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from hangshi.jobs import queries, services
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SHOWN = 50


@permission("records.read")
def index(request: PersonRequest) -> HttpResponse:
    return render(request, "jobs.html", {"jobs": queries.of_account(request.account.pk)[:SHOWN]})


@permission("records.read")
def job(request: PersonRequest, pk: int) -> HttpResponse:
    """The page asks again each second for the part that changes, until the job has ended; without scripts one reloads it."""
    found = get_object_or_404(queries.of_account(request.account.pk), pk=pk)
    template = "_job.html" if request.headers.get("HX-Target") == "job" else "job.html"
    response = render(request, template, {"job": found, "progress": found.progress})
    response["Vary"] = "HX-Request"
    return response


@require_POST
@permission("records.read")
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    services.stop(get_object_or_404(queries.of_account(request.account.pk), pk=pk))
    return redirect("job", pk=pk)
