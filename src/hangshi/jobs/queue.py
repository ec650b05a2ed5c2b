"""The queue and the worker: procrastinate's, over the same database. A queued row holds a job's number and nothing else."""

import asyncio

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from hangshi.jobs import running

LOST = 30.0  # seconds without a sign of life after which a worker's jobs are taken up again


@app.task(name="hangshi.jobs.run")
def run(job: int) -> None:
    running.run(job)


@app.periodic(cron="* * * * *")
@app.task(name="hangshi.jobs.lost", queueing_lock="lost")
async def lost(timestamp: int) -> None:
    await _take_up_lost(LOST)


@app.periodic(cron="* * * * *")
@app.task(name="hangshi.jobs.minute", queueing_lock="minute")
def minute(timestamp: int) -> None:
    """What the rooms want done each minute; one that fails is logged and does not keep the others from their turn."""
    running.every_minute()


def defer(job: int) -> None:
    """In the transaction under way: it begins when that is committed."""
    run.defer(job=job)


async def _take_up_lost(after: float) -> int:
    """Put back what a killed worker was doing; it had written nothing."""
    lost = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=after))
    for it in lost:
        await app.job_manager.retry_job(it)
    return len(lost)


def worker(*, wait: bool = True, concurrency: int = 1, lost_after: float = LOST) -> None:
    """Do what is asked until told to stop; with `wait` False only what waits now."""
    if not isinstance(app.connector, DjangoConnector):
        raise TypeError("the worker is started outside of another worker")

    async def begin() -> None:
        async with app.open_async():
            await _take_up_lost(lost_after)
            await app.run_worker_async(
                wait=wait, concurrency=concurrency, install_signal_handlers=wait, update_heartbeat_interval=5.0,
                stalled_worker_timeout=lost_after, delete_jobs="successful",
            )  # fmt: skip

    with app.replace_connector(app.connector.get_worker_connector()):
        asyncio.run(begin())
