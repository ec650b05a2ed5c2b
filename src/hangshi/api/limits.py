"""How many calls a minute: a bucket for each token and each address, in the memory of the process that answers."""

import threading
from dataclasses import dataclass, field
from math import ceil

MINUTE = 60.0
MOST = 20_000  # buckets kept; beyond it those that have filled up again are forgotten


@dataclass
class Buckets:
    """`wait` takes one call from a bucket. A bucket holds a minute's calls and fills evenly."""

    held: dict[str, tuple[float, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str, *, a_minute: int, now: float) -> int:
        """0: go on; else the whole seconds until the next call is allowed. `now` in seconds of a clock that does not go back."""
        with self.lock:
            left, at = self.held.get(key, (float(a_minute), now))
            left = min(float(a_minute), left + (now - at) * a_minute / MINUTE)
            if left < 1:
                self.held[key] = (left, now)
                return ceil(round((1 - left) * MINUTE / a_minute, 6))
            self.held[key] = (left - 1, now)
            if len(self.held) > MOST:
                self._forget(now)
            return 0

    def _forget(self, now: float) -> None:
        self.held = {key: kept for key, kept in self.held.items() if now - kept[1] < MINUTE}

    def clear(self) -> None:
        with self.lock:
            self.held.clear()
