"""What every write needs: the account behind it told to the row history, a row's id beforehand, a collision told apart."""

from django.db import IntegrityError, connection

from hangshi.refusal import Refused


def sign(actor: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.actor', %s, true)", ["" if actor is None else str(actor)])


def next_id(table: str) -> int:
    """The id that the next row of `table` will have: a path and a seal contain it, so it is needed before the row is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


def collided(error: IntegrityError, refusal: Refused) -> Exception:
    """The refusal where two rows collide (unique or exclusion constraint); any other fault stays itself."""
    return refusal if getattr(error.__cause__, "sqlstate", "") in ("23505", "23P01") else error
