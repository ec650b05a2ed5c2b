"""Commands about closings: a period closed and reopened by an account that may, the figures then and now, the corrections."""

import sys
from datetime import date

import click
from django.utils import timezone

from hangshi.access import roles
from hangshi.access.append import spoken
from hangshi.access.models import Account, Grant
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.access.services import at_the_door, grants_of
from hangshi.cli.read import unit_coded
from hangshi.closings import periods, queries, services
from hangshi.closings.models import Closing
from hangshi.indicators import queries as indicators
from hangshi.indicators.queries import Period
from hangshi.ledger import queries as ledger
from hangshi.ledger.models import Entry
from hangshi.refusal import Refused

WHO = click.option("--as", "username", required=True, help="以哪个账号办理；记在结账上")
WHERE = click.option("--unit", "code", required=True, help="单位代码")


@click.group()
def closing() -> None:
    """结账。 Closings."""


@closing.command()
@click.argument("period")
@WHERE
@WHO
def close(period: str, code: str, username: str) -> None:
    """结一个已经结束的期间：2017-07、2017-Q3 或 2017。 Close a month, quarter or year."""
    length, chosen = periods.named(period)
    today = timezone.localdate()
    with acting(EVERYTHING, read_only=True):
        unit = unit_coded(code)
        grant = _grant(username, "period.close", unit.path, today)
    with acting(Scope.of(grant, on=today)), spoken():
        made = services.close(unit, length, chosen, on=today, actor=grant.account_id)
        kept = made.kept.count()
    click.echo(f"已结账，编号 {made.pk}：{_title(made)}，留存指标 {kept} 个，摘要 {made.digest}")


@closing.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="为什么重新打开")
@WHO
def reopen(number: int, reason: str, username: str) -> None:
    """写明理由，重新打开一期；当时留存的数不变。 Reopen a period."""
    today = timezone.localdate()
    with acting(EVERYTHING, read_only=True):
        found = _found(number)
        grant = _grant(username, "period.reopen", found.path, today)
    with acting(Scope.of(grant, on=today)), spoken():
        services.reopen(found, on=today, reason=reason, actor=grant.account_id)
    click.echo(f"已重新打开：{_title(found)}。改完请再结一次。")


@closing.command("list")
@WHERE
def list_(code: str) -> None:
    """一个单位和它上下级的各次结账。 The closings of a unit, below it and above it."""
    with acting(EVERYTHING, read_only=True):
        for it in queries.closings(unit_coded(code)):
            state = f"{it.reopened_on}重新打开：{it.reason}" if it.reopened_on else "结着"
            click.echo(f"{it.pk}\t{_title(it)}\t{it.closed_on}\t{state}")


@closing.command()
@click.argument("number", type=int)
@click.argument("indicator", required=False)
def difference(number: int, indicator: str | None) -> None:
    """结账时的数与现在的数，写明指标则列出其间的更正；留存的数被改过则退出码为 1。 Then and now."""
    with acting(EVERYTHING, read_only=True):
        found = _found(number)
        if indicator is None:
            changed = [it for it in queries.lines(found) if it.differs]
            click.echo("\n".join(map(_said, changed)) or "与结账时完全相同。")
        else:
            _explain(found, indicator)
        intact = queries.intact(found)
    if not intact:
        click.echo("留存的数与结账时的摘要不符，请查审计记录。", err=True)
        sys.exit(1)


@closing.command()
@WHERE
def corrections(code: str) -> None:
    """更正清单：哪一天改了哪一天的账，为什么。 What was corrected, when and why."""
    with acting(EVERYTHING, read_only=True):
        for it in ledger.corrections(unit_coded(code)):
            click.echo(f"{it.unit.name}\t{_correction(it)}")


def _grant(username: str, permission: str, path: str, on: date) -> Grant:
    """The account's grant that allows this at that unit today. Raises `Refused`: the command may no more than the page."""
    with at_the_door():
        account = Account.objects.filter(username=username, active=True).first()
    if account is None:
        raise Refused("account.unknown", f"没有账号“{username}”，或已停用。请核对账号（不是姓名）。")
    for it in grants_of(account, on):
        scope = Scope.of(it, on=on)
        if roles.holds(it.role, permission) and scope.lo <= path < scope.hi:
            return it
    raise Refused("closing.may_not", f"账号“{username}”在这个单位没有办理此事的权限，没有办理。")


def _found(number: int) -> Closing:
    found = Closing.objects.filter(pk=number).select_related("unit").first()
    if found is None:
        raise Refused("closing.unknown", f"没有编号为 {number} 的结账。用 hangshi closing list 查看编号。")
    return found


def _title(it: Closing) -> str:
    return f"{it.unit.name}{periods.said(it.length, Period(it.first, it.last))}"


def _said(line: queries.Line) -> str:
    name = indicators.pack().indicators[line.key].name
    change = "指标定义已变" if line.redefined else f"相差 {_number(line.difference)}"
    return f"{line.key}\t{name}\t结账时 {_number(line.kept)}\t现在 {_number(line.now)}\t{change}"


def _number(value: object) -> str:
    return "无记录" if value is None else f"{value:f}".rstrip("0").rstrip(".")


def _explain(found: Closing, key: str) -> None:
    line = queries.line(found, key)
    if line is None:
        raise Refused("closing.no_figure", f"这次结账没有留存指标“{key}”。")
    click.echo(_said(line))
    for it in queries.explaining(found, key):
        click.echo(f"  {_correction(it)}")


def _correction(it: Entry) -> str:
    undone = f"冲销第 {it.reverses_id} 号，" if it.reverses_id else ""
    return f"第 {it.pk} 号\t{it.corrected_on}更正{it.day}\t{it.amount}\t{undone}{it.note}"


commands = [closing]
