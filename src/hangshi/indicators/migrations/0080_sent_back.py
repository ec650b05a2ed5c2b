"""What was sent back (退回) does not count until it has been put right, and neither does who was there.

The state stands in the indexes that the facts are counted from, so that a count still needs no look at the rows.
"""

from django.db import migrations

STANDS = "NOT IN (SELECT v.id FROM activity v WHERE v.state = 'sent_back')"
BEFORE = {
    "activities": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.kind, a.household_id AS household, a.leader_id AS leader, a.present, a.day
        FROM activity a""",
    "attendances": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.person_id AS person, a.state, a.day
        FROM attendance a""",
    "attended": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.person_id AS person, v.kind, a.state, a.day
        FROM attendance a JOIN activity v ON v.id = a.activity_id""",
    "mobile": """
        SELECT d.id AS row_id, d.unit_id, d.path, d.bearer_id AS person,
               EXISTS (SELECT 1 FROM attendance a WHERE a.person_id = d.bearer_id AND a.state = 'present' AND a.day >= d.since{}) AS active,
               d.since, d.until
        FROM duty d WHERE d.kind = 'mobile_member'""",
}
NOW = {
    "activities": BEFORE["activities"] + " WHERE a.state <> 'sent_back'",
    "attendances": BEFORE["attendances"] + f" WHERE a.activity_id {STANDS}",
    "attended": BEFORE["attended"] + " WHERE v.state <> 'sent_back'",
    "mobile": BEFORE["mobile"].format(f" AND a.activity_id {STANDS}"),
}
INDEXES = {
    "activity_distinct_household": (
        "activity (kind, household_id, day, path) {} WHERE household_id IS NOT NULL", "", "INCLUDE (state)",
    ),
    "activity_kind_day": ("activity (kind, day, path) {}", "INCLUDE (present)", "INCLUDE (present, state)"),
    "attendance_day": ("attendance (day, path) {}", "INCLUDE (state)", "INCLUDE (state, activity_id)"),
}  # fmt: skip
MONTH = "date_trunc('month', {}.day)::date"
# As in 0002, and where a change of state takes attendances in or out, their month too.
DIRTY = """
    CREATE OR REPLACE FUNCTION activity_dirty_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        INSERT INTO indicator_dirty (fact, unit_id, path, month)
            SELECT DISTINCT 'activities', r.* FROM (
                SELECT unit_id, path, date_trunc('month', day)::date FROM gone
                UNION SELECT unit_id, path, date_trunc('month', day)::date FROM arrived) r;
        {}
        RETURN NULL;
    END $$"""
ATTENDED = f"""INSERT INTO indicator_dirty (fact, unit_id, path, month)
            SELECT DISTINCT 'attendances', a.unit_id, a.path, {MONTH.format("a")} FROM gone g JOIN arrived a USING (id)
            WHERE (g.state = 'sent_back') <> (a.state = 'sent_back');"""


def view(name: str) -> migrations.RunSQL:
    head = f"CREATE OR REPLACE VIEW fact_{name} WITH (security_invoker = true) AS "
    return migrations.RunSQL(head + NOW[name], head + BEFORE[name].replace("{}", ""))


def index(name: str) -> migrations.RunSQL:
    on, before, now = INDEXES[name]
    again = f"DROP INDEX {name}; CREATE INDEX {name} ON {on}"
    return migrations.RunSQL(again.format(now), again.format(before))


class Migration(migrations.Migration):
    dependencies = [("indicators", "0060_study"), ("activities", "0081_state_beside_kind")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX activity_sent_back ON activity (id) WHERE state = 'sent_back'",
            "DROP INDEX activity_sent_back",
        ),
        *(index(name) for name in INDEXES),
        *(view(name) for name in NOW),
        migrations.RunSQL(DIRTY.format(ATTENDED), DIRTY.format("")),
        migrations.RunSQL(
            "DELETE FROM indicator_built", migrations.RunSQL.noop
        ),  # cells that counted what was sent back
    ]
