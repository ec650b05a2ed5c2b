"""A narrow look past row-level security: who may be asked to sign for a unit of one's own scope. Name and unit only."""

from django.db import migrations

SQL = """
    CREATE FUNCTION signers_over(asked bigint, named text[])
    RETURNS TABLE (account_id bigint, person_id bigint, name text, place text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT DISTINCT ON (length(g.path), a.name, a.id) a.id, a.person_id, a.name::text, p.name::text, g.role::text
        FROM unit u
        JOIN access_grant g ON left(u.path, length(g.path)) = g.path AND g.line = 'place' AND g.role = ANY(named)
             AND g.since <= current_date AND (g.until IS NULL OR g.until >= current_date)
        JOIN account a ON a.id = g.account_id AND a.active
        JOIN unit p ON p.id = g.unit_id
        WHERE u.id = asked AND nullif(current_setting('hangshi.actor', true), '') IS NOT NULL
          AND ((u.path >= current_setting('hangshi.lo', true) AND u.path < current_setting('hangshi.hi', true))
               OR (current_setting('hangshi.mode', true) = 'party' AND u.path = ANY ((SELECT scope_paths())::text[])))
        ORDER BY length(g.path) DESC, a.name, a.id, g.id
    $$;
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("access", "0010_accounts"), ("registry", "0006_place_only")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION signers_over(bigint, text[])")]
