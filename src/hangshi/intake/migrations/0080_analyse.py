"""Statistics of what an import filled: until they are taken anew, a register that was empty is planned for as if it still were."""

from django.db import migrations

# The app role owns no table, so it may not ask for this itself. It can name none but these, and learns nothing by it.
RECORDS = (
    "person", "search_token", "membership", "household", "household_status", "household_member", "unit",
    "entry", "activity", "attendance", "duty", "case_file",
)  # fmt: skip
ANALYSE = f"""
    CREATE FUNCTION intake_analyse(asked text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE it text;
    BEGIN
        FOREACH it IN ARRAY asked LOOP
            IF it <> ALL (ARRAY{list(RECORDS)}) THEN RAISE EXCEPTION 'intake_analyse: % is no register', it; END IF;
            EXECUTE format('ANALYZE %I', it);
        END LOOP;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0060_wider_stage")]
    operations = [migrations.RunSQL(ANALYSE, "DROP FUNCTION intake_analyse(text[])")]
