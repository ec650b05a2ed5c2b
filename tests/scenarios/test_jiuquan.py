"""酒泉 at a small scale: its forty-six figures have values, its universal statements hold."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connections

from hangshi.scenarios.figures import FigureResult, check

from tests.scenarios.conftest import Load

SCALE = 0.02


@pytest.fixture(scope="module")
def jiuquan(standing: Load) -> Iterator[None]:
    with standing(("jiuquan", SCALE)):
        yield


def results() -> dict[str, FigureResult]:
    return {it.key.removeprefix("jiuquan_"): it for it in check("jiuquan")}


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_there_are_forty_six_and_each_has_a_value(jiuquan: None) -> None:
    found = results()
    assert len(found) == 46
    assert [key for key, it in found.items() if it.computed is None] == []


def test_what_does_not_depend_on_the_scale_is_in(jiuquan: None) -> None:
    inside = {key for key, it in results().items() if it.inside}
    assert inside >= {
        "duty_headings_county", "duty_items_county", "duty_headings_organ", "duty_items_organ", "reverse_elements_county",
        "reverse_elements_organ", "leader_village", "leader_community", "leader_enterprise", "leader_social", "enterprise_coverage",
        "social_coverage", "village_venue_mean", "community_venue_mean", "office_fund_community", "office_fund_village", "pay_village",
        "pay_group", "leaving_subsidy", "index_systems",
    }  # fmt: skip
