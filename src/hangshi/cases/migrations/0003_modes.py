from django.db import migrations

from hangshi.access.guard import ON_THE_LINE, PAIRED, Open, also_history


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_guards"), ("access", "0004_policies")]
    operations = [
        Open("case_file", "party", ON_THE_LINE, write=True),
        Open("case_step", "party", ON_THE_LINE, write=True),
        Open("case_file", "paired", PAIRED),
        Open("case_step", "paired", "EXISTS (SELECT FROM case_file c WHERE c.id = case_id)"),
        also_history("case_file", "party"),
        also_history("case_file", "paired"),
    ]
