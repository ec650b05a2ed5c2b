"""The jobs of the guide, done in a browser as the guide tells them; with HANGSHI_SHOTS=1 they take its pictures."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, Site

pytestmark = pytest.mark.browser
Enter: TypeAlias = Callable[..., Page]
Shot: TypeAlias = Callable[[Page, str], None]
BRANCH = "皂树村第一"


def choose(page: Page, field: str, text: str, number: int = 0) -> str:
    """Type, wait for the list, take one of its rows; what stands in the input then."""
    page.locator(f"#{field}").press_sequentially(text, delay=20)
    row = page.locator(f"#{field}-list [data-choose]").nth(number)
    row.click()
    expect(page.locator(f"#{field}-list [data-choose]")).to_have_count(0)
    return page.input_value(f"#{field}")


def begin(page: Page, kind: str) -> None:
    """From the page of all kinds to the form of one."""
    page.goto("/records/new/")
    page.get_by_role("link", name=kind, exact=True).click()
    page.wait_for_load_state()


def at(page: Page, unit: str) -> None:
    """Where it is recorded."""
    choose(page, "where", unit)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url(re.compile("unit="))


def save(page: Page, name: str = "保存") -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(re.compile(r"/(records/\w+|units)/\d+/$"))


def test_a_theme_day_is_recorded_by_one_tap_a_person(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao")
    page.goto("/records/new/")
    shot(page, "new")
    begin(page, "主题党日")
    at(page, BRANCH)
    people = page.locator(".attendance li")
    expect(page.get_by_role("button", name="全部到会")).to_be_visible()
    page.get_by_role("button", name="全部到会").click()
    absent = people.nth(1)
    absent.get_by_text("请假", exact=True).click()
    name = people.first.locator(".attendance-name").inner_text()
    assert choose(page, "leader", name) == name
    page.fill("#topic", "学习乡村振兴政策")
    page.fill("#place", "村党员活动室")
    page.evaluate("scrollTo(0, 120)")
    shot(page, "theme-day")
    there = people.count() - 1
    save(page)
    expect(page.locator("main")).to_contain_text(f"到会 {there} 人，请假 1 人，缺席 0 人")
    expect(page.locator("main")).to_contain_text("学习乡村振兴政策")
    shot(page, "theme-day-saved")


def test_attendance_left_out_is_asked_for_and_the_rest_is_kept(enter: Enter) -> None:
    page = enter("guanmiao")
    begin(page, "主题党日")
    at(page, BRANCH)
    page.locator(".attendance li").first.get_by_text("缺席", exact=True).click()
    page.fill("#topic", "没有写完")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("填过的都还在")
    expect(page.locator("#wrong-attendance")).to_contain_text("人没有选到会、请假或缺席")
    assert page.input_value("#topic") == "没有写完"
    expect(page.locator(".attendance li").first.locator("input[value=absent]")).to_be_checked()


def test_a_first_secretary_follows_another(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao")
    page.goto("/records/duties/?kind=first_secretary&open=1")
    page.locator("#list tbody th a").first.click()
    page.get_by_role("link", name="结束责任").click()
    page.fill("#until", "2017-09-30")
    page.get_by_text("期满", exact=True).click()
    shot(page, "secretary-end")
    save(page)
    expect(page.locator("main")).to_contain_text("截止日：空 → 2017-09-30")
    begin(page, "第一书记")
    bearer = choose(page, "bearer", "王")
    choose(page, "target", "皂树村")
    page.fill("#since", "2017-10-01")
    shot(page, "secretary-new")
    save(page)
    expect(page.locator("h1")).to_have_text(f"第一书记：{bearer} → 皂树村")
    shot(page, "secretary-saved")


def act(page: Page, name: str) -> None:
    """Press the button, or the one behind 更多."""
    link = page.get_by_role("link", name=name, exact=True)
    if not link.first.is_visible():
        page.locator("summary").filter(has_text="更多").click()
    link.first.click()
    page.wait_for_load_state()


def test_a_weak_branch_is_mended_step_by_step(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao")
    begin(page, "后进整顿")
    at(page, BRANCH)
    page.fill("#title", "皂树村第一支部班子不齐")
    page.get_by_text("班子不齐不力", exact=True).click()
    page.fill("#day", "2017-07-03")
    page.fill("#due_on", "2017-10-20")
    shot(page, "case-new")
    save(page)
    act(page, "转入“方案”")
    page.fill("#day", "2017-07-10")
    page.fill("#note", "镇党委会议定排查结果")
    save(page)
    expect(page.locator(".ways")).to_contain_text("还不能：还缺少：整顿方案")
    shot(page, "case-lacking")
    act(page, "登记材料")
    page.get_by_text("整顿方案", exact=True).click()
    page.fill("#name", "关庙镇党委〔2017〕12号")
    page.fill("#day", "2017-07-20")
    save(page)
    for seat in ("县级领导班子成员联村", "乡镇领导班子成员包村", "第一书记驻村", "县直单位结对"):
        act(page, "落实责任")
        page.get_by_text(seat, exact=True).click()
        if seat == "县直单位结对":
            choose(page, "unit", "关庙镇")
        else:
            choose(page, "person", "王")
        page.fill("#day", "2017-07-20")
        save(page)
    act(page, "增加措施")
    page.fill("#text", "补选支部委员一名")
    choose(page, "person", "王")
    page.fill("#day", "2017-07-20")
    save(page)
    act(page, "转入“整顿”")
    page.fill("#day", "2017-08-01")
    save(page)
    expect(page.locator(".step-item.active")).to_have_text("整顿")
    shot(page, "case-moving")
    act(page, "措施完成")
    page.get_by_text("补选支部委员一名", exact=True).click()
    page.fill("#result", "党员大会已补选")
    save(page)
    act(page, "办结")
    page.fill("#verdict", "班子已配齐，县委组织部验收销号")
    save(page)
    expect(page.locator(".step-item.active")).to_have_text("验收销号")
    expect(page.get_by_role("link", name="办结", exact=True)).to_have_count(0)
    shot(page, "case-closed")


def test_an_income_is_booked_and_put_right(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao")
    begin(page, "集体经济收入")
    at(page, "皂树村")
    page.fill("#amount", "12000")
    page.fill("#note", "光伏电站三季度收益")
    shot(page, "entry-new")
    save(page)
    page.get_by_role("link", name="冲销").click()
    page.fill("#reason", "多记一位，应为1,200元")
    save(page)
    expect(page.locator("h1")).to_have_text("集体经济收入 -12,000元")
    shot(page, "entry-reversed")
    page.get_by_role("link", name="再记一笔").click()
    page.fill("#amount", "1200")
    save(page)
    expect(page.locator("h1")).to_have_text("集体经济收入 1,200元")


def test_a_membership_is_transferred(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao")
    page.goto("/records/members/?open=1")
    page.locator("#list tbody tr").filter(has_text=BRANCH).locator("th a").last.click()
    page.get_by_role("link", name="转接组织关系").click()
    choose(page, "branch", "皂树村第二")
    page.fill("#day", "2017-10-01")
    shot(page, "transfer")
    save(page)
    expect(page.locator("main")).to_contain_text("中共皂树村第二支部委员会")
    shot(page, "transfer-saved")


def test_a_village_is_merged_into_another(enter: Enter, shot: Shot) -> None:
    page = enter("hanbin")
    begin(page, "村")
    at(page, "关庙镇")
    page.fill("#name", "北沟村")
    page.fill("#day", "2017-01-01")
    save(page)
    page.locator("summary").filter(has_text="办理").click()
    shot(page, "unit-acts")
    page.get_by_role("link", name="并入另一单位").click()
    choose(page, "into", "皂树村")
    page.fill("#day", "2017-10-01")
    shot(page, "merge")
    page.on("dialog", lambda dialog: dialog.accept())
    save(page, "并入另一单位")
    expect(page.locator("h1")).to_have_text("皂树村")
    page.goto("/records/units/?q=北沟村")
    page.locator("#list tbody th a").click()
    expect(page.locator(".page-pretitle")).to_contain_text("已于 2017-09-30 终止")


def test_the_keys_choose_too(enter: Enter, site: Site) -> None:
    page = enter("guanmiao")
    page.goto("/visits/new/")
    page.locator("#household").press_sequentially(site.household[0], delay=10)
    expect(page.locator("#household-list [data-choose]")).to_have_count(1)
    page.keyboard.press("Enter")
    assert page.input_value("#household") == site.household[0]
    assert page.input_value("[name=household_id]") != ""
    page.keyboard.press("1")  # what is typed anew is no longer what was picked
    assert page.input_value("[name=household_id]") == ""


def test_without_scripts_the_form_comes_back_with_what_the_text_may_mean(enter: Enter, site: Site) -> None:
    page = enter("guanmiao", java_script=False)
    page.goto("/visits/new/")
    page.fill("#household", site.household[0])
    page.fill("#leader", "王")
    page.fill("#minutes", "家中两人外出务工。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#wrong-leader")).to_contain_text("有多个符合的人")
    assert page.input_value("#minutes") == "家中两人外出务工。"
    page.locator(".chooser-offers input").first.check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/records/activities/\d+/$"))


def test_the_figures_of_the_overview_come_by_themselves_or_by_a_link(enter: Enter) -> None:
    page = enter("shi")
    expect(page.locator("#figures .datagrid-item").first).to_be_visible()
    plain = enter("shi", java_script=False)
    plain.locator("#figures a").click()
    expect(plain.locator("h1")).to_have_text("指标")


def test_the_ranking_follows_the_figure_chosen(enter: Enter) -> None:
    page = enter("shi")
    page.select_option("[name=by]", label="党员数")
    page.wait_for_url(re.compile("by=members"))
    expect(page.locator("th.num").first).to_have_text("党员数")


def test_an_export_says_that_it_is_under_way_and_then_saves(enter: Enter) -> None:
    page = enter("shi")
    page.goto("/records/persons/")
    with page.expect_download() as coming:
        page.get_by_role("link", name="导出Excel").click()
        expect(page.locator(".working")).to_contain_text("正在准备 Excel")
    assert coming.value.suggested_filename == "人员-安康市.xlsx"
    expect(page.locator(".working")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/records/new/", "phone-new"),
        ("/records/duties/new/?kind=first_secretary", ""),
        ("/records/entries/new/?kind=collective_income", ""),
        ("/records/households/", ""),
    ],
)
def test_forms_fit_a_phone(enter: Enter, shot: Shot, address: str, name: str) -> None:
    page = enter("guanmiao", NARROW)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)") <= NARROW["width"]
    if name:
        shot(page, name)


def test_attendance_fits_a_phone(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao", NARROW)
    begin(page, "主题党日")
    at(page, BRANCH)
    page.locator(".attendance").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('.attendance').scrollIntoView()")
    page.locator(".attendance li").first.get_by_text("到会", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    shot(page, "phone-theme-day")
