from django.db import migrations

from hangshi.access.guard import PlaceOnly


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_record")]
    operations = [PlaceOnly("activity"), PlaceOnly("attendance")]
