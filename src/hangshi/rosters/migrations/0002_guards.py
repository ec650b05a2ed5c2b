from django.db import migrations

from hangshi.access.guard import Guard

# Who holds a person's file may tell them which list named them, and for what: the list itself, not its other rows.
TOLD = "EXISTS (SELECT FROM roster_row r WHERE r.roster_id = roster.id AND r.person_id IS NOT NULL) OR EXISTS (SELECT FROM roster_finding f WHERE f.roster_id = roster.id)"


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_initial"), ("access", "0002_guards")]
    operations = [
        Guard("roster"),
        Guard("roster_row"),
        Guard("roster_finding"),
        migrations.RunSQL(
            f"CREATE POLICY told ON roster FOR SELECT USING ({TOLD})",  # a constant
            "DROP POLICY told ON roster",
        ),
    ]
