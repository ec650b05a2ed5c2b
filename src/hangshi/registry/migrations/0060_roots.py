"""A narrow look past row-level security: the places that packs are made for, each with its path and the day its data speak of.

A clerk sees no unit above their own, and still has to know whose rules hold there. Closed without an identity and to administrators.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0002_guards"), ("registry", "0060_one_open")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION pack_roots(codes text[]) RETURNS TABLE (code text, path text, day text)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
                SELECT u.code::text, u.path::text, u.extra->>'report_day' FROM unit u
                WHERE coalesce(current_setting('hangshi.mode', true), '') NOT IN ('', 'none')
                  AND coalesce(nullif(current_setting('hangshi.lo', true), ''), nullif(current_setting('hangshi.within', true), '')) IS NOT NULL
                  AND u.code = ANY(codes) AND u.until IS NULL
                ORDER BY u.path
            $$;
            """,
            "DROP FUNCTION pack_roots(text[])",
        ),
    ]
