from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [Guard("entry"), KeepHistory("entry")]
