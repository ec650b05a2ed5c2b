"""Facts of study: who was trained, and how branches stand in a quiz. Of a quiz there are counts alone, whoever reads."""

from django.db import migrations

FACTS = {
    "trainings": """
        SELECT t.id AS row_id, t.unit_id, t.path, t.person_id AS person, k.kind, t.state, t.day
        FROM study_trainee t JOIN study_training k ON k.id = t.training_id""",
    # A secretary counts as trained from the end of the first such class, and until the post ends.
    "rotated": """
        SELECT d.id AS row_id, d.unit_id, d.path, d.bearer_id AS person, greatest(d.since, min(t.day)) AS since, d.until
        FROM duty d JOIN study_trainee t ON t.person_id = d.bearer_id AND t.state = 'present' AND (d.until IS NULL OR t.day <= d.until)
        JOIN study_training k ON k.id = t.training_id AND k.kind = 'rotation'
        WHERE d.kind = 'village_post' AND d.role = 'secretary' GROUP BY d.id""",
    "quiz_results": """
        SELECT a.id AS row_id, a.unit_id, a.path, a.should, a.handed, a.marked, a.points, a."full", a.day FROM study_tally a""",
}


def view(name: str, select: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE VIEW fact_{name} WITH (security_invoker = true) AS {select}", f"DROP VIEW fact_{name}"
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0043_latest_first"), ("study", "0003_marking")]
    operations = [view(name, select) for name, select in FACTS.items()]
