"""A page of a register: what the address asks becomes a queryset of plain tuples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, reduce
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils import timezone

from hangshi.access import prepared
from hangshi.registry import search
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.tree import below_on
from hangshi.web import words
from hangshi.web.period import parsed
from hangshi.web.registers import REGISTERS, Column, Register

SIZE = 50
WIDE = 2  # units so deep in the tree, as a county in its prefecture, hold a good part of all rows
FARTHEST = 10_000_000  # no list has so many pages; a number beyond is read as this one


@dataclass(frozen=True)
class Page:
    """`rows`: (pk, unit id, cells of the columns …). `total` None: not counted; `more`: there are rows after these."""

    rows: list[tuple[Any, ...]]
    number: int
    total: int | None
    more: bool = False
    size: int = SIZE

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The last page that is known of."""
        if self.total is None:
            return self.number + self.more
        return max(1, -(-self.total // self.size))

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to offer; None is a gap."""
        near = sorted({1, self.last, *range(max(1, self.number - 1), min(self.last, self.number + 1) + 1)})
        return reduce(lambda out, n: [*out, *([None] if out and n - (out[-1] or 0) > 1 else []), n], near, [])


@dataclass(frozen=True)
class Asked:
    """What an address asks of a register, cleaned: an unknown sort or filter is left out."""

    register: Register
    unit: Unit
    query: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        text = self.query.get("page", "1")
        return min(max(1, int(text)), FARTHEST) if text.isdecimal() and len(text) < 20 else 1

    @property
    def counted(self) -> bool:
        """Whether the number of all rows is asked for: to count a million takes longer than to show fifty."""
        return self.query.get("count") == "1"

    def url(self, **changed: Any) -> str:
        kept = {**self.query, "page": "", **changed}
        return f"/records/{self.register.key}/?{urlencode({k: v for k, v in kept.items() if v not in (None, '')})}"

    def export_url(self) -> str:
        return self.url().replace(f"/{self.register.key}/?", f"/{self.register.key}.xlsx?")

    def sort_url(self, column: Column) -> str:
        return self.url(sort=f"-{column.source}" if self.query.get("sort") == column.source else column.source)

    def sorted_by(self, column: Column) -> str:
        return {column.source: "ascending", f"-{column.source}": "descending"}.get(self.query.get("sort", ""), "")


def asked(register: Register, query: QueryDict, unit: Unit) -> Asked:
    names = {"q", "from", "to", "sort", "page", "unit", "open", "count", *register.filters}
    return Asked(
        register,
        unit,
        {
            name: text.strip()
            for name, text in query.dict().items()
            if name in names and isinstance(text, str) and text.strip()
        },
    )


def below(rows: QuerySet[Any], unit: Unit) -> QuerySet[Any]:
    """The rows of the unit and of all below it, along the line for which it was read; of one's own (`Unit.whole`) all that one may see."""
    if unit.whole:
        return rows
    if unit.line != "place":
        return rows.filter(path__in=below_on(unit, unit.line, timezone.localdate()).values("path"))
    return rows.filter(path__gte=unit.path, path__lt=f"{unit.path[:-1]}0")


def records(asked: Asked, *, restricted: bool) -> QuerySet[Any]:
    """The rows asked for; kinds that need a permission of their own only if `restricted`."""
    unit = asked.unit
    rows = _chosen(asked.register, _given(asked), _sort(asked), _hidden(asked.register, restricted=restricted))
    if "q" in asked.query:
        rows = _matching(rows, *asked.register.search, asked.query["q"])
    return below(rows, unit)


def _given(asked: Asked) -> dict[str, Any]:
    """The filters that the address sets, days as days."""
    query, register = asked.query, asked.register
    given: dict[str, Any] = {name: query[name] for name in register.filters if name in query}
    if register.open is not None and query.get("open") == "1":
        given["open"] = "1"
    if register.day:
        given |= {name: day for name in ("from", "to") if (day := parsed(query.get(name)))}
    return given


def _hidden(register: Register, *, restricted: bool) -> tuple[str, ...]:
    kinds = register.filters.get("kind")
    return () if restricted or kinds is None else tuple(words.restricted(kinds[1]))


def _chosen(
    register: Register, given: Mapping[str, Any], sort: tuple[str, ...], hidden: tuple[str, ...]
) -> QuerySet[Any]:
    rows = register.model._default_manager.all()
    if hidden:
        rows = rows.exclude(kind__in=hidden)
    rows = rows.filter(**{name: given[name] for name in register.filters if name in given})
    if register.open is not None and "open" in given:
        rows = rows.filter(register.open)
    for name, bound in (("from", "gte"), ("to", "lte")):
        if name in given:
            rows = rows.filter(**{f"{register.day}__{bound}": given[name]})
    return rows.order_by(*sort)


def _matching(rows: QuerySet[Any], target: str, source: str, text: str) -> QuerySet[Any]:
    return rows.filter(**{f"{source}__in": found(target, text).values("pk")})


def found(target: str, text: str) -> QuerySet[Any]:
    """The units, persons or households that the text names."""
    if target == "household":
        return Household.objects.filter(Q(head__startswith=text) | Q(number=text))
    return search.named({"unit": Unit, "person": Person}[target]._default_manager.all(), target, text)


def _sort(asked: Asked) -> tuple[str, ...]:
    sort = asked.query.get("sort", "")
    known = {column.source for column in asked.register.columns if column.sort}
    return (sort, "-id" if sort.startswith("-") else "id") if sort.lstrip("-") in known else asked.register.order


def cells(register: Register, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Plain tuples: pk, unit id, then the columns; a stage also needs its kind, which is one of them."""
    return rows.values_list("pk", register.unit_source, *(column.source for column in register.columns))


def page(register: Register, rows: QuerySet[Any], number: int, size: int = SIZE, *, counted: bool = False) -> Page:
    """The rows of one page, and one more to know whether others follow; all are counted only if asked, or if these are all."""
    start = (number - 1) * size
    if start or rows.query.order_by != register.order:
        # Names are looked up for the rows shown, not for those sorted or passed over.
        keys = list(rows.values_list("pk", flat=True)[start : start + size + 1])
        rows_shown = rows.model._default_manager.filter(pk__in=keys).order_by(*rows.query.order_by)
    else:
        rows_shown = rows[: size + 1]
    return _paged(list(cells(register, rows_shown)), number, size, rows if counted else None)


def _paged(found: list[tuple[Any, ...]], number: int, size: int, rows: QuerySet[Any] | None) -> Page:
    more = len(found) > size
    total = None if more or not (found or number == 1) else (number - 1) * size + len(found)
    if total is None and rows is not None:
        total = rows.order_by().values("pk").count()
    return Page(found[:size], number, total, more, size)


# What stands in a prepared statement where a request puts its own.
SLOTS: dict[str, Any] = {"lo": "\x01lo", "hi": "\x01hi", "from": date(1, 1, 1), "to": date(1, 1, 2)}


def _slot(name: str) -> Any:
    return SLOTS.get(name, f"\x01{name}")


Statement = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=1000)
def _first_keys(key: str, names: frozenset[str], hidden: tuple[str, ...]) -> Statement:
    """The statement of a first page in its usual order: Django takes longer to write it than PostgreSQL to answer."""
    register = REGISTERS[key]
    given = {name: _slot(name) for name in names}
    rows = _chosen(register, given, register.order, hidden).filter(path__gte=_slot("lo"), path__lt=_slot("hi"))
    return rows.values_list("pk")[: SIZE + 1].query.sql_with_params()


@cache
def _first_keys_in_order(key: str) -> Statement:
    """The same for all rows of a wide unit, read in the order of the list until a page is full.

    The range stands in expressions that no index knows and that are not seen to be one range: planned with or without the
    values it comes out the same, so PostgreSQL keeps the plan. The policy's own range is as ever.
    """
    register = REGISTERS[key]
    table = register.model._meta.db_table
    within = (f"{table}.path || '' >= %s", f"{table}.path || '' || '' < %s")
    rows = _chosen(register, {}, register.order, ())
    for condition, end in zip(within, ("lo", "hi"), strict=True):
        rows = rows.filter(RawSQL(condition, [_slot(end)], output_field=BooleanField()))  # noqa: S611  # names of our own
    return rows.values_list("pk")[: SIZE + 1].query.sql_with_params()


@cache
def _of_keys(key: str) -> Statement:
    """The cells of the rows with these keys: what the rows name is looked up for those shown, not for all that were sorted."""
    register = REGISTERS[key]
    keys = RawSQL("SELECT unnest(%s::bigint[])", [_slot("keys")])
    shown = register.model._default_manager.filter(pk__in=keys).order_by(*register.order)
    return cells(register, shown).query.sql_with_params()


def listed(asked: Asked, *, restricted: bool) -> Page:
    """The page that the address asks for."""
    # By what the reader may see; and on the Party line one's rows are no range of paths.
    narrowed = asked.register.columns != REGISTERS[asked.register.key].columns or asked.unit.line != "place"
    if narrowed or asked.number > 1 or "q" in asked.query or asked.counted or _sort(asked) != asked.register.order:
        return page(asked.register, records(asked, restricted=restricted), asked.number, counted=asked.counted)
    keys = _first_page(asked, _hidden(asked.register, restricted=restricted))
    rows = prepared.fetch(*_filled(_of_keys(asked.register.key), {"keys": prepared.numbers(keys)}))
    return _paged(rows, 1, SIZE, None)


def _first_page(asked: Asked, hidden: tuple[str, ...]) -> list[int]:
    """Keys of the first rows. Of a list with filters the statement is planned for their values; of a whole one it is prepared
    where one plan is good for all: in the order of an index, or in a unit so wide that reading in order soon fills the page."""
    given, register = _given(asked), asked.register
    values = given | {"lo": asked.unit.path, "hi": f"{asked.unit.path[:-1]}0"}
    if not given and not hidden and register.order[0] != "path" and asked.unit.path.count("/") <= WIDE:
        found = prepared.fetch(*_filled(_first_keys_in_order(register.key), values))
    elif not given and not hidden and register.order[0] == "path":
        found = prepared.fetch(*_filled(_first_keys(register.key, frozenset(), ()), values))
    else:
        with connection.cursor() as cursor:  # in a village a list by day is found by place and sorted
            cursor.execute(*_filled(_first_keys(register.key, frozenset(given), hidden), values))
            found = list(cursor.fetchall())
    return [pk for (pk,) in found]


def _filled(statement: Statement, given: Mapping[str, Any]) -> tuple[str, list[Any]]:
    values = {_slot(name): value for name, value in given.items()}
    return statement[0], [values.get(it, it) for it in statement[1]]


def sheet(register: Register, rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows as a workbook shows them: words for keys."""
    for row in cells(register, rows).iterator(chunk_size=2000):
        yield [shown(column, cell) for column, cell in zip(register.columns, row[2:], strict=True)]


def summed(asked: Asked) -> tuple[int, ...]:
    """The columns whose sum says something: amounts of different kinds are yuan and mu, so their list is to be of one kind."""
    mixed = asked.register.key == "entries" and "kind" not in asked.query
    return () if mixed else tuple(i for i, it in enumerate(asked.register.columns) if it.show == "number")


def shown(column: Column, cell: Any) -> Any:
    return words.label(column.family, cell) if column.family else cell
