"""Long work asked for from a page about one record: two presses of a button ask once."""

from typing import Any, Protocol

from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect

from hangshi.jobs import services as jobs
from hangshi.jobs.models import Job
from hangshi.web.middleware import PersonRequest


class Asked(Protocol):
    """A record that remembers the job under way for it."""

    pk: int
    job_id: int | None


def once(request: PersonRequest, record: Any, kind: str, title: str, **said: Any) -> HttpResponse:
    """To the job of this record: the one under way, else a new one. `said` is what the work is told beside the asker."""
    model: type[models.Model] = type(record)
    locked: Any = model._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    mine = Job.objects.filter(account_id=request.account.pk, state="waiting")
    waiting = mine.filter(pk=locked.job_id).first() if locked.job_id else None
    if waiting is None:
        waiting = jobs.ask(kind, title=title, account=request.account, grant=request.grant, said=said)
        locked.job_id = waiting.pk
        locked.save(update_fields=["job_id"])
    return redirect("job", pk=waiting.pk)


def under_way(request: PersonRequest, record: Asked) -> Job | None:
    """The record's job, if it is one's own."""
    return Job.objects.filter(pk=record.job_id, account_id=request.account.pk).first() if record.job_id else None
