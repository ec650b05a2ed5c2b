from django.db import migrations, models
from django.db.models import Q

from hangshi.access.append import AppendOnly

WRITTEN = (
    "id", "kind", "day", "since", "amount", "source", "household_id", "person_id", "reverses_id", "note", "recorded_by", "extra",
    "corrected_on",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_place_only")]
    operations = [
        migrations.AddField(
            model_name="entry",
            name="corrected_on",
            field=models.DateField(blank=True, null=True, verbose_name="更正日期"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(condition=Q(corrected_on=None) | ~Q(note=""), name="entry_corrected"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=Q(corrected_on__isnull=False), fields=["path", "corrected_on"], name="entry_corrected_idx"
            ),
        ),
        AppendOnly("entry", WRITTEN, what="台账", carried=("unit_id", "until")),
    ]
