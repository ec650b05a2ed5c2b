"""Each policy is spoilt in the database, and the comparison with the oracle must see it: a check that cannot fail proves nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from hangshi.access import grants
from hangshi.access.scope import EVERYTHING, NOWHERE, acting, under
from tests.proof_access import oracle
from tests.proof_access.world import FIRST, GONE, TODAY, World

ONE_DAY = timedelta(days=1)
DAYS = (FIRST - ONE_DAY, GONE, TODAY)
WATCHERS = ("clerk", "first", "secretary", "paired", "systems", "security", "auditor", "leaver")
MODES = {  # table → the modes that it is open to beside the place
    "unit": "party paired", "unit_name": "party", "unit_link": "party", "unit_path": "party", "succession": "party",
    "person": "party paired", "household": "paired", "household_status": "paired", "household_member": "paired",
    "membership": "party", "search_token": "party paired", "duty": "party paired", "activity": "party paired",
    "attendance": "party", "case_file": "party paired", "case_step": "party paired", "entry": "party paired",
    "appraisal_sheet": "party", "appraisal_round": "party appraised",
}  # fmt: skip
OF_THE_WORK = [(table, name) for table, modes in MODES.items() for name in ("scope", *modes.split())]
OF_ACCESS = [
    ("access_grant", "own"),
    ("access_grant", "office"),
    ("account", "scope"),
    ("account", "system"),
    ("account", "security"),
]
# For the operator, and for writing: what they let in is asked in tests/access/test_grants.py.
OTHERS = {("access_grant", name) for name in ("operator", "hand_on", "take_back", "withdraw")}
# Of points accounts, of which the world has none: what they let in is asked in tests/ledger/test_points.py.
OTHERS |= {("entry", name) for name in ("points", "points_branch", "points_own")}
UP = "regexp_replace(current_setting('hangshi.lo', true), '[0-9]+/$', '')"
ONE_LEVEL_UP = f"path >= {UP} AND path < rtrim({UP}, '/') || '0'"


@pytest.fixture
def world(committed_world: World, django_db_blocker: Any) -> Iterator[World]:
    """Outside a transaction: what the owner changes must be committed to be seen, and is put right by each test."""
    with django_db_blocker.unblock():
        yield committed_world


def owner(statement: str) -> list[tuple[str, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def differences(world: World, *tables: str) -> list[tuple[str, str]]:
    """Who sees something else than they should, and in which table; empty when the database and the oracle agree."""
    rows, found = oracle.everything(), set()
    with acting(NOWHERE), connection.cursor() as cursor:
        for who in WATCHERS:
            for day in DAYS:
                wanted = oracle.visible(rows, world.grants[who], day)
                under(world.grants[who], on=day)
                for table in tables or (*oracle.TABLES, *oracle.OURS):
                    cursor.execute(f"SELECT id FROM {table}")
                    if {row[0] for row in cursor.fetchall()} != wanted[table]:
                        found.add((who, table))
    return sorted(found)


def expression(table: str, name: str) -> str:
    query = "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = '{}'::regclass AND polname = '{}'"
    return owner(query.format(table, name))[0][0]


@contextmanager
def spoilt(table: str, name: str, condition: str) -> Iterator[None]:
    """The policy with another condition to read by, and put right afterwards."""
    before = expression(table, name)
    assert condition != before
    owner(f"ALTER POLICY {name} ON {table} USING ({condition})")
    try:
        yield
    finally:
        owner(f"ALTER POLICY {name} ON {table} USING ({before})")


@contextmanager
def spoilt_function(name: str, change: Callable[[str], str]) -> Iterator[None]:
    [(before,)] = owner(f"SELECT pg_get_functiondef('{name}'::regproc)")
    after = change(before)
    assert after != before
    owner(after)
    try:
        yield
    finally:
        owner(before)


def test_unspoilt_the_database_and_the_oracle_agree(world: World) -> None:
    assert differences(world) == []


def test_the_list_of_policies_is_complete(world: World) -> None:
    rows = owner(
        "SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE right(p.polname, 5) <> '_lock'"
    )
    ours = {(table, name) for table, name in rows if table in (*oracle.TABLES, *oracle.OURS)}
    assert ours == {*OF_THE_WORK, *OF_ACCESS, *OTHERS}


@pytest.mark.parametrize(("table", "name"), [*OF_THE_WORK, *OF_ACCESS])
@pytest.mark.parametrize("condition", ["true", "false"])
def test_a_policy_that_shows_all_or_nothing_is_seen(world: World, table: str, name: str, condition: str) -> None:
    with spoilt(table, name, condition):
        assert differences(world, table) != []


@pytest.mark.parametrize("table", MODES)
def test_a_range_one_level_up_is_seen(world: World, table: str) -> None:
    with spoilt(table, "scope", ONE_LEVEL_UP):
        assert differences(world, table) != []


@pytest.mark.parametrize("table", [*MODES, *oracle.OURS])
def test_a_table_without_row_security_is_seen(world: World, table: str) -> None:
    owner(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        assert differences(world, table) != []
    finally:
        owner(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize("bound", ["until IS NULL", "since <="])
@pytest.mark.parametrize(("table", "name"), [("person", "party"), ("household_member", "paired")])
def test_a_policy_that_forgets_the_dates_is_seen(world: World, table: str, name: str, bound: str) -> None:
    always = "true" if bound == "until IS NULL" else "'-infinity'::date <="
    forgetful = re.sub(rf"(\w+\.)?{bound}", always, expression(table, name))
    with spoilt(table, name, forgetful):
        assert differences(world, table) != []


UNIT = "NULLIF(current_setting('hangshi.unit', true), '')::bigint"
PARENT = f"(SELECT l.parent_id FROM unit_link l WHERE l.line = 'party' AND l.until IS NULL AND l.unit_id = {UNIT})"
SPOILT = {
    "paths without an end": ("scope_paths", re.compile(r"\bp\.until IS NULL"), "true"),
    "paths without a beginning": ("scope_paths", re.compile(r"(p|top)\.since <="), "'-infinity' <="),
    "paths one level up": ("scope_paths", re.compile(r"top\.unit_id = \S+\('hangshi\.unit', true\), ''\)::bigint"), f"top.unit_id = {PARENT}"),
    "paths of all units": ("scope_paths", re.compile(r"top\.unit_id = \S+\('hangshi\.unit', true\), ''\)::bigint"), "true"),
    "households without an end": ("scope_households", "until IS NULL", "true"),
    "households without a beginning": ("scope_households", "since <=", "'-infinity' <="),
    "households of any bearer": ("scope_households", re.compile(r"bearer_id = \S+\('hangshi\.person', true\), ''\)::bigint"), "true"),
    "households by any duty": ("scope_households", re.compile(r"kind = ANY \(.*?','\)\)"), "false"),
    "households of any county": ("scope_households", "AND path >=", "AND path IS NOT NULL OR path >="),
    "households one level up": (
        "scope_households",
        re.compile(r"SELECT DISTINCT household_id FROM duty(.*?)\);", re.DOTALL),
        r"SELECT id FROM household WHERE unit_id IN (SELECT unit_id FROM duty\1));",
    ),
    "the way to all households": ("scope_way", re.compile(r"h\.id = ANY \(scope_households\(\)\)"), "true"),
    "no way at all": ("scope_way", re.compile(r"h\.id = ANY \(scope_households\(\)\)"), "false"),
}  # fmt: skip


def changed(old: "str | re.Pattern[str]", new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new) if isinstance(old, str) else old.sub(new, text)


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_function_is_seen(world: World, how: str) -> None:
    name, old, new = SPOILT[how]
    with spoilt_function(name, changed(old, new)):
        assert differences(world) != []


def wrongly_standing() -> list[object]:
    """The days on which other grants stand than the oracle names."""
    rows = oracle.everything()
    days = [
        FIRST - ONE_DAY,
        FIRST,
        GONE - ONE_DAY,
        GONE,
        GONE + 9 * ONE_DAY,
        GONE + 10 * ONE_DAY,
        GONE + 61 * ONE_DAY,
        TODAY,
    ]
    with acting(EVERYTHING):
        found = {day: set(grants.standing(day).values_list("pk", flat=True)) for day in days}
    return [day for day in days if found[day] != oracle.standing(rows, day)]


def test_unspoilt_the_standing_grants_are_those_of_the_oracle(world: World) -> None:
    assert wrongly_standing() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("it.until IS NULL", "true"),
        ("it.since <= day", "true"),
        ("AND a.active", ""),
        ("IF it.delegated_from_id IS NULL THEN RETURN true", "IF true THEN RETURN true"),
    ],
)
def test_a_grant_that_outlives_its_end_is_seen(world: World, old: str, new: str) -> None:
    with spoilt_function("grant_stands", changed(old, new)):
        assert wrongly_standing() != []
