from django.db import migrations

from hangshi.access.guard import PlaceOnly


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_work")]
    operations = [PlaceOnly("case_file"), PlaceOnly("case_step")]
