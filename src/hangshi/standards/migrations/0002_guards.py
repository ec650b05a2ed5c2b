from django.db import migrations

from hangshi.access.guard import Guard

OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_initial")]
    operations = [Guard("finding"), Guard("finding_looked", OPERATOR)]
