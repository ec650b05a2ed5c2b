"""Commands that read: unit, value, rows, figures."""

import json
import sys
from datetime import date, datetime

import click
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.scenarios import figures as scenario_figures
from hangshi.standards import queries as standards
from hangshi.standards.refresh import refresh

DAY = click.DateTime(["%Y-%m-%d"])


def unit_coded(code: str) -> Unit:
    """The unit of today with that code. Raises `Refused`."""
    unit = Unit.objects.filter(code=code, until=None).first()
    if unit is None:
        raise Refused("unit.unknown", f"没有代码为 {code} 的现行单位。")
    return unit


def _when(on: datetime | None, since: datetime | None) -> date | queries.Period:
    last = on.date() if on else timezone.localdate()
    return queries.Period(since.date(), last) if since else last


@click.command("unit")
@click.argument("code")
def show_unit(code: str) -> None:
    """一个单位及其下级。 A unit and its children."""
    with acting(EVERYTHING, read_only=True):
        unit = unit_coded(code)
        click.echo(f"{unit.name}\t{unit.kind}\t{unit.code}\t{unit.since}")
        depth = unit.path.count("/") + 1
        below = Unit.objects.filter(path__startswith=unit.path, until=None).exclude(pk=unit.pk).order_by("code", "pk")
        for child in below.extra(where=["array_length(string_to_array(path, '/'), 1) - 1 = %s"], params=[depth]):
            click.echo(f"  {child.name}\t{child.kind}\t{child.code}")


@click.command()
@click.argument("indicator")
@click.option("--unit", "code", required=True, help="单位代码")
@click.option("--on", type=DAY, help="截止日，默认今天")
@click.option("--from", "since", type=DAY, help="起始日；期间指标必填")
@click.option("--json", "as_json", is_flag=True)
def value(indicator: str, code: str, on: datetime | None, since: datetime | None, as_json: bool) -> None:
    """一个指标在一个单位的数值。 One indicator at one unit."""
    with acting(EVERYTHING, read_only=True):
        found = queries.value(indicator, unit_coded(code), _when(on, since))
    if as_json:
        click.echo(
            json.dumps({"value": found.value, "computed_at": found.computed_at, "version": found.version}, default=str)
        )
    else:
        click.echo("无记录" if found.value is None else found.value)


@click.command()
@click.argument("indicator")
@click.option("--unit", "code", required=True, help="单位代码")
@click.option("--on", type=DAY)
@click.option("--from", "since", type=DAY)
@click.option("--page", default=1, show_default=True)
@click.option("--size", default=50, show_default=True)
def rows(indicator: str, code: str, on: datetime | None, since: datetime | None, page: int, size: int) -> None:
    """一个数值背后的记录。 The rows behind a value."""
    with acting(EVERYTHING, read_only=True):
        found = queries.rows(indicator, unit_coded(code), _when(on, since), page=page, size=size)
    click.echo("\t".join(str(column) for column in found.columns))
    for row in found.rows:
        click.echo("\t".join("" if cell is None else str(cell) for cell in row))
    click.echo(f"共 {found.total} 行", err=True)


@click.command()
@click.argument("scenario", required=False)
@click.option("--all", "every", is_flag=True, help="所有有数字的地方。 Every place in use.")
@click.option("--json", "as_json", is_flag=True)
def figures(scenario: str | None, every: bool, as_json: bool) -> None:
    """文件中的每个数字：原文、区间、算得值、是否相符；有不符则退出码为 1。 Every figure of the document, in or out."""
    if every == bool(scenario):
        raise click.UsageError("写一个地方的名字，或用 --all。")
    with acting(EVERYTHING, read_only=True):
        places = scenario_figures.places() if every else [str(scenario)]
        results = {place: scenario_figures.check(place) for place in places}
    found = [result for them in results.values() for result in them]
    inside = sum(result.inside for result in found)
    if as_json:
        click.echo(json.dumps([vars(result) for result in found], ensure_ascii=False, default=str))
    else:
        for place, them in results.items():
            _told(place, them, named=every)
        if every:
            click.echo(f"合计 {inside} / {len(found)} 相符")
    sys.exit(0 if found and inside == len(found) else 1)


def _told(place: str, results: list[scenario_figures.FigureResult], *, named: bool) -> None:
    for it in results:
        words = "相符" if it.inside else "不符"
        click.echo(f"{words}\t{it.words}\t[{it.low}, {it.high}]\t{it.computed}\t{it.indicator}")
    click.echo(f"{place + ' ' if named else ''}{sum(it.inside for it in results)} / {len(results)} 相符")


@click.command()
@click.option("--unit", "code", help="单位代码；不填为全部")
@click.option("--refresh", "again", is_flag=True, help="先重新体检。 Look at every check first.")
@click.option("--json", "as_json", is_flag=True)
def findings(code: str | None, again: bool, as_json: bool) -> None:
    """数据体检：各条规矩未达到的数量。 How many breaches of each check are open."""
    if again:
        opened, closed = refresh(force=True)
        click.echo(f"新发现 {opened} 条，消除 {closed} 条。", err=True)
    with acting(EVERYTHING, read_only=True):
        unit = unit_coded(code) if code else Unit.objects.order_by("path").first()
        if unit is None:
            raise Refused("unit.none", "还没有任何单位。")
        found = standards.tallies(unit, queries.pack())
    if as_json:
        click.echo(json.dumps({it.check.key: it.open for it in found}))
    else:
        for it in found:
            click.echo(f"{it.open}\t{it.check.name}\t{it.check.source}")


commands = [show_unit, value, rows, figures, findings]
