"""Commands that read a report's numbers: claims extract, score, check."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from hangshi.claims import score as scoring
from hangshi.claims import table, texts
from hangshi.claims.extract import extract as claims_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def claims() -> None:
    """一份材料里的数字。 The numbers that a report states."""


@claims.command("extract")
@click.argument("files", nargs=-1, required=True, type=FILE)
def extract(files: tuple[Path, ...]) -> None:
    """读出文件中的每个数字，输出制表符分隔的表。 Every quantity of the files, as a table."""

    def found() -> Iterator[tuple[str, list[table.Claim]]]:
        for file in files:
            yield file.name, claims_of(texts.read(file.name, file.read_bytes()))

    out = click.get_binary_stream("stdout")  # the table is UTF-8 whatever the terminal speaks
    for line in table.lines(found()):
        out.write(f"{line}\n".encode())


@claims.command("score")
@click.argument("labels", type=FILE)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--least", default=0.0, help="各项低于此值时退出码为 1")
def score(labels: Path, folder: Path, least: float) -> None:
    """与人工标注相比。 Agreement with labels over the documents in a folder."""
    got = scoring.of_folder(labels, folder)
    shares = {"span F1": got.span} | {name: got.share(name) for name in scoring.JUDGED}
    click.echo(f"标注 {got.labels}　读出 {got.found}　对上 {got.matched}")
    for name, share in shares.items():
        click.echo(f"{name}\t{share:.4f}")
    sys.exit(1 if min(shares.values()) < least else 0)


commands = [claims]
