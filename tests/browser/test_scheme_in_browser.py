"""A scheme is edited in a browser: the sum follows the typing, a form follows its source; with HANGSHI_SHOTS=1 the picture of the guide."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW

pytestmark = pytest.mark.browser
Enter: TypeAlias = Callable[..., Page]
Shot: TypeAlias = Callable[[Page, str], None]


def draft(page: Page) -> str:
    """Begin the draft of 堡垒指数, or go on with it; its address."""
    page.goto("/appraisals/schemes/fortress_index/")
    page.get_by_role("button", name="起草新的一版").click()
    page.wait_for_url(re.compile(r"/appraisals/drafts/\d+/$"))
    return page.url


def test_the_sum_follows_what_is_typed_and_nothing_is_saved(enter: Enter, shot: Shot) -> None:
    page = enter("hanbin")
    draft(page)
    expect(page.locator("#sum")).to_contain_text("合计 100 分 正好")
    page.get_by_label("党员群众满意度的分值").fill("35")
    expect(page.locator("#sum")).to_contain_text("合计 115 分 多出 15")
    page.get_by_role("link", name="制度和阵地保障").click()
    expect(page.locator("#criterion")).to_be_visible()
    shot(page, "scheme-editor")
    page.reload()
    expect(page.locator("#sum")).to_contain_text("合计 100 分 正好")


def test_a_form_follows_its_source_and_keeps_what_was_typed(enter: Enter) -> None:
    page = enter("hanbin")
    draft(page)
    page.get_by_role("link", name="群众反映的问题得到解决").click()
    page.fill("#f-name", "群众说了算")
    page.select_option("#f-by", "residents")
    expect(page.locator("[name='choices.name']").first).to_be_visible()
    assert page.input_value("#f-name") == "群众说了算"
    page.locator("[name='choices.name']").first.fill("满意")
    page.locator("[name='choices.percent']").first.fill("100")
    page.get_by_role("button", name="保存这一项").click()
    expect(page.locator("#c-solved")).to_contain_text("至少 3 人测评：满意 100%")
    expect(page.get_by_text("计分来源由“评议”改为“测评”")).to_be_visible()


def test_without_scripts_a_criterion_is_edited_on_a_page_of_its_own(enter: Enter) -> None:
    page = enter("hanbin", java_script=False)
    draft(page)
    page.get_by_role("link", name="党员到会率").click()
    page.fill("#f-weight", "12")
    page.get_by_role("button", name="保存这一项").click()
    expect(page.locator("#sum")).to_contain_text("还差 3")


def test_on_a_phone_nothing_runs_over_the_edge(enter: Enter) -> None:
    page = enter("hanbin", NARROW)
    address = draft(page)
    for below in ("", "criteria/system/", "frame/", "preview/"):
        page.goto(address + below)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, below
