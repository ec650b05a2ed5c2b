from django.db import migrations

from hangshi.access.append import AppendOnly
from hangshi.access.guard import ON_THE_LINE, Guard, KeepHistory, Open, PlaceOnly, also_history

WRITTEN = (
    "id", "project_id", "step", "stage", "amount", "day", "note", "sha256", "accounts", "persons", "reverses_id", "recorded_by",
)  # fmt: skip
TABLES = ("project", "project_line")


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("access", "0004_policies")]
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
        AppendOnly("project_line", WRITTEN, what="项目资金"),
    ]
