"""`hangshi pack show` names the schemes of the packs, and on request the editions that units put in force."""

import pytest
from click.testing import CliRunner

from hangshi.cli.main import cli

pytestmark = pytest.mark.django_db


def lines(*words: str) -> list[str]:
    shown = CliRunner().invoke(cli, ["pack", "show", "base", *words]).output.splitlines()
    return [line for line in shown if line.startswith("办法 five_outcomes")]


def test_a_scheme_of_a_pack_is_shown_with_its_first_day(adopted):
    [line] = lines()
    assert line.startswith("办法 five_outcomes\t基层基础工作检验标准（五看）\t2017-01-01 起\t")


def test_an_edition_is_shown_with_the_digest_that_a_round_keeps(adopted):
    assert lines("--editions")[1:] == [
        f"办法 five_outcomes\t基层基础工作检验标准（五看）\t2018-06-01 起\t{adopted.digest}\t示例县，2018-05-01 启用"
    ]
