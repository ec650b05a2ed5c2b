"""Two narrow looks past row-level security, for names only: who acted on a record one sees, and what stands above one's own unit.

Both are closed without an identity: unset, the settings read NULL or '' and no row passes.
"""

from django.db import migrations

SOMEBODY = "coalesce(current_setting('hangshi.lo', true), '') <> ''"


class Migration(migrations.Migration):
    dependencies = [("access", "0002_guards"), ("registry", "0003_guards")]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION account_names(ids bigint[]) RETURNS TABLE (id bigint, name text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
                SELECT a.id, a.name::text FROM account a WHERE a.id = ANY(ids) AND {SOMEBODY}
            $$;
            """,
            "DROP FUNCTION account_names(bigint[])",
        ),
        migrations.RunSQL(
            f"""
            CREATE FUNCTION units_above() RETURNS TABLE (name text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
                SELECT u.name::text FROM unit u
                WHERE {SOMEBODY} AND current_setting('hangshi.lo', true) LIKE '%/'
                  AND u.id = ANY(string_to_array(trim(trailing '/' from current_setting('hangshi.lo', true)), '/')::bigint[])
                  AND u.path <> current_setting('hangshi.lo', true)
                ORDER BY length(u.path)
            $$;
            """,
            "DROP FUNCTION units_above()",
        ),
    ]
