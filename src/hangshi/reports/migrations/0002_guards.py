from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory

FROZEN = """
    CREATE FUNCTION report_issue_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'path' IS DISTINCT FROM to_jsonb(OLD) - 'path' THEN
            RAISE EXCEPTION 'an issued report is never changed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON report_issue FOR EACH ROW EXECUTE FUNCTION report_issue_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("access", "0002_guards")]
    operations = [
        Guard("report_issue"),
        KeepHistory("report_issue"),
        migrations.RunSQL(FROZEN, "DROP TRIGGER frozen ON report_issue; DROP FUNCTION report_issue_frozen()"),
    ]
