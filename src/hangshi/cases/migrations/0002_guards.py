from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [Guard("case_file"), Guard("case_step"), KeepHistory("case_file")]
