from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("planning", "0060_calls"), ("access", "0002_guards")]
    operations = [Guard("draw_call"), KeepHistory("draw_call")]
