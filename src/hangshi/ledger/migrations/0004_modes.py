from django.db import migrations

from hangshi.access.guard import ON_THE_LINE, PAIRED, Open, also_history


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_entry_entry_househo_ec6420_idx"), ("access", "0004_policies")]
    operations = [
        Open("entry", "party", ON_THE_LINE, write=True),
        Open("entry", "paired", PAIRED),
        also_history("entry", "party"),
        also_history("entry", "paired"),
    ]
