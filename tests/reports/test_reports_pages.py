"""材料报表: pages of one's own place, issued once however often the button is pressed, and nothing of others."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi.claims import texts
from hangshi.packs import load
from hangshi.registry.models import Person
from hangshi.reports.models import Issue

pytestmark = pytest.mark.django_db
DAYS = "?from=2017-01-01&to=2017-10-31"
WRITE, CARD = "/reports/secretary_report/", "/reports/plain_card/"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.VAR = tmp_path


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def form(text: str) -> dict[str, str]:
    return {name: re.search(f'name="{name}" value="([^"]+)"', text)[1] for name in ("once", "seen")}


def issue(client, address: str = WRITE, **more):
    return client.post(f"{address}issue/{DAYS}", form(page(client, address + DAYS)) | more)


def upload(client, data: bytes, name: str = "述职报告.docx"):
    return client.post("/reports/verify/", {"file": SimpleUploadedFile(name, data)})


def test_the_index_offers_what_is_meant_for_the_unit(sign_in):
    text = page(sign_in("zhen"), "/reports/")
    assert "述职报告" in text
    assert "明白卡" in text
    assert "工作综述" not in text  # for counties and cities
    assert "工作综述" in page(sign_in("shi"), "/reports/")


def test_every_number_of_a_report_is_a_link_to_where_it_opens(sign_in, town):
    text = page(sign_in("zhen"), CARD + DAYS)
    unit = town["关庙镇"].pk
    assert f'href="/indicators/registered_households/?unit={unit}&amp;from=2017-01-01&amp;to=2017-10-31"' in text
    assert ">2户</a>" in text


def test_the_charts_of_a_report_are_drawn_on_its_page(sign_in):
    text = page(sign_in("shi"), f"/reports/work_review/{DAYS}")
    options = [json.loads(it) for it in re.findall(r"data-chart>(.*?)</script>", text, re.DOTALL)]
    assert [it["series"][0]["type"] for it in options] == ["line", "bar"]
    assert options[0]["xAxis"]["data"] == [f"2017年{month}月" for month in range(1, 11)]
    assert options[1]["xAxis"]["data"] == ["汉滨区"]


def test_the_draft_is_a_document(sign_in):
    answer = sign_in("zhen").get(f"/reports/secretary_report.docx{DAYS}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "2017年抓基层党建工作述职报告" in texts.read("a.docx", answer.content)


def test_a_report_is_issued_once_however_often_the_button_is_pressed(sign_in, count):
    client = sign_in("zhen")
    said = form(page(client, WRITE + DAYS)) | {"number": "关发〔2017〕3号"}
    first, second = (client.post(f"{WRITE}issue/{DAYS}", said) for _ in range(2))
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert count(Issue) == 1
    text = page(client, first["Location"])
    assert "关发〔2017〕3号" in text
    assert "关庙镇用户签发于" in text


def test_a_record_that_changed_meanwhile_stops_the_issue_and_keeps_what_was_typed(sign_in, count):
    client = sign_in("zhen")
    said = form(page(client, CARD + DAYS))
    said["seen"] = "0" * 64
    answer = client.post(f"{CARD}issue/{DAYS}", said | {"number": "号"})
    assert answer.status_code == 422
    assert "您看过之后，有记录变动" in answer.content.decode()
    assert 'value="号"' in answer.content.decode()
    assert count(Issue) == 0


def test_a_reader_writes_drafts_and_issues_nothing(sign_in):
    client = sign_in("kan")
    text = page(client, WRITE)
    assert 'action="/reports/secretary_report/issue/' not in text
    assert client.post(f"{WRITE}issue/", {}).status_code == 403
    assert client.get(f"{WRITE}issue/").status_code in (403, 405)


def test_the_kept_file_comes_back_and_holds(sign_in):
    client = sign_in("zhen")
    address = issue(client)["Location"]
    file = client.get(f"{address}file/").content
    text = upload(client, file).content.decode()
    assert "与签发时的文件一致" in text
    assert "仍成立" in text
    assert "已变动" not in text


def test_what_moved_since_is_shown_with_its_record(sign_in, town, row):
    client = sign_in("zhen")
    address = issue(client, CARD)["Location"]
    household = client.post("/visits/new/", {"household": "H1", "leader": str(_somebody(row)), "day": "2017-10-01"})
    assert household.status_code == 302
    text = page(client, address)
    assert "签发时 0，现在 1" in text
    assert "（现计入）" in text


def _somebody(row) -> int:
    return int(row(Person, name="王建国").pk)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [("a.txt", b"x", "不是 docx 文件"), ("a.docx", b"x", "不是完好的 docx 文件")],
)
def test_a_file_that_cannot_be_verified_is_refused_on_the_page(sign_in, name, data, sentence):
    answer = upload(sign_in("zhen"), data, name)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_no_file_is_said(sign_in):
    answer = sign_in("zhen").post("/reports/verify/", {})
    assert "请先选一个文件" in answer.content.decode()
    assert page(sign_in("zhen"), "/reports/verify/")


def test_a_draft_is_no_issue(sign_in):
    client = sign_in("zhen")
    draft = client.get("/reports/secretary_report.docx").content
    assert "不是在本系统签发的材料" in upload(client, draft).content.decode()


def test_units_and_definitions_out_of_sight_are_not_there(sign_in, town):
    client = sign_in("zhen")
    other = town["大河镇"].pk
    for address in ("/reports/", WRITE, "/reports/secretary_report.docx", "/reports/tables/duties_monthly/", "/wall/"):
        assert client.get(f"{address}?unit={other}").status_code == 404
    for address in (
        "/reports/novel/",
        "/reports/novel.docx",
        "/reports/tables/novel/",
        "/reports/issued/1/",
        "/reports/issued/1/file/",
    ):
        assert client.get(address).status_code == 404


def test_what_the_city_issued_is_not_seen_from_a_township(sign_in):
    address = issue(sign_in("shi"))["Location"]
    client = sign_in("zhen")
    assert client.get(address).status_code == 404
    assert client.get(f"{address}file/").status_code == 404
    assert "没有签发过" in page(client, "/reports/")


def test_a_template_for_other_units_is_refused_in_words(sign_in):
    answer = sign_in("zhen").get("/reports/work_review/")
    assert answer.status_code == 400
    assert "关庙镇不能用" in answer.content.decode()


def test_a_table_page_links_cells_and_rows(sign_in, town):
    text = page(sign_in("shi"), "/reports/tables/households_yearly/")
    county = town["county"].pk
    assert f"/reports/tables/households_yearly/?unit={county}&amp;from=2017-01-01&amp;to=2017-10-31" in text
    assert f'/indicators/registered_households/?unit={county}&amp;from=2017-01-01&amp;to=2017-10-31">3</a>' in text


def test_the_wall_shows_one_table_after_the_other(sign_in):
    client = sign_in("shi")
    walls = [it.name for it in load("base", "ankang").tables.values() if it.wall]
    for number, name in enumerate(walls, start=1):
        assert f"<h1>安康市 {name}</h1>" in page(client, f"/wall/?page={number}")
    assert f"<h1>安康市 {walls[0]}</h1>" in page(client, f"/wall/?page={len(walls) + 1}")
    assert f"<h1>安康市 {walls[0]}</h1>" in page(client, "/wall/?page=x")
