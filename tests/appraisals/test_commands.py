"""The commands: a round computed again, told by the exit code."""

from decimal import Decimal

import pytest
from click.testing import CliRunner

from hangshi.appraisals.models import Sheet
from hangshi.cli.main import cli
from hangshi.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=False)


def run(*words):
    return CliRunner().invoke(cli, ["appraise", *map(str, words)])


def test_rounds_are_listed_with_their_digests(shown):
    assert f"{shown.round.pk}\t2017年支部考评\tshown\t{shown.round.digest}" in run("list").output


def test_a_round_is_verified(shown):
    answer = run("verify", shown.round.pk)
    assert (answer.exit_code, "完全相同" in answer.output) == (0, True)
    Sheet.objects.filter(pk=shown.bay.pk).update(total=Decimal(99))
    assert run("verify", shown.round.pk).exit_code == 1


@pytest.mark.parametrize(("number", "code"), [(0, "appraisal.unknown"), (None, "appraisal.not_computed")])
def test_what_cannot_be_verified_is_said(branches, number, code):
    answer = run("verify", branches.round.pk if number is None else number)
    assert isinstance(answer.exception, Refused)
    assert answer.exception.code == code


def test_a_month_without_flags_books_nothing(shown):
    assert run("pay", shown.round.pk, "--month", "2018-02").output == "记入 0 笔，合计 0 元。\n"
