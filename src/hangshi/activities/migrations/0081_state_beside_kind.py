"""The state stands beside kind, place and day, so that what was sent back is left out without a look at the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0080_number_only")]
    operations = [
        migrations.RemoveIndex(model_name="activity", name="activity_kind_4c1325_idx"),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["kind", "path", "day"], include=["state"], name="activity_kind_path_day"),
        ),
    ]
