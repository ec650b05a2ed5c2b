"""The facts: views with business columns, through which row-level security still bites (security_invoker)."""

from django.db import migrations

FACTS = {
    "units": """
        SELECT u.id AS row_id, u.id AS unit_id, u.path, u.kind, coalesce(u.extra->>'field', '') AS field,
               coalesce((u.extra->>'poor')::boolean, false) AS poor, u.since, u.until
        FROM unit u""",
    "members": """
        SELECT m.id AS row_id, m.unit_id, m.path, m.person_id AS person, m.status, m.category, m.since, m.until
        FROM membership m""",
    "households": """
        SELECT s.id AS row_id, s.unit_id, s.path, s.household_id AS household, s.status, s.since, s.until
        FROM household_status s""",
    # A target is poor when it, the village it stands in (the one before the last in its path), or the home unit is. What is said of
    # other units is asked row by row, and only where a definition's earlier conditions hold: a join would be made for every row.
    "duties": """
        SELECT d.id AS row_id, d.unit_id, d.path, d.kind, d.bearer_id AS bearer, d.bearer_unit_id AS bearer_unit,
               d.target_unit_id AS target_unit, (SELECT t.kind FROM unit t WHERE t.id = d.target_unit_id) AS target_kind,
               EXISTS (SELECT 1 FROM unit v WHERE v.extra->>'poor' = 'true' AND v.id IN (d.unit_id, d.target_unit_id,
                   (SELECT nullif(split_part(t.path, '/', -3), '')::bigint FROM unit t WHERE t.id = d.target_unit_id))) AS target_poor,
               d.household_id AS household, d.role, coalesce((d.extra->>'reserve')::boolean, false) AS reserve,
               (d.extra->>'employees')::int AS employees, d.end_reason, d.since, d.until
        FROM duty d""",
    "activities": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.kind, a.household_id AS household, a.leader_id AS leader, a.present, a.day
        FROM activity a""",
    "attendances": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.person_id AS person, a.state, a.day
        FROM attendance a""",
    "cases": """
        SELECT c.id AS row_id, c.unit_id, c.path, c.kind, c.ground, c.stage, c.person_id AS person, c.household_id AS household,
               c.opened_on, c.closed_on, coalesce(c.closed_on, c.opened_on) AS day
        FROM case_file c""",
    "entries": """
        SELECT e.id AS row_id, e.unit_id, e.path, e.kind, e.source, e.amount, e.household_id AS household, e.day, e.since, e.until
        FROM entry e""",
    # A reversal and the entry it undoes are both left out: an income is what still stands.
    "incomes": """
        SELECT e.id AS row_id, e.unit_id, e.path, e.household_id AS household, extract(year FROM e.day)::int AS year,
               e.amount AS income, b.amount AS before, coalesce((e.extra->>'persons')::int, 0) AS persons,
               coalesce(e.amount > b.amount, false) AS rose, e.day
        FROM entry e LEFT JOIN entry b ON b.household_id = e.household_id AND b.kind = 'household_income'
             AND b.day = (e.day - interval '1 year')::date AND b.reverses_id IS NULL
             AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = b.id AND r.reverses_id IS NOT NULL)
        WHERE e.kind = 'household_income' AND e.reverses_id IS NULL
              AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id AND r.reverses_id IS NOT NULL)""",
}


def view(name: str, select: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE VIEW fact_{name} WITH (security_invoker = true) AS {select}", f"DROP VIEW fact_{name}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
        ("duties", "0001_initial"),
        ("activities", "0001_initial"),
        ("cases", "0001_initial"),
        ("ledger", "0001_initial"),
    ]
    operations = [view(name, select) for name, select in FACTS.items()]
