"""A definition that is not wholly understood is refused: half understood it may count every row."""

import pytest

from hangshi import packs
from hangshi.indicators.compile import compiled
from hangshi.packs.models import Indicator
from hangshi.refusal import Refused

USUAL = {"fact": "duties", "measure": "count(*)", "time": "as_of", "unit": "item", "empty": "zero"}


def build(**said):
    return compiled(Indicator(key="x", name="x", **(USUAL | said)), packs.load("base").facts, "v1")


@pytest.mark.parametrize(
    "where",
    [
        "houshold is null",
        "path like '1/%'",
        "kind = 'a'; drop table unit",
        "kind = 'a' -- or more",
        "kind = 'a' /* */",
        "bearer in (select id from person)",
        "exists (select 1 from person)",
        "pg_sleep(9) is null",
        "kind::int = 1",
        "d.kind = 'a'",
        "current_user = 'a'",
        "kind",
        "1",
        "kind = 1",
        "employees = 'many'",
        "since > '2024-02-30'",
        "since > 'now'",
        "kind = 'a' and",
        "kind || 'x' = 'a'",
        "case when reserve then true end",
        "kind ~ 'a'",
        "since > now()",
        "$1",
        "%s",
        "kind = any(array['a'])",
        "employees / 2 > 1",
        "kind in ()",
        "not kind",
        "reserve is kind",
        "*",
        "employees > (select 1)",
        "lower(kind) = 'a'",
        "kind = 'a' collate \"C\"",
        "since > current_date",
    ],
)
def test_a_condition_outside_the_closed_list_is_refused(where):
    with pytest.raises(Refused):
        build(where=where)


@pytest.mark.parametrize(
    "measure",
    [
        "count(bearer)",
        "sum(kind)",
        "sum(employees) + 1",
        "avg(employees)",
        "count(distinct houshold)",
        "count(distinct bearer, household)",
        "count(*) filter (where reserve)",
        "sum(distinct employees)",
        "sum(employees) over ()",
        "1",
        "",
    ],
)
def test_a_measure_outside_the_three_is_refused(measure):
    with pytest.raises(Refused):
        build(measure=measure)


@pytest.mark.parametrize(
    "said", [{"fact": "nothing"}, {"fact": "activities"}, {"time": "within"}, {"time": "within", "time_column": "kind"}]
)
def test_a_time_that_the_fact_does_not_offer_is_refused(said):
    with pytest.raises(Refused):
        build(**said)


def test_what_is_understood_is_written_anew_with_every_column_named():
    it = build(where="kind = 'pairing' AND NOT reserve AND coalesce(employees, 0) > 1 AND since >= '2024-01-01'")
    assert it.where == (
        """"f"."kind" = 'pairing' AND NOT "f"."reserve" AND COALESCE("f"."employees", 0) > 1 AND "f"."since" >= '2024-01-01'"""
    )
    assert it.kinds == ("pairing",)


def test_a_quote_in_a_value_stays_a_value():
    assert build(where="role = 'a''b\\'").where == "\"f\".\"role\" = 'a''b\\'"
