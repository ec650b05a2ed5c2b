"""What the auditor searches, and what a record's page says of who and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from hangshi.access.models import Account, Event
from hangshi.access.services import at_the_door
from hangshi.audit.models import AuditEntry


@dataclass(frozen=True)
class Asked:
    """What is searched for; empty means any. Both days are included."""

    account: str = ""
    table: str = ""
    record: int | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    request: str = ""
    address: str = ""


def search(asked: Asked) -> "QuerySet[AuditEntry]":
    """The entries asked for, the latest first. Earlier versions of records are shown only where they are asked for by table."""
    found = AuditEntry.objects.defer("ids", "digests", "salts").order_by("-id")
    about = Q(table_name=asked.table) if asked.table else ~Q(table_name__endswith="_history")
    found = found.filter(about)
    if asked.record is not None:
        found = found.filter(concerning(asked.record))
    if asked.account:
        found = found.filter(account__in=accounts(asked.account))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.request:
        found = found.filter(request=asked.request)
    if asked.address:
        found = found.filter(_from(asked.address))
    if asked.first:
        found = found.filter(at__gte=_midnight(asked.first))
    if asked.last:
        found = found.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    return found


def concerning(record: int) -> Q:
    """Entries whose rows include that id: the bounds are indexed, the list decides."""
    return Q(low__lte=record, high__gte=record) & (Q(rows=1) | Q(ids__contains=[record]))


def _from(address: str) -> Q:
    """What came from there; of what happened at the door, its own row knows."""
    at_the_door = Event.objects.filter(address=address).values("pk")
    return Q(address=address) | Q(table_name=Event._meta.db_table, kind="insert", low__in=at_the_door)


def of_record(table: str, record: int) -> "QuerySet[AuditEntry]":
    """The record's own entries, the earliest first, its whole rows only if they lie in the reader's scope."""
    return (
        AuditEntry.objects.filter(concerning(record), table_name=table).defer("ids", "digests", "salts").order_by("id")
    )


def accounts(text: str) -> list[int]:
    """The accounts of that sign-in name, person's name or number."""
    by_name = Q(username=text) | Q(name=text)
    with at_the_door():
        return list(
            Account.objects.filter(by_name | Q(pk=int(text)) if text.isdecimal() else by_name).values_list(
                "pk", flat=True
            )
        )


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Account → name, for those who are told who changed a record; accounts themselves stay closed."""
    wanted = {it for it in ids if it is not None}
    if not wanted:
        return {}
    with at_the_door():
        return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
