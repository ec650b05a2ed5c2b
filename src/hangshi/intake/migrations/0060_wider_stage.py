"""The stage holds what a list of who attended says (the state of each, why somebody was on leave), and the new unit of a list of units."""

from django.db import migrations

BEFORE, AFTER = (
    "title text,",
    "title text, state text, reason text, place_id bigint, place_new boolean, place_changed boolean,",
)


def stage_with(old: str, new: str) -> str:
    """The function as it stands, with other columns: its text is said once, in the migration that made it."""
    return f"""DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('intake_begin()'::regprocedure), '{old}', '{new}'); END $do$"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_guards")]
    operations = [migrations.RunSQL(stage_with(BEFORE, AFTER), stage_with(AFTER, BEFORE))]
