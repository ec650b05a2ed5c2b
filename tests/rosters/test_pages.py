"""The pages of a comparison: upload, columns, outcome, judging, clues, exports; who looks is on record."""

import io
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.models import AuditEntry
from hangshi.cases.models import Case
from hangshi.registry.models import Household
from hangshi.registry.people import correct, enter_household, register_person
from hangshi.rosters.models import Finding, Roster, Row
from tests.intake.conftest import citizen, own_vault
from tests.intake.test_pages import committed_jobs, do_jobs
from tests.rosters.conftest import sheet
from tests.web.conftest import JAN_1, count, sign_in, town

__all__ = ["committed_jobs", "count", "own_vault", "sign_in", "town"]

LI, BORN = citizen(11), date(1980, 1, 1)
LISTED = f"""
    姓名 | 身份证号 | 出生日期 | 村 | 车型 | 电话
    李一 | {LI} | | | 三轮车 | 139
    李梅 | 不详 | 1980-01-01 | 东湾村 | 轿车 | 138
    何人 | {citizen(15)} | | | 轿车 | 137
    某人 | 不详 | | | 轿车 | 136
"""
COLUMNS = {
    "column_0": "name",
    "column_1": "number",
    "column_2": "born",
    "column_3": "unit",
    "column_4": "kind",
    "column_5": "",
}
TERMS = {
    "kind": "vehicles", "holder": "区公安局", "purpose": "核实帮扶对象家庭状况", "basis": "履行法定职责所必需",
    "as_of": "2017-10-31", "expires_on": "2027-01-31", "unit": "",
}  # fmt: skip


@pytest.fixture
def client(town, sign_in):
    """A clerk of the city; 李一 lives in the household H1, 李梅 without a number in H2, both 建档立卡 in 东湾村."""
    with acting(EVERYTHING):
        li = register_person(town["东湾村"], name="李一", on=JAN_1, actor=None, number=LI)
        mei = register_person(town["东湾村"], name="李梅", on=JAN_1, actor=None)
        correct(mei, on=JAN_1, actor=None, born=BORN)
        for person, number in ((li, "H1"), (mei, "H2")):
            enter_household(person, Household.objects.get(number=number), relation="户主", on=JAN_1, actor=None)
    return sign_in("shi")


@pytest.fixture
def upload(client):
    def posted(text=LISTED, **said):
        return client.post("/comparisons/new/", TERMS | said | {"file": SimpleUploadedFile("车辆.xlsx", sheet(text))})

    return SimpleNamespace(client=client, post=posted)


@pytest.fixture
def compared(upload, committed_jobs):
    address = upload.post().headers["Location"]
    assert upload.client.post(f"{address}match/", COLUMNS | {"sheet": "Sheet1"}).status_code == 302
    return SimpleNamespace(address=address, client=upload.client, said=do_jobs())


def test_choosing_a_kind_shows_what_it_looks_for_and_proposes_holder_and_ground(client):
    page = client.get("/comparisons/new/?kind=deaths").content.decode()
    assert "已登记死亡，仍在党员名册" in page
    assert 'value="县级公安、民政部门"' in page
    assert "出生日期、性别、村（社区）、死亡日期，其余的列不读入" in page


def test_the_columns_are_proposed_and_nothing_is_compared(upload):
    page = upload.client.get(upload.post().headers["Location"]).content.decode()
    assert '<option value="number" selected>公民身份号码</option>' in page
    assert '<option value="kind" selected>车辆类型</option>' in page
    assert "比对不改动任何记录；不导入的列：电话" in page
    assert LI not in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"purpose": "查"}, "请写明用途，至少4个字"),
        ({"expires_on": "2099-01-01"}, "保存期限应在今天至"),
        ({"expires_on": "明年"}, "“明年”不是日期"),
        ({"as_of": ""}, "请填写名单日期和保存期限。"),
        ({"unit": "没这个县"}, "没这个县"),
    ],
)
def test_a_refused_upload_says_why_and_keeps_what_was_typed(upload, count, said, words):
    answer = upload.post(**said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'value="区公安局"' in page
    assert "文件请重新选一次" in page
    assert count(Roster) == 0


def test_columns_that_do_not_say_who_come_back_as_they_were_chosen(upload):
    address = upload.post().headers["Location"]
    answer = upload.client.post(f"{address}match/", {"column_0": "name", "column_4": "kind", "sheet": "Sheet1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "没有号码的，须有“姓名”" in page
    assert '<option value="number" selected>' not in page


def test_the_outcome_accounts_for_every_row_and_changes_nothing(compared):
    assert (
        compared.said
        == "共 4 行：已对应 1，可能是 1，未对应 1，无法读取 1。比对发现 1 条，都待核实；没有改动任何记录。"
    )
    page = compared.client.get(compared.address).content.decode()
    assert "名下有机动车，所在户为帮扶监测对象" in page
    assert "应退未退" in page
    assert "有 1 行没有能用的号码，可能是在册的人" in page
    assert "发现不是结论" in page


def test_the_list_of_lists_says_until_when_each_is_kept(compared):
    page = compared.client.get("/comparisons/").content.decode()
    assert "机动车登记名单" in page
    assert "2027-01-31" in page


def looked() -> list[object]:
    with acting(EVERYTHING):
        return [it.detail for it in AuditEntry.objects.filter(kind="roster_read").order_by("pk")]


def test_who_looks_at_rows_is_on_record_before_they_are_shown(compared):
    before = len(looked())
    page = compared.client.get(f"{compared.address}rows/possible/").content.decode()
    assert "姓名 李梅，出生日期 1980-01-01，村（社区） 东湾村，车辆类型 轿车" in page
    assert '">李梅</a>' in page  # 李一, born on the same day in the same village, is somebody else
    assert looked()[before:] == [{"what": "possible", "rows": 1}]


def test_a_row_judged_the_same_is_matched_and_found(compared, count):
    with acting(EVERYTHING):
        row = Row.objects.get(state="possible")
    assert compared.client.post(f"{compared.address}judge/{row.pk}/", {"same": "perhaps"}).status_code == 409
    compared.client.post(f"{compared.address}judge/{row.pk}/", {"same": "yes"})
    assert count(Row, state="matched") == 2
    assert count(Finding) == 2


def test_clues_are_opened_for_those_chosen_and_then_for_the_rest(compared, count):
    with acting(EVERYTHING):
        row = Row.objects.get(state="possible")
    compared.client.post(f"{compared.address}judge/{row.pk}/", {"same": "yes"})
    address = f"{compared.address}findings/supported/"
    nobody = compared.client.post(address, {"which": "chosen"})
    assert (nobody.status_code, count(Case)) == (422, 0)
    assert "请先勾选要核实的人" in nobody.content.decode()
    with acting(EVERYTHING):
        first = Finding.objects.get(person__name="李一")
    answer = compared.client.post(address, {"which": "chosen", "chosen": [str(first.pk)]})
    assert (answer.headers["Location"], count(Case)) == (f"{address}?opened=1", 1)
    page = compared.client.get(answer.headers["Location"]).content.decode()
    assert "已立 1 件线索" in page
    assert "全部立线索（1 件）" in page
    compared.client.post(address, {"which": "all"})
    assert count(Case, kind="roster_clue") == 2


def test_a_clue_is_found_among_the_cases_with_neutral_words(compared):
    compared.client.post(f"{compared.address}findings/supported/", {"which": "all"})
    with acting(EVERYTHING):
        clue = Case.objects.get()
    page = compared.client.get(f"/records/cases/{clue.pk}/").content.decode()
    assert "待核实：在机动车登记名单上，所在户登记为帮扶监测对象" in page
    assert "三轮车" not in page


def test_the_export_masks_the_names_and_is_on_record(compared):
    answer = compared.client.get(f"{compared.address}findings/supported.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert rows[2] == ("所在单位", "姓名", "户主", "比对情形", "线索编号", "线索阶段")
    assert rows[3] == ("东湾村", "李*", "李*", "名下有机动车，所在户为帮扶监测对象", None, "")
    with acting(EVERYTHING):
        assert AuditEntry.objects.filter(kind="export", detail__what="supported", detail__rows=1).count() == 1


def test_rows_with_a_fault_come_back_marked(compared):
    answer = compared.client.get(f"{compared.address}faults.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [[cell.value for cell in row[:2]] for row in book["数据"].iter_rows(min_row=2)] == [
        ["李梅", "不详"],
        ["某人", "不详"],
    ]
    assert "现有2位" in book["数据"]["B2"].comment.text


def test_what_changed_since_the_last_list_can_be_opened(compared, upload):
    address = upload.post(f"姓名 | 身份证号\n何人 | {citizen(15)}", as_of="2017-11-30").headers["Location"]
    upload.client.post(f"{address}match/", {"column_0": "name", "column_1": "number", "sheet": "Sheet1"})
    do_jobs()
    page = upload.client.get(address).content.decode()
    assert "与上一份（2017-10-31）相比" in page
    assert "李一" in upload.client.get(f"{address}rows/gone/").content.decode()
    assert upload.client.get(f"{compared.address}rows/gone/").status_code == 404


def test_erased_by_hand_only_numbers_are_shown(compared, count):
    compared.client.post(f"{compared.address}erase/")
    page = compared.client.get(compared.address).content.decode()
    assert "名单已清除" in page
    assert f"{compared.address}rows/" not in page
    assert (count(Row), count(Finding), count(Roster, state="erased")) == (0, 0, 1)


@pytest.mark.parametrize("username", ["zhen", "kan"])
def test_who_may_not_compare_finds_no_page(compared, sign_in, username):
    other = sign_in(username)
    assert other.get("/comparisons/").status_code == 403
    assert other.get(compared.address).status_code == 403


def test_a_list_of_another_place_is_not_found(compared, sign_in, town):
    with acting(EVERYTHING):
        Roster.objects.update(path="9/")
    for address in ("", "rows/possible/", "findings/supported/", "faults.xlsx", "findings/supported.xlsx"):
        assert compared.client.get(f"{compared.address}{address}").status_code == 404
    assert compared.client.post(f"{compared.address}erase/").status_code == 404
