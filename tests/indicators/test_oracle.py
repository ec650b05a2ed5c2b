"""Generated rows and definitions of every fact: the database and the plain-Python oracle say the same, and the rows listed are the figure."""

from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hangshi import packs
from hangshi.indicators import naive, queries
from hangshi.indicators.queries import Period
from tests.indicators.grammar import SCALES, definitions
from tests.indicators.stored import Drawn, Store

# Views of the registers over the tables of the other nine; their figures are held against their rows in tests/scenarios and tests/proof.
REGISTERS = {"attended", "household_rises", "mobile", "open_cases", "organisations", "payments", "posts", "venues"}
FACTS = {key: it for key, it in packs.load("base").facts.items() if key not in REGISTERS}
NODES = ["某市", "某县", "河口镇", "东湾", "西沟", "东湾支部"]
# Near the ends of months and years, where one day more or less shows.
TURNS = [
    date(2023, 1, 1),
    date(2023, 12, 31),
    date(2024, 2, 29),
    date(2024, 6, 30),
    date(2024, 7, 1),
    date(2024, 12, 31),
]
DAYS = st.sampled_from(TURNS) | st.dates(date(2023, 1, 1), date(2024, 12, 31))
SPANS = st.tuples(DAYS, DAYS).map(sorted).map(lambda it: Period(*it))
ROWS = st.lists(
    st.builds(Drawn, st.sampled_from(NODES), DAYS, st.none() | st.integers(0, 60), st.integers(0, 3), st.booleans()),
    max_size=8,
)
CASES = st.sampled_from(sorted(FACTS)).flatmap(lambda fact: st.tuples(st.just(fact), definitions(FACTS[fact])))


def plain_rows(fact):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {FACTS[fact].view}")  # a name of the pack
        names = [it.name for it in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def add_up(rows, said):
    if said["measure"].startswith("sum"):
        at = rows.columns.index(said["measure"][4:-1])
        return sum(row[at] for row in rows.rows)
    return len(rows.rows)


def check_everywhere(world, when, tree):
    """Each figure at each unit by itself, at its children, and at all units at once."""
    pack, facts, keys = world
    at_once = queries.everywhere(keys, tree["某市"], when)
    for unit in tree.values():
        wanted = {key: naive.value(key, pack.indicators, facts, unit.path, when.first, when.last) for key in keys}
        assert {key: it.value for key, it in queries.values(keys, unit, when).items()} == wanted, unit.name
        assert {key: at_once[key].get(unit.pk) or 0 for key in keys} == {key: it or 0 for key, it in wanted.items()}
    for unit in tree.values():
        for child, got in queries.children("x", unit, when):
            assert got.value == naive.value("x", pack.indicators, facts, child.path, when.first, when.last)


def check_rows(said, when, tree):
    for unit in tree.values():
        listed = queries.rows("x", unit, when, size=1000)
        assert len(listed.rows) == listed.total
        assert add_up(listed, said) == (queries.value("x", unit, when).value or 0)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(case=CASES, rows=ROWS, when=SPANS, scale=SCALES)
def test_the_database_and_the_oracle_agree_at_every_node(case, rows, when, scale, tree, define):
    fact, said = case
    with transaction.atomic():
        store = Store(tree)
        for row in rows:
            getattr(store, fact)(row)
        parts = {
            "x": said,
            "all": said | {"where": ""},
            "share": {"numerator": "x", "denominator": "all", "scale": scale},
        }
        changes = {"fell": {"change_of": "x"}, "share_rose": {"change_of": "share", "change": "rise"}}
        pack = define(**parts, **changes)
        world = pack, {fact: plain_rows(fact)}, list(pack.indicators)
        check_everywhere(world, when, tree)
        check_rows(said, when, tree)
        queries.fold()  # what can be kept is now read from cells, but for the broken months
        check_everywhere(world, when, tree)
        transaction.set_rollback(True)


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_every_fact_is_written_and_read_with_all_its_columns(fact, tree):
    store = Store(tree)
    for number, flag in ((0, True), (1, False), (2, True)):
        getattr(store, fact)(Drawn("东湾", date(2024, 7, 1), 10, number, flag))
    rows = plain_rows(fact)
    assert len(rows) >= 3
    assert FACTS[fact].columns.keys() <= rows[0].keys()
    never = {name for name in FACTS[fact].columns if all(row[name] is None for row in rows)}
    assert never <= {"before"}, "a column that no generated row fills is not tried"


def test_no_fact_is_left_out_unnamed():
    assert set(FACTS) == {
        "units", "members", "households", "duties", "activities", "attendances", "cases", "entries", "incomes",
        "trainings", "rotated", "quiz_results", "demands", "fillings",
    }  # fmt: skip
    assert packs.load("base").facts.keys() - FACTS.keys() == REGISTERS
