from django.db import migrations

from hangshi.access.guard import PlaceOnly


class Migration(migrations.Migration):
    dependencies = [("duties", "0004_modes")]
    operations = [PlaceOnly("duty")]
