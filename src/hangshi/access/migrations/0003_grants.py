"""What a grant is made of since roles are pack data, and the functions of the database that say what a scope opens.

The functions are plpgsql, which looks a table up when it runs: `duty` and the rest stand in rooms above this one.
"""

import django.db.models.deletion
from django.db import migrations, models

from hangshi.access.guard import PERSON, KeepHistory, in_force

UNIT = "nullif(current_setting('hangshi.unit', true), '')::bigint"
WITHIN = "nullif(current_setting('hangshi.within', true), '')"  # NULL when unset, and then nothing lies within
MODE = "coalesce(current_setting('hangshi.mode', true), '')"
BELOW_WITHIN = f"path >= {WITHIN} AND path < rtrim({WITHIN}, '/') || '0'"


def function(name: str, returns: str, body: str, *, trigger: bool = False) -> migrations.RunSQL:
    """Runs with the rights of the owner, on the tables of `public` only."""
    volatile = "" if trigger else "STABLE"
    bare = name if "(" in name else f"{name}()"
    return migrations.RunSQL(
        f"CREATE FUNCTION {bare} RETURNS {returns} LANGUAGE plpgsql {volatile} SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$",
        f"DROP FUNCTION {bare}",
    )


# The present paths of the units that stand at or below the grant's unit on the Party line that day.
PATHS = f"""
BEGIN
    IF {MODE} <> 'party' THEN RETURN '{{}}'; END IF;
    RETURN ARRAY(
        SELECT DISTINCT p.path FROM unit_path top JOIN unit_path p
            ON p.line = 'party' AND p.tree_path >= top.tree_path AND p.tree_path < rtrim(top.tree_path, '/') || '0' AND {in_force("p.")}
        WHERE top.line = 'party' AND top.unit_id = {UNIT} AND {in_force("top.")});
END"""
# Those the person is paired with that day, within the unit of the grant.
HOUSEHOLDS = f"""
BEGIN
    IF {MODE} <> 'households' THEN RETURN '{{}}'; END IF;
    RETURN ARRAY(
        SELECT DISTINCT household_id FROM duty
        WHERE bearer_id = {PERSON} AND kind = ANY (string_to_array(current_setting('hangshi.kinds', true), ','))
            AND household_id IS NOT NULL AND {in_force()} AND {BELOW_WITHIN});
END"""
# The units from the root down to those households.
WAY = """
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT step::bigint FROM household h, unnest(string_to_array(rtrim(h.path, '/'), '/')) step
        WHERE h.id = ANY (scope_households()));
END"""
# A grant stands on a day when it is in force, its account in use, and so is every grant it was delegated from, each wider than the next.
STANDS = """
DECLARE it access_grant; above access_grant; steps int := 0;
BEGIN
    SELECT * INTO it FROM access_grant WHERE id = grant_id;
    WHILE it.id IS NOT NULL LOOP
        IF NOT (it.since <= day AND (it.until IS NULL OR it.until >= day)
                AND EXISTS (SELECT FROM account a WHERE a.id = it.account_id AND a.active)) THEN RETURN false; END IF;
        IF it.delegated_from_id IS NULL THEN RETURN true; END IF;
        SELECT * INTO above FROM access_grant WHERE id = it.delegated_from_id;
        steps := steps + 1;
        IF steps > 9 OR above.id IS NULL OR NOT grant_reaches(above, it.unit_id, it.path, it.line, day) THEN RETURN false; END IF;
        it := above;
    END LOOP;
    RETURN false;
END"""
REACHES = """
BEGIN
    IF above.line <> of_line THEN RETURN false; END IF;
    IF of_line = 'place' THEN RETURN of_path >= above.path AND of_path < rtrim(above.path, '/') || '0'; END IF;
    RETURN EXISTS (
        SELECT FROM unit_path top JOIN unit_path p ON p.line = of_line AND p.unit_id = of_unit
            AND p.tree_path >= top.tree_path AND p.tree_path < rtrim(top.tree_path, '/') || '0'
            AND p.since <= day AND (p.until IS NULL OR p.until >= day)
        WHERE top.line = of_line AND top.unit_id = above.unit_id AND top.since <= day AND (top.until IS NULL OR top.until >= day));
END"""
# One decision at a time, so that two grants given at once to one person see each other.
OFFICES = """
BEGIN
    PERFORM pg_advisory_xact_lock(7290003);
    IF EXISTS (
        SELECT FROM access_grant g JOIN account a ON a.id = g.account_id
            JOIN account b ON b.id = of_account AND (a.id = b.id OR a.person_id = b.person_id)
            JOIN access_grant h ON h.account_id = b.id AND h.office <> g.office
                AND daterange(g.since, g.until, '[]') && daterange(h.since, h.until, '[]'))
    THEN RAISE EXCEPTION 'one person, two offices' USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_offices'; END IF;
END"""
GIVEN = """
DECLARE above access_grant; up access_grant; steps int := 1;
BEGIN
    PERFORM access_one_office(NEW.account_id);
    IF NEW.delegated_from_id IS NULL THEN RETURN NULL; END IF;
    SELECT * INTO above FROM access_grant WHERE id = NEW.delegated_from_id;
    up := above;
    LOOP
        IF steps > 2 OR up.account_id = NEW.account_id OR steps > 9 THEN
            RAISE EXCEPTION 'delegated too far, or back' USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_chain';
        END IF;
        EXIT WHEN up.delegated_from_id IS NULL;
        SELECT * INTO up FROM access_grant WHERE id = up.delegated_from_id;
        steps := steps + 1;
    END LOOP;
    IF NEW.until IS NULL OR NEW.since < above.since OR NEW.until > above.until OR NEW.office <> above.office OR above.office <> ''
        OR NEW.granted_by IS DISTINCT FROM above.account_id OR NEW.person_id IS DISTINCT FROM above.person_id
        OR NOT grant_stands(above.id, NEW.since) OR NOT grant_reaches(above, NEW.unit_id, NEW.path, NEW.line, NEW.since) THEN
        RAISE EXCEPTION 'wider than the grant it is delegated from' USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_wider';
    END IF;
    RETURN NULL;
END"""
KEPT = """
BEGIN
    IF (NEW.account_id, NEW.role, NEW.unit_id, NEW.line, NEW.office, NEW.since) IS DISTINCT FROM
            (OLD.account_id, OLD.role, OLD.unit_id, OLD.line, OLD.office, OLD.since)
        OR (NEW.person_id, NEW.granted_by, NEW.delegated_from_id) IS DISTINCT FROM (OLD.person_id, OLD.granted_by, OLD.delegated_from_id)
        OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until)) THEN
        RAISE EXCEPTION 'a grant is ended, not changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_kept';
    END IF;
    RETURN NULL;
END"""
LINKED = "BEGIN PERFORM access_one_office(NEW.id); RETURN NULL; END"


def trigger(name: str, table: str, when: str, calls: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {calls}()",
        f"DROP TRIGGER {name} ON {table}",
    )


CASCADE = migrations.RunSQL(
    """DO $$ DECLARE it text; BEGIN
        SELECT conname INTO it FROM pg_constraint WHERE conrelid = 'access_grant'::regclass AND contype = 'f'
            AND confrelid = 'access_grant'::regclass;
        EXECUTE format('ALTER TABLE access_grant DROP CONSTRAINT %I', it);
    END $$;
    ALTER TABLE access_grant ADD CONSTRAINT access_grant_delegated_from FOREIGN KEY (delegated_from_id)
        REFERENCES access_grant (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED""",
    migrations.RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_effect")]
    operations = [
        migrations.AddField("account", "person_id", models.BigIntegerField(null=True, verbose_name="人员")),
        migrations.AddIndex("account", models.Index(fields=["person_id"], name="account_person__22b9c2_idx")),
        migrations.AddField(
            "grant",
            "line",
            models.CharField(db_default="place", default="place", max_length=20, verbose_name="条线"),
        ),
        migrations.AddField("grant", "person_id", models.BigIntegerField(null=True, verbose_name="人员")),
        migrations.AddField(
            "grant",
            "office",
            models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="管理职责"),
        ),
        migrations.AddField("grant", "granted_by", models.BigIntegerField(null=True, verbose_name="授权账号")),
        migrations.AddField(
            "grant",
            "delegated_from",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="delegated",
                to="access.grant",
                verbose_name="来自授权",
            ),
        ),
        migrations.AddIndex("grant", models.Index(fields=["account", "since"], name="access_gran_account_90af3a_idx")),
        migrations.AddIndex("grant", models.Index(fields=["path"], name="access_gran_path_91368a_idx")),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="access_grant_dates",
            ),
        ),
        CASCADE,
        function("scope_paths()", "text[]", PATHS),
        function("scope_households()", "bigint[]", HOUSEHOLDS),
        function("scope_way()", "bigint[]", WAY),
        function(
            "grant_reaches(above access_grant, of_unit bigint, of_path text, of_line text, day date)",
            "boolean",
            REACHES,
        ),
        function("grant_stands(grant_id bigint, day date)", "boolean", STANDS),
        function("access_one_office(of_account bigint)", "void", OFFICES, trigger=True),
        function("access_grant_given", "trigger", GIVEN, trigger=True),
        function("access_grant_kept", "trigger", KEPT, trigger=True),
        function("access_account_linked", "trigger", LINKED, trigger=True),
        trigger("given", "access_grant", "INSERT", "access_grant_given"),
        # Not for the path: it moves with the unit.
        trigger(
            "kept",
            "access_grant",
            "UPDATE OF account_id, role, unit_id, line, office, since, until, person_id, granted_by, delegated_from_id",
            "access_grant_kept",
        ),
        trigger("linked", "account", "UPDATE OF person_id", "access_account_linked"),
        KeepHistory("access_grant"),
    ]
