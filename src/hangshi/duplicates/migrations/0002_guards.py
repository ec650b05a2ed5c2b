from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0001_initial"), ("access", "0002_guards")]
    operations = [Guard("duplicate_pair"), KeepHistory("duplicate_pair")]
