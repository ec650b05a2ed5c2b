"""Who sees and writes accounts and grants: their owner, who gave them, the security administrator of the unit, the operator."""

from django.db import connections, migrations

from hangshi.access.guard import Open
from hangshi.database.roles import mode_role

DOOR = "current_setting('hangshi.door', true) = 'sign-in'"
ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING
GRANT = "nullif(current_setting('hangshi.grant', true), '')::bigint"
WITHIN = "nullif(current_setting('hangshi.within', true), '')"
UNIT = "nullif(current_setting('hangshi.unit', true), '')::bigint"
BELOW = f"path >= {WITHIN} AND path < rtrim({WITHIN}, '/') || '0'"
OFFICE = mode_role(str(connections.databases["default"]["USER"]), "office")


def power(*names: str) -> str:
    return f"current_setting('hangshi.power', true) IN ({', '.join(map(repr, names))})"


def policy(name: str, table: str, rest: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE POLICY {name} ON {table} {rest}", f"DROP POLICY {name} ON {table}")


def no_policy(name: str, table: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"DROP POLICY {name} ON {table}", f"CREATE POLICY {name} ON {table} USING (false)")


GRANTS = [
    no_policy("scope", "access_grant"),  # it let an account write a grant to itself
    policy(
        "own",
        "access_grant",
        f"FOR SELECT USING (({DOOR}) OR account_id = {ACTOR} OR granted_by = {ACTOR} OR ({OPERATOR}))",
    ),
    policy("operator", "access_grant", f"USING ({OPERATOR}) WITH CHECK ({OPERATOR})"),
    # What a delegation may be is said by the trigger; here only that it comes from the grant one acts under.
    policy(
        "hand_on",
        "access_grant",
        f"FOR INSERT WITH CHECK (granted_by = {ACTOR} AND account_id <> {ACTOR} AND delegated_from_id = {GRANT})",
    ),
    policy("take_back", "access_grant", f"FOR UPDATE USING (granted_by = {ACTOR}) WITH CHECK (granted_by = {ACTOR})"),
    policy("withdraw", "access_grant", f"FOR DELETE USING (granted_by = {ACTOR})"),
    Open("access_grant", "office", f"{power('security')} AND {BELOW}", write=True),
    no_policy("scope", "access_grant_history"),  # a clerk does not read who held which role
    policy(
        "office", "access_grant_history", f"FOR SELECT TO {OFFICE} USING ({power('security', 'audit')} AND {BELOW})"
    ),
    policy("operator", "access_grant_history", f"FOR SELECT USING ({OPERATOR})"),
]
# The security administrator names accounts that hold a grant there; others only by their exact sign-in name (`account_called`).
ACCOUNTS = [
    policy("system", "account", f"TO {OFFICE} USING ({power('system')}) WITH CHECK ({power('system')})"),
    policy(
        "security",
        "account",
        f"FOR SELECT TO {OFFICE} USING ({power('security')} AND EXISTS (SELECT FROM access_grant g WHERE g.account_id = account.id))",
    ),
]
CALLED = migrations.RunSQL(
    f"""CREATE FUNCTION account_called(wanted text) RETURNS TABLE (id bigint, name text, person_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT a.id, a.name::text, a.person_id FROM account a
        WHERE a.username = wanted AND a.active AND {ACTOR} IS NOT NULL
    $$;
    CREATE FUNCTION units_to_grant(wanted text) RETURNS TABLE (id bigint, name text, kind text, path text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT coalesce({power("security")}, false) THEN RETURN; END IF;
        RETURN QUERY SELECT u.id, u.name::text, u.kind::text, u.path::text FROM unit u
            WHERE (u.name = wanted OR u.code = wanted OR u.id::text = wanted) AND wanted <> '' AND u.until IS NULL
                AND u.path >= {WITHIN} AND u.path < rtrim({WITHIN}, '/') || '0' ORDER BY u.path LIMIT 20;
    END $$;
    CREATE FUNCTION names_to_grant(ids bigint[]) RETURNS TABLE (id bigint, name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT u.id, u.name::text FROM unit u
            WHERE u.id = ANY (ids) AND (u.id = {UNIT} OR EXISTS (
                SELECT FROM access_grant g WHERE g.unit_id = u.id AND (g.account_id = {ACTOR} OR g.granted_by = {ACTOR}
                    OR (coalesce({power("security", "audit")}, false) AND g.path >= {WITHIN} AND g.path < rtrim({WITHIN}, '/') || '0'))));
    END $$;""",
    "DROP FUNCTION account_called(text); DROP FUNCTION units_to_grant(text); DROP FUNCTION names_to_grant(bigint[]);",
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_grants")]
    operations = [*GRANTS, *ACCOUNTS, CALLED]
