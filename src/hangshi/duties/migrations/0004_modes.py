from django.db import migrations

from hangshi.access.guard import ON_THE_LINE, PAIRED, PERSON, Open, also_history


class Migration(migrations.Migration):
    dependencies = [("duties", "0003_guards"), ("access", "0004_policies")]
    operations = [
        Open("duty", "party", ON_THE_LINE, write=True),
        Open("duty", "paired", f"{PAIRED} AND bearer_id = {PERSON}"),  # one's own, not who else answers for them
        also_history("duty", "party"),
        also_history("duty", "paired"),
    ]
