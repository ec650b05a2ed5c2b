"""The latest first: a list by day finds a county's fifty among the newest days, not at the end of the numbers."""

from django.db import migrations


def latest(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE INDEX {table}_latest ON {table} (day DESC, id DESC) INCLUDE (path)", f"DROP INDEX {table}_latest"
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0042_registers")]
    operations = [latest("activity"), latest("entry")]
