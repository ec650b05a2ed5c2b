"""What leaves the house: that something waits, and how much. No name, no title, no address of a record."""

from dataclasses import dataclass
from datetime import datetime

import apprise
from django.db.models import Count, Exists, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from hangshi.access.scope import EVERYTHING, acting
from hangshi.notices import channels
from hangshi.notices.models import Channel, Message
from hangshi.refusal import Refused

MOST = 100  # channels a minute: the others have their turn in the next one
TITLE = "夯实"
NOT_DELIVERED = "没有送达，请核对地址。"


@dataclass(frozen=True)
class Waiting:
    """A channel with something new to say: how much is unread, and the newest of it."""

    channel: Channel
    waiting: int
    newest: int


def due(now: datetime) -> list[Waiting]:
    """Channels with something new to say and not in their quiet hours, those that waited longest first."""
    fresh = Message.objects.filter(account=OuterRef("account"), read_at=None)
    totals = fresh.order_by().values("account")
    found = (
        Channel.objects.filter(Exists(fresh.filter(pk__gt=OuterRef("told"))), enabled=True, kind__in=channels.offered())
        .annotate(
            waiting=Coalesce(Subquery(totals.annotate(n=Count("pk")).values("n")), 0),
            newest=Subquery(totals.annotate(n=Max("pk")).values("n")),
        )
        .order_by(F("sent_at").asc(nulls_first=True), "pk")
    )
    return [Waiting(it, it.waiting, it.newest) for it in found if not channels.is_quiet(it, now.time())][:MOST]


def send_all(now: datetime) -> int:
    """Say once what is new, channel by channel; how many were reached. `now` is local time.

    A message is marked before it leaves: one that is lost on the way is better than one that comes again and again.
    """
    with acting(EVERYTHING):
        found = due(now)
        for it in found:
            it.channel.told, it.channel.sent_at = it.newest, now
        Channel.objects.bulk_update([it.channel for it in found], ["told", "sent_at"])
    for it in found:
        it.channel.failed = _send(it)
    with acting(EVERYTHING):
        Channel.objects.bulk_update([it.channel for it in found], ["failed"])
    return sum(not it.channel.failed for it in found)


def _send(it: Waiting) -> str:
    """Empty where it was taken; else why not."""
    try:
        out = apprise.Apprise()
        if not out.add(channels.address_of(it.channel)):
            return NOT_DELIVERED
    except Refused as refused:
        return refused.sentence
    return "" if out.notify(body=f"您有{it.waiting}件待办", title=TITLE) else NOT_DELIVERED
