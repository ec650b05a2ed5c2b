"""What an official does, done in a browser."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, PASSWORD, Site

pytestmark = pytest.mark.browser
Enter: TypeAlias = Callable[..., Page]
Shot: TypeAlias = Callable[[Page, str], None]


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def heading(page: Page) -> str:
    return page.title().split(" · ")[1]


def below(page: Page) -> dict[str, str]:
    """The units of 各下级 with their figures."""
    rows = page.locator(".card:has(h2:text-is('各下级')) tbody tr:has(a.figure)")
    return {row.locator("a").first.inner_text(): row.locator("a.figure").inner_text() for row in rows.all()}


def down(page: Page, name: str | None = None) -> str:
    """Click the figure of the unit `name`, else of the first below that has one; the page that opens says the same figure."""
    name = name or next(iter(below(page)))
    row = page.locator(".card:has(h2:text-is('各下级')) tbody tr").filter(
        has=page.get_by_role("link", name=name, exact=True)
    )
    said = row.locator("a.figure").inner_text()
    row.locator("a.figure").click()
    page.wait_for_function("name => document.title.includes(name)", arg=f"· {name} ·")
    page.wait_for_load_state()
    assert number(page.inner_text("#value")) == number(said)
    return name


def open_figure(page: Page, name: str) -> None:
    page.locator(".datagrid-item").filter(has=page.get_by_text(name, exact=True)).locator("a.figure").click()
    expect(page.locator("h1")).to_have_text(name)
    page.wait_for_load_state()


def test_a_figure_opens_from_the_city_down_to_its_rows(enter: Enter, shot: Shot) -> None:
    page = enter("shi")
    expect(page.get_by_role("note")).to_contain_text("演示数据：人员均为虚构")
    shot(page, "overview")
    open_figure(page, "走访次数")
    assert heading(page) == "安康市"
    assert sum(map(number, below(page).values())) == number(page.inner_text("#value"))
    shot(page, "indicator-city")
    down(page, "汉滨区")
    shot(page, "indicator-county")
    down(page)
    village = down(page)
    assert page.locator(".page-pretitle a").all_inner_texts()[:2] == ["安康市", "汉滨区"]
    assert heading(page) == village
    total = number(page.inner_text("#value"))
    assert number(page.inner_text("#rows h2")) == total > 0
    assert page.locator("#rows tbody tr").count() == min(total, 50)
    page.locator("#rows").scroll_into_view_if_needed()
    shot(page, "indicator-rows")


def test_a_township_sees_its_own_only(enter: Enter, site: Site) -> None:
    city = enter("shi")
    city.goto(f"/indicators/visits/?unit={site.township}")
    page = enter("guanmiao")
    open_figure(page, "走访次数")
    assert heading(page) == "关庙镇"
    assert page.inner_text("#value") == city.inner_text("#value")
    assert below(page) == below(city)
    for address in (f"/indicators/visits/?unit={site.foreign}", f"/units/{site.foreign}/", f"/?unit={site.foreign}"):
        answer = page.goto(address)
        assert answer is not None
        assert (answer.status, page.inner_text("[role=alert]")) == (404, "这一页不存在，或不在您的管辖范围内。")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "phone-overview"),
        ("/indicators/visits/", "phone-indicator"),
        ("/records/activities/", "phone-list"),
        ("/visits/new/", "phone-visit"),
    ],
)
def test_a_phone_does_not_scroll_sideways(enter: Enter, shot: Shot, address: str, name: str) -> None:
    page = enter("guanmiao", NARROW)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)") <= NARROW["width"]
    shot(page, name)


def test_a_visit_counts_on_the_next_load(enter: Enter, shot: Shot, site: Site) -> None:
    page = enter("guanmiao")
    page.goto("/indicators/visits/")
    before = number(page.inner_text("#value"))
    page.goto("/visits/new/")
    page.fill("#household", site.household[0])
    page.fill("#leader", str(site.person))
    page.fill("#topic", "了解秋收和务工情况")
    page.fill("#minutes", "家中两人外出务工，玉米已收。")
    shot(page, "visit")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/records/activities/\d+/"))
    expect(page.locator("main")).to_contain_text("了解秋收和务工情况")
    shot(page, "visit-saved")
    page.goto("/indicators/visits/")
    assert number(page.inner_text("#value")) == before + 1


def test_a_visit_to_nobody_is_refused_and_keeps_what_was_typed(enter: Enter) -> None:
    page = enter("guanmiao")
    page.goto("/visits/new/")
    page.fill("#household", "没有这一户")
    page.fill("#leader", "没有这个人")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".invalid-feedback")).to_have_text(["您的范围内没有这个户。", "您的范围内没有这个人。"])
    assert page.input_value("#household") == "没有这一户"


def test_a_wrong_password_says_so(open_page: Callable[..., Page], shot: Shot) -> None:
    page = open_page()
    page.goto("/")
    shot(page, "sign-in")
    page.fill("#username", "shi")
    page.fill("#password", f"{PASSWORD}-not")
    page.click("main button")
    sentence = page.inner_text("[role=alert]")
    assert sentence.endswith("。")
    assert "密码" in sentence
    assert page.input_value("#username") == "shi"


def test_a_list_is_filtered_and_paged_without_scripts(enter: Enter) -> None:
    page = enter("shi", java_script=False)
    page.goto("/records/activities/")
    page.select_option("#f-kind", "visit")
    page.fill("#from", "2017-03-01")
    page.fill("#to", "2017-03-31")
    page.get_by_role("button", name="筛选", exact=True).last.click()
    page.wait_for_url(re.compile("kind=visit"))  # until the page is whole: reading a list does not wait
    days = page.locator("#list time").all_inner_texts()
    assert len(days) == 50
    assert all("2017-03-01" <= day <= "2017-03-31" for day in days)
    first = page.locator("#list tbody th a").first.get_attribute("href")
    page.locator(".pagination").get_by_role("link", name="2", exact=True).click()
    page.wait_for_url(re.compile(r"kind=visit.*page=2"))
    assert page.locator(".page-item.active").inner_text() == "2"
    assert page.locator("#list tbody th a").first.get_attribute("href") != first


def test_a_list_is_filtered_and_paged_with_scripts(enter: Enter, shot: Shot) -> None:
    page = enter("hanbin")
    page.goto("/records/activities/")
    page.select_option("#f-kind", "visit")
    page.get_by_role("button", name="筛选", exact=True).last.click()
    page.wait_for_url(re.compile("kind=visit"))
    expect(page.locator("#list tbody th").first).to_have_text("走访入户")
    shot(page, "list")
    page.locator(".pagination").get_by_role("link", name="2", exact=True).click()
    expect(page.locator("#list .page-item.active")).to_have_text("2")
    assert page.input_value("#f-kind") == "visit"
