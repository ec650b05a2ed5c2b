"""What happens because a day has come, not because somebody wrote something."""

from datetime import date, timedelta

from django.db import connection, transaction

from hangshi.packs.models import Pack

LOOK_BACK = 60

# A duty has run out when its last day has passed and nobody bears the same for the same target now.
STATEMENT = """
INSERT INTO outbox_event (topic, kind, source, source_id, path, day, told_at, handled)
SELECT 'duty.expired', d.kind, 'duty', d.id, d.path, %(today)s, clock_timestamp(), false FROM duty d
WHERE d.kind = ANY(%(kinds)s) AND d.until < %(today)s AND d.until >= %(from)s
    AND NOT EXISTS (SELECT FROM outbox_event e WHERE e.source = 'duty' AND e.source_id = d.id AND e.topic = 'duty.expired')
    AND NOT EXISTS (
        SELECT FROM duty n WHERE n.kind = d.kind AND n.id <> d.id AND n.since <= %(today)s
            AND (n.until IS NULL OR n.until >= %(today)s) AND n.target_unit_id IS NOT DISTINCT FROM d.target_unit_id
            AND n.household_id IS NOT DISTINCT FROM d.household_id
            AND n.target_person_id IS NOT DISTINCT FROM d.target_person_id)
"""


@transaction.atomic
def tell_of_expired(pack: Pack, *, today: date) -> int:
    """Tell of each duty, of the kinds that a reaction listens to, that ran out in the last `LOOK_BACK` days; each once.

    Run under the scope it is to look at. Returns how many were told of.
    """
    kinds = sorted({kind for it in pack.reactions.values() if it.on == "duty.expired" for kind in it.kinds})
    if not kinds:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"kinds": kinds, "today": today, "from": today - timedelta(days=LOOK_BACK)})
        return int(cursor.rowcount)
