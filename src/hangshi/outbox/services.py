"""Events told, and taken."""

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
    return Event.objects.create(
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
