"""Who acts, and on which subtree: set in the database for one transaction, and gone with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from hangshi.access import origin


@dataclass(frozen=True)
class Scope:
    """The subtree from `lo` up to but without `hi`, acted on by the account `actor` (None: the installation itself)."""

    lo: str
    hi: str
    actor: int | None = None

    @classmethod
    def below(cls, path: str, *, actor: int | None = None) -> "Scope":
        """The unit with this `path` and all below it. An empty path is refused: an empty set is not "all"."""
        if not path.endswith("/"):
            raise ValueError(f"a path ends in '/': {path!r}")
        return cls(path, path[:-1] + "0", actor)  # '0' is the byte after '/'


EVERYTHING = Scope(
    "0", ":"
)  # paths are digits and '/', so this range holds them all; for commands and jobs of the operator


@contextmanager
def acting(scope: Scope, *, read_only: bool = False) -> Iterator[None]:
    """One transaction in which the database shows and accepts only the rows of `scope`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if read_only:
                cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute(
                "SELECT set_config('hangshi.lo', %s, true), set_config('hangshi.hi', %s, true),"
                f" set_config('hangshi.actor', %s, true), {origin.SETTINGS}",  # a constant
                [scope.lo, scope.hi, "" if scope.actor is None else str(scope.actor), *origin.values()],
            )
        yield
