"""The work done: as the asker, in one transaction, with progress told beside it."""

import logging
import time
from types import TracebackType
from typing import Any

import psycopg
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.utils import timezone

from hangshi.access.append import spoken
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.access.services import grants_of
from hangshi.jobs.kinds import KINDS, MINUTELY, Stopped
from hangshi.jobs.models import Job, JobProgress
from hangshi.refusal import Refused

log = logging.getLogger("hangshi.jobs")
PAUSE = 0.4  # seconds between two writings of progress
FAULT = "系统出错，已经记录。没有写入任何数据，可以重新提交。"
STOPPED = "已按您的要求取消，没有写入任何数据。"


class Telling:
    """The teller of one run, on a connection of its own: what it writes is seen while the work is still under way."""

    def __init__(self, job: Job) -> None:
        self.job, self.told, self.other = job, 0.0, self._open(job.account_id)

    @staticmethod
    def _open(account: int) -> "psycopg.Connection[Any]":
        said = connection.get_connection_params()
        for name in ("cursor_factory", "context"):
            said.pop(name, None)
        other: psycopg.Connection[Any] = psycopg.connect(**said, autocommit=True)
        other.execute("SELECT set_config('hangshi.actor', %s, false)", [str(account)])
        return other

    def __enter__(self) -> "Telling":
        self.other.execute("UPDATE job_progress SET started_at = now() WHERE job_id = %s", [self.job.pk])
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.other.close()

    def tell(self, done: int, total: int, what: str = "") -> None:
        now = time.monotonic()
        if now - self.told < PAUSE and done < total:
            return
        self.told = now
        row = self.other.execute(
            "UPDATE job_progress SET done = %s, total = %s, what = %s, told_at = now() WHERE job_id = %s RETURNING stop_asked",
            [done, total, what, self.job.pk],
        ).fetchone()
        if row and row[0]:
            raise Stopped


def run(pk: int) -> None:
    """Do the job unless it has ended. Whatever happens it ends with a sentence; a fault is logged and writes nothing else."""
    with acting(EVERYTHING, read_only=True):
        job = Job.objects.select_related("account", "grant").filter(pk=pk, state="waiting").first()
    if job is None:
        return
    try:
        with spoken():
            _do(job)
    except Refused as refused:
        _end(job, "failed", refused.sentence)
    except Stopped:
        _end(job, "cancelled", STOPPED)
    except Exception:  # the outermost edge of the worker: the asker is told, the queue goes on
        log.exception("fault in job %s (%s)", job.pk, job.kind)
        _end(job, "failed", FAULT)


def _do(job: Job) -> None:
    _check_still_may(job)
    with Telling(job) as teller, acting(Scope.of(job.grant, on=timezone.localdate())):
        held = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if held.state != "waiting":  # another worker was quicker
            return
        if JobProgress.objects.filter(job=held, stop_asked=True).exists():
            raise Stopped
        answer = KINDS[held.kind](teller, account=held.account_id, **held.said)
        held.state, held.answer, held.ended_at = "done", answer, timezone.now()
        held.sentence = str(answer.get("sentence", ""))[:1000]
        held.save(update_fields=["state", "answer", "sentence", "ended_at"])


def _check_still_may(job: Job) -> None:
    """The right counts on the day the work is done, not on the day it was asked."""
    if job.kind not in KINDS:
        raise Refused("job.unknown", "本系统现在没有这种后台任务，没有办理。")
    with acting(Scope("", "", job.account_id), read_only=True):
        grants = grants_of(job.account, timezone.localdate())
    if not job.account.active or job.grant_id not in {it.pk for it in grants}:
        raise Refused("job.grant", "提交时所用的身份已经失效，没有办理。")


def _end(job: Job, state: str, sentence: str) -> None:
    with acting(EVERYTHING):
        try:
            held = Job.objects.select_for_update(of=("self",)).get(pk=job.pk, state="waiting")
        except ObjectDoesNotExist:
            return
        held.state, held.sentence, held.ended_at = state, sentence[:1000], timezone.now()
        held.save(update_fields=["state", "sentence", "ended_at"])


def every_minute() -> None:
    for do in MINUTELY:
        try:
            do()
        except Exception:  # the outermost edge of the worker: one chore that fails must not stop the others
            log.exception("fault in the chore %s", getattr(do, "__qualname__", do))
