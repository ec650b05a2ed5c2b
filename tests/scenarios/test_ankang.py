"""The scenario 安康 at a small scale: repeatable, whole, and within what the database demands."""

from collections.abc import Iterator

import pytest
from django.db import connections

from hangshi.refusal import Refused
from hangshi.scenarios.load import load
from hangshi.scenarios.tables import TABLES
from tests.committed import emptied

SCALE = 0.02
OTHERS = ("household_member", "case_measure", "case_evidence")  # 安康 has none


def ask(statement: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def digests() -> dict[str, object]:
    return {
        table: ask(f"SELECT md5(string_agg((to_jsonb(t) - 'recorded_at')::text, '|' ORDER BY id)) FROM {table} t")[0][0]
        for table in TABLES
        if table not in ("search_token", *OTHERS)
    }  # our own table names


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's own type
        load("ankang", SCALE, password="only-for-show")
        yield
        emptied()


def test_the_same_scale_gives_the_same_rows(loaded: None) -> None:
    first = digests()
    emptied()
    load("ankang", SCALE, password="only-for-show")
    assert digests() == first
    assert None not in first.values()


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("two branches on a day", "SELECT 1 FROM membership a JOIN membership b ON a.person_id = b.person_id AND a.id < b.id"
         " AND daterange(a.since, a.until, '[]') && daterange(b.since, b.until, '[]')"),
        ("a path that is not the unit's", "SELECT 1 FROM duty d JOIN unit u ON u.id = d.unit_id WHERE d.path <> u.path"),
        ("an attendance elsewhere", "SELECT 1 FROM attendance t JOIN activity a ON a.id = t.activity_id WHERE (t.path, t.day, t.unit_id) <> (a.path, a.day, a.unit_id)"),
        ("a person elsewhere", "SELECT 1 FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.path <> u.path"),
        ("a path that does not lead through the parent", "SELECT 1 FROM unit_link l JOIN unit p ON p.id = l.parent_id JOIN unit u ON u.id = l.unit_id"
         " WHERE l.line = 'place' AND u.path <> p.path || u.id || '/'"),
        ("an empty path", "SELECT 1 FROM unit WHERE path = ''"),
        ("a visit before the bearer came", "SELECT 1 FROM activity a WHERE kind = 'visit' AND NOT EXISTS (SELECT FROM duty d WHERE d.kind = 'pairing'"
         " AND d.household_id = a.household_id AND d.bearer_id = a.leader_id AND a.day >= d.since AND (d.until IS NULL OR a.day <= d.until))"),
        ("a member meeting before joining", "SELECT 1 FROM attendance t WHERE NOT EXISTS (SELECT FROM membership m WHERE m.person_id = t.person_id"
         " AND m.unit_id = t.unit_id AND t.day >= m.since)"),
        ("a case closed without its last step", "SELECT 1 FROM case_file c WHERE c.stage <> (SELECT after FROM case_step s WHERE s.case_id = c.id ORDER BY id DESC LIMIT 1)"),
        ("a household without a status", "SELECT 1 FROM household h WHERE NOT EXISTS (SELECT FROM household_status s WHERE s.household_id = h.id AND s.until IS NULL)"),
    ],
)  # fmt: skip
def test_nothing_of_the_kind(loaded: None, what: str, statement: str) -> None:
    assert ask(statement) == []


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("household", 2200),
        ("activity WHERE kind = 'visit'", 11200),
        ("person", 3060),
        ("duty WHERE kind = 'pairing' AND until IS NULL", 1252),
    ],
)
def test_how_many_rows(loaded: None, table: str, rows: int) -> None:
    assert ask(f"SELECT count(*) FROM {table}") == [(rows,)]  # our own table names


def test_indexes_constraints_and_triggers_stand_again(loaded: None) -> None:
    assert ask("SELECT conname FROM pg_constraint WHERE conname IN ('membership_one_at_a_time', 'attendance_once') ORDER BY 1") == [
        ("attendance_once",), ("membership_one_at_a_time",),
    ]  # fmt: skip
    assert ask("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'") == []


def test_every_place_says_that_all_is_synthetic(loaded: None) -> None:
    assert ask("SELECT name, extra FROM unit WHERE id = 1") == [
        ("安康市", '{"synthetic": true, "report_day": "2017-10-31"}')
    ]
    assert ask(
        "SELECT count(*) FROM unit WHERE kind IN ('county', 'township', 'village') AND NOT extra ? 'synthetic'"
    ) == [(0,)]


def test_demo_accounts_stand_where_they_should(loaded: None) -> None:
    grants = ask(
        "SELECT a.username, g.role, u.name FROM access_grant g JOIN account a ON a.id = g.account_id JOIN unit u ON u.id = g.unit_id ORDER BY g.id"
    )
    assert grants == [
        ("shi", "city_clerk", "安康市"), ("hanbin", "county_clerk", "汉滨区"), ("guanmiao", "township_clerk", "关庙镇"), ("cun", "first_secretary", "皂树村"),
        ("dui", "first_secretary", "皂树村"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scale", "code"),
    [("ankang", 1.0, "scenario.not_empty"), ("anknag", 1.0, "scenario.unknown"), ("ankang", 0.0, "scenario.scale")],
)
def test_what_is_refused(loaded: None, name: str, scale: float, code: str) -> None:
    with pytest.raises(Refused) as refused:
        load(name, scale)
    assert refused.value.code == code


def test_the_rise_of_incomes_is_known_on_the_day_of_the_report(loaded: None) -> None:
    rose = "SELECT count(*), sum(persons) FROM fact_incomes WHERE rose AND day BETWEEN '2017-01-01' AND '2017-10-31'"
    [(households, persons)] = ask(rose)
    assert [(households, persons)] == ask("SELECT count(*), sum(persons) FROM fact_incomes WHERE rose")
    assert 400_000 * SCALE < persons < 500_000 * SCALE
    assert 0.95 < households / ask("SELECT count(*) FROM fact_incomes WHERE year = 2017")[0][0] < 0.99
