"""The database's own catalogue is asked: whatever table or view the app role can reach is guarded, or the suite is red."""

import pytest
from django.db import connection, connections

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.registry.models import Unit

pytestmark = pytest.mark.django_db

# The queue of jobs holds task names and job numbers: tests/jobs asserts that nothing else is written to it.
QUEUE = {"procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers"}
REACHABLE = """
    SELECT c.relname, c.relkind, c.relrowsecurity, coalesce(c.reloptions::text, ''),
           exists(SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND has_table_privilege(%s, c.oid, 'SELECT')
"""


def reachable() -> list[tuple[str, str, bool, str, bool]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(REACHABLE, [connections.databases["default"]["USER"]])
        return list(cursor.fetchall())


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_table_the_app_role_reads_has_row_security_and_a_policy():
    tables = [row for row in reachable() if row[1] in "rp"]
    assert {"unit", "person", "household", "duty", "activity", "attendance", "case_file", "entry", "account"} <= {
        row[0] for row in tables
    }
    assert {name for name, _, secured, _, has_policy in tables if not (secured and has_policy)} == QUEUE


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_view_asks_with_the_rights_of_the_reader():
    views = [row for row in reachable() if row[1] in "vm"]
    assert {"fact_members", "fact_duties", "fact_activities"} <= {row[0] for row in views}
    assert [name for name, kind, _, options, _ in views if kind == "m" or "security_invoker=true" not in options] == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_app_role_owns_nothing_and_cannot_bypass():
    role = connections.databases["default"]["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [role])
        assert cursor.fetchone() == (0,)


# Functions that run with the owner's rights look past every policy: each is here for a reason, and a new one turns this red.
TRUSTED = {
    "scope_paths": "the units of a grant on the Party line",
    "scope_households": "the households of a paired cadre",
    "scope_way": "the units on the way down to those",
    "grant_stands": "a grant and those it was delegated from, which its holder need not see",
    "grant_reaches": "whether a unit stands below that of a grant",
    "access_one_office": "two grants of one person, whoever sees them",
    "account_called": "one account by its exact sign-in name, to be given something",
    "units_to_grant": "units below that of a security administrator, who sees no row",
    "persons_to_link": "persons of a unit by exact name, of whom a security administrator says whose account it is",
    "link_account": "and says so: for an account that acts nowhere else",
    "person_has_account": "whether a person in sight would be cut off from an account by being joined",
    "names_to_grant": "the names of units of grants that one sees",
    "audit_note": "append-only: what no trigger sees, in the name of whoever acts",
    "delegated_by": "whom one's own delegated grant stands for, so that nobody approves what they wrote",
    "named_in_scope": "persons to be named, whose home is elsewhere",
    "names_in_scope": "the same by id",
    "intake_begin": "makes the three temporary tables of an import, always the same",
    "intake_turn": "swaps two of them, emptying one",
    "intake_analyse": "takes the statistics of the registers that an import filled, and of nothing else",
    "intake_known_persons": "which of these blind indexes are taken somewhere, as the form of one person says too",
    "intake_known_households": "which of these household numbers are taken somewhere, as the form of one household says too",
    "pack_roots": "the places that packs are made for: code, path and day of the data",
    "units_above": "the names of the units above one's own",
    "study_roll": "makes the sheets of a quiz that the caller holds, whose persons they need not see",
    "study_settle": "marks a sheet that was handed in by the key, and counts it for its branch",
    "signers_over": "accounts over a unit of one's scope, by role: whom one may ask to sign",
}
DEFINERS = """
    SELECT p.proname, p.prorettype = 'trigger'::regtype, coalesce(p.proconfig::text, '') FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef"""


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_function_with_the_owners_rights_is_known_and_looks_in_public_only():
    with connections["owner"].cursor() as cursor:
        cursor.execute(DEFINERS)
        found = cursor.fetchall()
    assert {name for name, is_trigger, _ in found if not is_trigger} == set(TRUSTED)
    assert [name for name, _, config in found if "search_path=public" not in config] == []


def test_no_identity_means_no_rows(db):
    with acting(EVERYTHING):
        unit = Unit.objects.create(kind="city", name="某市", since="2000-01-01", path="9/")
        assert Unit.objects.filter(pk=unit.pk).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.lo', '', true), set_config('hangshi.hi', '', true)")
    assert Unit.objects.count() == 0


def test_a_sibling_is_not_seen_though_its_number_begins_alike(db):
    with acting(EVERYTHING):
        for path in ("1/12/", "1/123/", "1/12/7/"):
            Unit.objects.create(kind="village", name=path, since="2000-01-01", path=path)
    with acting(Scope.below("1/12/")):
        assert sorted(Unit.objects.values_list("path", flat=True)) == ["1/12/", "1/12/7/"]


@pytest.mark.parametrize("path", ["", "1", "1/12"])
def test_a_scope_without_a_whole_path_is_refused(path):
    with pytest.raises(ValueError, match="ends in"):
        Scope.below(path)
