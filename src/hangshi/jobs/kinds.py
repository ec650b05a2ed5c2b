"""What can be asked as long work: functions registered by the rooms that do it."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Answer = dict[str, Any]


class Teller(Protocol):
    """What the work tells while it runs."""

    def tell(self, done: int, total: int, what: str = "") -> None:
        """So far, of so much. Raises `Stopped` where the asker has asked to stop. Cheap: most calls write nothing."""


Doing = Callable[..., Answer]
KINDS: dict[str, Doing] = {}


class Stopped(Exception):
    """The asker asked to stop; what the work wrote is taken back."""


def work(kind: str) -> Callable[[Doing], Doing]:
    """Register `do(teller, *, account, **said)` under `kind`; it runs in one transaction under the asker's grant.

    It returns plain JSON: `href` (where the result is), `sentence` (what it came to), and what else the page needs.
    """

    def register(do: Doing) -> Doing:
        if KINDS.get(kind, do) is not do:
            raise ValueError(f"two works are called {kind}")
        KINDS[kind] = do
        return do

    return register


MINUTELY: list[Callable[[], object]] = []
Chore = TypeVar("Chore", bound=Callable[[], object])


def each_minute(do: Chore) -> Chore:
    """Register what the installation itself does each minute, under a scope and in a transaction of its own making."""
    if do not in MINUTELY:
        MINUTELY.append(do)
    return do
