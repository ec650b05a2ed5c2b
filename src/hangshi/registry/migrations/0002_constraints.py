from django.db import migrations


def never_two_at_once(table: str, who: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_one_at_a_time EXCLUDE USING gist "
        f"(int8range({who}, {who}, '[]') WITH &&, daterange(since, until, '[]') WITH &&)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_one_at_a_time",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [never_two_at_once("membership", "person_id"), never_two_at_once("household_status", "household_id")]
