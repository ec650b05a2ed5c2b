"""Long work: done as the asker, once, with progress; what fails or is stopped has written nothing."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hangshi.access import services as access
from hangshi.access.models import Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.jobs import kinds, queries, queue, running, services
from hangshi.jobs.models import Job, JobProgress
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from tests.refusals import refusal_of

DAY = date(2017, 1, 1)


def count_units(teller, *, account, to=3):
    for step in range(to):
        teller.tell(step + 1, to, f"第{step + 1}个")
    return {"seen": Unit.objects.count(), "by": account, "sentence": f"看到{Unit.objects.count()}个单位。"}


def rename_then_refuse(teller, *, account):
    Unit.objects.filter(path="1/2/").update(name="改坏了")
    raise Refused("unit.name", "名称不对，请改正后重新提交。")


def rename_then_break(teller, *, account):
    Unit.objects.filter(path="1/2/").update(name="改坏了")
    return {"bad": 1 / 0}


def rename_then_tell(teller, *, account):
    Unit.objects.filter(path="1/2/").update(name="改坏了")
    teller.tell(1, 2)
    teller.tell(2, 2)
    return {}


@pytest.fixture
def works(monkeypatch) -> None:
    for do in (count_units, rename_then_refuse, rename_then_break, rename_then_tell):
        monkeypatch.setitem(kinds.KINDS, do.__name__, do)


@pytest.fixture
def place(committed, works) -> SimpleNamespace:
    """A county with two townships, and a clerk of the first."""
    with acting(EVERYTHING):
        for pk, path in ((1, "1/"), (2, "1/2/"), (3, "1/3/")):
            Unit.objects.create(pk=pk, kind="township", name=f"单位{pk}", since=DAY, path=path)
        clerk = access.open_account("zhen", name="镇经办", password="一个够长的密码-2017")
        grant = access.grant(clerk, role="township_clerk", unit_id=2, path="1/2/", since=DAY)
    return SimpleNamespace(clerk=clerk, grant=grant)


def ask(place, kind, **said) -> Job:
    with acting(Scope("", "", place.clerk.pk)):
        return services.ask(kind, title="数单位", account=place.clerk, grant=place.grant, said=said)


def seen(job: Job) -> tuple[str, str]:
    with acting(EVERYTHING):
        job.refresh_from_db()
        assert Unit.objects.get(pk=2).name == "单位2"  # no test here leaves a change behind
    return job.state, job.sentence


def test_it_is_done_under_the_asker_s_grant(place):
    job = ask(place, "count_units")
    running.run(job.pk)
    assert seen(job) == ("done", "看到1个单位。")
    assert job.answer == {"seen": 1, "by": place.clerk.pk, "sentence": "看到1个单位。"}


def test_progress_is_seen_beside_the_work(place):
    job = ask(place, "count_units", to=5)
    running.run(job.pk)
    with acting(EVERYTHING):
        progress = JobProgress.objects.get(job=job)
    assert (progress.done, progress.total, progress.what) == (5, 5, "第5个")


def test_it_is_done_once_however_often_it_is_taken_up(place):
    job = ask(place, "count_units")
    running.run(job.pk)
    with acting(EVERYTHING):
        Unit.objects.create(pk=4, kind="village", name="新村", since=DAY, path="1/2/4/")
    running.run(job.pk)
    assert seen(job) == ("done", "看到1个单位。")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("rename_then_refuse", "名称不对，请改正后重新提交。"), ("rename_then_break", running.FAULT)],
)
def test_a_refusal_or_a_fault_ends_with_a_sentence_and_has_written_nothing(place, kind, sentence):
    job = ask(place, kind)
    running.run(job.pk)
    assert seen(job) == ("failed", sentence)


def test_one_that_was_asked_to_stop_has_written_nothing(place):
    job = ask(place, "rename_then_tell")
    with acting(Scope("", "", place.clerk.pk)):
        services.stop(job)
    running.run(job.pk)
    assert seen(job) == ("cancelled", running.STOPPED)


def test_it_stops_at_the_next_telling(place, monkeypatch):
    monkeypatch.setattr(running, "PAUSE", 0)

    def stopped_under_way(teller, *, account):
        Unit.objects.filter(path="1/2/").update(name="改坏了")
        teller.tell(1, 3)
        teller.other.execute("UPDATE job_progress SET stop_asked = true")
        teller.tell(2, 3)
        raise AssertionError("went on")

    monkeypatch.setitem(kinds.KINDS, "stopped", stopped_under_way)
    job = ask(place, "stopped")
    running.run(job.pk)
    assert seen(job) == ("cancelled", running.STOPPED)


def test_an_ended_one_cannot_be_stopped(place):
    job = ask(place, "count_units")
    running.run(job.pk)
    seen(job)
    assert refusal_of(services.stop, job) == "job.ended"


def test_a_right_that_ended_meanwhile_counts_no_more(place):
    job = ask(place, "count_units")
    with acting(EVERYTHING):
        access.revoke(place.grant, on=date(2017, 6, 30))
    running.run(job.pk)
    assert seen(job) == ("failed", "提交时所用的身份已经失效，没有办理。")


def test_an_account_that_was_closed_meanwhile_counts_no_more(place):
    job = ask(place, "count_units")
    with acting(EVERYTHING):
        place.clerk.active = False
        place.clerk.save(update_fields=["active"])
    running.run(job.pk)
    assert seen(job) == ("failed", "提交时所用的身份已经失效，没有办理。")


def test_a_grant_over_households_does_not_become_one_over_the_place(place):
    with acting(EVERYTHING):
        place.grant = Grant.objects.create(account=place.clerk, role="paired_cadre", unit_id=2, path="1/2/", since=DAY)
    job = ask(place, "count_units")
    running.run(job.pk)
    assert seen(job) == ("done", "看到0个单位。")


def test_what_is_not_known_is_refused(place):
    with acting(Scope("", "", place.clerk.pk)):
        assert refusal_of(services.check_may_ask, "no_such_work", place.clerk) == "job.unknown"


def test_one_account_cannot_fill_the_queue(place):
    for _ in range(services.MOST_WAITING):
        ask(place, "count_units")
    with acting(Scope("", "", place.clerk.pk)):
        assert refusal_of(services.check_may_ask, "count_units", place.clerk) == "job.many"


def test_an_account_sees_its_own_jobs_only(place):
    job = ask(place, "count_units")
    with acting(Scope("1/", "10", place.clerk.pk)):
        assert [it.pk for it in queries.of_account(place.clerk.pk)] == [job.pk]
    with acting(Scope("1/", "10", place.clerk.pk + 1)):
        assert (Job.objects.count(), JobProgress.objects.count()) == (0, 0)


def test_the_queue_holds_a_number_and_nothing_else(place):
    job = ask(place, "count_units", to=2)
    assert [it.args for it in ProcrastinateJob.objects.all()] == [{"job": job.pk}]


def test_a_job_asked_in_a_transaction_that_is_taken_back_was_never_asked(place):
    with acting(Scope("", "", place.clerk.pk)):
        services.ask("count_units", title="数单位", account=place.clerk, grant=place.grant, said={})
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.count() == 0


def test_a_worker_does_what_waits(place):
    job = ask(place, "count_units")
    connection.close()
    queue.worker(wait=False)
    assert seen(job) == ("done", "看到1个单位。")


SLOW_WORKER = """
import sys, time
import hangshi.cli
from django.db import connections
for alias in ("default", "owner"):
    connections[alias].settings_dict["NAME"] = sys.argv[1]
from hangshi.jobs import kinds, queue
from hangshi.registry.models import Unit

@kinds.work("slow")
def slow(teller, *, account):
    Unit.objects.filter(path="1/2/").update(name="改坏了")
    print("under way", flush=True)
    time.sleep(60)

queue.worker()
"""


def test_a_killed_worker_has_written_nothing_and_another_takes_the_job_up(place, monkeypatch):
    monkeypatch.setitem(kinds.KINDS, "slow", lambda teller, *, account: {"sentence": "办完了。"})
    job = ask(place, "slow")
    name = str(connection.settings_dict["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", SLOW_WORKER, name], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "under way\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(10)
    worker.stdout.close()
    assert seen(job) == ("waiting", "")
    connection.close()
    deadline = time.monotonic() + 20
    while seen(job)[0] == "waiting" and time.monotonic() < deadline:
        connection.close()
        queue.worker(wait=False, lost_after=0.1)
    assert seen(job) == ("done", "办完了。")


def test_a_chore_that_fails_does_not_keep_the_others_from_their_turn(monkeypatch, caplog):
    done = []
    monkeypatch.setattr(running, "MINUTELY", [lambda: 1 / 0, lambda: done.append("sealed")])
    running.every_minute()
    assert done == ["sealed"]
    assert "fault in the chore" in caplog.text


def test_two_works_cannot_share_a_name(works):
    with pytest.raises(ValueError, match="two works"):
        kinds.work("count_units")(rename_then_tell)
