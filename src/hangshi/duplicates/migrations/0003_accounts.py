"""Whether a person in sight has an account or a grant: joining must not cut an account off from its person."""

from django.db import migrations

LO, HI = "current_setting('hangshi.lo', true)", "current_setting('hangshi.hi', true)"
ACCOUNTED = f"""
CREATE FUNCTION person_has_account(whose bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM person p WHERE p.id = whose AND p.path >= {LO} AND p.path < {HI}) THEN RETURN false; END IF;
    RETURN EXISTS (SELECT FROM account a WHERE a.person_id = whose) OR EXISTS (SELECT FROM access_grant g WHERE g.person_id = whose);
END $$"""


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0002_guards"), ("access", "0080_link")]
    operations = [migrations.RunSQL(ACCOUNTED, "DROP FUNCTION person_has_account(bigint)")]
