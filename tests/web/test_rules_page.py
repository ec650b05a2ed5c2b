"""Which document a rule rests on can be read on a page, and what rests on a document."""

from django.test import Client

LEAGUE = "《中国共产党支部工作条例（试行）》（2018年）"


def test_a_document_lists_what_rests_on_it(sign_in):
    page = sign_in("shi").get("/rules/").content.decode()
    part = page[page.index(LEAGUE) :].split('<div class="card mb-3">')[0]
    assert '<a href="/findings/theme_day_monthly/">主题党日每月一次</a>' in part
    assert "支部党员大会" in part
    assert "第一书记" not in part  # rests on another one


def test_nobody_reads_it_unasked(town):
    assert Client().get("/rules/").status_code == 302
