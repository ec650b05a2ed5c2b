"""Events told, and taken."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Protocol

from django.db.models.options import Options

from hangshi.outbox.models import Event


class Record(Protocol):
    """A row of a record room: it has a kind and stands at a path."""

    pk: int
    kind: str
    path: str
    _meta: "ClassVar[Options[Any]]"


def tell(topic: str, record: Record, *, on: date, actor: int | None) -> Event:
    """Write the event in the caller's transaction; it stays or goes with the change it tells of."""
    event = _event(topic, record, on, actor)
    event.save(force_insert=True)
    return event


def tell_all(topic: str, records: Iterable[Record], *, on: date, actor: int | None) -> None:
    """`tell` for many, in few statements."""
    Event.objects.bulk_create((_event(topic, it, on, actor) for it in records), batch_size=2000)


def _event(topic: str, record: Record, on: date, actor: int | None) -> Event:
    return Event(
        topic=topic,
        kind=record.kind,
        source=record._meta.db_table,
        source_id=record.pk,
        path=record.path,
        day=on,
        told_by=actor,
    )


def take() -> Event | None:
    """The oldest event in scope that waits, locked for this transaction; what another one works on is passed over."""
    waiting = Event.objects.select_for_update(skip_locked=True).filter(handled=False)
    return waiting.order_by("pk").first()


def done(event: Event) -> None:
    event.handled = True
    event.save(update_fields=["handled"])
