"""Facts of the registers: venues, village posts, mobile members, payments to persons. Row-level security bites through each."""

from django.db import migrations

FACTS = {
    "venues": """
        SELECT u.id AS row_id, u.id AS unit_id, u.path, coalesce(u.extra->>'serves', '') AS serves, (u.extra->>'area')::numeric AS area,
               nullif(u.extra->>'built_on', '')::date AS built_on, u.since, u.until
        FROM unit u WHERE u.kind = 'venue'""",
    # From the reserve: listed for whatever village, before or on the day of the post.
    "posts": """
        SELECT d.id AS row_id, d.unit_id, d.path, d.bearer_id AS person, d.role, coalesce(d.extra->>'background', '') AS background,
               coalesce((d.extra->>'at_change')::boolean, false) AS at_change,
               EXISTS (SELECT 1 FROM duty r WHERE r.kind = 'reserve_candidate' AND r.bearer_id = d.bearer_id AND r.since <= d.since)
                   AS from_reserve, d.since, d.until
        FROM duty d WHERE d.kind = 'village_post'""",
    "mobile": """
        SELECT d.id AS row_id, d.unit_id, d.path, d.bearer_id AS person,
               EXISTS (SELECT 1 FROM attendance a WHERE a.person_id = d.bearer_id AND a.state = 'present' AND a.day >= d.since) AS active,
               d.since, d.until
        FROM duty d WHERE d.kind = 'mobile_member'""",
    "attended": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.person_id AS person, v.kind, a.state, a.day
        FROM attendance a JOIN activity v ON v.id = a.activity_id""",
    "payments": """
        SELECT e.id AS row_id, e.unit_id, e.path, e.kind, e.source, e.person_id AS person, e.amount, e.day
        FROM entry e WHERE e.person_id IS NOT NULL""",
    "open_cases": """
        SELECT c.id AS row_id, c.unit_id, c.path, c.kind, c.ground, c.opened_on AS since, c.closed_on AS until
        FROM case_file c""",
    "organisations": """
        SELECT u.id AS row_id, u.id AS unit_id, u.path, coalesce(u.extra->>'field', '') AS field,
               coalesce(u.extra->>'led_by', '') AS led_by, coalesce((u.extra->>'grid')::boolean, false) AS grid, u.since, u.until
        FROM unit u WHERE u.kind = 'branch'""",
    "household_rises": """
        SELECT i.row_id, i.unit_id, i.path, i.household, i.income, i.before, i.persons,
               EXISTS (SELECT 1 FROM duty d WHERE d.household_id = i.household AND d.bearer_unit_id IS NOT NULL
                   AND d.since <= i.day AND (d.until IS NULL OR d.until >= i.day)) AS by_unit, i.day
        FROM fact_incomes i""",
}


def view(name: str, select: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE VIEW fact_{name} WITH (security_invoker = true) AS {select}", f"DROP VIEW fact_{name}"
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0041_conditions")]
    operations = [view(name, select) for name, select in FACTS.items()]
