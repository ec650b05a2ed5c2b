from django.db import migrations

from hangshi.access.guard import Guard

ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING
OWN = f"account_id = {ACTOR} OR ({OPERATOR})"

# They say no more than the form of one person does: this number is taken, somewhere. Not by whom, and not where.
KNOWN = """
    CREATE FUNCTION intake_known_persons(asked bytea[]) RETURNS SETOF bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        SELECT id_index FROM person WHERE coalesce(current_setting('hangshi.lo', true), '') <> '' AND id_index = ANY(asked) $$;
    CREATE FUNCTION intake_known_households(asked text[]) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        SELECT number FROM household WHERE coalesce(current_setting('hangshi.lo', true), '') <> '' AND number = ANY(asked) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("access", "0002_guards"), ("registry", "0003_guards")]
    operations = [
        Guard("intake", OWN),
        Guard("intake_written", OWN),
        Guard("intake_source"),
        migrations.RunSQL(
            KNOWN,
            "DROP FUNCTION intake_known_persons(bytea[]); DROP FUNCTION intake_known_households(text[])",
        ),
    ]
