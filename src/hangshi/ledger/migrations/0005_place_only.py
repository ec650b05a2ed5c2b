from django.db import migrations

from hangshi.access.guard import PlaceOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_modes")]
    operations = [PlaceOnly("entry")]
