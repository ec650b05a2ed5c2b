"""What a figure means: ends of periods, empty sets, ratios, changes, and how units add up."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hangshi.access.scope import Scope, acting
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.registry.models import UnitPath

JULY = Period(date(2024, 7, 1), date(2024, 7, 31))
HOUSEHOLDS = {"where": "kind = 'visit'", "measure": "count(distinct household)", "unit": "household"}


@pytest.fixture
def visits(visit):
    visit("东湾", "h1", date(2024, 7, 3))
    visit("东湾", "h1", date(2024, 7, 31))
    visit("东湾", "h2", date(2024, 8, 1))
    visit("西沟", "h3", date(2024, 7, 15))


def by_name(found):
    return {unit.name: it.value for unit, it in found}


def test_a_household_counts_once_however_often_it_is_visited(define, visits, tree):
    define(reached=HOUSEHOLDS)
    assert by_name(queries.children("reached", tree["河口镇"], JULY)) == {"东湾": 1, "西沟": 1}
    assert queries.value("reached", tree["某市"], JULY).value == 2


def test_every_level_and_every_month_agree_with_the_single_values(define, visits, tree):
    define(visits={"where": "kind = 'visit'"})
    assert by_name(queries.at_level("visits", tree["某市"], "village", JULY)) == {"东湾": 2, "西沟": 1}
    assert [it.value for _, it in queries.months("visits", tree["某县"], date(2024, 8, 20), 3)] == [0, 3, 1]


def test_empty_is_zero_or_none_as_the_definition_says(define, tree):
    define(
        none_counted={"empty": "none"},
        none_summed={"measure": "sum(present)", "empty": "none"},
        zero={},
        zero_sum={"measure": "sum(present)"},
    )
    found = queries.values(["none_counted", "none_summed", "zero", "zero_sum"], tree["某市"], JULY)
    assert {key: it.value for key, it in found.items()} == {
        "none_counted": None,
        "none_summed": None,
        "zero": 0,
        "zero_sum": 0,
    }


def test_a_ratio_comes_from_its_parts_and_has_no_value_over_nothing(define, visits, tree):
    define(of=HOUSEHOLDS, all={}, share={"numerator": "of", "denominator": "all", "scale": Decimal(100)})
    assert queries.value("share", tree["东湾"], JULY).value == Decimal(50)
    assert queries.value("share", tree["东湾支部"], JULY).value is None


def test_a_change_is_against_the_same_days_of_the_year_before(define, visit, tree):
    for day in (date(2023, 7, 1), date(2023, 7, 2), date(2023, 7, 31), date(2024, 7, 1), date(2024, 7, 9)):
        visit("东湾", "h1", day)
    define(visits={}, fewer={"change_of": "visits"}, more={"change_of": "visits", "change": "rise"})
    assert queries.value("fewer", tree["东湾"], JULY).value == Decimal("33.33")
    assert queries.value("more", tree["东湾"], JULY).value == Decimal("-33.33")


def test_the_tree_of_a_day_decides_where_the_past_counts(define, visits, tree):
    define(visits={})
    moved, county = tree["西沟"], tree["某县"]
    UnitPath.objects.filter(unit=moved).update(until=date(2024, 12, 31))
    moved.path = f"{county.path}{moved.pk}/"
    moved.save()
    UnitPath.objects.create(
        line="place", unit=moved, tree_path=moved.path, depth=3, path=moved.path, since=date(2025, 1, 1)
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE activity SET path = %s WHERE unit_id = %s", [moved.path, moved.pk])
    town = tree["河口镇"]
    assert queries.value("visits", town, JULY).value == 2
    assert queries.value("visits", town, JULY, tree=date(2024, 7, 31)).value == 3
    assert by_name(queries.children("visits", town, JULY, tree=date(2024, 7, 31))) == {"东湾": 2, "西沟": 1}


def test_another_town_s_rows_are_not_counted(define, visits, tree):
    define(visits={})
    with acting(Scope.below(tree["东湾"].path)):
        assert queries.value("visits", tree["某市"], JULY).value == 2


def test_many_figures_of_one_fact_are_one_statement(define, visits, tree):
    define(**{f"i{n}": {"where": f"present >= {n}"} for n in range(10)})
    with CaptureQueriesContext(
        connection,
    ) as seen:
        queries.values([f"i{n}" for n in range(10)], tree["某市"], Period(date(2024, 7, 2), date(2024, 7, 30)))
    assert len(seen) == 1


def test_the_statement_is_shown_with_its_dates(define, tree):
    define(visits={"where": "kind = 'visit'"})
    assert "'2024-07-31'" in queries.sql("visits", tree["某市"], JULY)


def test_every_shipped_indicator_answers_and_opens(tree):
    for key in queries.pack().indicators:
        got = queries.value(key, tree["某市"], JULY)
        assert len(got.version) == 12
        queries.rows(key, tree["某市"], JULY)
