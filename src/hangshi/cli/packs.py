"""Commands about packs: check, show."""

import json
import sys
from pathlib import Path

import click

from hangshi import packs
from hangshi.access.scope import EVERYTHING, acting
from hangshi.schemes.models import Edition


@click.group()
def pack() -> None:
    """规矩包。 Packs."""


@pack.command("check")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def check(directory: Path, as_json: bool) -> None:
    """检查一个包，一次报出全部问题。 All problems of a pack in one run; exit 1 if there is any."""
    problems = packs.check(directory)
    if as_json:
        click.echo(
            json.dumps(
                [vars(problem) | {"file": str(problem.file)} for problem in problems], ensure_ascii=False, default=str
            )
        )
    else:
        for problem in problems:
            click.echo(f"{problem.file}:{problem.line}: {problem.key}\n  {problem.code}: {problem.sentence}")
        click.echo(f"共 {len(problems)} 个问题。" if problems else "没有问题。")
    sys.exit(1 if problems else 0)


@pack.command("show")
@click.argument("names", nargs=-1, required=True)
@click.option("--editions", "with_editions", is_flag=True, help="连同各单位在页面上启用的考评办法版本")
def show(names: tuple[str, ...], with_editions: bool) -> None:
    """列出包中的指标、标准和考评办法。 The indicators, standards and schemes of packs."""
    loaded = packs.load(*names)
    for key, indicator in loaded.indicators.items():
        click.echo(f"指标 {key}\t{indicator.name}\t{indicator.unit}\t{indicator.source}")
    for key, standard in loaded.standards.items():
        click.echo(f"标准 {key}\t{standard.name}\t{standard.source}")
    for key, scheme in loaded.schemes.items():
        for edition in scheme.editions:
            click.echo(f"办法 {key}\t{scheme.name}\t{edition.since} 起\t{edition.digest()}\t{scheme.source}")
    if with_editions:
        _editions()


def _editions() -> None:
    """Those that units have put in force, with the digest that a round by them keeps."""
    with acting(EVERYTHING, read_only=True):
        for it in Edition.objects.select_related("unit").order_by("key", "since", "pk"):
            click.echo(f"办法 {it.key}\t{it.name}\t{it.since} 起\t{it.digest}\t{it.unit.name}，{it.adopted_on} 启用")


commands = [pack]
