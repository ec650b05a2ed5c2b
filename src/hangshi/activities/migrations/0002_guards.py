from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]
    operations = [Guard("activity"), Guard("attendance"), KeepHistory("activity")]
