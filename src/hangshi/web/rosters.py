"""花名册: who bears a kind of duty for whom, a row a duty or a row a bearer; and the duties of a unit by kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from hangshi.duties import queries, sets
from hangshi.duties.models import Duty
from hangshi.packs.models import DutyKind
from hangshi.packs.work import RequiredSet
from hangshi.registry.models import Unit
from hangshi.web import names, telling, words
from hangshi.web.lists import below

HEAD = ("对象", "所在单位", "岗位", "责任人", "起始日", "截止日")
SOON = 90  # days


@dataclass(frozen=True)
class Line:
    """A kind of duty below a unit: what is borne, and for how many units nobody bears it (None: it need not be borne)."""

    kind: DutyKind
    tally: queries.Tally
    vacant: int | None


def lines(unit: Unit, on: date, vacant: dict[str, int]) -> list[Line]:
    """The kinds that are borne, or ought to be, in the order of the packs. `vacant`: kind → units without."""
    found = queries.tallies(on, SOON, below(Duty.objects.all(), unit))
    nobody = queries.Tally(0, 0, 0, 0)
    return [
        Line(kind, found.get(key, nobody), vacant.get(key))
        for key, kind in words.pack().kinds.duty.items()
        if key in found or vacant.get(key)
    ]


def borne(kind: str, unit: Unit, on: date) -> QuerySet[Duty]:
    """The duties of a roster in its order: by place, then post."""
    rows = below(queries.on_day(on).filter(kind=kind), unit)
    return rows.select_related("unit", "target_unit", "household", "target_person", "bearer_unit").order_by(
        "path", "target_unit_id", "role", "since", "pk"
    )


@dataclass(frozen=True)
class Row:
    duty: Duty
    target: str
    home: str
    role: str
    bearer: str

    @property
    def cells(self) -> tuple[Any, ...]:
        return (self.target, self.home, self.role, self.bearer, self.duty.since, self.duty.until)


def rows(kind: DutyKind, duties: list[Duty]) -> Iterator[Row]:
    """In words. Somebody whose home is elsewhere is named, too."""
    known = names.persons(list({it.bearer_id for it in duties if it.bearer_id}))
    for it in duties:
        target = it.target_unit or it.household or it.target_person
        bearer = str(it.bearer_unit) if it.bearer_unit_id else known.get(it.bearer_id or 0, telling.OUTSIDE)
        yield Row(it, str(target or it.unit), it.unit.name, kind.roles.get(it.role, it.role), bearer)


def bearers(kind: str, unit: Unit, on: date) -> QuerySet[Duty, dict[str, Any]]:
    """A row a person who bears the duty: id, how many; in the order of their ids, for persons are not ranked."""
    found = below(queries.on_day(on).filter(kind=kind, bearer__isnull=False), unit)
    counted: QuerySet[Duty, dict[str, Any]] = (
        found.order_by("bearer_id").values("bearer_id").annotate(total=Count("pk"))
    )
    return counted


def by_bearer(kind: DutyKind, unit: Unit, on: date, shown: list[dict[str, Any]]) -> list[tuple[str, list[Row]]]:
    """The persons of a page with all their posts (一人多岗)."""
    ids = [it["bearer_id"] for it in shown]
    posts: dict[int | None, list[Row]] = {}
    for row in rows(kind, list(borne(kind.key, unit, on).filter(bearer_id__in=ids))):
        posts.setdefault(row.duty.bearer_id, []).append(row)
    return [(posts[pk][0].bearer, posts[pk]) for pk in ids]


@dataclass(frozen=True)
class Bearer:
    """Somebody who has to keep a set: with the names of the parts that are missing."""

    name: str
    pk: int
    parts: list[tuple[str, list[str]]]
    lacking: list[str]


def keepers(it: RequiredSet, unit: Unit, on: date) -> list[Bearer]:
    """By name: who lacks something is not put on top."""
    found = sets.held(it, on, below(Duty.objects.all(), unit))
    known = names.persons([one.bearer for one in found])
    told = [
        Bearer(
            known.get(one.bearer, telling.OUTSIDE),
            one.bearer,
            [(it.parts[key].name, units) for key, units in one.parts.items()],
            [it.parts[key].name for key in one.lacking],
        )
        for one in found
    ]
    return sorted(told, key=lambda one: (one.name, one.pk))
