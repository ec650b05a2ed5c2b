from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial"), ("access", "0002_guards")]

    operations = [
        Guard("handoff"),
        KeepHistory("handoff"),
        Guard("handoff_line"),
        Guard("handoff_held"),
        Guard("handoff_receipt"),
    ]
