"""What is said in two ways is the same in both: sums against plain rows, the table of all villages against each village's sheet, cost against a count by hand."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangshi.activities.models import Activity
from hangshi.demands import answers, collecting, costs, fillings, judging
from hangshi.demands.models import Demand, Filling, Item
from hangshi.indicators import queries
from hangshi.indicators.queries import Period
from hangshi.registry.models import Unit

FIRST, LAST = date(2020, 1, 1), date(2020, 4, 30)
DEPARTMENTS, LEVELS = ("", "县民政局", "县水利局"), ("village", "township")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.integers(0, 50)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("bay", "hill", "ditch", "east")), st.sampled_from(DEPARTMENTS), st.sampled_from(LEVELS),
        st.dates(FIRST - timedelta(days=20), LAST + timedelta(days=20)), CELLS, CELLS, CELLS,
    ),
    max_size=12,
)  # fmt: skip


def stored(land, rows):
    return [
        Filling.objects.create(
            unit=getattr(land, unit), path=getattr(land, unit).path, form=number, title="月报", department=department,
            level=level, first=day, last=day, filled_on=day, known=known, typed=typed, empty=empty, minutes=Decimal(2) * typed,
        )
        for number, (unit, department, level, day, known, typed, empty) in enumerate(rows)
    ]  # fmt: skip


def summed(found, key):
    """By plain Python: key → times, known, typed, empty, minutes."""
    sums: defaultdict[Any, list[Any]] = defaultdict(lambda: [0, 0, 0, 0, Decimal(0)])
    for it in found:
        for at, number in enumerate((1, it.known, it.typed, it.empty, it.minutes)):
            sums[key(it)][at] += number
    return {name: tuple(said) for name, said in sums.items()}


@given(rows=ROWS)
@FEW
def test_the_sums_are_those_of_the_rows(land, rows):
    keys = {
        "month": lambda it: it.filled_on.replace(day=1),
        "level": lambda it: it.level,
        "department": lambda it: it.department,
        "title": lambda it: it.title,
    }
    with transaction.atomic():
        found = [it for it in stored(land, rows) if FIRST <= it.filled_on <= LAST]
        within = fillings.within(Filling.objects.all(), Period(FIRST, LAST))
        for by, key in keys.items():
            said = {
                row["key"]: (row["times"], row["system"], row["hand"], row["left"], row["took"])
                for row in fillings.grouped(within, by)
            }
            assert said == summed(found, key), by
        transaction.set_rollback(True)


@given(rows=ROWS)
@FEW
def test_the_figures_are_the_sums_of_the_page_at_every_level(land, rows):
    keys = ("fillings", "cells_filled_by_system", "cells_typed", "cells_left_empty", "filling_minutes")
    with transaction.atomic():
        found = [it for it in stored(land, rows) if FIRST <= it.filled_on <= LAST]
        for unit in (land.county, land.east, land.bay):
            below = [it for it in found if it.path.startswith(unit.path)]
            wanted = summed(below, lambda it: "all").get("all", (0, 0, 0, 0, 0))
            values = queries.values(keys, unit, Period(FIRST, LAST))
            assert tuple(values[key].value for key in keys) == wanted
        transaction.set_rollback(True)


@pytest.fixture
def pair(propose, land):
    """Two demands in use of three items each; the first two are figures, and the third of each is the same."""
    made = [propose(("走访次数", "建档立卡户数", label), title=label) for label in ("巡查次数", "巡河次数")]
    one, two = (it.items.get(number=3) for it in made)
    judging.judge(one, two, same=True, reason="", on=FIRST, actor=7)
    Demand.objects.update(state="approved")
    for day in (1, 2, 9):
        Activity.objects.create(kind="visit", unit=land.bay, path=land.bay.path, day=date(2020, 3, day))
    return [Demand.objects.get(pk=it.pk) for it in made]


TOLD = st.dictionaries(
    st.tuples(st.integers(0, 1), st.sampled_from(("bay", "hill", "ditch"))),
    st.sampled_from(("4", "无", "十二")),
    max_size=6,
)


@given(told=TOLD)
@FEW
def test_the_table_of_all_villages_says_what_the_sheet_of_each_says(pack, pair, land, told):
    march = Period(date(2020, 3, 1), date(2020, 3, 31))
    with transaction.atomic():
        for (which, village), text in told.items():
            typed = {3: text}
            answers.fill(pack, pair[which], getattr(land, village), day=march.last, typed=typed, on=LAST, actor=7)
        for demand in pair:
            units = list(collecting.units_of(demand, land.county, march))
            for row in collecting.collected(demand, land.county, march, units):
                sheet = [it.text for it in answers.sheet(pack, demand, row.unit, march)]
                assert [str(cell) for cell in row.cells] == sheet
        transaction.set_rollback(True)


@given(told=TOLD)
@FEW
def test_every_cell_of_a_filling_is_counted_once(pack, pair, land, told):
    with transaction.atomic():
        for (which, village), text in told.items():
            unit = getattr(land, village)
            made = answers.fill(pack, pair[which], unit, day=date(2020, 3, 31), typed={3: text}, on=LAST, actor=7)
            assert made.known + made.typed + made.empty == 3
            assert made.typed == made.answers.count()
            assert made.minutes == 2 * made.typed
        transaction.set_rollback(True)


@given(
    targets=st.lists(st.sampled_from(("", "figure.visits")), min_size=1, max_size=9),
    every=st.sampled_from(sorted(costs.A_YEAR)),
)
@FEW
def test_the_cost_is_that_of_every_cell_counted_one_by_one(pack, land, targets, every):
    with transaction.atomic():
        demand = Demand.objects.create(
            unit=land.county, path=land.county.path, title="表", department="局", ground="文", every=every, level="village",
            since=FIRST, until=LAST,
        )  # fmt: skip
        Item.objects.bulk_create(
            Item(demand=demand, path=demand.path, number=number, label="项", target=it)
            for number, it in enumerate(targets)
        )
        minutes = sum(
            Decimal(2)
            for _ in Unit.objects.filter(kind="village")
            for it in targets
            if not it
            for _ in range({"once": 1, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}[every])
        )
        assert costs.cost(pack, demand, on=FIRST).hours == Decimal(minutes) / 60
        transaction.set_rollback(True)
