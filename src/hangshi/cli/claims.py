"""Commands that read a report's numbers: claims extract, score, check."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from hangshi.access.scope import EVERYTHING, acting
from hangshi.claims import arithmetic, marked, queries, table, texts, verdicts
from hangshi.claims import score as scoring
from hangshi.claims.extract import extract
from hangshi.indicators import queries as figures
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def claims() -> None:
    """一份材料里的数字。 The numbers that a report states."""


@claims.command("extract")
@click.argument("files", nargs=-1, required=True, type=FILE)
def print_table(files: tuple[Path, ...]) -> None:
    """读出文件中的每个数字，输出制表符分隔的表。 Every quantity of the files, as a table."""

    def found() -> Iterator[tuple[str, list[table.Claim]]]:
        for file in files:
            yield file.name, extract(texts.read(file.name, file.read_bytes()))

    for line in table.lines(found()):
        click.echo(line.encode())  # the table is UTF-8 whatever the terminal speaks


@claims.command("score")
@click.argument("labels", type=FILE)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--least", default=0.0, help="各项低于此值时退出码为 1")
def print_score(labels: Path, folder: Path, least: float) -> None:
    """与人工标注相比。 Agreement with labels over the documents in a folder."""
    got = scoring.of_folder(labels, folder)
    shares = {"span F1": got.span} | {name: got.share(name) for name in scoring.JUDGED}
    click.echo(f"标注 {got.labels}　读出 {got.found}　对上 {got.matched}")
    for name, share in shares.items():
        click.echo(f"{name}\t{share:.4f}")
    sys.exit(1 if min(shares.values()) < least else 0)


@claims.command("check")
@click.argument("file", type=FILE)
@click.option("--unit", "code", required=True, help="单位代码，如 610900 或 6109")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="数字截至哪一天")
@click.option("--kind", default="其他", show_default=True, help="材料类别")
@click.option("--docx", type=click.Path(dir_okay=False, path_type=Path), help="另存带批注的文档")
def check_report(file: Path, code: str, on: datetime, kind: str, docx: Path | None) -> None:
    """用记录核对每个数字；有不符或自相矛盾则退出码为 1。 Each number against the records."""
    raw = texts.read(file.name, file.read_bytes())
    with acting(EVERYTHING, read_only=True):
        unit = _unit(code)
        desk = verdicts.Desk(figures.pack(), unit, on.date(), queries.confirmed(unit, kind))
        found = verdicts.check(extract(raw), raw, desk)
    wrong = arithmetic.contradictions([it.claim for it in found], raw)
    for it in found:
        name = it.definition.name if it.definition else ""
        click.echo("\t".join((it.word, it.claim.text, it.claim.subject, name, "；".join((it.reason, *it.hints)))))
    for contradiction in wrong:
        click.echo(f"自相矛盾\t{contradiction.sentence}")
    click.echo("，".join(f"{word} {sum(it.word == word for it in found)}" for word in verdicts.WORDS))
    if docx:
        docx.write_bytes(marked.annotated(raw, found))
    sys.exit(1 if wrong or any(it.word == verdicts.FAILS for it in found) else 0)


def _unit(code: str) -> Unit:
    """The unit of a code, with or without the zeros that fill it up to six digits."""
    shorter = code[:-2] if len(code) == 6 and code.endswith("00") else code
    unit = Unit.objects.filter(code__in=(code, shorter), until=None).order_by("path").first()
    if unit is None:
        raise Refused("unit.unknown", f"没有代码为 {code} 的现行单位。")
    return unit


commands = [claims]
