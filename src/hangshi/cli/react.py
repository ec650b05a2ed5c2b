"""The command that answers what waits at once; the server does the same each minute."""

import click

from hangshi.reactions import chore


@click.command()
def react() -> None:
    """处理联动：一条记录引出的另一条。 Answer what waits."""
    click.echo(f"已处理{chore.react()}件。")


commands = [react]
