"""The commands a clerk of the machine types, run as they are."""

import json
from datetime import date
from importlib.resources import files

import pytest
from click.testing import CliRunner

from hangshi.access.scope import EVERYTHING, acting
from hangshi.cli.main import cli
from hangshi.refusal import Refused
from hangshi.registry.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    with acting(EVERYTHING):
        return Unit.objects.create(id=7, kind="city", name="某市", code="9901", since=date(2000, 1, 1), path="7/")


def run(*words: str):
    return CliRunner().invoke(cli, list(words))


def test_help_says_each_command_in_both_languages():
    said = run("--help")
    assert said.exit_code == 0
    assert "启动网页服务" in said.output
    assert "Serve the pages" in said.output


def test_a_value_is_printed_for_machines(city):
    said = run("value", "visits", "--unit", "9901", "--from", "2017-01-01", "--on", "2017-10-31", "--json")
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["value"] in (0, "0")


def test_an_unknown_unit_is_one_sentence(city):
    said = run("value", "visits", "--unit", "990299", "--from", "2017-01-01", "--on", "2017-10-31")
    assert isinstance(said.exception, Refused)
    assert said.exception.sentence == "没有代码为 990299 的现行单位。"


@pytest.mark.parametrize("name", ["base", "ankang"])
def test_the_shipped_packs_have_no_problem(name):

    said = run("pack", "check", str(files("hangshi.packs") / name))
    assert (said.exit_code, said.output.strip()) == (0, "没有问题。")


def test_a_pack_with_a_fault_exits_1_and_names_the_line(tmp_path):
    (tmp_path / "pack.toml").write_text("[pack]\nname = \n", encoding="utf-8")
    said = run("pack", "check", str(tmp_path))
    assert said.exit_code == 1
    assert "pack.toml:2" in said.output


def test_an_account_is_opened_with_its_grant(city):
    said = run(
        "user", "zhang", "--name", "张三", "--unit", "9901", "--role", "city_clerk", "--password", "long-enough-2017"
    )
    assert said.exit_code == 0, said.output
    assert "某市" in said.output
