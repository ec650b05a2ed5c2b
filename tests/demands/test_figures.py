"""What is asked and what was filled are figures like any other: of every level, opened down to their rows."""

from datetime import date
from decimal import Decimal

import pytest

from hangshi.access.scope import Scope, acting
from hangshi.demands.models import Demand, Filling
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit

YEAR = Period(date(2020, 1, 1), date(2020, 12, 31))


def value(key, unit, when=YEAR):
    return queries.value(key, unit, when).value


@pytest.fixture
def asked(propose, land):
    """Of each village of the county four items, three of them typed; of those of 东镇 two more in another form. A draft asks nothing."""
    propose()
    propose(("水质", "巡河次数"), title="河长月报", unit=land.east, until=date(2020, 6, 30))
    Demand.objects.update(state="approved")
    propose(("甲",), title="草稿")


@pytest.mark.parametrize(
    ("key", "on_the_last_day", "in_june"),
    [
        ("demands", {"county": 1, "east": 1, "bay": 1, "ditch": 1}, {"county": 2, "east": 2, "bay": 2, "ditch": 1}),
        ("demanded_items", {"county": 12, "east": 8, "bay": 4, "ditch": 4}, {"county": 16, "east": 12, "bay": 6, "ditch": 4}),
        ("demanded_items_typed", {"county": 9, "east": 6, "bay": 3, "ditch": 3}, {"county": 13, "east": 10, "bay": 5, "ditch": 3}),
    ],
)  # fmt: skip
def test_each_level_reads_what_its_units_are_asked(asked, land, key, on_the_last_day, in_june):
    for when, wanted in ((YEAR, on_the_last_day), (Period(date(2020, 6, 1), date(2020, 6, 30)), in_june)):
        assert {name: value(key, getattr(land, name), when) for name in wanted} == wanted


def test_a_village_reads_what_is_asked_from_above_and_only_its_own_row(asked, land):
    with acting(Scope(land.bay.path, land.bay.path[:-1] + "0", 9, within=land.bay.path)):
        rows = queries.rows("demanded_items", land.bay, YEAR)
        assert (value("demanded_items", land.bay), rows.total) == (4, 1)
        assert dict(zip(rows.columns, rows.rows[0], strict=True))["paper"] == "帮扶工作月报（县乡村振兴局）"


def test_a_village_that_ended_is_asked_no_longer(asked, land):
    Unit.objects.filter(pk=land.ditch.pk).update(until=date(2020, 6, 30))
    assert (value("demanded_items", land.county), value("demanded_items", land.ditch)) == (8, 0)


def test_what_was_filled_is_summed_over_the_days(land):
    for number, (unit, day) in enumerate(
        ((land.bay, date(2020, 1, 1)), (land.ditch, date(2020, 12, 31)), (land.hill, date(2021, 1, 1)))
    ):
        Filling.objects.create(
            unit=unit, path=unit.path, form=number, title="月报", level="village", first=day, last=day, filled_on=day,
            known=5, typed=2, empty=1, minutes=Decimal("4.50"),
        )  # fmt: skip
    wanted = {"fillings": 2, "cells_filled_by_system": 10, "cells_typed": 4, "cells_left_empty": 2}
    assert {key: value(key, land.county) for key in wanted} == wanted
    assert (value("filling_minutes", land.county), value("filling_minutes", land.east)) == (
        Decimal("9.00"),
        Decimal("4.50"),
    )
    assert queries.rows("cells_typed", land.county, YEAR).total == 2
