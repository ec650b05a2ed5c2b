"""What the worker does for the audit each minute."""

from hangshi.audit import sealing
from hangshi.jobs.kinds import each_minute

each_minute(sealing.seal)
