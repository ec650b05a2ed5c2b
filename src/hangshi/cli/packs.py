"""Commands about packs: check, show."""

import json
import sys
from pathlib import Path

import click

from hangshi import packs


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
def show(names: tuple[str, ...]) -> None:
    """列出包中的指标和标准。 The indicators and standards of packs."""
    loaded = packs.load(*names)
    for key, indicator in loaded.indicators.items():
        click.echo(f"指标 {key}\t{indicator.name}\t{indicator.unit}\t{indicator.source}")
    for key, standard in loaded.standards.items():
        click.echo(f"标准 {key}\t{standard.name}\t{standard.source}")


commands = [pack]
