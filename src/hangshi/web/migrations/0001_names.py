"""A narrow look past row-level security: the names of the units above one's own, for the head of a page.

Closed without an identity and to administrators, who see no record: unset, the settings read NULL or '' and no row passes.
"""

from django.db import migrations

HERE = "coalesce(nullif(current_setting('hangshi.lo', true), ''), nullif(current_setting('hangshi.within', true), ''))"


class Migration(migrations.Migration):
    dependencies = [("access", "0002_guards"), ("registry", "0003_guards")]
    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION units_above() RETURNS TABLE (name text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT u.name::text FROM unit u
                WHERE coalesce(current_setting('hangshi.mode', true), '') <> 'none' AND {HERE} LIKE '%/' AND u.path <> {HERE}
                  AND u.id = ANY(string_to_array(trim(trailing '/' from {HERE}), '/')::bigint[])
                ORDER BY length(u.path)
            $$;
            """,
            "DROP FUNCTION units_above()",
        ),
    ]
