"""Where the definitions of a pack hold: a place's pack in its place, a common one everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hangshi.packs.models import Pack


@dataclass(frozen=True)
class Root:
    """The unit that a pack is made for, as it stands. `day`: the day its data speak of; None: they speak of today."""

    code: str
    path: str
    day: date | None


@dataclass(frozen=True)
class Reach:
    """The units at and below one of `paths`; with `inside` False all the others, so that no paths mean everywhere."""

    paths: tuple[str, ...] = ()
    inside: bool = False

    def holds(self, path: str) -> bool:
        """Whether the unit with this path is in reach."""
        return any(path.startswith(it) for it in self.paths) == self.inside

    def meets(self, path: str) -> bool:
        """Whether the unit or one below it is in reach."""
        return self.holds(path) or (self.inside and any(it.startswith(path) for it in self.paths))

    def condition(self, column: str) -> tuple[str, dict[str, str]]:
        """The same for a column of SQL, with its parameters."""
        if not self.paths:
            return ("false" if self.inside else "true"), {}
        given = {f"{end}{at}": it for at, path in enumerate(self.paths) for end, it in _ends(path)}
        spans = (f"({column} >= %(lo{at})s AND {column} < %(hi{at})s)" for at in range(len(self.paths)))
        said = f"({' OR '.join(spans)})"
        return (said if self.inside else f"NOT {said}"), given


def _ends(path: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("lo", path), ("hi", path[:-1] + "0")


EVERYWHERE = Reach()


def roots(pack: Pack) -> list[Root]:
    """The places of the packs that stand here, whether the caller sees them or not; none without an identity."""
    codes = sorted({header.root for header in pack.headers.values() if header.root})
    if not codes:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, path, day FROM pack_roots(%s)", [codes])
        return [Root(code, path, date.fromisoformat(day) if day else None) for code, path, day in cursor.fetchall()]


def reach_of(pack: Pack, definition: str, standing: Sequence[Root]) -> Reach:
    """Where “check.x” or “kind.duty.x” holds. Of a place that does not stand here: wherever no other pack's place does."""
    own = pack.places.get(definition)
    if own is None:
        return EVERYWHERE
    mine = tuple(it.path for it in standing if it.code == own)
    return Reach(mine, inside=True) if mine else Reach(tuple(it.path for it in standing))
