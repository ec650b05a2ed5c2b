from django.db import migrations

from hangshi.access.guard import Guard
from hangshi.access.privileges import serving_roles

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

# The app role may make no table, not even a temporary one: it could stand before a table that a trigger of the owner writes to.
# So these two functions make the three that the comparison needs, always the same, under names that no table of ours has.
BIGINTS = (
    "n actor unit_id home_id present household_id household_unit person_id person_unit person_many leader_id leader_unit leader_many "
    "bearer_id bearer_unit bearer_many target_id target_unit target_many membership_id status_id member_id entry_id activity_id duty_id case_id"
)
TEXTS = "kind name sex cadre status category ground number head relation household source note topic place minutes title role bearer leader person target"
PATHS = "unit_path home_path household_path person_path leader_path bearer_path target_path"
DATES = "born since until day due_on limit_on stage_on"
FLAGS = " ".join(
    f"{part}_{flag}"
    for part in ("person", "membership", "household", "status", "member", "entry", "activity", "duty", "case")
    for flag in ("new", "changed")
)
INDEXES = "number_index person_number_index leader_number_index bearer_number_index target_number_index"
OLDER = INDEXES.replace("_index", "_older")
SHAPE = ", ".join(
    f"{name} {type_}"
    for names, type_ in (
        (BIGINTS, "bigint"), (TEXTS, "text"), (PATHS, 'text COLLATE "C"'), (DATES, "date"), ("amount", "numeric(18,2)"),
        ("limit_assumed " + FLAGS, "boolean"), (INDEXES, "bytea"), (OLDER, "bytea[]"), ("extra sealed_extra", "jsonb"),
    )
    for name in names.split()
)  # fmt: skip
APP = ", ".join(serving_roles())
TABLES = f"""
    CREATE FUNCTION intake_begin() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        DROP TABLE IF EXISTS pg_temp.stage, pg_temp.stage_next, pg_temp.intake_seal;
        CREATE TEMP TABLE stage ({SHAPE}) ON COMMIT DROP;
        CREATE TEMP TABLE stage_next (LIKE pg_temp.stage) ON COMMIT DROP;
        CREATE TEMP TABLE intake_seal (n bigint, sealed bytea) ON COMMIT DROP;
        GRANT SELECT, INSERT, UPDATE, DELETE ON pg_temp.stage, pg_temp.stage_next, pg_temp.intake_seal TO {APP};
    END $$;
    CREATE FUNCTION intake_turn() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        TRUNCATE pg_temp.stage;
        ALTER TABLE pg_temp.stage RENAME TO stage_before;
        ALTER TABLE pg_temp.stage_next RENAME TO stage;
        ALTER TABLE pg_temp.stage_before RENAME TO stage_next;
        ANALYZE pg_temp.stage (n, unit_id, name, number, number_index, person_id, household_id);  -- of all columns it takes longer than the joins
    END $$;
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
        migrations.RunSQL(TABLES, "DROP FUNCTION intake_begin(); DROP FUNCTION intake_turn()"),
    ]
