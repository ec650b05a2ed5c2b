"""核对材料: upload, marks in place, a person's word kept, and nothing of others seen."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from docx import Document

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.claims import queries, services, texts
from hangshi.claims.models import ClaimBinding
from hangshi.indicators import queries as figures
from tests.refusals import refusal_of

pytestmark = pytest.mark.django_db
TEXT = "全镇有建档立卡贫困户2户，行政村2个。<script>alert(1)</script>"


def upload(client, text: str = TEXT, *, name: str = "综述.txt", **more):
    return client.post(
        "/claims/", {"file": SimpleUploadedFile(name, text.encode()), "kind": "工作综述", "on": "2017-10-31"} | more
    )


def test_a_report_is_shown_with_its_marks(sign_in):
    page = upload(sign_in("zhen")).content.decode()
    assert "共 2 个数字" in page
    assert '<a id="mark-1" href="#claim-1" class="badge bg-green-lt" title="支持">2户</a>' in page
    assert '<a id="mark-2" href="#claim-2" class="badge bg-red-lt" title="不符">2个</a>' in page
    assert "算得 1，不在所许区间内" in page


def test_what_the_report_says_is_escaped(sign_in):
    page = upload(sign_in("zhen"), name="<b>.txt").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>.txt" not in page


def test_the_figure_links_to_its_rows(sign_in, town):
    page = upload(sign_in("zhen")).content.decode()
    assert f"/indicators/registered_households/?unit={town['关庙镇'].pk}&amp;from=2017-01-01&amp;to=2017-10-31" in page


def test_the_text_against_itself_is_said(sign_in):
    page = upload(sign_in("zhen"), "共培训干部120人，其中党员125人。").content.decode()
    assert "各部分之和 125 大于总数 120" in page


def test_the_document_with_comments(sign_in):
    answer = upload(sign_in("zhen"), **{"as": "docx"})
    document = Document(io.BytesIO(answer.content))
    assert [it.text[:2] for it in document.comments] == ["支持", "不符"]
    assert document.paragraphs[0].text == TEXT


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("表.xlsx", "x", "只收 txt、docx、html、pdf 文件"),
        ("空.txt", " ", "里没有可读的文字"),
        ("坏.docx", "x", "不是完好的 docx 文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_page(sign_in, name, text, sentence):
    answer = upload(sign_in("zhen"), text, name=name)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_no_file_and_no_day_are_refused(sign_in):
    client = sign_in("zhen")
    assert "请先选一个文件" in client.post("/claims/", {"kind": "其他"}).content.decode()
    assert "不是日期" in upload(client, on="昨天").content.decode()


def test_a_file_too_large_is_refused_before_it_is_read(sign_in, monkeypatch):
    monkeypatch.setattr(texts, "LARGEST", 10)
    assert "没有读入" in upload(sign_in("zhen")).content.decode()


def test_an_empty_form_is_a_page(sign_in):
    answer = sign_in("kan").get("/claims/")
    assert (answer.status_code, "核对材料" in answer.content.decode()) == (200, True)


def test_a_unit_outside_the_scope_is_not_there(sign_in, town):
    client = sign_in("zhen")
    assert client.get(f"/claims/?unit={town['大河镇'].pk}").status_code == 404
    assert client.post(f"/claims/bind/?unit={town['大河镇'].pk}", {}).status_code == 404


BIND = {"kind": "工作综述", "subject": "行政村", "measure": "item", "definition": "poor_villages"}


def test_a_persons_word_holds_for_the_next_report_of_that_kind(sign_in):
    client = sign_in("zhen")
    assert "已记住" in client.post("/claims/bind/", BIND).content.decode()
    page = upload(client).content.decode()
    assert "已由人确认过" in page
    assert "算得 0，不在所许区间内" in page  # 贫困村数 now, no longer 行政村数
    other = upload(client, kind="述职报告").content.decode()
    assert "算得 1，不在所许区间内" in other


def test_a_later_word_replaces_the_earlier_and_leaves_its_history(sign_in, town):
    client = sign_in("zhen")
    client.post("/claims/bind/", BIND)
    client.post("/claims/bind/", BIND | {"definition": "villages"})
    with acting(EVERYTHING):
        assert [it.definition for it in ClaimBinding.objects.all()] == ["villages"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT definition FROM claim_binding_history")
            assert cursor.fetchall() == [("poor_villages",)]


def test_a_reader_may_check_but_not_bind(sign_in):
    client = sign_in("kan")
    assert upload(client).status_code == 200
    assert client.post("/claims/bind/", BIND).status_code == 403


def test_a_binding_is_seen_in_its_scope_only(town):
    with acting(EVERYTHING):
        services.confirm(
            figures.pack(), unit=town["关庙镇"], report_kind="其他", subject="村", measure="item", definition="villages",
            on=date(2017, 10, 31), actor=None,
        )  # fmt: skip
    for place, seen in (("关庙镇", {("村", "item"): "villages"}), ("大河镇", {})):
        with acting(Scope.below(town[place].path)):
            assert queries.confirmed(town["关庙镇"], "其他") == seen


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"definition": "nothing"}, "binding.definition"),
        ({"subject": " "}, "binding.subject"),
        ({"subject": "村" * 121}, "binding.subject"),
        ({"report_kind": ""}, "binding.kind"),
        ({"measure": "person"}, "binding.measure"),
    ],
)
def test_what_may_be_confirmed(town, change, refusal):
    said = {"report_kind": "其他", "subject": "村", "measure": "item", "definition": "villages"} | change
    with acting(EVERYTHING):
        got = refusal_of(
            services.confirm, figures.pack(), unit=town["关庙镇"], on=date(2017, 10, 31), actor=None, **said
        )
        assert (got, ClaimBinding.objects.count()) == (refusal, 0 if refusal else 1)
