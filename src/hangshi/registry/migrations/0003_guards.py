from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory

GUARDED = [
    "unit",
    "unit_name",
    "unit_link",
    "unit_path",
    "succession",
    "person",
    "household",
    "household_status",
    "household_member",
    "membership",
    "search_token",
]
WITH_HISTORY = ["unit", "person", "household", "household_status", "household_member", "membership"]


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_constraints")]
    operations = [*map(Guard, GUARDED), *map(KeepHistory, WITH_HISTORY)]
