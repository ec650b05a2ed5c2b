"""Why a record is there, and what it led to."""

from django.db.models import QuerySet

from hangshi.reactions.models import Done


def behind(caused: str, caused_id: int) -> "QuerySet[Done]":
    """What caused the record of that table and id; none where a person made it."""
    return Done.objects.filter(caused=caused, caused_id=caused_id)


def led_to(source: str, source_id: int) -> "QuerySet[Done]":
    """What the record caused, and what it would have caused had it not been refused."""
    return Done.objects.filter(source=source, source_id=source_id).order_by("pk")


def refused() -> "QuerySet[Done]":
    """Reactions that could not be carried out: somebody has to look at them."""
    return Done.objects.filter(caused_id=None).order_by("-pk")
