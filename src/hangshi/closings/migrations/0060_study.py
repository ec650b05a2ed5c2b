from django.db import migrations

from hangshi.closings.locks import Days, Lock


class Migration(migrations.Migration):
    dependencies = [("closings", "0002_guards"), ("study", "0002_guards")]
    operations = [Lock("study_trainee", Days("r.day"), held=("person_id", "state"))]
