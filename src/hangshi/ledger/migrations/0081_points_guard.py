"""Who sees an account: whoever it is about, their own unit, and the branch that they are a member of. No level above reads it.

Of a unit that was merged into another the accounts pass to that one, with the people.
"""

from django.db import connections, migrations

from hangshi.access.guard import PERSON, in_force
from hangshi.database.roles import mode_role

UNIT = "nullif(current_setting('hangshi.unit', true), '')::bigint"
OPERATOR = "(current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':')"
MEMBER = f"person_id = ANY (ARRAY(SELECT m.person_id FROM membership m WHERE m.unit_id = {UNIT} AND {in_force('m.')}))"
MERGED = f"unit_id = ANY (ARRAY(SELECT s.unit_id FROM succession s WHERE s.successor_id = {UNIT} AND s.how = 'merge'))"
ACTING_THERE = (
    f"(current_setting('hangshi.mode', true) IN ('place', 'party') AND (unit_id = {UNIT} OR {MERGED} OR {MEMBER}))"
)
THEIRS = f"(person_id = {PERSON} OR {ACTING_THERE} OR {OPERATOR})"
# `ledger.points.POSTED` and `REDEEMED`; a reversal has the source of what it undoes.
POINTS = "source IN ('points', 'redemption')"
CLOSED = f"(NOT {POINTS} OR {THEIRS})"
APP = str(connections.databases["default"]["USER"])
BEFORE = f"""(person_id = {PERSON} OR (unit_id = {UNIT} AND current_setting('hangshi.mode', true) IN ('place', 'party'))
    OR {OPERATOR})"""


def also(name: str, table: str, rest: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE POLICY {name} ON {table} {rest}", f"DROP POLICY {name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0080_points_of_households"), ("registry", "0004_modes")]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER POLICY scope ON {table} USING ({THEIRS})", f"ALTER POLICY scope ON {table} USING ({BEFORE})"
            )
            for table in ("point_proposal", "point_proposal_history")
        ),
        migrations.RunSQL(
            f"ALTER POLICY scope ON point_proposal WITH CHECK ({THEIRS})",
            f"ALTER POLICY scope ON point_proposal WITH CHECK ({BEFORE})",
        ),
        # Beside the range of paths, which stays as fast as it was: only an entry of an account is asked whose it is.
        also("points", "entry", f"AS RESTRICTIVE USING ({CLOSED}) WITH CHECK ({CLOSED})"),
        also("points", "entry_history", f"AS RESTRICTIVE FOR SELECT USING ({CLOSED})"),
        also(
            "points_branch",
            "entry",
            f"TO {mode_role(APP, 'party')} USING ({POINTS} AND {ACTING_THERE}) WITH CHECK ({POINTS} AND {ACTING_THERE})",
        ),
        also(
            "points_own", "entry", f"FOR SELECT TO {mode_role(APP, 'paired')} USING ({POINTS} AND person_id = {PERSON})"
        ),
    ]
