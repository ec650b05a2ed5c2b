"""What the worker does for the audit each minute."""

from django.conf import settings
from django.utils import timezone

from hangshi.audit import anchors, sealing
from hangshi.jobs.kinds import each_minute


@each_minute
def seal() -> None:
    """Seal what was committed, and keep the head in the anchor file once an hour."""
    _, head = sealing.seal()
    anchors.keep(settings.ANCHORS, head, at=timezone.now())
