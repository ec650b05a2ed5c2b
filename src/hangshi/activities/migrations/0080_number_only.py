"""A ceremony is counted, and nobody is named: where a name could be written nothing is."""

from django.db import migrations

ADD = """
    ALTER TABLE activity ADD CONSTRAINT activity_number_only CHECK (
        kind NOT IN ('ceremony_count', 'banquet_count')
        OR (topic = '' AND place = '' AND minutes = '' AND leader_id IS NULL AND household_id IS NULL)) NOT VALID"""  # what was written before stays, and whoever changes it takes the words out


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_one_index_a_column")]
    operations = [migrations.RunSQL(ADD, "ALTER TABLE activity DROP CONSTRAINT activity_number_only")]
