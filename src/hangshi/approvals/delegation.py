"""Who signs, read from the grant that acts."""

from django.db import connection

from hangshi.access.models import Account, Grant
from hangshi.registry.signing import Signer


def signer(account: Account, grant: Grant, permissions: frozenset[str]) -> Signer:
    """The account under its grant, with everybody up the chain that the grant was delegated from. Run while the account acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, person_id FROM delegated_by(%s)", [grant.pk])
        above = tuple(Signer(account=row[0], person=row[1]) for row in cursor.fetchall())
    return Signer(account=account.pk, person=account.person_id, permissions=permissions, acts_for=above)
