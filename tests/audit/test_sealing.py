"""Sealing after commit: one chain, in the order in which entries became visible, however many write, seal or are killed."""

import multiprocessing
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from hangshi.audit import anchors, sealing, works
from hangshi.audit.verify import verify
from hangshi.jobs.kinds import MINUTELY

MANY = """WITH made AS (INSERT INTO audit_entry (at, kind, table_name) SELECT now(), 'export', 'person' FROM generate_series(1, %s)
    RETURNING id) INSERT INTO audit_pending SELECT id FROM made"""
APPEND = "SELECT audit_note('export', 'person', NULL, NULL, NULL)"


def chain(cursor: Any) -> list[tuple[int, int]]:
    cursor.execute("SELECT seq, entry FROM audit_link ORDER BY seq")
    return list(cursor.fetchall())


def other_line() -> "psycopg.Connection[Any]":
    said = connections["owner"].settings_dict
    return psycopg.connect(
        host=said["HOST"], port=said["PORT"], dbname=said["NAME"], user=said["USER"], password=said["PASSWORD"]
    )


def test_who_commits_later_is_sealed_later_though_the_number_was_drawn_before(log: Any) -> None:
    with other_line() as slow:
        slow.execute(APPEND)
        log.execute(APPEND)
        assert sealing.seal()[0] == 1
        slow.commit()
    assert sealing.seal()[0] == 1
    assert chain(log) == [(1, 2), (2, 1)]
    assert verify().fault is None


def test_what_was_rolled_back_leaves_no_gap_in_the_chain(log: Any) -> None:
    with other_line() as slow:
        slow.execute(APPEND)
        slow.rollback()
    log.execute(APPEND)
    sealing.seal()
    assert chain(log) == [(1, 2)]
    assert verify().fault is None


def test_two_sealers_make_one_chain(log: Any) -> None:
    log.execute(MANY, [3000])
    done: list[int] = []

    def seal() -> None:
        try:
            done.append(sealing.seal()[0])
        finally:
            connections["owner"].close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(done) + sealing.seal()[0] == 3000
    verdict = verify()
    assert (verdict.checked, verdict.fault) == (3000, None)


def test_a_killed_sealer_is_gone_on_with(log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 100)
    log.execute(MANY, [5000])
    for _ in range(3):
        connections.close_all()  # a child must not share the parent's lines
        child = multiprocessing.get_context("fork").Process(target=sealing.seal)
        child.start()
        before, end = pending(), time.monotonic() + 20
        while pending() == before and time.monotonic() < end:
            pass
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    assert 0 < pending() < 5000
    assert verify().fault is None
    while pending():  # the killed one's lock lasts until the server notices
        sealing.seal()
    assert (verify().checked, verify().fault) == (5000, None)


def pending() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_pending")
        return int(cursor.fetchone()[0])


def test_nothing_to_seal_is_no_chain(log: Any) -> None:
    assert sealing.seal() == (0, sealing.Head(0, sealing.FIRST))
    assert (verify().checked, verify().fault) == (0, None)


def test_the_worker_seals_each_minute_and_anchors_each_hour(log: Any, settings: Any, tmp_path: Path) -> None:
    settings.ANCHORS = tmp_path / "kept" / "anchors.txt"
    assert works.seal in MINUTELY
    for _ in range(2):
        log.execute(APPEND)
        works.seal()
    assert [it.seq for it in anchors.read(settings.ANCHORS)] == [1]
    later = datetime.now(UTC) + timedelta(hours=1, minutes=1)
    assert anchors.keep(settings.ANCHORS, sealing.head(log), at=later)
    assert [it.seq for it in anchors.read(settings.ANCHORS)] == [1, 2]
    assert verify(anchors.read(settings.ANCHORS)).fault is None


def test_the_app_role_cannot_seal(log: Any) -> None:
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_link VALUES (1, 1, '')")
    connection.close()
