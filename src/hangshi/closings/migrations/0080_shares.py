from django.db import migrations

from hangshi.closings.locks import Days, Lock


class Migration(migrations.Migration):
    dependencies = [("closings", "0070_projects"), ("shares", "0002_guards")]
    operations = [Lock("share_change", Days("r.day"))]
