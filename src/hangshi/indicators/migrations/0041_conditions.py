"""Facts about what hangs on cases, households' conditions and a year's sum of a book. Row-level security bites through each."""

from django.db import migrations

FACTS = {
    "measures": """
        SELECT m.id AS row_id, c.unit_id, m.path, m.case_id AS item, c.kind, c.ground, c.household_id AS household, m.person_id AS person,
               m.done_on IS NOT NULL AS done, c.opened_on AS since, c.closed_on AS until, c.opened_on AS day
        FROM case_measure m JOIN case_file c ON c.id = m.case_id""",
    "papers": """
        SELECT e.id AS row_id, c.unit_id, e.path, e.case_id AS item, c.kind, e.evidence, e.day
        FROM case_evidence e JOIN case_file c ON c.id = e.case_id""",
    # `months_after`: whole months from the day the case's unit left the list of the poor to the day of the decision.
    "careers": """
        SELECT c.id AS row_id, c.unit_id, c.path, c.kind, c.ground, c.stage, c.person_id AS person, coalesce(c.extra->>'post', '') AS post,
               coalesce(c.extra->>'rank', '') AS rank, coalesce((c.extra->>'poor_county')::boolean, false) AS poor_county,
               coalesce((c.extra->>'outstanding')::boolean, false) AS outstanding,
               (SELECT (extract(year FROM a) * 12 + extract(month FROM a))::int
                FROM unit u, age(c.closed_on, nullif(u.extra->>'delisted_on', '')::date) a WHERE u.id = c.unit_id) AS months_after,
               c.opened_on, c.closed_on, coalesce(c.closed_on, c.opened_on) AS day
        FROM case_file c WHERE c.person_id IS NOT NULL""",
    "homes": """
        SELECT s.id AS row_id, s.unit_id, s.path, s.household_id AS household, s.status,
               coalesce((h.extra->>'able')::boolean, false) AS able, (h.extra->>'persons')::int AS persons, s.since, s.until
        FROM household_status s JOIN household h ON h.id = s.household_id""",
    "helped": """
        SELECT d.id AS row_id, d.unit_id, d.path, d.kind, d.household_id AS household, (h.extra->>'persons')::int AS persons,
               d.bearer_unit_id AS bearer_unit, d.bearer_id AS bearer, d.role, d.since, d.until
        FROM duty d JOIN household h ON h.id = d.household_id""",
    # In force while the person lives there, the household has the status and the membership lasts.
    "member_homes": """
        SELECT l.id AS row_id, s.unit_id, l.path, l.household_id AS household, l.person_id AS person, s.status,
               greatest(l.since, s.since, m.since) AS since, least(l.until, s.until, m.until) AS until
        FROM household_member l JOIN household_status s ON s.household_id = l.household_id
             JOIN membership m ON m.person_id = l.person_id
        WHERE greatest(l.since, s.since, m.since) <= coalesce(least(l.until, s.until, m.until), 'infinity')""",
    # A reversal lowers the year in which it is booked.
    "year_sums": """
        SELECT min(e.id) AS row_id, e.unit_id, e.path, e.kind, extract(year FROM e.day)::int AS year, sum(e.amount) AS amount,
               make_date(extract(year FROM e.day)::int, 12, 31) AS day
        FROM entry e GROUP BY e.unit_id, e.path, e.kind, extract(year FROM e.day)""",
}


def view(name: str, select: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE VIEW fact_{name} WITH (security_invoker = true) AS {select}", f"DROP VIEW fact_{name}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_path_statistics"),
        ("registry", "0001_initial"),
        ("duties", "0001_initial"),
        ("cases", "0004_work"),
        ("ledger", "0001_initial"),
    ]
    operations = [view(name, select) for name, select in FACTS.items()]
