"""Names of those who answer for something in one's scope, though their home is elsewhere: a county cadre in a village.

One condition for all modes, the same that the policies hold: the range of paths, the Party line, the paired households. Only what a page
needs to name somebody comes out: id, name, home unit, and the kind of the latest duty there.
"""

from django.db import migrations

DECLARED = """
DECLARE
    lo text := nullif(current_setting('hangshi.lo', true), '');
    hi text := nullif(current_setting('hangshi.hi', true), '');
    myself bigint := nullif(current_setting('hangshi.person', true), '')::bigint;
    today date := nullif(current_setting('hangshi.on', true), '')::date;
    line text[] := scope_paths();
    homes bigint[] := scope_households();"""
HERE = "((x.path >= lo AND x.path < hi) OR x.path = ANY (line))"
TODAY = "x.since <= today AND (x.until IS NULL OR x.until >= today)"
NAMED = f"""(
    (p.path >= lo AND p.path < hi) OR p.id = myself
    OR EXISTS (SELECT FROM duty x WHERE x.bearer_id = p.id AND {HERE})
    OR EXISTS (SELECT FROM activity x WHERE x.leader_id = p.id AND ({HERE} OR x.household_id = ANY (homes)))
    OR EXISTS (SELECT FROM membership x WHERE x.person_id = p.id AND x.path = ANY (line) AND {TODAY})
    OR EXISTS (SELECT FROM household_member x WHERE x.person_id = p.id AND x.household_id = ANY (homes) AND {TODAY}))"""
SHOWN = f"""SELECT p.id, p.name::text, u.name::text,
        (SELECT x.kind::text FROM duty x WHERE x.bearer_id = p.id AND ({HERE} OR (x.household_id = ANY (homes) AND p.id = myself))
         ORDER BY x.since DESC, x.id DESC LIMIT 1)
    FROM person p JOIN unit u ON u.id = p.unit_id"""
# The tokens are asked without a range: the person's home may be anywhere. What may be named is decided by NAMED alone.
BY_TEXT = f"""
    RETURN QUERY {SHOWN}
    WHERE wanted <> '' AND strpos(p.name, wanted) > 0 AND {NAMED} AND p.id IN (
        SELECT t.target_id FROM search_token t WHERE t.target = 'person' AND CASE WHEN length(wanted) > 1
            THEN t.token = left(wanted, 2) ELSE t.token >= wanted AND t.token < chr(ascii(wanted) + 1) END)
    ORDER BY p.name <> wanted, p.name, p.id LIMIT 50;"""
BY_ID = f"RETURN QUERY {SHOWN} WHERE p.id = ANY (ids) AND {NAMED};"


def function(signature: str, body: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE FUNCTION {signature} RETURNS TABLE (id bigint, name text, unit_name text, duty_kind text)
            LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            #variable_conflict use_column
            {DECLARED}
            BEGIN {body} END $$""",
        f"DROP FUNCTION {signature}",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_modes")]
    operations = [
        function("named_in_scope(wanted text)", BY_TEXT),
        function("names_in_scope(ids bigint[])", BY_ID),
    ]
