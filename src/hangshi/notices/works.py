"""What the worker does for notices each minute."""

from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.jobs.kinds import each_minute
from hangshi.notices import sending, telling


@each_minute
def notify() -> None:
    """Write the messages that are due, then say by the open channels that something waits."""
    with acting(EVERYTHING):
        telling.tell(today=timezone.localdate())
    sending.send_all(timezone.localtime())
