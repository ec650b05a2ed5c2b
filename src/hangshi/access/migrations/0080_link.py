"""The security administrator says whose account it is: a person found by exact name and unit, of whom nothing else is shown."""

from django.db import migrations

ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
WITHIN = "nullif(current_setting('hangshi.within', true), '')"
SECURITY = "coalesce(current_setting('hangshi.power', true) = 'security', false)"
DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"


def ours(alias: str) -> str:
    return f"{alias}.path >= {WITHIN} AND {alias}.path < rtrim({WITHIN}, '/') || '0'"


PERSONS = f"""
CREATE FUNCTION persons_to_link(wanted text, lives_in bigint) RETURNS TABLE (id bigint, name text) STABLE {DEFINER} AS $$
BEGIN
    IF NOT {SECURITY} THEN RETURN; END IF;
    RETURN QUERY SELECT p.id, p.name::text FROM person p
        WHERE (p.name = wanted OR p.id::text = wanted) AND p.unit_id = lives_in AND {ours("p")}
        ORDER BY p.id LIMIT 20;
END $$"""
# Not one's own account, and none that acts elsewhere: whose it is would decide which households are open there.
LINK = f"""
CREATE FUNCTION link_account(which bigint, whose bigint) RETURNS boolean VOLATILE {DEFINER} AS $$
BEGIN
    IF NOT {SECURITY} OR which IS NOT DISTINCT FROM {ACTOR} THEN RETURN false; END IF;
    IF EXISTS (SELECT FROM access_grant g WHERE g.account_id = which AND (g.until IS NULL OR g.until >= current_date)
               AND ({ours("g")}) IS NOT TRUE) THEN RETURN false; END IF;
    IF NOT EXISTS (SELECT FROM person p WHERE p.id = whose AND {ours("p")}) THEN RETURN false; END IF;
    UPDATE account SET person_id = whose WHERE id = which AND active;
    RETURN FOUND;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("access", "0010_accounts")]
    operations = [
        migrations.RunSQL(PERSONS, "DROP FUNCTION persons_to_link(text, bigint)"),
        migrations.RunSQL(LINK, "DROP FUNCTION link_account(bigint, bigint)"),
    ]
