"""Facts of what is asked of the levels below and of what filling it took. Row-level security bites through each."""

from django.db import migrations

FACTS = {
    # A row for each unit that is to fill it: so each level reads what is asked of it, though the demand itself stands above.
    "demands": """
        SELECT d.id AS row_id, u.id AS unit_id, u.path, d.title || '（' || d.department || '）' AS paper, d.department, d.level, d.every,
               i.items, i.known, i.items - i.known AS typed, greatest(d.since, u.since) AS since, least(d.until, u.until) AS until
        FROM demand d
        JOIN unit u ON u.kind = d.level AND u.path >= d.path AND u.path < left(d.path, -1) || '0'
        JOIN (
            SELECT demand_id, count(*)::int AS items, count(*) FILTER (WHERE target <> '')::int AS known FROM demand_item GROUP BY 1
        ) i ON i.demand_id = d.id
        WHERE d.state IN ('approved', 'withdrawn')""",
    "fillings": """
        SELECT f.id AS row_id, f.unit_id, f.path, f.title, f.department, f.level, f.known, f.typed, f.empty, f.minutes, f.filled_on AS day
        FROM demand_filling f""",
}


def view(name: str, select: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE VIEW fact_{name} WITH (security_invoker = true) AS {select}", f"DROP VIEW fact_{name}"
    )


class Migration(migrations.Migration):
    dependencies = [("demands", "0002_guards")]
    operations = [view(name, select) for name, select in FACTS.items()]
