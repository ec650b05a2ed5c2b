"""What the installation does each minute: tell of what ran out, and answer what waits."""

from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.indicators.queries import pack
from hangshi.jobs.kinds import each_minute
from hangshi.reactions.services import run
from hangshi.reactions.sweep import tell_of_expired


@each_minute
def react() -> int:
    """With the installation's packs; how many events were answered."""
    with acting(EVERYTHING):
        tell_of_expired(pack(), today=timezone.localdate())
    return run(pack()).events
