"""The range asked of the app role alone, and the persons of the Party line found by hashed sets.

Arrays were compared with every person where a list is ordered by path: 17 s at a county, and 80 ms so.
"""

from django.db import migrations

from hangshi.access.guard import PlaceOnly, in_force

GUARDED = (
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
)
ARRAYS = (
    "path = ANY ((SELECT scope_paths())::text[])"
    f" OR id = ANY (ARRAY(SELECT person_id FROM membership WHERE {in_force()}))"
)
SETS = f"path IN (SELECT unnest(scope_paths())) OR id IN (SELECT person_id FROM membership WHERE {in_force()})"


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_named")]
    operations = [
        *map(PlaceOnly, GUARDED),
        migrations.RunSQL(
            f"ALTER POLICY party ON person USING ({SETS})", f"ALTER POLICY party ON person USING ({ARRAYS})"
        ),
    ]
