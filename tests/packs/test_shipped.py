"""The shipped packs: without a problem, and saying what the documents say."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.packs import check, load
from hangshi.packs.loader import SHIPPED


@pytest.mark.parametrize("name", ["base", "ankang", "nanpiao", "baoshan"])
def test_a_shipped_pack_has_no_problem(name: str) -> None:
    assert [str(it) for it in check(SHIPPED / name)] == []


def test_the_document_states_thirty_figures_each_once() -> None:
    figures = load("ankang").figures
    assert len({it.key for it in figures}) == len(figures) == 30
    assert [it.start for it in figures] == sorted(it.start for it in figures)
    assert sum(it.standard is not None for it in figures) == 2


def test_the_shipped_packs_stand_beside_each_other() -> None:
    together = load("base", "ankang", "nanpiao", "baoshan")
    assert len(together.figures) == 30 + 8 + 68
    assert {name: header.root for name, header in together.headers.items()} == {
        "base": "", "ankang": "6109", "nanpiao": "211404", "baoshan": "5305",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "figures", "standards", "structures"), [("nanpiao", 8, 2, 3), ("baoshan", 68, 16, 6)])
def test_each_figure_of_a_document_is_bound_once(name: str, figures: int, standards: int, structures: int) -> None:
    found = load(name).figures
    assert len({it.key for it in found}) == len({it.start for it in found}) == len(found) == figures
    assert [it.start for it in found] == sorted(it.start for it in found)
    assert sum(it.standard is not None for it in found) == standards
    assert sum(it.structure is not None for it in found) == structures


def test_a_definition_of_a_place_is_kept_with_its_place() -> None:
    places = load("base", "nanpiao", "baoshan").places
    assert places["check.site_has_organisation"] == "5305"
    assert places["check.village_has_secretary"] == "211404"
    assert (places["requirement.secretary_class"], places["kind.duty.team_post"]) == ("211404", "211404")
    assert not {"check.poor_village_team", "kind.duty.first_secretary"} & places.keys()


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("committees", 642, True),
        ("committees", 641, False),
        ("members", 146500, True),
        ("members", 147500, False),
        ("pledging_members", 70000, False),
        ("pledging_members", 70001, True),
        ("land_mu", Decimal("1293499.99"), True),
        ("land_mu", Decimal("1293500"), False),
        ("resident_benefit_yuan", 360000000, True),
        ("resident_benefit_yuan", 400000000, False),
        ("party_work_fund", 5000, True),
        ("party_work_fund", 8000, True),
        ("party_work_fund", 4999, False),
        ("banquets_fall_percent", Decimal("33.33"), True),
        ("banquets_fall_percent", Decimal("33.3"), False),
        ("gift_burden_fall_percent", 50, False),
        ("gift_burden_fall_percent", 45, True),
    ],
)
def test_an_interval_is_what_the_words_allow(key: str, value: Decimal | int, allowed: bool) -> None:
    figure = next(it for it in load("ankang").figures if it.key == key)
    assert figure.allows(value) == allowed


@pytest.mark.parametrize(
    ("key", "on", "amount"),
    [
        ("party_work_fund", date(2017, 1, 1), 5000),
        ("party_work_fund", date(2016, 12, 31), None),
        ("member_training_fund", date(2024, 1, 1), 100),
    ],
)
def test_a_standard_is_the_amount_in_force_and_none_before_the_first(key: str, on: date, amount: int | None) -> None:
    assert load("ankang").standards[key].amount(on) == amount


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("14.7万名", None),
        ("党员", "members"),
        ("走访次数", "visits"),
        ("三会一课", "meetings"),
    ],
)
def test_an_indicator_is_found_by_name_or_alias(word: str, key: str | None) -> None:
    assert load("ankang").aliases.get(word) == key


def test_the_stages_of_a_weak_branch_are_in_order() -> None:
    stages = load("base").kinds.case["weak_branch"].stages
    assert [it.key for it in stages] == ["screened", "plan", "mending", "accepted"]


def test_discipline_is_restricted_and_counted_without_names() -> None:
    assert load("base").kinds.case["discipline"].restricted
