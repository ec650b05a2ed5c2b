"""The command `hangshi`: every group of commands in one place; a refusal is one sentence and exit code 1."""

import sys

import click
from django.db.utils import OperationalError

from hangshi.cli import (
    appraise,
    claims,
    closing,
    draws,
    install,
    mechanisms,
    packs,
    privacy,
    react,
    read,
    reports,
    work,
)
from hangshi.refusal import Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """夯实 Hangshi：基层组织工作一次填报、层层可查。 Grassroots work, kept once, every number opens."""


GROUPS = (
    install,
    read,
    packs,
    work,
    draws,
    privacy,
    react,
    claims,
    mechanisms,
    appraise,
    closing,
    reports,
)

for group in (it.commands for it in GROUPS):
    for command in group:
        cli.add_command(command)


def main() -> None:
    """Exit 0: done; 1: refused or figures out; 2: wrong usage."""
    try:
        cli(standalone_mode=True)
    except Refused as refused:
        click.echo(refused.sentence, err=True)
        sys.exit(1)
    except OperationalError as error:
        click.echo(f"数据库暂时连不上：{error}。已保存的数据不受影响，请稍后重试。", err=True)
        sys.exit(1)
