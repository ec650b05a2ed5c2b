from django.db import migrations

from hangshi.access.guard import IN_SCOPE, ON, ON_THE_LINE, PERSON, Guard, KeepHistory, Open, also_history

WITHIN = "nullif(current_setting('hangshi.within', true), '')"
# How far a publication reaches: its unit and all below; that of a committee, the place that the committee stands in.
REACH = "CASE WHEN wide THEN regexp_replace(path, '[0-9]+/$', '') ELSE path END"
FROM_ABOVE = f"({REACH}) <> '' AND starts_with({WITHIN}, {REACH})"
OWN_UNIT = "unit_id = nullif(current_setting('hangshi.unit', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"
ACTING_THERE = f"({OWN_UNIT} AND current_setting('hangshi.mode', true) IN ('place', 'party'))"
# What a member answers and means to study is for the member and the branch; no higher level reads it.
MEMBER = f"(person_id = {PERSON} OR {ACTING_THERE} OR ({OPERATOR}))"
OF_SHEET = "EXISTS (SELECT FROM study_sheet s WHERE s.id = sheet_id)"
BEGUN = f"EXISTS (SELECT FROM study_quiz q WHERE q.paper_id = {{paper}} AND q.since <= {ON})"
HANDED = """EXISTS (SELECT FROM study_paper_item i JOIN study_quiz q ON q.paper_id = i.paper_id JOIN study_sheet s ON s.quiz_id = q.id
    WHERE i.id = item_id AND s.handed_on IS NOT NULL)"""
OF_UNITS = (
    "study_material",
    "study_list",
    "study_list_item",
    "study_question",
    "study_paper",
    "study_paper_item",
    "study_paper_key",
    "study_quiz",
    "study_tally",
    "study_item_tally",
    "study_training",
    "study_quota",
    "study_trainee",
)
OF_MEMBERS = {"study_intent": MEMBER, "study_sheet": MEMBER, "study_answer": OF_SHEET}
READ = {  # table → what else is read of it, by whoever acts
    "study_material": f"state = 'published' AND {FROM_ABOVE}",
    "study_list": FROM_ABOVE,
    "study_list_item": "EXISTS (SELECT FROM study_list l WHERE l.id = list_id)",
    "study_quiz": FROM_ABOVE,
    "study_paper": BEGUN.format(paper="study_paper.id"),
    "study_paper_item": BEGUN.format(paper="study_paper_item.paper_id"),
    "study_paper_key": HANDED,
    "study_training": f"state <> 'planned' AND {FROM_ABOVE}",
    "study_trainee": f"person_id = {PERSON}",
}
KEPT = (
    "study_material",
    "study_list",
    "study_question",
    "study_quiz",
    "study_training",
    "study_quota",
    "study_trainee",
)


def shown(table: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE POLICY shown ON {table} FOR SELECT USING ({condition})", f"DROP POLICY shown ON {table}"
    )


def to_the_same(table: str, condition: str) -> migrations.RunSQL:
    """Earlier versions are shown to whom the row is, and to nobody else in the range of paths."""
    return migrations.RunSQL(f"ALTER POLICY scope ON {table}_history USING ({condition})", migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("study", "0001_initial"), ("access", "0004_policies")]
    operations = [
        *(it for table in OF_UNITS for it in (Guard(table, IN_SCOPE), Open(table, "party", ON_THE_LINE, write=True))),
        *(
            it
            for table, condition in OF_MEMBERS.items()
            for it in (Guard(table, condition), KeepHistory(table), to_the_same(table, condition))
        ),
        *(shown(table, condition) for table, condition in READ.items()),
        *(it for table in KEPT for it in (KeepHistory(table), also_history(table, "party"))),
    ]
