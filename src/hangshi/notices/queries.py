"""Messages read, with what they are about as far as the reader may see it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from hangshi.approvals.models import Approval
from hangshi.cases.models import Case
from hangshi.notices.models import Message
from hangshi.notices.telling import KINDS


@dataclass(frozen=True)
class Told:
    """A message in words; `title` is empty where its record is no longer in the reader's scope."""

    message: Message
    sentence: str
    title: str


def messages(account: int) -> "QuerySet[Message]":
    return Message.objects.filter(account=account).order_by("-pk")


def unread(account: int) -> int:
    return messages(account).filter(read_at=None).count()


def told(found: Iterable[Message], *, hidden: Collection[str] = ()) -> list[Told]:
    """With the titles of their records: two reads, however many messages."""
    found = list(found)
    ids = {source: [it.source_id for it in found if it.source == source] for source in ("approval", "case_file")}
    titles = {("approval", pk): title for pk, title in _titles(Approval.objects.all(), ids["approval"])}
    cases = Case.objects.exclude(kind__in=hidden)
    titles |= {("case_file", pk): title for pk, title in _titles(cases, ids["case_file"])}
    return [Told(it, KINDS.get(it.kind, ""), titles.get((it.source, it.source_id), "")) for it in found]


def _titles(rows: "QuerySet[Approval] | QuerySet[Case]", ids: list[int]) -> list[tuple[int, str]]:
    return list(rows.filter(pk__in=ids).values_list("pk", "title")) if ids else []
