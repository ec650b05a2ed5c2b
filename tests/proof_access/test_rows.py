"""Every table under every role shows the rows that the oracle names, and no other; written out where a person would ask."""

from datetime import date, timedelta

import pytest
from django.db import connection

from hangshi.access.scope import NOWHERE, acting, under
from hangshi.registry.models import Household, Person, Unit
from tests.proof_access import oracle
from tests.proof_access.world import FIRST, GONE, ROLES, TODAY, World

DAYS = [FIRST - timedelta(days=1), FIRST, GONE, GONE + timedelta(days=1), TODAY]


def seen(world: World, who: str, day: date) -> dict[str, set[int]]:
    """The ids that each table shows under the grant."""
    found = {}
    with acting(NOWHERE), connection.cursor() as cursor:
        under(world.grants[who], on=day)
        for table in (*oracle.TABLES, *oracle.OURS):
            cursor.execute(f"SELECT id FROM {table}")
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("who", ROLES)
def test_the_rows_of_a_role_are_those_of_the_oracle(world: World, who: str) -> None:
    rows = oracle.everything()
    assert {day: seen(world, who, day) for day in DAYS} == {
        day: oracle.visible(rows, world.grants[who], day) for day in DAYS
    }


@pytest.mark.parametrize(
    ("who", "units", "households", "persons"),
    [
        ("clerk", "n_east bay hill east_party bay_branch hill_branch", "bay1 bay2 bay3 hill1 hill2 hill3",
         "bay1 bay2 bay3 bay_left bay_coming hill1 hill2 hill3 hill_left hill_coming"),
        ("first", "bay bay_branch", "bay1 bay2 bay3", "bay1 bay2 bay3 bay_left bay_coming"),
        ("secretary", "east_party bay_branch hill_branch", "", "bay1 hill1"),
        ("paired", "city north n_east bay n_west ditch", "bay1 ditch1", "cadre bay1 ditch1"),
        ("security", "", "", ""),
        ("systems", "", "", ""),
        ("auditor", "", "", ""),
    ],
)  # fmt: skip
def test_what_a_role_sees_today(world: World, who: str, units: str, households: str, persons: str) -> None:
    with acting(NOWHERE):
        under(world.grants[who], on=TODAY)
        shown = [set(model.objects.values_list("pk", flat=True)) for model in (Unit, Household, Person)]
    named = (world.units, world.households, world.persons)
    wanted = [
        {known[name].pk for name in text.split()}
        for known, text in zip(named, (units, households, persons), strict=True)
    ]
    assert shown == wanted


def test_a_paired_cadre_sees_the_household_and_its_member_but_not_who_moved_away_or_who_else_is_paired(
    world: World,
) -> None:
    seen_today = seen(world, "paired", TODAY)
    assert len(seen_today["duty"]) == 2  # bay1, ditch1; hill1 has ended, far1 lies outside the grant's county
    assert len(seen_today["household_member"]) == 2
    assert len(seen(world, "paired", GONE)["household"]) == 3  # the last day of hill1 counts


def test_nothing_set_shows_nothing(world: World) -> None:
    with acting(NOWHERE), connection.cursor() as cursor:
        counts = {}
        for table in (*oracle.TABLES, "account", "access_grant", "access_grant_history"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    assert set(counts.values()) == {0}


@pytest.mark.parametrize("missing", ["hangshi.on", "hangshi.unit", "hangshi.mode"])
def test_the_party_line_is_closed_when_a_setting_is_missing(world: World, missing: str) -> None:
    assert units_without(world, "secretary", missing) == 0


@pytest.mark.parametrize("missing", ["hangshi.on", "hangshi.person", "hangshi.within", "hangshi.kinds", "hangshi.mode"])
def test_pairing_is_closed_when_a_setting_is_missing(world: World, missing: str) -> None:
    assert units_without(world, "paired", missing) == 0


def units_without(world: World, who: str, missing: str) -> int:
    with acting(NOWHERE), connection.cursor() as cursor:
        under(world.grants[who], on=TODAY)
        assert Unit.objects.count() > 0
        cursor.execute("SELECT set_config(%s, '', true)", [missing])
        return Unit.objects.count()


def test_the_scope_is_gone_with_its_transaction(world: World) -> None:
    with acting(NOWHERE):
        with acting(NOWHERE):
            under(world.grants["secretary"], on=TODAY)
            assert Unit.objects.count() == 3
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), current_setting('hangshi.mode', true)")
            assert cursor.fetchone() == ("none", "place")
        assert Unit.objects.count() == 0
