from django.db import migrations

from hangshi.access.guard import Guard

DOOR = "current_setting('hangshi.door', true) = 'sign-in'"  # set only while somebody signs in, by `access.services`
ACTOR = "nullif(current_setting('hangshi.actor', true), '')::bigint"
OPERATOR = "current_setting('hangshi.lo', true) = '0' AND current_setting('hangshi.hi', true) = ':'"  # scope EVERYTHING


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [
        Guard("account", f"({DOOR}) OR id = {ACTOR} OR ({OPERATOR})"),
        Guard("access_grant", f"({DOOR}) OR account_id = {ACTOR} OR ({OPERATOR})"),
    ]
