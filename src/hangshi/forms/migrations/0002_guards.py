from django.db import migrations

from hangshi.access.guard import Guard


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]

    operations = [Guard("form")]
