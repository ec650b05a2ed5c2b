"""Commands about appraisals: a round computed again from its frozen inputs, and the month's pay rises."""

import sys
from datetime import datetime

import click
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.appraisals import compute, effects
from hangshi.appraisals.models import Round
from hangshi.indicators import queries
from hangshi.refusal import Refused


@click.group()
def appraise() -> None:
    """考评。 Appraisals."""


def _round(number: int) -> Round:
    found = Round.objects.filter(pk=number).select_related("unit").first()
    if found is None:
        raise Refused("appraisal.unknown", f"没有编号为 {number} 的考评。")
    return found


@appraise.command("list")
def list_() -> None:
    """各次考评的编号、状态和输入摘要。 Every round with its number, state and digest."""
    with acting(EVERYTHING, read_only=True):
        for it in Round.objects.order_by("pk"):
            click.echo(f"{it.pk}\t{it.title}\t{it.state}\t{it.digest or '—'}")


@appraise.command()
@click.argument("number", type=int)
def verify(number: int) -> None:
    """按冻结的办法和输入重新计算并逐项核对；不符则退出码为 1。 Compute a round again."""
    with acting(EVERYTHING, read_only=True):
        found = _round(number)
        if not found.digest:
            raise Refused("appraisal.not_computed", f"“{found}”还没有计算。")
        faults = compute.verify(found)
    for sentence in faults:
        click.echo(sentence, err=True)
    if not faults:
        click.echo(f"“{found}”重新计算，与保存的结果完全相同。输入摘要 {found.digest}")
    sys.exit(1 if faults else 0)


@appraise.command()
@click.argument("number", type=int)
@click.option("--month", type=click.DateTime(["%Y-%m"]), required=True, help="月份，如 2020-03")
def pay(number: int, month: datetime) -> None:
    """把保持中的红旗当月的报酬上浮记入台账；已记的不重复。 Book a month's rises."""
    with acting(EVERYTHING):
        made = effects.pay(_round(number), queries.pack(), month=month.date(), on=timezone.localdate(), actor=None)
        total = sum(it.entry.amount for it in made)
    click.echo(f"记入 {len(made)} 笔，合计 {total} 元。")


commands = [appraise]
