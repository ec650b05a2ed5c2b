"""Points in a browser: proposed by one of the village, put up, told to the other; a member's phone shows no more than it should."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW

pytestmark = pytest.mark.browser
Enter: TypeAlias = Callable[..., Page]
Shot: TypeAlias = Callable[[Page, str], None]


def test_what_one_proposes_is_put_up_and_waits_for_another(enter: Enter, shot: Shot) -> None:
    page = enter("cun")
    page.goto("/points/")
    shot(page, "points")
    name = page.locator("tbody th a").first.inner_text()
    page.get_by_role("link", name="提出党员积分").click()
    page.locator("#subject").press_sequentially(name, delay=20)
    page.locator("#subject-list [data-choose]").first.click()
    page.select_option("#item", "volunteer")
    page.fill("#why", "10月30日清扫广场")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("公示中")
    expect(page.get_by_role("link", name="审核入账")).to_have_count(0)
    page.goto("/points/member_points/notice/")
    expect(page.locator("tbody")).to_contain_text("10月30日清扫广场")
    shot(page, "points-notice")


def test_the_other_posts_what_was_put_up_to_its_end(enter: Enter, shot: Shot) -> None:
    page = enter("dui")
    page.goto("/points/todo/")
    shot(page, "points-todo")
    expect(page.locator("main")).to_contain_text("等待答复的申诉，1 笔")
    page.get_by_role("link", name="期满的一并入账（2）").click()
    page.get_by_role("button", name="一并入账").click()
    expect(page.locator("main")).to_contain_text("没有等待审核的积分")


@pytest.mark.parametrize("address", ["/points/", "/points/household_points/notice/", "/points/todo/"])
def test_on_a_phone_nothing_is_wider_than_the_page(enter: Enter, address: str) -> None:
    page = enter("cun", NARROW)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
