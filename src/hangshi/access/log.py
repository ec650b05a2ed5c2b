"""What happened at the door and to accounts, appended one row at a time: who, when, from where, which ids. Never a value."""

import hashlib
import json
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone


@dataclass(frozen=True)
class Caller:
    """Where a request comes from: its address ("" unknown) and what the browser calls itself."""

    address: str = ""
    agent: str = ""


NOWHERE = Caller()


def event(kind: str, account: int | None, /, *, caller: Caller = NOWHERE, **ids: int) -> None:
    """Append the event in the transaction of the caller, who acts as `account`, stands at the door, or is the operator.

    `account` None: a name that nobody has.
    """
    agent = hashlib.sha256(caller.agent.encode()).hexdigest()[:16] if caller.agent else ""
    with connection.cursor() as cursor:  # by hand: Django reads an inserted row back, which the door may not
        cursor.execute(
            "INSERT INTO access_event (kind, account, at, address, agent, ids) VALUES (%s, %s, %s, %s, %s, %s)",
            [kind, account, timezone.now(), caller.address, agent, json.dumps(ids)],
        )
