"""Marks go on side by side; a step of the round waits for them and they for it. Who marks may not be let to change the round, so no row is locked."""

from django.db import connection

from hangshi.appraisals.models import Round

LOCK = 7_302_100


def wait_for(round_: Round, *, alone: bool) -> None:
    """Until the end of the transaction: with others who mark, or alone."""
    kind = "" if alone else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{kind}(%s, %s)", [LOCK, round_.pk % 2**31])
