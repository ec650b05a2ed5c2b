"""hangshi report write, issue, verify, table."""

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document

from hangshi.cli.main import cli
from hangshi.refusal import Refused
from hangshi.registry.models import HouseholdStatus

pytestmark = pytest.mark.django_db
WHERE = ("--unit", "610900", "--on", "2017-10-31")


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.VAR = tmp_path / "var"


def run(*words):
    return CliRunner().invoke(cli, ["report", *map(str, words)])


def test_what_can_be_written_is_listed():
    lines = run("list").output.splitlines()
    assert any(line.startswith("work_review\t工作综述") for line in lines)
    assert any("（报表）" in line for line in lines)


def test_a_report_is_printed_or_kept_as_a_document(office, tmp_path):
    answer = run("write", "工作综述", *WHERE)
    assert answer.exit_code == 0
    assert "党员1470人" in answer.output
    file = tmp_path / "a.docx"
    assert run("write", "工作综述", *WHERE, "--red", "-o", file).exit_code == 0
    assert Document(str(file)).paragraphs[0].text == "中共安康市委员会组织部文件"


def test_an_issued_report_is_verified_and_a_record_that_moved_it_is_named(office, tmp_path):
    file = tmp_path / "a.docx"
    answer = run("issue", "工作综述", *WHERE, "-o", file)
    assert (answer.exit_code, "已签发 安康市2017年抓党建促乡村振兴工作情况" in answer.output) == (0, True)
    before = run("verify", file)
    assert (before.exit_code, "文件与签发时一致" in before.output) == (0, True)
    status = HouseholdStatus.objects.filter(status="registered", until=None).first()
    HouseholdStatus.objects.filter(pk=status.pk).update(until="2017-10-30")
    after = run("verify", file)
    assert after.exit_code == 1
    assert "已变动\t724\t建档立卡户数\t安康市\t签发时 724，现在 723" in after.output
    assert f"修改\thouseholds {status.pk}\t现不计入\t截止日：空 → 2017-10-30" in after.output


def test_a_table_is_printed_or_kept_as_a_workbook(office, tmp_path):
    lines = run("table", "households_yearly", *WHERE).output.splitlines()
    assert lines[:2] == [
        "单位\t建档立卡户（户）\t脱贫户（户）\t监测对象（户）\t增收户（户）",
        "安康市\t724\t300\t0\t1001",
    ]
    file = tmp_path / "a.xlsx"
    assert run("table", "households_yearly", *WHERE, "-o", file).exit_code == 0
    assert openpyxl.load_workbook(file).active["B4"].value == 724


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("write", "小说", *WHERE), "template.unknown"),
        (("write", "工作综述", "--unit", "999999", "--on", "2017-10-31"), "unit.unknown"),
        (("write", "工作综述", *WHERE, "--from", "2018-01-01"), "period.order"),
        (("table", "小表", *WHERE), "table.unknown"),
    ],
)
def test_what_cannot_be_done_is_refused(office, words, code):
    answer = run(*words)
    assert isinstance(answer.exception, Refused)
    assert answer.exception.code == code
