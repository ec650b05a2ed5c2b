"""A record changed past the system: with the triggers off, as the owner of the tables can."""

from typing import Any

import pytest
from django.db import connections

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit import attach, records
from hangshi.registry.models import Household, Unit


def faults() -> dict[str, str]:
    return {it.table: it.fault for it in records.prove() if it.fault}


@pytest.fixture
def past_the_triggers(five: Unit, log: Any) -> Any:
    assert faults() == {}
    log.execute("ALTER TABLE household DISABLE TRIGGER USER; ALTER TABLE household_history DISABLE TRIGGER USER")
    yield log
    log.execute("ALTER TABLE household ENABLE TRIGGER USER; ALTER TABLE household_history ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("UPDATE household SET head = '钱六'", {"household": "农户1号与审计记录的摘要不符：是绕过系统修改的。"}),
        ("DELETE FROM household", {"household": "农户1号已不在库中，而审计没有它的删除记录：是绕过系统删除的。"}),
        ("UPDATE household_history SET head = '钱六' WHERE version = 2",
         {"household_history": "农户（原版本）2号与审计记录的摘要不符：是绕过系统修改的。"}),
        ("DELETE FROM household_history WHERE version = 3",
         {"household_history": "农户（原版本）3号已不在库中，而审计没有它的删除记录：是绕过系统删除的。"}),
    ],
)  # fmt: skip
def test_the_first_changed_row_of_the_table_is_named(past_the_triggers: Any, how: str, said: dict[str, str]) -> None:
    past_the_triggers.execute(how)
    assert faults() == said


def test_a_row_put_back_after_its_deletion_is_named(five: Unit, log: Any) -> None:
    log.execute("CREATE TEMP TABLE h AS TABLE household")
    with acting(EVERYTHING):
        Household.objects.all().delete()
    assert faults() == {}
    log.execute("ALTER TABLE household DISABLE TRIGGER USER; INSERT INTO household TABLE h; DROP TABLE h")
    log.execute("ALTER TABLE household ENABLE TRIGGER USER")
    assert faults() == {"household": "农户1号在审计中已删除，却仍在库中：是绕过系统放回的。"}


def test_a_row_the_log_does_not_know_is_counted_until_the_baseline_takes_it(past_the_triggers: Any, five: Unit) -> None:
    past_the_triggers.execute(
        "INSERT INTO household (number, head, unit_id, path, extra) VALUES ('东湾-2', '钱', %s, '1/2/', '{}')",
        [five.pk],
    )
    unknown = {it.table: it.unknown for it in records.prove() if it.unknown}
    assert unknown == {"household": 1}
    assert records.baseline() == 1
    assert [it.unknown for it in records.prove() if it.table == "household"] == [0]
    past_the_triggers.execute("UPDATE household SET head = '孙' WHERE number = '东湾-2'")
    assert list(faults()) == ["household"]


def test_a_column_added_later_breaks_no_earlier_digest_and_no_history(five: Unit, log: Any) -> None:
    log.execute("ALTER TABLE household ADD COLUMN tap_water boolean NOT NULL DEFAULT false")
    try:
        attach.after_migrate()
        assert faults() == {}
        with acting(EVERYTHING):
            Household.objects.update(head="赵六")
        log.execute("SELECT head, tap_water FROM household_history ORDER BY version DESC LIMIT 1")
        assert log.fetchone() == ("赵五", False)
        assert faults() == {}
    finally:
        log.execute("ALTER TABLE household DROP COLUMN tap_water; ALTER TABLE household_history DROP COLUMN tap_water")
        attach.after_migrate()


def test_a_bulk_statement_shares_a_salt_and_is_proved_row_by_row(village: Unit, log: Any) -> None:
    with acting(EVERYTHING):
        Household.objects.bulk_create(
            Household(number=f"{n}", head="x", unit=village, path="1/2/") for n in range(1001)
        )
    log.execute("SELECT length(salts), length(digests) FROM audit_entry WHERE rows = 1001")
    assert log.fetchone() == (16, 1001 * 32)
    assert faults() == {}
    log.execute("ALTER TABLE household DISABLE TRIGGER USER; UPDATE household SET head = 'y' WHERE number = '700'")
    log.execute("ALTER TABLE household ENABLE TRIGGER USER")
    log.execute("SELECT id FROM household WHERE number = '700'")
    assert faults() == {"household": f"农户{log.fetchone()[0]}号与审计记录的摘要不符：是绕过系统修改的。"}


@pytest.mark.django_db(databases=["default", "owner"])
def test_attaching_twice_changes_nothing() -> None:
    with connections["owner"].cursor() as cursor:
        attach.attach(cursor)
        assert attach.attach(cursor) == []
