from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("duties", "0002_constraints")]
    operations = [Guard("duty"), KeepHistory("duty")]
