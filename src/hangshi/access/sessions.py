"""Who is signed in: a random token in the browser, its digest in a table, and what is still asked before anything is shown."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from hangshi.access import prepared
from hangshi.access.log import NOWHERE, Caller, event
from hangshi.access.models import Account, Grant, Session
from hangshi.access.profiles import current
from hangshi.access.scope import DOOR, acting
from hangshi.access.services import at_the_door

Row = TypeVar("Row", bound=Model)
RECENT = timedelta(minutes=5)  # so long a person counts as just confirmed
SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)  # ended ones too: they tell which addresses an account knows
AGENTS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("360SE", "360"), ("QQBrowser", "QQ浏览器"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("HarmonyOS", "鸿蒙"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("UOS", "统信"), ("Kylin", "麒麟"), ("Linux", "Linux"),
)  # fmt: skip


def begin(
    account: Account,
    grant: Grant,
    *,
    stage: str,
    caller: Caller,
    now: datetime,
    passed: datetime | None = None,
    instead_of: Session | None = None,
) -> str:
    """A new session; returns its token, which is kept nowhere. `instead_of` ends: a token never outlives a change of power.

    The age of a session counts from the first one of the chain. Run at the door.
    """
    token = secrets.token_urlsafe(32)
    if instead_of is not None:
        end(instead_of, now=now)
    created = instead_of.created if instead_of is not None else now
    recent = instead_of.recent if instead_of is not None else now + RECENT
    made = Session(key=_key(token), account=account, grant=grant, stage=stage, created=created, seen=now, passed=passed)
    made.recent, made.address, made.agent = recent, caller.address, summary(caller.agent)
    made.save(force_insert=True)
    Session.objects.filter(account=account, created__lt=now - KEPT).delete()
    return token


@contextmanager
def reading(*, read_only: bool) -> Iterator[None]:
    """The transaction of a request; it stands at the door until `scope.under` leaves it."""
    with acting(DOOR, read_only=read_only):
        yield


def find(token: str, *, now: datetime, on: date) -> Session | None:
    """The session of this token with its account and grant, if all three still hold; one read. Run within `reading`."""
    profile = current()
    found = prepared.fetch(_found(), [_key(token), now - profile.idle, now - profile.absolute, on])
    if not found:
        return None
    row, account, grant = _made(found[0])
    row.account, row.grant, grant.account = account, grant, account
    return row


PARTS = (Session, Account, Grant)


@cache
def _found() -> str:
    """Every page asks this: Django would take longer to write it than PostgreSQL to answer."""
    columns = ", ".join(
        f'{model._meta.db_table}."{field.column}"' for model in PARTS for field in model._meta.concrete_fields
    )
    held, account, grant = (model._meta.db_table for model in PARTS)
    return (
        f"SELECT {columns} FROM {held} JOIN {account} ON {account}.id = {held}.account_id"  # noqa: S608  # names of our own tables
        f" JOIN {grant} ON {grant}.id = {held}.grant_id WHERE {held}.key = %s AND {held}.ended IS NULL AND {held}.seen > %s"
        f" AND {held}.created > %s AND {account}.active AND grant_stands({held}.grant_id, %s)"
    )


def _made(found: tuple[Any, ...]) -> tuple[Session, Account, Grant]:
    values = iter(found)
    return _part(Session, values), _part(Account, values), _part(Grant, values)


def _part(model: type[Row], values: Iterator[Any]) -> Row:
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db("default", names, list(islice(values, len(names))))


def living(*, now: datetime) -> QuerySet[Session]:
    """Neither ended, nor left idle, nor too old."""
    profile = current()
    return Session.objects.filter(ended=None, seen__gt=now - profile.idle, created__gt=now - profile.absolute)


def touch(held: Session, *, now: datetime) -> None:
    """Somebody is still there; written at most once a minute, in a transaction of its own."""
    if now - held.seen >= SEEN_EVERY:
        with at_the_door():
            Session.objects.filter(pk=held.pk, ended=None).update(seen=now)


def confirm(held: Session, *, now: datetime) -> None:
    """The person has just shown again who they are. Run at the door."""
    held.recent = now + RECENT
    Session.objects.filter(pk=held.pk).update(recent=held.recent)


def end(held: Session, *, now: datetime) -> None:
    Session.objects.filter(pk=held.pk, ended=None).update(ended=now)


def end_all(account: int, *, now: datetime, but: int | None = None, caller: Caller = NOWHERE) -> int:
    """All of the account's sessions, except the one numbered `but`; returns how many ended."""
    open_ones = Session.objects.filter(account_id=account, ended=None)
    ended = (open_ones.exclude(pk=but) if but is not None else open_ones).update(ended=now)
    if ended:
        event("sessions_ended", account, caller=caller, count=ended)
    return ended


def summary(agent: str) -> str:
    """What a person recognises a device by: browser and system; never the whole of what the browser says."""
    browser = next((name for sign, name in AGENTS if sign in agent), "其他浏览器")
    return f"{browser} · {next((name for sign, name in SYSTEMS if sign in agent), '其他系统')}"


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
