"""Who may be asked to sign: accounts whose grants reach the unit, found without opening accounts or grants to the asker."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer


@dataclass(frozen=True)
class Candidate:
    """An account with a grant in force today at the unit or above it; `where` names the unit of that grant."""

    account: int
    person: int | None
    name: str
    where: str
    role: str


def candidates(unit: Unit, roles: Collection[str]) -> list[Candidate]:
    """Accounts that hold one of the roles over the unit, the nearest first; nobody where the unit lies outside the scope or no role is named."""
    if not roles:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, person_id, name, place, role FROM signers_over(%s, %s)", [unit.pk, sorted(roles)]
        )
        return [Candidate(*row) for row in cursor.fetchall()]


def asked(found: Candidate, permissions: frozenset[str] = frozenset()) -> Signer:
    return Signer(account=found.account, person=found.person, permissions=permissions)
