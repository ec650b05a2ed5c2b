from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [Guard("claim_binding"), KeepHistory("claim_binding")]
