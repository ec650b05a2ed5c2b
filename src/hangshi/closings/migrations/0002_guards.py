from django.db import migrations

from hangshi.access.append import AppendOnly
from hangshi.access.guard import Guard, KeepHistory
from hangshi.closings.locks import WAIT, Days, Lock

IN_FORCE = Days("r.since", "r.until")
DAY = Days("r.day")
# A correction is dated by the day on which it was made.
ENTRY = (Days("greatest(r.day, r.corrected_on)"), Days("CASE WHEN r.corrected_on IS NULL THEN r.since END", "r.until"))


class Migration(migrations.Migration):
    dependencies = [
        ("closings", "0001_initial"),
        ("registry", "0006_place_only"),
        ("duties", "0005_place_only"),
        ("activities", "0005_place_only"),
        ("cases", "0005_place_only"),
        ("ledger", "0041_append_only"),
    ]
    operations = [
        Guard("closing"),
        KeepHistory("closing"),
        Guard("closing_figure"),
        AppendOnly("closing_figure", ("id", "closing_id", "unit_id", "indicator", "version", "value"), what="结账留存的数"),
        migrations.RunSQL(WAIT, "DROP FUNCTION closing_wait()"),
        Lock("entry", *ENTRY),
        Lock("activity", DAY, held=("kind", "unit_id", "leader_id", "household_id", "present")),
        Lock("attendance", DAY, held=("person_id", "state")),
        Lock("duty", IN_FORCE, held=("kind", "unit_id", "bearer_id", "bearer_unit_id", "target_unit_id", "household_id", "role")),
        Lock("membership", IN_FORCE, held=("person_id", "unit_id", "status", "category")),
        Lock("household_status", IN_FORCE, held=("household_id", "unit_id", "status")),
        Lock("household_member", IN_FORCE, held=("household_id", "person_id")),
        Lock("case_file", Days("r.opened_on", "r.closed_on", ending=True), held=("kind", "unit_id", "ground")),
        Lock("case_step", DAY),
        Lock("case_evidence", DAY),
        Lock("case_seat", IN_FORCE, held=("seat", "person_id", "unit_id")),
        Lock("unit", IN_FORCE, held=("kind",)),
        Lock("unit_link", IN_FORCE, held=("parent_id",)),
        Lock("succession", DAY),
    ]  # fmt: skip
