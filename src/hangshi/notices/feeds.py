"""Calendar addresses: made, revoked, and opened by whoever shows the secret."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from hangshi.access import grants
from hangshi.access.models import Grant
from hangshi.access.scope import NOWHERE, Scope, acting, enter, under
from hangshi.notices.models import Feed
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import sign

MOST = 5


@transaction.atomic
def make(grant: Grant, unit: Unit) -> tuple[Feed, str]:
    """An address of the unit's calendar as the grant shows it, and its secret, which nobody can read again. Raises `Refused`."""
    sign(grant.account_id)
    if living(grant.account_id).count() >= MOST:
        raise Refused("feed.most", f"日历订阅最多{MOST}个，请先撤销不用的。")
    secret = secrets.token_urlsafe(32)
    made = Feed.objects.create(account=grant.account_id, by_grant=grant.pk, unit=unit.pk, digest=_digest(secret))
    return made, secret


@transaction.atomic
def revoke(feed: Feed) -> None:
    """The address shows nothing from now on."""
    sign(feed.account)
    Feed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=timezone.now())


def living(account: int) -> "QuerySet[Feed]":
    return Feed.objects.filter(account=account, revoked_at=None).order_by("pk")


@contextmanager
def opened(secret: str, *, on: date) -> Iterator[tuple[Grant, Unit] | None]:
    """One read-only transaction under the grant of the address; None where address, account, grant or unit are not good that day."""
    with ExitStack() as stack:
        stack.enter_context(acting(NOWHERE, read_only=True))
        yield _found(secret, on)


def _found(secret: str, on: date) -> tuple[Grant, Unit] | None:
    digest = _digest(secret)
    _present(digest)
    feed = Feed.objects.filter(digest=digest, revoked_at=None).first()
    _present("")
    if feed is None:
        return None
    enter(Scope("", "", feed.account))
    known = grants.standing(on).select_related("account").filter(account_id=feed.account, account__active=True)
    grant = known.filter(pk=feed.by_grant).first()
    if grant is None:
        return None
    under(grant, on=on)
    unit = Unit.objects.filter(pk=feed.unit).first()
    return (grant, unit) if unit else None


def _present(digest: str) -> None:
    """Let the policy show the row of this digest, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.token', %s, true)", [digest])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
