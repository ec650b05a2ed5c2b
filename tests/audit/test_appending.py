"""What is appended by whom: with the change, by the trigger, never values, and never by the app role's own hand."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from hangshi.access import origin
from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.audit import attach, queries, services
from hangshi.audit.models import AuditEntry, AuditLink
from hangshi.registry.models import Household, Unit

UNAUDITED = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity
      AND (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE 'audit\\_%') < 4
"""


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_guarded_table_is_audited_or_listed_with_its_reason():
    with connections["owner"].cursor() as cursor:
        cursor.execute(UNAUDITED)
        bare = {name for (name,) in cursor.fetchall() if not name.startswith("audit_")}
    assert bare <= attach.NOT_AUDITED.keys()


def homes(village: Unit, count: int) -> list[Household]:
    return [Household(number=f"东湾-{n}", head=f"户主{n}", unit=village, path=village.path) for n in range(count)]


@pytest.fixture
def village(everything: None) -> Unit:
    return Unit.objects.create(kind="village", name="东湾村", since="2016-01-01", path="1/2/")


def last(kind: str, table: str = "household") -> AuditEntry:
    return AuditEntry.objects.filter(kind=kind, table_name=table).latest("id")


def test_an_entry_says_who_when_from_where_on_which_request_under_which_grant(village: Unit) -> None:
    with origin.coming_from("192.0.2.7") as here, acting(Scope.below("1/", actor=41)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('hangshi.grant', '17', true)")
        home = Household.objects.create(number="东湾-1", head="赵大山", unit=village, path=village.path)
        made = last("insert")
    assert (made.account, made.grant_id, made.address, made.request) == (41, 17, "192.0.2.7", here.request)
    assert (made.rows, made.ids, made.low, made.high, made.path_first, made.path_last) == (
        1, [home.pk], home.pk, home.pk, "1/2/", "1/2/",
    )  # fmt: skip
    assert (len(bytes(made.digests)), len(bytes(made.salts))) == (32, 16)


def test_history_says_it_too(village: Unit) -> None:
    home = homes(village, 1)[0]
    home.save()
    with origin.coming_from("192.0.2.7") as here, acting(Scope.below("1/", actor=41)):
        Household.objects.filter(pk=home.pk).update(head="赵二")
    with connection.cursor() as cursor:
        cursor.execute("SELECT head, replaced_by, address, request FROM household_history WHERE id = %s", [home.pk])
        assert cursor.fetchall() == [("户主0", 41, "192.0.2.7", here.request)]


def test_one_statement_is_one_entry_however_many_rows(village: Unit) -> None:
    made = Household.objects.bulk_create(homes(village, 500))
    Household.objects.filter(unit=village).update(head="同名")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM household")
    assert [last(kind).rows for kind in ("insert", "update", "delete")] == [500, 500, 500]
    assert sorted(last("update").ids) == sorted(it.pk for it in made)
    assert len(bytes(last("update").digests)) == 500 * 32


def test_a_statement_that_touches_no_row_leaves_no_entry(village: Unit) -> None:
    before = AuditEntry.objects.count()
    Household.objects.filter(number="没有这户").update(head="x")
    assert AuditEntry.objects.count() == before


def test_what_is_rolled_back_leaves_no_entry(village: Unit) -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        homes(village, 1)[0].save()
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


def test_no_value_of_a_record_stands_in_the_log(village: Unit) -> None:
    homes(village, 1)[0].save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry e WHERE e::text LIKE '%户主0%' OR e::text LIKE '%东湾-0%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry (at, kind) VALUES (now(), 'export')",
        "UPDATE audit_entry SET account = 1",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_pending VALUES (1)",
        "DELETE FROM audit_pending",
        "UPDATE audit_link SET seq = 1",
        "UPDATE audit_shape SET table_name = ''",
        "SELECT audit_note('update', 'person', 1, '1/', NULL)",
        "SELECT audit_note('insert', 'person', 1, '1/', NULL)",
        "SELECT audit_note('person_erase', 'person', 1, '1/', NULL)",
        "ALTER TABLE household DISABLE TRIGGER USER",
        "SET session_replication_role = replica",
    ],
)
def test_the_app_role_appends_through_triggers_and_the_note_only(everything: None, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert services.note("export", table="person") > 0


def test_a_note_of_an_unknown_kind_is_a_mistake_of_ours(everything: None) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        services.note("wave")


@pytest.mark.parametrize(("scope", "seen"), [("1/2/", 1), ("1/", 2), ("1/3/", 0), ("1/2/5/", 0)])
def test_an_entry_is_seen_by_those_who_see_all_of_its_rows(village: Unit, scope: str, seen: int) -> None:
    start = AuditEntry.objects.latest("id").pk
    hill = Unit.objects.create(kind="village", name="东坡村", since="2016-01-01", path="1/4/")
    homes(village, 1)[0].save()
    Household.objects.bulk_create([*homes(hill, 2)[1:], Household(number="x", head="y", unit=village, path="1/2/")])
    with acting(Scope.below(scope)):
        assert AuditEntry.objects.filter(pk__gt=start, table_name="household").count() == seen


def test_the_auditor_sees_the_whole_log_and_no_record(village: Unit) -> None:
    homes(village, 1)[0].save()
    with acting(Scope("", "", mode="none", power="security")):
        assert AuditEntry.objects.count() == 0
    with acting(Scope("", "", mode="none", power="audit")):
        assert AuditEntry.objects.filter(table_name="household", kind="insert").exists()
        assert AuditLink.objects.count() == 0
        assert (Household.objects.count(), Unit.objects.count()) == (0, 0)


def test_a_search_finds_the_bulk_entry_of_a_record(village: Unit) -> None:
    made = Household.objects.bulk_create(homes(village, 20))
    found = queries.search(queries.Asked(table="household", record=made[7].pk))
    assert [(it.kind, it.rows) for it in found] == [("insert", 20)]
    assert not queries.search(queries.Asked(table="household", record=made[-1].pk + 1)).exists()


def note_apart() -> int:
    return services.note_first("export", table="person", register="persons")


def note_and_fail() -> None:
    with acting(Scope.below("1/", actor=41)):
        note_apart()
        raise RuntimeError("the request fails")


def test_a_note_apart_outlives_the_request_that_fails(log: Any) -> None:
    with pytest.raises(RuntimeError):
        note_and_fail()
    with acting(EVERYTHING):
        assert [(it.kind, it.account, it.detail) for it in AuditEntry.objects.all()] == [
            ("export", 41, {"register": "persons"})
        ]


def test_a_note_apart_can_be_written_from_a_read_only_transaction(log: Any) -> None:
    with acting(Scope.below("1/", actor=41), read_only=True):
        note_apart()
    with acting(EVERYTHING):
        assert AuditEntry.objects.count() == 1
