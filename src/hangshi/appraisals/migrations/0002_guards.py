from django.db import migrations

from hangshi.access.guard import IN_SCOPE, ON_THE_LINE, Guard, KeepHistory, Open

# Whoever acts under a grant on the very unit, by its number: a path changes when the unit moves.
OWN_UNIT = "unit_id = nullif(current_setting('hangshi.unit', true), '')::bigint"
MYSELF = "person_id = nullif(current_setting('hangshi.person', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"
ACTING_THERE = f"({OWN_UNIT} AND current_setting('hangshi.mode', true) IN ('place', 'party'))"
# A member's sheet is for the member and the branch; no higher level reads it, and no paired cadre of the same branch.
MEMBER = f"({MYSELF} OR {ACTING_THERE} OR ({OPERATOR}))"
UNIT = f"(({IN_SCOPE}) OR ({OWN_UNIT} AND current_setting('hangshi.mode', true) = 'party'))"
SHEET = f"CASE WHEN person_id IS NULL THEN {UNIT} ELSE {MEMBER} END"
ROUND = UNIT
OF_SHEET = "EXISTS (SELECT FROM appraisal_sheet s WHERE s.id = sheet_id)"
HAS_SHEET = "EXISTS (SELECT FROM appraisal_sheet s WHERE s.round_id = appraisal_round.id)"
OF_HONOUR = "EXISTS (SELECT FROM appraisal_honour h WHERE h.id = honour_id)"
GUARDED = {
    "appraisal_round": ROUND,
    "appraisal_sheet": SHEET,
    "appraisal_mark": OF_SHEET,
    "appraisal_objection": OF_SHEET,
    "appraisal_honour": OF_SHEET,
    "appraisal_raise": OF_HONOUR,
}


def history_as_table(table: str, condition: str) -> migrations.RunSQL:
    """Earlier versions are shown to whom the row is, and to nobody else in the range of paths."""
    return migrations.RunSQL(f"ALTER POLICY scope ON {table}_history USING ({condition})", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("appraisals", "0001_initial"), ("access", "0002_guards")]
    operations = [
        operation
        for table, condition in GUARDED.items()
        for operation in (Guard(table, condition), KeepHistory(table), history_as_table(table, condition))
    ] + [
        # The appraised read by what and when they are appraised, though the round stands above them; they cannot change it.
        migrations.RunSQL(
            f"CREATE POLICY appraised ON appraisal_round FOR SELECT USING ({HAS_SHEET})",
            "DROP POLICY appraised ON appraisal_round",
        ),
        Open("appraisal_round", "party", ON_THE_LINE, write=True),
        Open("appraisal_sheet", "party", f"person_id IS NULL AND {ON_THE_LINE}", write=True),
    ]
