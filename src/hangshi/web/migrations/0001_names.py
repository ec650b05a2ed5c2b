"""Two narrow looks past row-level security, for names only: who acted on a record one sees, and what stands above one's own unit.

Both are closed without an identity and to administrators, who see no record: unset, the settings read NULL or '' and no row passes.
"""

from django.db import migrations

HERE = "coalesce(nullif(current_setting('hangshi.lo', true), ''), nullif(current_setting('hangshi.within', true), ''))"
SOMEBODY = f"{HERE} IS NOT NULL AND coalesce(current_setting('hangshi.mode', true), '') <> 'none'"


class Migration(migrations.Migration):
    dependencies = [("access", "0002_guards"), ("registry", "0003_guards")]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION account_names(ids bigint[]) RETURNS TABLE (id bigint, name text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT a.id, a.name::text FROM account a WHERE a.id = ANY(ids) AND {SOMEBODY}
            $$;
            """,
            "DROP FUNCTION account_names(bigint[])",
        ),
        migrations.RunSQL(
            f"""
            CREATE FUNCTION units_above() RETURNS TABLE (name text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT u.name::text FROM unit u
                WHERE {SOMEBODY} AND {HERE} LIKE '%/' AND u.path <> {HERE}
                  AND u.id = ANY(string_to_array(trim(trailing '/' from {HERE}), '/')::bigint[])
                ORDER BY length(u.path)
            $$;
            """,
            "DROP FUNCTION units_above()",
        ),
    ]
