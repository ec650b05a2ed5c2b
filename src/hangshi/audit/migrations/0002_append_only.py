from django.db import migrations

from hangshi.access.guard import Guard

SCOPE = "path_first >= current_setting('hangshi.lo', true) AND path_last < current_setting('hangshi.hi', true)"
AUDITOR = "current_setting('hangshi.power', true) = 'audit'"  # the grant's, where its role is the auditor's
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"

# The app's one way to append what no trigger sees. Changes of rows are for the triggers: it cannot forge one.
NOTE = """
    CREATE FUNCTION audit_note(what text, about text, row_id bigint, at_path text, said jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE e bigint;
    BEGIN
        IF what IN ('insert', 'update', 'delete', 'truncate', 'baseline', 'person_erase') THEN
            RAISE EXCEPTION 'audit_note: % is not written this way', what;
        END IF;
        INSERT INTO audit_entry (at, kind, table_name, rows, low, high, ids, path_first, path_last, account, grant_id, address, request, detail)
        VALUES (clock_timestamp(), what, about, CASE WHEN row_id IS NULL THEN 0 ELSE 1 END, row_id, row_id,
            CASE WHEN row_id IS NOT NULL THEN ARRAY[row_id] END, at_path, at_path,
            nullif(current_setting('hangshi.actor', true), '')::bigint, nullif(current_setting('hangshi.grant', true), '')::bigint,
            left(coalesce(current_setting('hangshi.address', true), ''), 64),
            left(coalesce(current_setting('hangshi.request', true), ''), 64), said) RETURNING id INTO e;
        INSERT INTO audit_pending VALUES (e);
        RETURN e;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("access", "0002_guards")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_entry ALTER address SET DEFAULT '', ALTER request SET DEFAULT '', ALTER table_name SET DEFAULT '', "
            "ALTER rows SET DEFAULT 0, ALTER digests SET STORAGE EXTERNAL, ALTER salts SET STORAGE EXTERNAL",  # read in slices
            migrations.RunSQL.noop,
        ),
        Guard("audit_entry", f"({SCOPE}) OR ({AUDITOR}) OR ({OPERATOR})"),
        Guard("audit_link", f"({AUDITOR}) OR ({OPERATOR})"),
        Guard("audit_pending", f"({AUDITOR}) OR ({OPERATOR})"),
        Guard("audit_shape", f"({AUDITOR}) OR ({OPERATOR})"),
        migrations.RunSQL(NOTE, "DROP FUNCTION audit_note(text, text, bigint, text, jsonb)"),
    ]
