from django.db import migrations

from hangshi.access.guard import Guard

ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING
OWN = f"account_id = {ACTOR} OR ({OPERATOR})"


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [Guard("job", OWN), Guard("job_progress", OWN)]
