from django.db import migrations

from hangshi.access.append import AppendOnly
from hangshi.access.guard import ON_THE_LINE, Guard, KeepHistory, Open, also_history

# What a unit has put in force is read by all below it, whatever they see else.
FROM_ABOVE = "path <> '' AND starts_with(nullif(current_setting('hangshi.within', true), ''), path)"
WRITTEN = ("id", "key", "name", "since", "text", "digest", "draft_id", "unit_id", "adopted_on", "recorded_by", "extra")


class Migration(migrations.Migration):
    dependencies = [("schemes", "0001_initial"), ("access", "0004_policies")]
    operations = [
        Guard("scheme_draft"),
        KeepHistory("scheme_draft"),
        Guard("scheme_edition"),
        KeepHistory("scheme_edition"),
        AppendOnly("scheme_edition", WRITTEN, what="考评办法的版本"),
        migrations.RunSQL(
            f"CREATE POLICY shown ON scheme_edition FOR SELECT USING ({FROM_ABOVE})",
            "DROP POLICY shown ON scheme_edition",
        ),
        Open("scheme_draft", "party", ON_THE_LINE, write=True),
        also_history("scheme_draft", "party"),
        Open("scheme_edition", "party", ON_THE_LINE, write=True),
        also_history("scheme_edition", "party"),
    ]
