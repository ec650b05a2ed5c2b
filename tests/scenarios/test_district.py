"""示例区 by packs alone, at full size: its twenty-two figures, its universal statements, the figures that bind each other."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from hangshi.scenarios.figures import FigureResult, check
from tests.scenarios.conftest import Load
from tests.scenarios.findings import ask, found, without

JUNE_30 = date(2019, 6, 30)


@pytest.fixture(scope="module")
def district(standing: Load) -> Iterator[None]:
    with standing(("shifan", 1.0)):
        yield


def figure(key: str) -> FigureResult:
    return next(it for it in check("shifan") if it.key == f"shifan_{key}")


def test_all_twenty_two_figures_are_in(district: None) -> None:
    results = check("shifan")
    assert [(it.key, it.computed) for it in results if not it.inside] == []
    assert len(results) == 22


@pytest.mark.parametrize(
    ("key", "condition", "before", "after"),
    [
        ("chain_organisations", "kind = 'chain_organisation'", 47, 46),
        ("reserve_in_post", "kind = 'village_post' AND bearer_id IN (SELECT bearer_id FROM duty WHERE kind = 'reserve_candidate')", 195, 194),
        ("talents", "kind = 'talent'", 300, 299),
    ],
)  # fmt: skip
def test_a_figure_moves_with_its_records(district: None, key: str, condition: str, before: int, after: int) -> None:
    assert (figure(key).computed, figure(key).inside) == (Decimal(before), True)
    with without("duty", condition):
        assert (figure(key).computed, figure(key).inside) == (Decimal(after), False)


UNIVERSAL = [
    ("应建尽建", "scale_entity_organised", "duty", "kind = 'chain_organisation'", "since"),
    ("处级领导联村", "weak_village_leader", "duty", "kind = 'district_leader_link'", "since"),
    ("乡镇领导包村", "weak_village_township", "duty", "kind = 'township_leader_charge'", "since"),
    ("第一书记驻村", "weak_village_secretary", "duty", "kind = 'weak_first_secretary'", "since"),
    ("区直单位结对", "weak_village_organ", "duty", "kind = 'organ_pairing'", "since"),
    ("全面消除空壳村", "no_empty_village", "entry", "kind = 'village_income' AND day = '2018-12-20'", "day"),
    ("每月10号党员活动日", "member_day_monthly", "activity", "kind = 'member_day' AND day = '2019-06-10'", "day"),
]


@pytest.mark.parametrize(("words", "key", "table", "condition", "day"), UNIVERSAL)
def test_what_holds_for_all_holds_for_all_and_one_exception_is_found(
    district: None, words: str, key: str, table: str, condition: str, day: str
) -> None:
    assert found(key, JUNE_30) == 0
    with without(table, condition, day=day):
        assert found(key, JUNE_30) == 1
    assert found(key, JUNE_30) == 0


def test_the_members_day_is_the_tenth_of_each_of_twelve_months_in_every_branch(district: None) -> None:
    days = "SELECT unit_id, count(DISTINCT day) AS days FROM activity WHERE kind = 'member_day' AND extract(day FROM day) = 10 GROUP BY 1"
    assert ask(f"SELECT count(*), min(days), max(days) FROM ({days}) d") == [
        (327, 12, 12)
    ]  # 280 of villages, 47 of entities


def test_the_chain_of_responsibility_is_broken_in_two_villages_and_whole_elsewhere(district: None) -> None:
    assert found("chain_of_responsibility", JUNE_30) == 2
    with without("duty", "kind = 'first_responsible' AND unit_id = (SELECT id FROM unit WHERE kind = 'county')"):
        assert found("chain_of_responsibility", JUNE_30) == 3
    units = "SELECT count(*) FROM unit WHERE kind IN ('county', 'township', 'village')"
    assert ask(f"SELECT count(*) = ({units}) - 2 FROM duty WHERE kind = 'first_responsible'") == [(True,)]


def test_those_in_post_are_part_of_those_listed(district: None) -> None:
    listed, posted = figure("reserve_listed").computed, figure("reserve_in_post").computed
    assert listed is not None
    assert posted is not None
    assert posted <= listed


def test_two_or_three_reserves_a_village_make_the_605(district: None) -> None:
    per_village = "SELECT count(*) AS many FROM duty WHERE kind = 'reserve_candidate' GROUP BY unit_id"
    assert ask(f"SELECT min(many), max(many), sum(many), count(*) FROM ({per_village}) v") == [
        (2, 3, Decimal(605), 280)
    ]


def test_the_grants_are_19_2_wan_a_village_in_the_mean(district: None) -> None:
    total, villages = figure("collective_grant").computed, figure("collective_villages").computed
    assert total is not None
    assert villages is not None
    assert (total / villages).quantize(Decimal(1)) == 192_143


def test_nobody_is_on_a_list_without_their_consent_before_the_day(district: None) -> None:
    listed = "kind IN ('reserve_candidate', 'talent', 'returnee')"
    assert ask(f"SELECT count(*) FROM duty WHERE {listed}") == [(605 + 300 + 12_000,)]
    assert ask(f"SELECT count(*) FROM duty WHERE {listed} AND (extra->>'consent_on')::date <= since") == [(12_905,)]


def test_the_district_is_made_up_and_says_so(district: None) -> None:
    assert ask("SELECT name, code, extra->>'synthetic' FROM unit WHERE kind = 'county'") == [
        ("示例区", "990001", "true")
    ]
    assert ask("SELECT count(*) FROM unit WHERE code <> '' AND code NOT LIKE '99%'") == [(0,)]
