"""Work asked for, and asked to stop."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from hangshi.access.models import Account, Grant
from hangshi.jobs import queue
from hangshi.jobs.kinds import KINDS
from hangshi.jobs.models import Job, JobProgress
from hangshi.refusal import Refused

MOST_WAITING = 20


@transaction.atomic
def ask(kind: str, *, title: str, account: Account, grant: Grant, said: Mapping[str, Any]) -> Job:
    """Ask for the work; it begins after this transaction is committed, and never if it is not. Raises `Refused`."""
    check_may_ask(kind, account)
    job = Job.objects.create(kind=kind, title=title[:200], account=account, grant=grant, said=dict(said))
    JobProgress.objects.create(job=job, account_id=account.pk)
    queue.defer(job.pk)
    return job


def check_may_ask(kind: str, account: Account) -> None:
    if kind not in KINDS:
        raise Refused("job.unknown", f"没有“{kind}”这种后台任务。")
    if Job.objects.filter(account=account, state="waiting").count() >= MOST_WAITING:
        raise Refused("job.many", f"您已有{MOST_WAITING}项任务在等待，请等其中一些完成后再提交。")


@transaction.atomic
def stop(job: Job) -> None:
    """Ask to stop; the work ends at its next step and writes nothing. Raises `Refused` for one that has ended."""
    if job.state != "waiting":
        raise Refused("job.ended", f"“{job}”已经结束，不能再取消。")
    JobProgress.objects.filter(job=job).update(stop_asked=True)
