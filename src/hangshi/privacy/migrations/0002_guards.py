from django.db import migrations

from hangshi.access.guard import IN_SCOPE

ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
AUDITOR = "current_setting('hangshi.power', true) = 'audit'"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("access", "0002_guards")]
    # Two policies and no third: it can be read and appended under one's own name, never changed or deleted.
    operations = [
        migrations.RunSQL(
            f"""
            ALTER TABLE personal_reveal ENABLE ROW LEVEL SECURITY;
            CREATE POLICY scope ON personal_reveal FOR SELECT USING (account_id = {ACTOR} OR ({AUDITOR}) OR ({OPERATOR}));
            CREATE POLICY append ON personal_reveal FOR INSERT WITH CHECK (account_id = {ACTOR} AND {IN_SCOPE});
            ALTER TABLE personal_request ENABLE ROW LEVEL SECURITY;
            CREATE POLICY scope ON personal_request FOR SELECT USING (({IN_SCOPE}) OR ({AUDITOR}));
            CREATE POLICY append ON personal_request FOR INSERT WITH CHECK ({IN_SCOPE});
            """,
            "DROP POLICY append ON personal_request; DROP POLICY scope ON personal_request; DROP POLICY append ON personal_reveal; DROP POLICY scope ON personal_reveal",
        )
    ]
