"""Where a pack's definitions hold, and on which day a place is looked at."""

from datetime import date

import pytest

from hangshi.access.scope import EVERYTHING, NOWHERE, Scope, acting
from hangshi.packs.models import Header, Pack
from hangshi.registry.models import Unit
from hangshi.registry.reach import EVERYWHERE, Reach, Root, reach_of, roots
from hangshi.standards.refresh import days_of_data

TODAY, STILL, OTHER = date(2026, 1, 5), date(2017, 10, 31), date(2020, 6, 30)
PACK = Pack(
    headers={
        "east": Header(name="东市", root="6109"),
        "west": Header(name="西市", root="5305"),
        "base": Header(name="通用"),
    },
    places={"check.east_only": "6109", "reaction.west_only": "5305"},
)


@pytest.fixture
def cities(db: None) -> dict[str, str]:
    """Two cities that packs are made for, and one that none is; the first stands still. Returns name → path."""
    with acting(EVERYTHING):
        for path, code, extra in (("1/", "6109", {"report_day": "2017-10-31"}), ("2/", "5305", {}), ("3/", "9999", {})):
            Unit.objects.create(kind="city", name=path, since="2000-01-01", path=path, code=code, extra=extra)
    return {"east": "1/", "west": "2/", "other": "3/"}


def test_a_township_that_does_not_see_its_city_still_knows_whose_rules_hold(cities: dict[str, str]) -> None:
    with acting(Scope.below("1/12/")):
        assert Unit.objects.count() == 0
        assert roots(PACK) == [Root("6109", "1/", STILL), Root("5305", "2/", None)]


def test_without_an_identity_no_place_is_known(cities: dict[str, str]) -> None:
    with acting(NOWHERE):
        assert roots(PACK) == []


@pytest.mark.parametrize(
    ("definition", "holds"),
    [
        ("check.east_only", {"1/": True, "1/12/": True, "2/": False, "3/": False, "12/": False}),
        ("reaction.west_only", {"1/": False, "2/7/": True}),
        ("check.of_all", {"1/": True, "2/": True, "3/": True}),
    ],
)
def test_a_definition_of_a_place_holds_in_its_place(
    cities: dict[str, str], definition: str, holds: dict[str, bool]
) -> None:
    with acting(EVERYTHING):
        reach = reach_of(PACK, definition, roots(PACK))
    assert {path: reach.holds(path) for path in holds} == holds


def test_a_county_that_borrows_the_pack_of_a_place_that_is_not_here_is_under_its_rules() -> None:
    only_west = [Root("5305", "2/", None)]
    reach = reach_of(PACK, "check.east_only", only_west)
    assert (reach.holds("3/"), reach.holds("2/7/")) == (True, False)
    assert reach_of(PACK, "check.east_only", []) == EVERYWHERE


def test_what_holds_below_a_unit_meets_the_unit() -> None:
    reach = Reach(("1/12/",), inside=True)
    assert {path: (reach.holds(path), reach.meets(path)) for path in ("1/", "1/12/5/", "1/13/", "11/")} == {
        "1/": (False, True),
        "1/12/5/": (True, True),
        "1/13/": (False, False),
        "11/": (False, False),
    }


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (EVERYWHERE, ["1/", "2/", "3/"]),
        (Reach(("1/", "3/"), inside=True), ["1/", "3/"]),
        (Reach(("1/", "3/")), ["2/"]),
        (Reach((), inside=True), []),
    ],
)
def test_the_condition_of_the_database_says_the_same(cities: dict[str, str], reach: Reach, seen: list[str]) -> None:
    said, given = reach.condition("path")
    with acting(EVERYTHING):
        found = Unit.objects.raw(f"SELECT * FROM unit WHERE {said} ORDER BY path", given)  # no value in it
        assert [it.path for it in found] == seen
    assert [path for path in cities.values() if reach.holds(path)] == seen


def test_each_place_is_looked_at_on_its_own_day() -> None:
    standing = [
        Root("6109", "1/", STILL),
        Root("5305", "2/", OTHER),
        Root("2114", "4/", STILL),
        Root("6209", "5/", None),
    ]
    assert days_of_data(standing, TODAY) == {
        STILL: Reach(("1/", "4/"), inside=True),
        OTHER: Reach(("2/",), inside=True),
        TODAY: Reach(("1/", "4/", "2/")),
    }
    assert days_of_data([], TODAY) == {TODAY: EVERYWHERE}
