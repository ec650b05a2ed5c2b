from django.db import migrations

from hangshi.access.append import AppendOnly
from hangshi.access.guard import ON_THE_LINE, Guard, KeepHistory, Open, PlaceOnly, also_history

TABLES = ("share_holder", "share_change", "share_line", "share_dividend", "share_part")
CHANGE = ("id", "unit_id", "ground", "day", "decided", "activity_id", "note", "reverses_id", "recorded_by")


class Migration(migrations.Migration):
    dependencies = [("shares", "0001_initial"), ("access", "0004_policies")]
    operations = [
        *(
            it
            for table in TABLES
            for it in (
                Guard(table),
                PlaceOnly(table),
                Open(table, "party", ON_THE_LINE, write=True),
                KeepHistory(table),
                also_history(table, "party"),
            )
        ),
        AppendOnly("share_change", CHANGE, what="股份变动"),
        AppendOnly("share_line", ("id", "change_id", "holder_id", "kind", "shares"), what="股份变动"),
    ]
