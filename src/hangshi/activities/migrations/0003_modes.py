from django.db import migrations

from hangshi.access.guard import ON_THE_LINE, PAIRED, Open, also_history


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_guards"), ("access", "0004_policies")]
    operations = [
        Open("activity", "party", ON_THE_LINE, write=True),
        Open("attendance", "party", ON_THE_LINE, write=True),
        Open("activity", "paired", PAIRED, write=True),  # a visit is recorded by who made it
        also_history("activity", "party"),
        also_history("activity", "paired"),
    ]
