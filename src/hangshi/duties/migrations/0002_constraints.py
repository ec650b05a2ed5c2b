from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE duty ADD CONSTRAINT duty_one_in_a_slot EXCLUDE USING gist "
            "(int8range(slot, slot, '[]') WITH &&, daterange(since, until, '[]') WITH &&) WHERE (slot IS NOT NULL)",
            "ALTER TABLE duty DROP CONSTRAINT duty_one_in_a_slot",
        )
    ]
