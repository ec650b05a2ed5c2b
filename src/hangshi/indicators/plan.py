"""Statements over the facts: many measures of one fact in one scan, grouped by the unit they roll up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from hangshi.indicators.compile import Compiled

Raw = Decimal | int | None
PLACE = "place"
# Where a unit stands in a line; where it stood last, if it has ended.
LAST = "(t.until IS NULL OR t.until = (SELECT u.until FROM unit u WHERE u.id = t.unit_id))"


@dataclass(frozen=True)
class Period:
    """From the day `first` to the day `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Ask:
    """A measure at a time: a day where it is asked as of one, else a period."""

    it: Compiled
    when: date | Period


@dataclass(frozen=True)
class Place:
    """The rows below `path`. `depth`: grouped by the ancestor (or unit) standing so deep, 1 being the root; 0: all in one.

    `tree`: rolled up by where each unit stood that day; a unit that did not exist then counts where it stands now.
    `line`: below along this line; of another line than that of places, only what stands in it counts.
    """

    path: str
    depth: int = 0
    tree: date | None = None
    line: str = PLACE

    @property
    def kept(self) -> bool:
        """Whether `path` is compared with the paths that the rows keep: those of places, as they stand today."""
        return self.tree is None and self.line == PLACE


@dataclass
class Parameters:
    """Named parameters of a statement: dates and paths never become text of it."""

    values: dict[str, Any] = field(default_factory=dict)

    def add(self, value: Any) -> str:
        for name, known in self.values.items():
            if known == value and type(known) is type(value):
                return f"%({name})s"
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


def run(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def upper(path: str) -> str:
    """The first path after all those that begin with `path`: '0' is the byte after '/'."""
    return path[:-1] + "0"


def counted(ask: Ask, given: Parameters) -> str:
    """The condition under which a row of the fact counts for this ask."""
    it, when = ask.it, ask.when
    if isinstance(when, Period):
        column = f'f."{it.time_column}"'
        timed = f"{column} >= {given.add(when.first)} AND {column} <= {given.add(when.last)}"
    else:
        day = given.add(when)
        timed = f"f.since <= {day} AND (f.until IS NULL OR f.until >= {day})"
    where = it.where.replace("%", "%%")
    return f"{timed} AND ({where})" if where else timed


def source(view: str, place: Place, given: Parameters) -> tuple[str, str, str]:
    """FROM, the condition that the row is below the place, and the expression of the row's path."""
    lo, hi = given.add(place.path), given.add(upper(place.path))
    if place.kept:
        return f"{view} f", f"f.path >= {lo} AND f.path < {hi}", "f.path"
    day = given.add(place.tree) if place.tree else None
    stood = f"t.since <= {day} AND (t.until IS NULL OR t.until >= {day})" if day else LAST
    outer, path = ("LEFT ", "coalesce(t.tree_path, f.path)") if place.line == PLACE else ("", "t.tree_path")
    joined = (
        f"{view} f {outer}JOIN unit_path t ON t.unit_id = f.unit_id AND t.line = {given.add(place.line)} AND {stood}"
    )
    return joined, f"{path} >= {lo} AND {path} < {hi}", path


def statement(asks: Sequence[Ask], place: Place) -> tuple[str, dict[str, Any]]:
    """One scan of one fact: a row for each bucket, its unit id first, then the measures in the order asked."""
    given = Parameters()
    tables, below, path = source(asks[0].it.view, place, given)
    conditions = [counted(ask, given) for ask in asks]
    bucket = f"split_part({path}, '/', {given.add(place.depth)}::int)" if place.depth else "''"
    sums = [f"{ask.it.aggregate} FILTER (WHERE {said})" for ask, said in zip(asks, conditions, strict=True)]
    either = " OR ".join(dict.fromkeys(f"({said})" for said in conditions))
    if len(asks) == 1:
        sums = [asks[0].it.aggregate]
        if asks[0].it.column:  # NULL counts for nothing; said aloud, an index of the rows that have the column serves
            either = f'{either} AND f."{asks[0].it.column}" IS NOT NULL'
    sql = f"SELECT {bucket} AS bucket, {', '.join(sums)}\nFROM {tables}\nWHERE {below}{of_kinds(asks, given)}\n  AND ({either})"
    return sql + ("\nGROUP BY 1" if place.depth else ""), given.values


def of_kinds(asks: Sequence[Ask], given: Parameters) -> str:
    """Said once more outside the OR, so that the index on (kind, path) serves."""
    if not all(ask.it.kinds for ask in asks):
        return ""
    kinds = sorted({kind for ask in asks for kind in ask.it.kinds})
    return f" AND f.kind IN ({', '.join(given.add(kind) for kind in kinds)})"


def _scan(ask: Ask) -> tuple[str, tuple[str, ...]]:
    return ask.it.fact, ask.it.kinds


def answer(it: Compiled, raw: Raw) -> Raw:
    """What the measure says, with the meaning of an empty set: nothing counted, or no number to add."""
    if not raw:
        nothing = raw is None or it.measure != "sum"
        if nothing:
            return None if it.empty == "none" else 0
    return int(raw) if it.whole and raw is not None else raw


def measured(asks: Sequence[Ask], place: Place) -> dict[str, dict[Ask, Raw]]:
    """Every ask in every bucket that has rows of its fact; one statement for the same kinds of one fact.

    Kinds apart, so that each statement reads its own range of the index on (kind, path): one scan under all
    conditions was three times slower at the city.
    """
    found: dict[str, dict[Ask, Raw]] = {}
    for scan in dict.fromkeys(_scan(ask) for ask in asks):
        mine = list(dict.fromkeys(ask for ask in asks if _scan(ask) == scan))
        for bucket, *values in run(*statement(mine, place)):
            found.setdefault(bucket, {}).update(
                (ask, answer(ask.it, raw)) for ask, raw in zip(mine, values, strict=True)
            )
    return found


def everywhere(asks: Sequence[Ask], place: Place) -> dict[Ask, dict[int, Raw]]:
    """Every ask at every unit, below the place or above it, that has something to count: by unit id.

    Rows are brought together where they lie before they are carried up the tree; a thing counted once is carried up as itself.
    """
    found: dict[Ask, dict[int, Raw]] = {}
    once = [ask for ask in dict.fromkeys(asks) if ask.it.measure == "distinct"]
    for ask in once:
        found[ask] = {int(unit): answer(ask.it, raw) for unit, raw in run(*_once_at_each(ask, place))}
    rest = [ask for ask in dict.fromkeys(asks) if ask not in found]
    for scan in dict.fromkeys(_scan(ask) for ask in rest):
        mine = [ask for ask in rest if _scan(ask) == scan]
        found |= {ask: {} for ask in mine}
        for unit, *values in run(*_sums_at_each(mine, place)):
            for ask, raw in zip(mine, values, strict=True):
                if raw or (raw is not None and ask.it.measure == "sum"):  # a sum may be 0 and still be said
                    found[ask][int(unit)] = answer(ask.it, raw)
    return found


UPWARDS = "CROSS JOIN LATERAL unnest(string_to_array(rtrim(l.path, '/'), '/')) a(id) GROUP BY 1"


def _once_at_each(ask: Ask, place: Place) -> tuple[str, dict[str, Any]]:
    given = Parameters()
    tables, below, path = source(ask.it.view, place, given)
    column = f'f."{ask.it.column}"'
    where = f"{below}{of_kinds([ask], given)} AND ({counted(ask, given)}) AND {column} IS NOT NULL"
    leaf = f"SELECT DISTINCT {path} AS path, {column} AS it FROM {tables} WHERE {where}"  # noqa: S608  # texts of checked definitions; values are parameters
    return f"SELECT a.id, count(DISTINCT l.it) FROM ({leaf}) l {UPWARDS}", given.values  # noqa: S608  # texts of checked definitions; values are parameters


def _sums_at_each(asks: Sequence[Ask], place: Place) -> tuple[str, dict[str, Any]]:
    given = Parameters()
    tables, below, path = source(asks[0].it.view, place, given)
    conditions = [counted(ask, given) for ask in asks]
    own = ", ".join(
        f"{ask.it.aggregate} FILTER (WHERE {said}) AS m{n}"
        for n, (ask, said) in enumerate(zip(asks, conditions, strict=True))
    )
    either = " OR ".join(dict.fromkeys(f"({said})" for said in conditions))
    leaf = f"SELECT {path} AS path, {own} FROM {tables} WHERE {below}{of_kinds(asks, given)} AND ({either}) GROUP BY 1"  # noqa: S608  # texts of checked definitions; values are parameters
    sums = ", ".join(f"sum(l.m{n})" for n in range(len(asks)))
    return f"SELECT a.id, {sums} FROM ({leaf}) l {UPWARDS}", given.values  # noqa: S608  # texts of checked definitions; values are parameters
