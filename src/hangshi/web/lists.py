"""A page of a register: what the address asks becomes a queryset of plain tuples."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from hangshi.registry import search
from hangshi.registry.models import Household, Person, Unit
from hangshi.web import words
from hangshi.web.period import parsed
from hangshi.web.registers import Column, Register

SIZE = 50
COUNTED = 2000  # beyond it the page says “more than”: to count a million rows takes longer than to show fifty


@dataclass(frozen=True)
class Page:
    """`rows`: (pk, unit id, cells of the columns …). `total` None: more than COUNTED."""

    rows: list[tuple[Any, ...]]
    number: int
    total: int | None
    size: int = SIZE

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-(COUNTED if self.total is None else self.total) // self.size))

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
        return min(max(1, int(text)), COUNTED // SIZE) if text.isdecimal() else 1

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
    names = {"q", "from", "to", "sort", "page", "unit", "open", *register.filters}
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
    """The rows of the unit and of all below it; all that one may see, where the unit is one's own and stands in no range (`Unit.whole`)."""
    if getattr(unit, "whole", False):
        return rows
    return rows.filter(path__gte=unit.path, path__lt=f"{unit.path[:-1]}0")


def records(asked: Asked, *, restricted: bool) -> QuerySet[Any]:
    """The rows asked for; kinds that need a permission of their own only if `restricted`."""
    register, query = asked.register, asked.query
    rows = below(register.model._default_manager.all(), asked.unit)
    if "kind" in register.filters and not restricted and (hidden := words.restricted(register.filters["kind"][1])):
        rows = rows.exclude(kind__in=hidden)
    rows = rows.filter(**{name: query[name] for name in register.filters if name in query})
    if register.open is not None and query.get("open") == "1":
        rows = rows.filter(register.open)
    if register.day:
        for name, bound in (("from", "gte"), ("to", "lte")):
            if day := parsed(query.get(name)):
                rows = rows.filter(**{f"{register.day}__{bound}": day})
    if "q" in query:
        rows = _matching(rows, *register.search, query["q"])
    return rows.order_by(*_order(asked))


def _matching(rows: QuerySet[Any], target: str, source: str, text: str) -> QuerySet[Any]:
    return rows.filter(**{f"{source}__in": found(target, text).values("pk")})


def found(target: str, text: str) -> QuerySet[Any]:
    """The units, persons or households that the text names."""
    if target == "household":
        return Household.objects.filter(Q(head__startswith=text) | Q(number=text))
    return search.named({"unit": Unit, "person": Person}[target]._default_manager.all(), target, text)


def _order(asked: Asked) -> tuple[str, ...]:
    sort = asked.query.get("sort", "")
    known = {column.source for column in asked.register.columns if column.sort}
    return (sort, "-id" if sort.startswith("-") else "id") if sort.lstrip("-") in known else asked.register.order


def cells(register: Register, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Plain tuples: pk, unit id, then the columns; a stage also needs its kind, which is one of them."""
    return rows.values_list("pk", register.unit_source, *(column.source for column in register.columns))


def page(register: Register, rows: QuerySet[Any], number: int, size: int = SIZE) -> Page:
    """Two queries: the rows, and how many there are up to COUNTED."""
    start = (number - 1) * size
    found = list(cells(register, rows)[start : start + size])
    if number == 1 and len(found) < size:
        return Page(found, number, len(found), size)
    counted = rows.order_by().values("pk")[: COUNTED + 1].count()
    return Page(found, number, counted if counted <= COUNTED else None, size)


def sheet(register: Register, rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The rows as a workbook shows them: words for keys."""
    for row in cells(register, rows).iterator(chunk_size=2000):
        yield [shown(column, cell) for column, cell in zip(register.columns, row[2:], strict=True)]


def shown(column: Column, cell: Any) -> Any:
    return words.label(column.family, cell) if column.family else cell
