"""Commands that write reports, issue and verify them: report write, issue, verify, table."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from django.utils import timezone

from hangshi import packs
from hangshi.access.scope import EVERYTHING, acting
from hangshi.claims import texts, verdicts
from hangshi.claims.verdicts import FAILS, HOLDS, NONE
from hangshi.indicators import queries as figures
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.reports import layout, originals, services, tables, verify, workbook, writing
from hangshi.reports.falsified import trials
from hangshi.reports.numbers import Desk
from hangshi.scenarios import figures as figures_of

DAY = click.DateTime(["%Y-%m-%d"])
OUT = click.Path(dir_okay=False, path_type=Path)
UNIT = click.option("--unit", "code", required=True, help="单位代码，如 610900 或 6109")
ON = click.option("--on", type=DAY, help="数字截至哪一天，默认今天")
SINCE = click.option("--from", "since", type=DAY, help="起始日，默认当年1月1日")
TREE = click.option("--tree", type=DAY, help="按哪一天的区划汇总，默认现在的")
SITE = click.option("--site", default="http://localhost:8000", show_default=True, help="文中链接所指的网址")
RED = click.option("--red", is_flag=True, help="印红头")


@click.group()
def report() -> None:
    """材料：生成、签发、复核。 Documents whose numbers are bound to records."""


@report.command("list")
def print_templates() -> None:
    """有哪些材料模板和报表。 What can be written."""
    for it in figures.pack().templates.values():
        click.echo(f"{it.key}\t{it.name}\t{it.source}")
    for table in figures.pack().tables.values():
        click.echo(f"{table.key}\t{table.name}（报表）\t{table.source}")


@report.command("write")
@click.argument("template")
@UNIT
@ON
@SINCE
@TREE
@SITE
@RED
@click.option("--out", "-o", type=OUT, help="存成 docx；不填则打印正文")
def write(
    template: str, code: str, on: datetime | None, since: datetime | None, tree: datetime | None, site: str, red: bool,
    out: Path | None,
) -> None:  # fmt: skip
    """生成一份材料；缺数或有矛盾则退出码为 1。 A report, not issued."""
    with acting(EVERYTHING, read_only=True):
        made = writing.write(writing.template_of(figures.pack(), template), _desk(code, on, since, tree), day=_day(on))
    if out:
        out.write_bytes(layout.build(made, site=site, red=red))
    else:
        click.echo(made.text)
    for it in (*(f"没有记录：{name}" for name in made.missing), *made.doubts):
        click.echo(it, err=True)
    sys.exit(1 if made.missing or made.doubts else 0)


@report.command("issue")
@click.argument("template")
@UNIT
@ON
@SINCE
@TREE
@SITE
@RED
@click.option("--number", default="", help="发文字号")
@click.option("--out", "-o", type=OUT, required=True)
def issue(
    template: str, code: str, on: datetime | None, since: datetime | None, tree: datetime | None, site: str, red: bool,
    number: str, out: Path,
) -> None:  # fmt: skip
    """签发：数字就此固定，文件按摘要保存。 Freeze the numbers, keep the file."""
    with acting(EVERYTHING):
        made = writing.write(writing.template_of(figures.pack(), template), _desk(code, on, since, tree), day=_day(on))
        file = layout.build(made, site=site, red=red, number=number)
        kept = services.issue(made, file, number=number, on=_day(on), actor=None)
    out.write_bytes(file)
    click.echo(f"已签发 {kept.title}：{len(made.numbers)} 个数字，摘要 {kept.digest}")


@report.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_file(file: Path) -> None:
    """签发后的材料还成立吗；有不成立的数则退出码为 1。 Which numbers still hold, which moved and why."""
    with acting(EVERYTHING, read_only=True):
        found = verify.verify_file(file.name, file.read_bytes(), figures.pack())
    click.echo("文件与签发时一致" if found.whole else "文件在签发后被改过")
    for it in found.findings:
        if it.word != verify.HOLDS:
            click.echo("\t".join((it.word, it.number.text, it.number.name, it.number.unit_name, it.reason)))
        for change in it.changes:
            fields = "；".join(f"{name}：{was} → {now}" for name, was, now in change.fields)
            counted = "现计入" if change.counts else "现不计入"
            click.echo(f"\t{change.how}\t{change.fact} {change.record}\t{counted}\t{fields}")
    for text in found.foreign:
        click.echo("\t".join((verify.FOREIGN, text)))
    click.echo("，".join(f"{word} {found.count(word)}" for word in verify.WORDS))
    sys.exit(0 if found.sound else 1)


@report.command("table")
@click.argument("table")
@UNIT
@ON
@SINCE
@TREE
@click.option("--out", "-o", type=OUT, help="存成 xlsx；不填则打印")
def table(
    table: str, code: str, on: datetime | None, since: datetime | None, tree: datetime | None, out: Path | None
) -> None:
    """一张报表。 A regular table."""
    with acting(EVERYTHING, read_only=True):
        desk = _desk(code, on, since, tree)
        made = tables.filled(tables.table_of(desk.pack, table), desk)
    if out:
        out.write_bytes(workbook.of(made, unit=desk.unit.name, by="命令行", at=timezone.now()))
        return
    click.echo("\t".join(("单位", *(f"{it.name}（{it.measure}）" for it in made.heads))))
    for row in made.rows:
        click.echo("\t".join((row.unit.name, *(tables.shown(cell.value) for cell in row.cells))))


@report.command("original")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scenario", required=True, help="已装入的场景，如 ankang")
@click.option("--falsified", is_flag=True, help="逐个改动文中的数字，看每次能否查出、有无错报")
def original(file: Path, scenario: str, falsified: bool) -> None:
    """场景所依据的原文与记录相符吗；有不符则退出码为 1。 A scenario's own document against its records."""
    raw = texts.read(file.name, file.read_bytes())
    pack, results = packs.load("base", scenario), figures_of.check(scenario)
    if falsified:
        sys.exit(_trials(raw, pack, results))
    found = originals.held(raw, pack, results)
    for it in found:
        stated = it.claim.text if it.claim else "（文中没有读出）"
        click.echo("\t".join((it.word, it.words, stated, it.definition, verdicts.shown(it.computed))))
    loose = sum(1 for _ in originals.unknown(raw, found))
    counts = "，".join(f"{word} {sum(it.word == word for it in found)}" for word in (HOLDS, FAILS, NONE))
    click.echo(f"{counts}；文中另有 {loose} 个数字没有对应的定义")
    sys.exit(0 if all(it.word == HOLDS for it in found) else 1)


def _trials(raw: str, pack: Pack, results: list[figures_of.FigureResult]) -> int:
    """Print each altered number; 1 if one was missed or another called wrong."""
    done = list(trials(raw, pack, results))
    for it in done:
        outcome = "查出" if it.caught else "未改" if not it.altered else "漏查"
        click.echo("\t".join((outcome, it.told.words, it.altered, it.told.definition, "；".join(it.alarms))))
    altered = [it for it in done if it.altered]
    caught, alarms = sum(it.caught for it in altered), sum(len(it.alarms) for it in altered)
    click.echo(f"改动 {len(altered)}，查出 {caught}，错报 {alarms}，没有可改的 {len(done) - len(altered)}")
    return 0 if all(it.passed for it in altered) else 1


def _desk(code: str, on: datetime | None, since: datetime | None, tree: datetime | None) -> Desk:
    """The unit of a code, with or without the zeros that fill it up to six digits."""
    shorter = code[:-2] if len(code) == 6 and code.endswith("00") else code
    unit = Unit.objects.filter(code__in=(code, shorter), until=None).order_by("path").first()
    if unit is None:
        raise Refused("unit.unknown", f"没有代码为 {code} 的现行单位。")
    last = _day(on)
    first = since.date() if since else last.replace(month=1, day=1)
    if first > last:
        raise Refused("period.order", "起始日不能晚于截止日。")
    return Desk(figures.pack(), unit, figures.Period(first, last), tree.date() if tree else None)


def _day(on: datetime | None) -> date:
    return on.date() if on else timezone.localdate()


commands = [report]
