"""Lists a page at a time: every row once, in the order of its id, whatever happens in between."""

from typing import Any

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Household, Unit
from tests.api.conftest import Land


@pytest.fixture
def seven(land: Land) -> list[int]:
    """Seven households of 空村."""
    with acting(EVERYTHING):
        unit = Unit.objects.get(pk=land.ids["空村"])
        made = [Household.objects.create(number=f"K{it}", head="赵", unit=unit, path=unit.path) for it in range(7)]
    return [it.pk for it in made]


def page(caller: Any, unit: int, cursor: str | None = None) -> tuple[list[int], str | None]:
    asked = {"unit": unit, "limit": 3} | ({"cursor": cursor} if cursor else {})
    said = caller.get("/households", **asked).json()
    return [it["id"] for it in said["items"]], said["next"]


def test_the_pages_hold_every_row_once(call: Any, land: Land, seven: list[int]) -> None:
    first, second_at = page(call("zhen"), land.ids["空村"])
    second, third_at = page(call("zhen"), land.ids["空村"], second_at)
    third, end = page(call("zhen"), land.ids["空村"], third_at)
    assert (first, second, third) == (seven[:3], seven[3:6], seven[6:])
    assert end is None


def test_a_row_removed_in_between_hides_no_other(call: Any, land: Land, seven: list[int]) -> None:
    _, cursor = page(call("zhen"), land.ids["空村"])
    with acting(EVERYTHING):
        Household.objects.filter(pk__in=seven[1:4]).delete()
    assert page(call("zhen"), land.ids["空村"], cursor)[0] == seven[4:]


def test_a_full_last_page_ends(call: Any, land: Land, seven: list[int]) -> None:
    with acting(EVERYTHING):
        Household.objects.filter(pk__in=seven[3:]).delete()
    assert page(call("zhen"), land.ids["空村"]) == (seven[:3], None)


def test_a_cursor_of_another_question_is_refused(call: Any, land: Land, seven: list[int]) -> None:
    _, cursor = page(call("zhen"), land.ids["空村"])
    for address, query in (("/households", {"unit": land.ids["东湾村"]}), ("/persons", {"unit": land.ids["空村"]})):
        assert call("zhen").get(address, cursor=cursor, **query).json()["code"] == "cursor.other"


def test_a_cursor_that_was_changed_is_refused(call: Any, land: Land, seven: list[int]) -> None:
    _, cursor = page(call("zhen"), land.ids["空村"])
    for changed in (cursor[:-1], f"X{cursor[1:]}", "1", "null"):
        assert call("zhen").get("/households", unit=land.ids["空村"], cursor=changed).json()["code"] == "cursor.unknown"


def test_the_cursor_of_somebody_else_shows_what_one_may_see_oneself(call: Any, land: Land, seven: list[int]) -> None:
    cursor = call("shi").get("/households", unit=land.ids["汉滨区"], limit=1).json()["next"]
    assert call("zhen").get("/households", unit=land.ids["汉滨区"], cursor=cursor).status_code == 404


def test_rows_behind_a_figure_come_in_pages_too(call: Any, land: Land, seven: list[int]) -> None:
    for day in range(1, 6):
        said = {"household": land.ids["李一"], "leader": land.ids["王建国"], "on": f"2017-03-0{day}"}
        assert call("zhen").post("/visits", said, key=f"k{day}").status_code == 201
    asked = {"from": "2017-02-01", "to": "2017-12-31", "limit": 2}
    days, cursor = [], None
    while True:
        said = call("zhen").get("/indicators/visits/rows", **asked, **({"cursor": cursor} if cursor else {})).json()
        assert said["total"] == 5
        days += [row[said["columns"].index("日期")] for row in said["rows"]]
        if (cursor := said["next"]) is None:
            break
    assert days == ["2017-03-01", "2017-03-02", "2017-03-03", "2017-03-04", "2017-03-05"]
