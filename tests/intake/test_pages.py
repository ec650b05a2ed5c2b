"""The pages of an import: upload, columns, preview, write, undo; an import is seen by whoever brought it."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi.access.scope import EVERYTHING, acting
from hangshi.intake.models import Intake
from hangshi.jobs import running
from hangshi.jobs.models import Job
from hangshi.registry.models import Household, Person
from tests.intake.conftest import book, table
from tests.web.conftest import count, party, row, sign_in, town

__all__ = ["count", "party", "row", "sign_in", "town"]

SHEET = """
    户编号 | 户主 | 所在村 | 户类别 | 认定日期
    H9 | 赵九 | 东湾村 | 建档立卡户 | 2017.8
    H8 | 钱八 | 没这个村 | 建档立卡户 | 2017.8
"""


@pytest.fixture
def upload(sign_in):
    client = sign_in("zhen")

    def posted(text=SHEET, target="households", name="花名册.xlsx"):
        file = SimpleUploadedFile(name, book(table(text)))
        return client.post("/intake/new/", {"target": target, "file": file, "unit": "", "source": "乡村振兴局"})

    return SimpleNamespace(client=client, post=posted)


def do_jobs() -> str:
    with acting(EVERYTHING):
        waiting = list(Job.objects.filter(state="waiting").values_list("pk", flat=True))
    for pk in waiting:
        running.run(pk)
    with acting(EVERYTHING):
        return Job.objects.latest("pk").sentence


@pytest.fixture
def checked(upload, committed_jobs):
    number = upload.post().headers["Location"].rstrip("/").rsplit("/", 1)[-1]
    said = {
        "sheet": "Sheet1",
        "column_0": "number",
        "column_1": "head",
        "column_2": "unit",
        "column_3": "status",
        "column_4": "since",
    }
    assert upload.client.post(f"/intake/{number}/match/", said).status_code == 302
    return f"/intake/{number}/", upload.client


@pytest.fixture
def committed_jobs(monkeypatch):
    """A job's progress is written on a connection of its own, which does not see a test's open transaction."""
    monkeypatch.setattr(running.Telling, "_open", staticmethod(lambda account: Silent()))


class Silent:
    def execute(self, *said):
        return self

    def fetchone(self):
        return None

    def close(self):
        pass


def test_the_columns_are_proposed_and_nothing_is_written(upload, count):
    page = upload.client.get(upload.post().headers["Location"]).content.decode()
    assert '<option value="number" selected>户编号（必填）</option>' in page
    assert '<option value="since" selected>户类别起始日</option>' in page
    assert "检查不写入任何记录" in page
    assert count(Household, number="H9") == 0


def test_what_it_would_do_is_shown_then_written_then_taken_back(checked, count):
    address, client = checked
    assert do_jobs() == "共 2 行：新增 1，变动 0，相同 0，不合格 1。还没有写入，请查看后决定。"
    page = client.get(address).content.decode()
    assert "写入合格的 1 行" in page
    assert "您的范围内没有叫“没这个村”的单位" in page
    client.post(f"{address}commit/", {"way": "sound"})
    client.post(f"{address}commit/", {"way": "sound"})  # pressed twice
    assert do_jobs() == "已写入：新增 1，变动 0；不合格的 1 行没有写入。"
    assert count(Household, number="H9") == 1
    client.post(f"{address}undo/")
    assert do_jobs() == "已撤销这次导入，涉及 2 条记录。"
    assert count(Household, number="H9") == 0


def test_pressing_twice_asks_once(checked):
    address, client = checked
    do_jobs()
    first = client.post(f"{address}commit/", {"way": "sound"}).headers["Location"]
    assert client.post(f"{address}commit/", {"way": "sound"}).headers["Location"] == first


def test_refused_rows_come_back_in_the_same_shape_and_can_be_brought_again(checked, upload):
    address, client = checked
    do_jobs()
    client.post("/account/confirm/?next=/", {"password": "一个够长的密码-2017"})
    answer = client.get(f"{address}refused.xlsx")
    book_ = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book_.sheetnames == ["问题清单", "数据"]
    assert [it.value for it in book_["问题清单"][3]] == [
        3,
        "单位",
        "您的范围内没有叫“没这个村”的单位，请写全称或代码。",
        "C2",
    ]
    assert [it.value for it in book_["数据"][2]] == ["H8", "钱八", "没这个村", "建档立卡户", "2017.8"]
    assert "没这个村" in book_["数据"]["C2"].comment.text
    file = SimpleUploadedFile("改好.xlsx", answer.content)
    again = client.post("/intake/new/", {"target": "households", "file": file, "unit": "", "source": ""})
    with acting(EVERYTHING):
        assert Intake.objects.latest("pk").sheet == "数据"
    assert again.status_code == 302


def test_a_refused_file_says_why_and_keeps_what_was_chosen(upload):
    client = upload.client
    answer = client.post(
        "/intake/new/", {"target": "households", "file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7"), "source": "民政局"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "这是PDF 文档，不是表格" in page
    assert 'value="民政局"' in page
    assert '<option value="households" selected>' in page


def test_it_is_nobody_else_s(upload, sign_in):
    address = upload.post().headers["Location"]
    assert sign_in("shi").get(address).status_code == 404


def test_a_reader_imports_nothing(sign_in):
    assert sign_in("kan").get("/intake/").status_code == 403


def test_a_number_is_masked_on_the_page(upload):
    made = upload.post("姓名 | 身份证号 | 所在村\n王一 | 610902198001010019 | 东湾村", target="persons")
    page = upload.client.get(made.headers["Location"]).content.decode()
    assert "610902198001010019" not in page
    assert "*****************9" in page
    with acting(EVERYTHING):
        assert Person.objects.filter(name="王一").count() == 0
