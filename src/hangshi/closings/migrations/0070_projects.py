from django.db import migrations

from hangshi.closings.locks import Days, Lock


class Migration(migrations.Migration):
    dependencies = [("closings", "0060_study"), ("projects", "0002_guards")]
    operations = [
        Lock("project", Days("r.opened_on", "r.closed_on", ending=True)),
        Lock("project_line", Days("r.day")),
    ]
