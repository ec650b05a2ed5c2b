"""Commands about proof and personal data: audit, keys, person-file."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.db import connections
from django.db.utils import OperationalError
from django.utils import timezone

from hangshi.audit import anchors, records, sealing
from hangshi.audit import verify as verifying

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """审计：封存、核验、外存锚点。 Seal and prove the audit log."""


@audit.command("seal")
@click.option("--every", type=click.IntRange(1), help="每隔若干秒封存一次，直到启动它的程序结束。")
def audit_seal(every: int | None) -> None:
    """封存已提交的审计记录。 Chain the committed entries."""
    parent = os.getppid()
    while True:
        count, head = _seal(quietly=every is not None)
        if every is None:
            click.echo(f"封存 {count} 条，共 {head.seq} 条。")
            return
        for _ in range(every):
            if os.getppid() != parent:  # the server that started us is gone
                return
            time.sleep(1)


def _seal(*, quietly: bool) -> tuple[int, sealing.Head]:
    """Once; a database that is down for a while does not end the sealer that runs beside the server."""
    try:
        return sealing.seal()
    except OperationalError:
        if not quietly:
            raise
        connections["owner"].close()
        return 0, sealing.Head(0, sealing.FIRST)


@audit.command("anchor")
@click.option("--file", type=FILE, default=None, help="锚点文件；应放在数据库管不到的地方。")
def audit_anchor(file: Path | None) -> None:
    """封存后把链头记入锚点文件并打印，可抄送或存档。 Seal, then keep the head outside the database."""
    _, head = sealing.seal()
    if not head.seq:
        click.echo("还没有审计记录，没有链头可记。")
        return
    where, now = file or settings.ANCHORS, timezone.now()
    added = anchors.add(where, head, at=now)
    click.echo(f"夯实审计链头  第 {head.seq} 条  {timezone.localtime(now):%Y-%m-%d %H:%M}\n{head.link.hex()}")
    click.echo(f"{'已记入' if added else '已在'} {where}", err=True)


@audit.command("verify")
@click.option("--anchors", "file", type=FILE, help="外存的锚点文件；不给则查不出截尾和旧副本。")
@click.option("--records", "with_records", is_flag=True, help="再用摘要核对每张表的每一行，可查出绕过系统的改动。")
def audit_verify(file: Path | None, with_records: bool) -> None:
    """核验封存链，指出第一处不符；有不符则退出码为 1。 Walk the chain; exit 1 and name the first bad row."""
    started = time.monotonic()
    kept = anchors.read(file) if file else []
    found = verifying.verify(kept)
    click.echo(f"核对 {found.checked} 条，用时 {time.monotonic() - started:.1f} 秒；待封存 {found.pending} 条。")
    faults = [found.fault.sentence] if found.fault else []
    if with_records:
        proofs = records.prove()
        faults += [proof.fault for proof in proofs if proof.fault]
        unknown = sum(proof.unknown for proof in proofs)
        click.echo(f"逐表核对 {len(proofs)} 张；审计中没有记录的 {unknown} 行{'（可用 hangshi audit baseline 建立基线）' if unknown else ''}。")
    if faults:
        click.echo("\n".join(faults), err=True)
        sys.exit(1)
    click.echo(f"与封存时一致{f'，与 {len(kept)} 个锚点一致' if kept else '（未用锚点，查不出截尾和旧副本）'}。")


@audit.command("baseline")
def audit_baseline() -> None:
    """把审计开始之前已有的行按现状登记。 Take rows the log does not know as they stand."""
    click.echo(f"已登记 {records.baseline()} 行。")


DAY = click.DateTime(["%Y-%m-%d"])


def _day(asked: datetime | None) -> datetime:
    return asked or timezone.localtime()


commands: list[click.Command] = [audit]
