"""酒泉 by packs alone, at full size: its forty-six figures, its universal statements, the figures that bind each other."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators import queries
from hangshi.planning.matching import ring
from hangshi.registry.models import Unit
from hangshi.scenarios.figures import FigureResult, check
from tests.scenarios.conftest import Load
from tests.scenarios.findings import ask, found, without

YEAR_END = date(2017, 12, 31)  # on its last day the year has ended


@pytest.fixture(scope="module")
def jiuquan(standing: Load) -> Iterator[None]:
    with standing(("jiuquan", 1.0)):
        yield


def figure(key: str) -> FigureResult:
    return next(it for it in check("jiuquan") if it.key == f"jiuquan_{key}")


def value(key: str) -> Decimal | int | None:
    with acting(EVERYTHING, read_only=True):
        return queries.value(key, Unit.objects.get(code="6209"), YEAR_END).value


def test_all_forty_six_figures_are_in(jiuquan: None) -> None:
    results = check("jiuquan")
    assert [(it.key, it.computed) for it in results if not it.inside] == []
    assert len(results) == 46


@pytest.mark.parametrize(
    ("key", "table", "condition", "day", "before", "after"),
    [
        ("contact_points", "duty", "kind = 'contact_point' AND role = 'county'", "since", 1346, 1345),
        ("villages_inspected", "activity", "kind = 'village_inspection'", "day", 434, 433),
        ("mobile_members", "duty", "kind = 'mobile_member'", "since", 2346, 2345),
        ("innovations", "case_file", "kind = 'innovation'", "closed_on", 82, 81),
        (
            "secretaries_wealth",
            "duty",
            "kind = 'village_post' AND extra->>'background' = 'wealth_leader'",
            "since",
            178,
            177,
        ),
    ],
)
def test_a_figure_moves_with_its_records(
    jiuquan: None, key: str, table: str, condition: str, day: str, before: int, after: int
) -> None:
    assert figure(key).computed == before
    with without(table, condition, day=day):
        assert figure(key).computed == after


def test_coverage_moves_with_its_numerator_and_with_its_denominator(jiuquan: None) -> None:
    assert value("two_new_enterprise_coverage") == 56  # 1,400 of 2,500
    covered = "SELECT target_unit_id FROM duty WHERE kind = 'party_coverage'"
    with without(
        "duty", "kind = 'party_coverage' AND target_unit_id IN (SELECT id FROM unit WHERE kind = 'private_enterprise')"
    ):
        assert value("two_new_enterprise_coverage") == Decimal("55.96")  # 1,399 of 2,500
    with without("unit", f"kind = 'private_enterprise' AND id NOT IN ({covered})"):
        assert value("two_new_enterprises") == 2499


UNIVERSAL = [
    ("党员学习全覆盖", "member_studied", "attendance", "activity_id IN (SELECT id FROM activity WHERE kind = 'mobile_activity')", "day"),
    ("述职评议全覆盖", "secretary_reviewed", "case_file", "kind = 'debriefing' AND person_id IN (SELECT bearer_id FROM duty WHERE kind = 'village_post' AND since < '2015-01-01')", "closed_on"),
    (
        "书记主任轮训全覆盖", "head_trained", "attendance",
        "activity_id IN (SELECT id FROM activity WHERE kind = 'rotation_class')"
        " AND person_id IN (SELECT bearer_id FROM duty WHERE kind = 'village_post' AND since < '2015-01-01')", "day",
    ),
    ("全覆盖专项巡察", "village_inspected", "activity", "kind = 'village_inspection'", "day"),
    ("每人联系一个村", "leader_contacts_village", "duty",
     "kind = 'contact_point' AND role = 'city' AND target_unit_id IN (SELECT id FROM unit WHERE kind = 'village')", "since"),
    ("每人联系一个社会组织", "leader_contacts_social_organisation", "duty",
     "kind = 'contact_point' AND role = 'city' AND target_unit_id IN (SELECT id FROM unit WHERE kind = 'social_organisation')", "since"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "key", "table", "condition", "day"), UNIVERSAL)
def test_what_holds_for_all_holds_for_all_and_one_exception_is_found(
    jiuquan: None, words: str, key: str, table: str, condition: str, day: str
) -> None:
    assert found(key, YEAR_END) == 0
    with without(table, condition, day=day):
        assert found(key, YEAR_END) == 1
    assert found(key, YEAR_END) == 0


def test_reverse_elements_stand_on_items_one_or_more_on_each() -> None:
    kinds = queries.pack().kinds.case
    for duty, items, elements in (("county_duty", 49, 73), ("organ_duty", 33, 44)):
        groups = kinds[f"{duty}_reverse"].catalogues[0].groups
        assert set(groups) == set(kinds[duty].catalogues[0].grounds)
        assert (len(groups), sum(map(len, groups.values()))) == (items, elements)


def test_a_leader_has_four_contact_points_at_most(jiuquan: None) -> None:
    per_leader = "SELECT count(*) AS many FROM duty WHERE kind = 'contact_point' GROUP BY bearer_id"
    assert ask(f"SELECT max(many), sum(many) FROM ({per_leader}) l") == [(4, Decimal(1346))]


def test_the_four_matters_are_no_less_than_the_subsidy_of_the_venues(jiuquan: None) -> None:
    sums: dict[object, Any] = dict(
        ask(
            "SELECT kind, sum(amount) FROM entry WHERE kind IN ('venue_fund_paid', 'office_fund', 'cadre_pay', 'retired_allowance') GROUP BY 1"
        )
    )
    assert sums["office_fund"] == 434 * 50_000 + 88 * 100_000
    assert sums["cadre_pay"] == 3 * 434 * 30_000 + 3 * 434 * 9_000
    assert sum(sums.values()) == 150_000_000
    assert sums["venue_fund_paid"] < 150_000_000


def test_every_subsidy_lies_between_the_two_standards(jiuquan: None) -> None:
    assert ask(
        "SELECT count(*) FROM entry WHERE kind = 'retired_allowance' AND amount / 12 NOT BETWEEN 80 AND 180"
    ) == [(0,)]


def test_counties_check_each_other_in_a_ring(jiuquan: None) -> None:
    counties = [str(name) for (name,) in ask("SELECT name FROM unit WHERE kind = 'county' ORDER BY code")]
    checks = ring(counties, "2017" * 16)
    assert (len(checks), set(checks.values())) == (7, set(counties))
    assert [it for it in counties if checks[it] == it or checks[checks[it]] == it] == []


def test_lost_members_are_restricted_and_carry_no_place(jiuquan: None) -> None:
    assert queries.pack().kinds.case["lost_member"].restricted
    assert ask("SELECT DISTINCT extra::text FROM case_file WHERE kind = 'lost_member'") == [("{}",)]
    assert ask("SELECT DISTINCT jsonb_object_keys(extra) FROM duty WHERE kind = 'mobile_member'") == [("region",)]


def test_who_is_short_of_the_subsidy_was_paid_by_the_band_below(jiuquan: None) -> None:
    """1,900 former heads; by years served a month is 80, 120 or 180 yuan."""
    due = "CASE WHEN (d.extra->>'years_served')::int >= 20 THEN 180 WHEN (d.extra->>'years_served')::int >= 10 THEN 120 ELSE 80 END"
    gaps = f"SELECT {due} - e.amount / 12 AS gap FROM duty d JOIN entry e ON e.person_id = d.bearer_id AND e.kind = 'retired_allowance' WHERE d.kind = 'retired_post'"
    counts: dict[Any, Any] = dict(ask(f"SELECT gap::int, count(*) FROM ({gaps}) g GROUP BY 1"))
    assert sum(counts.values()) == 1900
    assert set(counts) == {0, 40, 60}
    assert counts[40] + counts[60] < 60
