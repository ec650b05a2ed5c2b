"""The pages of 一表通: upload, confirm, fill and download; a form is seen in the range of its unit."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.models import AuditEntry
from hangshi.forms.models import Form
from tests.forms.blanks import Filled, card, monthly, roll
from tests.web.conftest import count, party, row, sign_in, town

__all__ = ["count", "party", "row", "sign_in", "town"]
SAID = {
    "column_A": "serial",
    "column_B": "unit.name",
    "column_C": "figure.registered_households",
    "column_D": "",
    "column_E": "figure.visits",
}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def clerk(sign_in):
    return sign_in("zhen")


def upload(client, data, **more):
    return client.post("/forms/new/", {"file": SimpleUploadedFile("月报.xlsx", data), **more})


@pytest.fixture
def page(clerk):
    return upload(clerk, monthly()).headers["Location"]


def test_an_uploaded_form_shows_its_columns_with_proposals_and_reasons(clerk, page):
    shown = clerk.get(page)
    assert "农户/建档立卡户数(户)" in text(shown)
    assert "建档立卡户数（等于名称）" in text(shown)
    assert '<option value="figure.visits" selected>走访次数</option>' in shown.content.decode()
    assert "填好并下载" not in text(shown)


def test_it_is_confirmed_once_then_filled_and_downloaded(clerk, page, town):
    assert clerk.post(f"{page}confirm/", SAID).status_code == 302
    assert "已确认，可以填" in text(clerk.get("/forms/"))
    answer = clerk.get(f"{page}filled.xlsx?unit={town['关庙镇'].pk}&from=2017-10-01&to=2017-10-31&kind=village")
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = Filled(answer.content)
    assert book.row(7) == [1, "东湾村", 2, None, 0]
    assert book.row(8) == [None] * 5
    assert book.row(10)[2] == 2
    to = book.book["数据来源"]["G3"].hyperlink.target
    assert (
        to
        == f"http://testserver/indicators/registered_households/?unit={town['东湾村'].pk}&from=2017-10-01&to=2017-10-31"
    )
    assert clerk.get(to.removeprefix("http://testserver")).status_code == 200


def test_a_form_that_was_not_confirmed_says_so_instead_of_a_file(clerk, page):
    answer = clerk.get(f"{page}filled.xlsx")
    assert answer.status_code == 422
    assert "这张表的各列还没有确认，不能填" in text(answer)


def test_a_card_is_confirmed_by_its_cells_and_filled_for_the_unit(clerk):
    page = upload(clerk, card()).headers["Location"]
    shown = text(clerk.get(page))
    assert ("各格取数" in shown, "B4" in shown, "各行是" in shown) == (True, True, False)
    said = {"column_B3": "unit.name", "column_B4": "figure.registered_households"}
    assert clerk.post(f"{page}confirm/", said).status_code == 302
    book = Filled(clerk.get(f"{page}filled.xlsx?from=2017-10-01&to=2017-10-31").content)
    assert [book.row(number)[:2] for number in (3, 4)] == [["单位名称", "关庙镇"], ["建档立卡户数", 2]]


@pytest.fixture
def listed(clerk):
    """A roll of 建档立卡户, confirmed."""
    page = upload(clerk, roll("建档立卡户花名册")).headers["Location"]
    said = {"column_A": "serial", "column_B": "list.status_registered.name", "column_C": "list.status_registered.unit"}
    assert clerk.post(f"{page}confirm/", said).status_code == 302
    return page


def test_a_roll_is_an_export_on_record(clerk, listed, town):
    assert f'action="{listed}list.xlsx"' in clerk.get(listed).content.decode()
    answer = clerk.get(f"{listed}list.xlsx?from=2017-01-01&to=2017-10-31")
    book = Filled(answer.content)
    assert [book.row(number)[:3] for number in (4, 5)] == [[1, "李一", "东湾村"], [2, "李二", "东湾村"]]
    with acting(EVERYTHING):
        noted = AuditEntry.objects.filter(kind="export", table_name="form").latest("id")
    assert noted.detail == {"what": "list", "unit": town["关庙镇"].pk, "rows": 2}
    assert clerk.get(f"{listed}filled.xlsx").status_code == 422


def test_who_may_not_export_is_not_offered_a_roll(listed, sign_in):
    reader = sign_in("kan")
    assert "由有导出权限的人下载" in text(reader.get(listed))
    assert reader.get(f"{listed}list.xlsx").status_code == 403


def test_a_roll_of_which_nothing_is_on_record_says_so(clerk, listed):
    answer = clerk.get(f"{listed}list.xlsx?from=2016-01-01&to=2016-12-31")
    assert (answer.status_code, "关庙镇没有建档立卡户" in text(answer)) == (422, True)


def test_a_wrong_choice_is_said_and_the_others_are_kept(clerk, page, row):
    answer = clerk.post(f"{page}confirm/", SAID | {"column_B": ""})
    assert answer.status_code == 422
    assert "还没有指明哪一列是单位名称或单位代码" in text(answer)
    assert '<option value="figure.registered_households" selected>' in answer.content.decode()
    assert row(Form).confirmed_on is None


def test_what_is_no_form_is_refused_and_the_title_is_kept(clerk, count):
    answer = upload(clerk, b"%PDF-1.7", title="十月月报")
    assert answer.status_code == 422
    assert "这是PDF 文档" in text(answer)
    assert 'value="十月月报"' in answer.content.decode()
    assert clerk.post("/forms/new/", {"title": "十月月报"}).status_code == 422
    assert count(Form) == 0


def test_who_may_only_read_fills_but_does_not_upload_or_confirm(clerk, page, sign_in):
    clerk.post(f"{page}confirm/", SAID)
    reader = sign_in("kan")
    assert reader.get(f"{page}filled.xlsx").status_code == 200
    assert '<select class="form-select" name="column_' not in reader.get(page).content.decode()
    assert reader.post(f"{page}confirm/", SAID).status_code == 403
    assert reader.get("/forms/new/").status_code == 403


def test_the_form_of_a_unit_out_of_sight_is_not_there(sign_in):
    page = upload(sign_in("shi"), monthly()).headers["Location"]
    below = sign_in("zhen")
    for address in (page, f"{page}filled.xlsx"):
        assert below.get(address).status_code == 404
    assert below.post(f"{page}confirm/", SAID).status_code == 404
    assert "帮扶工作月报表" not in text(below.get("/forms/"))


def test_a_form_below_is_seen_from_above_and_filled_there_for_the_unit_below(clerk, page, sign_in, town):
    clerk.post(f"{page}confirm/", SAID)
    city = sign_in("shi")
    assert "帮扶工作月报表" in text(city.get("/forms/"))
    book = Filled(city.get(f"{page}filled.xlsx?unit={town['大河镇'].pk}&kind=village").content)
    assert book.row(7)[:3] == [1, "西沟村", 1]
