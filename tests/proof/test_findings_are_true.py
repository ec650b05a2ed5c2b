"""Every shipped check over the small 安康: the findings are those that plain Python finds in plain rows."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.packs import load
from hangshi.standards import naive
from hangshi.standards.models import Finding
from hangshi.standards.refresh import settle

PACK = load("base", "ankang")
DAYS = [date(2017, 10, 31), date(2018, 10, 31), date(2019, 12, 15)]


@pytest.fixture(scope="module")
def facts(ankang, django_db_blocker) -> dict[str, list[dict[str, Any]]]:
    """Of a town in which every seventh duty has ended, many branches are empty, every fifth fund was never booked and every third month had no meeting."""
    found = {}
    with django_db_blocker.unblock(), connections["owner"].cursor() as owner:
        owner.execute(
            "UPDATE duty SET until = '2017-06-30' WHERE since < '2017-06-30' AND until IS NULL"
            " AND (id % 7 = 0 OR kind IN ('team_member', 'first_secretary') AND unit_id % 3 = 0)"
        )
        owner.execute("DELETE FROM membership WHERE unit_id % 4 = 0")
        owner.execute("DELETE FROM entry WHERE kind IN ('branch_fund', 'member_fund') AND id % 5 = 0")
        owner.execute("DELETE FROM attendance")
        owner.execute("DELETE FROM activity WHERE kind IN ('theme_day', 'branch_meeting') AND unit_id % 3 = 0")
    with django_db_blocker.unblock(), acting(EVERYTHING, read_only=True), connection.cursor() as cursor:
        for fact in PACK.facts.values():
            cursor.execute(f"SELECT * FROM {fact.view}")
            names = [column.name for column in cursor.description]
            found[fact.key] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        connection.close()
    return found


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("key", PACK.checks)
def test_the_findings_are_those_of_the_oracle(facts, everything, key, on):
    check = PACK.checks[key]
    settle(check, PACK, on)
    rows = Finding.objects.filter(check_key=key, closed_on=None)
    assert {it.subject: (it.has, it.needs) for it in rows} == naive.breaches(check, facts, PACK.standards, on)


def test_the_small_town_has_something_to_find(facts, everything):
    """Else the test above would compare nothing with nothing."""
    opened = {key: [settle(check, PACK, on)[0] for on in DAYS] for key, check in PACK.checks.items()}
    assert [key for key, counts in opened.items() if not any(counts)] == []
