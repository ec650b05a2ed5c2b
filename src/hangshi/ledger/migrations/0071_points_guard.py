from django.db import migrations

from hangshi.access.guard import PERSON, Guard, KeepHistory

OWN_UNIT = "unit_id = nullif(current_setting('hangshi.unit', true), '')::bigint"
ACTING_THERE = f"({OWN_UNIT} AND current_setting('hangshi.mode', true) IN ('place', 'party'))"
OPERATOR = "(current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':')"
# A proposal is for the person and their own unit; no higher level reads persons' points one by one.
THEIRS = f"(person_id = {PERSON} OR {ACTING_THERE} OR {OPERATOR})"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0070_points"), ("access", "0004_policies")]
    operations = [
        Guard("point_proposal", THEIRS),
        KeepHistory("point_proposal"),
        migrations.RunSQL(f"ALTER POLICY scope ON point_proposal_history USING ({THEIRS})", migrations.RunSQL.noop),
    ]
