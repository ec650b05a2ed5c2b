"""A desk in a browser: how many touches a theme day costs, two people at one case, and the pages to work from."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW
from .test_recording_in_browser import act, at, begin, save

pytestmark = pytest.mark.browser
Enter: TypeAlias = Callable[..., Page]
Shot: TypeAlias = Callable[[Page, str], None]
BRANCH = "皂树村第一"


class Hand:
    """Does what a clerk does, and counts: a press is one, a field that is typed into is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.touches = page, 0

    def press(self, role: str, name: str) -> None:
        self.touches += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def type(self, field: str, text: str) -> None:
        self.touches += 1
        self.page.locator(f"#{field}").press_sequentially(text, delay=20)

    def pick(self, field: str) -> None:
        self.touches += 1
        self.page.locator(f"#{field}-list [data-choose]").first.click()


def test_a_new_clerk_records_a_theme_day_in_at_most_twelve_touches(enter: Enter) -> None:
    page = enter("guanmiao")
    hand = Hand(page)
    hand.press("link", "登记")
    hand.press("link", "主题党日")
    hand.type("where", BRANCH)
    hand.pick("where")
    hand.press("button", "下一步")
    hand.press("button", "全部到会")
    leader = page.locator(".attendance-name").first.inner_text()
    hand.type("leader", leader)
    hand.pick("leader")
    hand.type("topic", "学习党章")
    hand.press("button", "保存")
    expect(page.locator("main")).to_contain_text("学习党章")
    expect(page.locator("main")).to_contain_text("请假 0 人，缺席 0 人")
    assert hand.touches == 10


def opened_problem(page: Page, title: str) -> str:
    begin(page, "问题整改")
    at(page, "皂树村")
    page.fill("#title", title)
    page.fill("#day", "2017-07-03")
    save(page)
    return page.url


def test_of_two_people_at_one_case_one_wins_and_the_other_is_told(enter: Enter) -> None:
    one, two = enter("guanmiao"), enter("shi")
    case = opened_problem(one, "村口路灯不亮")
    act(one, "落实责任")
    one.locator("#person").press_sequentially("王", delay=20)
    one.locator("#person-list [data-choose]").first.click()
    one.get_by_text("整改责任人", exact=True).click()
    one.fill("#day", "2017-07-04")
    save(one)
    for page in (one, two):
        page.goto(f"{case}move/?to=mending")
        page.fill("#day", "2017-07-05")
    one.fill("#note", "已交村委会")
    save(one)
    two.fill("#note", "已交供电所")
    two.get_by_role("button", name="保存", exact=True).click()
    expect(two.get_by_role("alert")).to_contain_text("您打开之后，“村口路灯不亮”已有人办理：2017-07-05，现阶段为“整改”")
    assert two.input_value("#note") == "已交供电所"  # nothing typed is lost
    two.goto(case)
    expect(two.locator("main")).to_contain_text("已交村委会")
    expect(two.locator("main")).not_to_contain_text("已交供电所")


def test_the_desk_shows_what_waits_and_the_menu_counts_it(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao")
    opened_problem(page, "饮水管道渗漏")
    page.get_by_role("link", name="待办").first.click()
    expect(page.locator("main")).to_contain_text("饮水管道渗漏")
    expect(page.locator(".nav-count .badge")).to_be_visible()
    shot(page, "inbox")
    page.get_by_role("link", name="事项看板").click()
    expect(page.locator(".board-column").first).to_contain_text("饮水管道渗漏")
    shot(page, "board")
    page.get_by_role("link", name="日历", exact=True).click()
    page.goto("/calendar/?month=2017-10")
    expect(page.locator("main")).to_contain_text("主题党日每月一次")
    shot(page, "calendar")
    page.get_by_role("link", name="任期与空缺").click()
    expect(page.locator("main")).to_contain_text("第一书记空缺")
    shot(page, "tenures")


def test_on_a_phone_the_menu_opens_group_by_group(enter: Enter, shot: Shot) -> None:
    page = enter("guanmiao", NARROW)
    page.get_by_role("button", name="菜单").click()
    expect(page.get_by_role("link", name="工作总览")).to_be_visible()
    board = page.get_by_role("link", name="事项看板")
    expect(board).to_be_hidden()
    shot(page, "phone-menu")
    page.locator("label.nav-group", has_text="办理").click()
    board.click()
    expect(page.locator("h1")).to_be_visible()
    shot(page, "phone-board")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for address in ("/inbox/", "/calendar/?month=2017-10", "/tenures/", "/approvals/", "/draws/", "/channels/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.goto("/inbox/")
    shot(page, "phone-inbox")


def test_without_scripts_the_menu_and_the_desk_work_as_well(enter: Enter) -> None:
    page = enter("guanmiao", java_script=False)
    page.get_by_role("link", name="待办").first.click()
    expect(page.locator("h1")).to_have_text("待办")
    page.get_by_role("link", name="我发起的").click()
    expect(page.locator("h1")).to_have_text("我发起的")
