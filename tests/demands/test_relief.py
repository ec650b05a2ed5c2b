"""减负: a demand filled on its page, a blank form downloaded filled, and what both took, down to every filling."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity
from hangshi.demands.models import Answer, Demand, Filling, Item, Judgement
from hangshi.forms.models import Form
from hangshi.registry.models import Unit
from tests.demands.pages import SAID, county, proposed, text
from tests.forms.blanks import monthly
from tests.forms.test_pages import SAID as COLUMNS
from tests.forms.test_pages import upload
from tests.web.conftest import count, row, sign_in, town

__all__ = ["count", "county", "proposed", "row", "sign_in", "town"]


@pytest.fixture
def township(county, sign_in):
    return sign_in("zhen")


@pytest.fixture
def fill(proposed, town, township):
    """Post the sheet of a village for the October that the demand is in use in; it is asked by the county."""
    with acting(EVERYTHING):
        Demand.objects.update(state="approved")
        Activity.objects.create(
            kind="visit",
            unit=town["东湾村"],
            path=town["东湾村"].path,
            day=date(2017, 10, 9),
        )

    def filled(unit="东湾村", client=township, day="2017-10-31", at=proposed, **typed):
        return client.post(f"{at}fill/?unit={town[unit].pk}&day={day}", typed)

    return filled


def test_the_sheet_shows_what_the_system_knows_and_asks_for_the_rest(fill, township, proposed):
    page = township.get(f"{proposed}fill/")
    assert "东湾村，2017-10-01 至 2017-10-31" in text(page)
    assert "走访次数 1 系统" in text(page)
    assert 'name="item_1"' not in page.content.decode()
    assert page.content.decode().count('<input class="form-control" name="item_') == 2
    assert "填报" in text(township.get(proposed))


def test_a_filling_is_kept_and_opened(fill, township, row):
    answer = fill(item_2="4", item_3="")
    filling = row(Filling)
    assert (answer.status_code, answer["Location"]) == (302, f"/relief/fillings/{filling.pk}/")
    assert (filling.known, filling.typed, filling.empty, filling.minutes) == (1, 1, 1, Decimal("2.00"))
    page = text(township.get(answer["Location"]))
    for said in ("系统填 1 格", "手工填 1 格", "防溺水巡查次数 4 手工填", "警示牌（块） 没有填"):
        assert said in page


def test_nothing_filled_says_so_and_keeps_what_was_typed(fill, count):
    answer = fill(item_2=" ")
    assert answer.status_code == 422
    assert "一项也没有填，没有保存" in text(answer)
    too_long = fill(item_2="长" * 201, item_3="三块")
    assert (too_long.status_code, 'value="三块"' in too_long.content.decode()) == (422, True)
    assert fill(day="2018-01-01", item_2="4").status_code == 422
    assert count(Filling) == 0


def test_whoever_opened_the_sheet_before_somebody_else_saved_it_is_told_and_loses_nothing(fill, count):
    fill(item_2="4", was_2="", was_3="")
    answer = fill(item_2="5", item_3="7", was_2="", was_3="")
    page = answer.content.decode()
    assert (answer.status_code, "“防溺水巡查次数”已由别人填为“4”，没有保存" in page) == (422, True)
    assert ['value="5"' in page, 'value="7"' in page] == [True, True]  # what was typed
    assert '<input type="hidden" name="was_2" value="4">' in page  # and what it is now typed over
    assert count(Answer, text="5") == 0
    assert fill(item_2="5", item_3="7", was_2="4", was_3="").status_code == 302
    assert count(Answer) == 2


def test_an_answer_given_in_another_form_is_taken_over(fill, county, row, township, town):
    other = county.post("/demands/new/", SAID | {"title": "河长月报", "items": "巡查水域\n水质"})["Location"]
    with acting(EVERYTHING):
        Demand.objects.update(state="approved")
        first, second = Item.objects.get(label="防溺水巡查次数"), Item.objects.get(label="巡查水域")
        Judgement.objects.create(first=first, second=second, path=first.path, same=True, judged_on=date(2017, 10, 1))
    fill(item_2="4", item_3="1")
    page = text(township.get(f"{other}fill/?unit={town['东湾村'].pk}"))
    assert "巡查水域 4 已在 防溺水月报 填过" in page
    fill(at=other, item_1="9", item_2="三类")
    filling = row(Filling, title="河长月报")
    assert (filling.known, filling.typed) == (1, 1)


def test_the_page_sums_up_and_every_number_opens(fill, county, township, town):
    fill(item_2="4", item_3="2")
    with acting(EVERYTHING):
        other = Filling.objects.get()
        other.pk, other.unit, other.path = None, town["西沟村"], town["西沟村"].path
        other.typed, other.minutes, other.filled_on = 1, Decimal(2), date(2017, 9, 30)
        other.save(force_insert=True)
    page = county.get("/relief/?from=2017-09-30&to=2017-10-31")
    said = text(page)
    assert "要填的报表数 1 份" in said
    assert "手工填的报表格数 3 个" in said
    assert "填报表估算用时 6 分钟" in said
    assert "手工填报估算用了 0.1 小时" in said
    assert "2017-09 1 1 1 0 0.03" in said
    assert "2017-10 1 1 2 0 0.07" in said
    assert " 村 2 2 3 0 0.10" in said
    assert "县教体局 1 3 2 2 3 0.10" in said
    september = f"/relief/fillings/?unit={town['county'].pk}&from=2017-09-30&to=2017-09-30"
    assert september.replace("&", "&amp;") in page.content.decode()
    rows = text(county.get(september))
    assert ("西沟村" in rows, "东湾村" in rows) == (True, False)
    assert "手工填的报表格数 2 个" in text(township.get("/relief/?from=2017-09-30&to=2017-10-31"))
    assert "西沟村" not in text(township.get("/relief/fillings/?from=2017-09-30&to=2017-10-31"))
    opened = text(county.get(f"/indicators/cells_typed/?unit={town['county'].pk}&from=2017-09-30&to=2017-10-31"))
    assert "西沟村" in opened


def test_the_list_is_narrowed_as_the_address_says(fill, county):
    fill(item_2="4")
    for narrowed, there in (
        ("department=县教体局", True),
        ("department=县民政局", False),
        ("level=village", True),
        ("title=别的", False),
    ):
        assert ("2017-10-01 至 2017-10-31" in text(county.get(f"/relief/fillings/?{narrowed}"))) == there


def test_what_is_asked_no_longer_stands_with_the_hours_it_saves(fill, county, proposed):
    assert county.post(f"{proposed}withdraw/", {"day": "2017-10-30", "reason": "平台已有"}).status_code == 302
    page = text(county.get("/relief/"))
    assert "防溺水月报 县教体局 已停用：平台已有 1.60" in page


def test_the_answers_of_all_villages_stand_in_one_table_with_who_has_not_filled_it(
    fill, county, proposed, sign_in, town
):
    fill(item_2="4", item_3="新立两块")
    page = text(county.get(f"{proposed}collected/"))
    assert "2017-10-01 至 2017-10-31，已填 1 个，没有填 1 个" in page
    assert "东湾村 1 4 新立两块 2017-10-31" in page
    assert "西沟村 0 没有填" in page
    assert "已填 0 个，没有填 2 个" in text(county.get(f"{proposed}collected/?day=2017-11-01"))
    below = text(sign_in("kan").get(f"{proposed}collected/"))
    assert ("西沟村" in below, "新立两块" in below, "东湾村 1" in below) == (False, False, True)


def test_who_is_out_of_reach_or_only_reads_fills_nothing(fill, proposed, sign_in, township, count):
    assert fill(unit="西沟村", item_2="4").status_code == 404
    assert fill(client=sign_in("kan"), item_2="4").status_code == 403
    assert fill(unit="关庙镇", item_2="4").status_code == 422
    with acting(EVERYTHING):
        Unit.objects.filter(kind="village").update(kind="community")
    assert township.get(f"{proposed}fill/").status_code == 404
    assert count(Filling) == 0


def test_who_may_not_see_restricted_words_sees_the_counts_alone(fill, row, sign_in):
    address = fill(item_2="某某家门口")["Location"]
    page = text(sign_in("kan").get(address))
    assert ("手工填 1 格" in page, "您的权限看不到内容" in page, "某某" in page) == (True, True, False)


def test_a_blank_form_downloaded_filled_is_one_filling_however_often(county, township, town, row, count):
    page = upload(township, monthly()).headers["Location"]
    township.post(f"{page}confirm/", COLUMNS)
    said = {"unit": town["关庙镇"].pk, "from": "2017-10-01", "to": "2017-10-31", "kind": "village"}
    assert 'method="post" action="' + page + 'filled.xlsx"' in township.get(page).content.decode()
    for _ in range(2):
        assert township.post(f"{page}filled.xlsx", said).status_code == 200
    filling = row(Filling)
    assert (filling.form, filling.title, filling.unit_id) == (row(Form).pk, "帮扶工作月报表", town["关庙镇"].pk)
    assert (filling.known, filling.typed, filling.empty, filling.minutes) == (2, 1, 0, Decimal("2.00"))
    assert "按手工填计" in text(township.get(f"/relief/fillings/{filling.pk}/"))
    assert township.get(f"{page}filled.xlsx", said).status_code == 200
    assert count(Filling) == 1
