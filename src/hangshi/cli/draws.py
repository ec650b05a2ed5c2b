"""Commands about draws: verify a published file, without any database."""

import json
import sys
from pathlib import Path

import click

from hangshi.planning import proof
from hangshi.refusal import Refused


@click.group()
def draw() -> None:
    """抽样。 Draws."""


@draw.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """按公布文件重新抽取，核对名单、种子和结果；不符则退出码为 1。 Compute a published draw again."""
    try:
        said = json.loads(file.read_text("utf-8"))
        found = proof.faults(said)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("draw.file", f"{file.name} 不是完整的抽样公布文件。") from None
    for sentence in found:
        click.echo(sentence, err=True)
    if not found:
        drawn = said["result"]["drawn"]
        click.echo(
            f"“{said['title']}”核对无误，结果共 {len(drawn if said['kind'] == 'sample' else drawn['pairs'])} 项。"
        )
    sys.exit(1 if found else 0)


commands = [draw]
