"""看板: the cases of a kind below a unit, by stage; and those that are overdue long enough to be urged."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from hangshi.cases import queries
from hangshi.cases.models import Case
from hangshi.packs.models import CaseKind
from hangshi.registry.models import Unit
from hangshi.web.lists import below

SHOWN = 12
FAR = date(2999, 12, 31)


@dataclass(frozen=True)
class Column:
    """A stage: how many cases stand in it, and the first of them, the soonest due on top."""

    key: str
    name: str
    total: int
    cases: list[Case]


def columns(kind: CaseKind, unit: Unit, *, batch: str = "", late: date | None = None) -> list[Column]:
    """Every stage of the kind in its order; closed cases stand in their last one. One statement.

    `late`: only what has run over one of its last days on that day.
    """
    rows = below(Case.objects.filter(kind=kind.key), unit)
    rows = rows.filter(batch=batch) if batch else rows
    rows = queries.open_on(late, rows).filter(Q(due_on__lt=late) | Q(stage_due_on__lt=late)) if late else rows
    due = Coalesce("stage_due_on", "due_on", FAR).asc()
    ranked = rows.annotate(
        place=Window(RowNumber(), partition_by=F("stage"), order_by=[due, F("pk").desc()]),
        total=Window(Count("*"), partition_by=F("stage")),
    )
    found: dict[str, list[Any]] = {}
    for case in ranked.filter(place__lte=SHOWN).select_related("unit").order_by("stage", "place"):
        found.setdefault(case.stage, []).append(case)
    known = {stage.key: stage.name for stage in kind.stages}
    names = known | {key: key for key in found if key not in known}  # a stage that the pack has dropped
    return [
        Column(key, name, found[key][0].total if key in found else 0, found.get(key, [])) for key, name in names.items()
    ]


@dataclass(frozen=True)
class Overdue:
    """Cases of a kind to be urged at a level."""

    kind: CaseKind
    level: str
    name: str
    cases: list[Case]


def to_urge(kinds: list[CaseKind], unit: Unit, on: date, *, most: int) -> list[Overdue]:
    """By kind and level, the longest overdue first; empty ones are left out."""
    found = []
    for kind in kinds:
        for it in kind.escalations:
            rows: QuerySet[Case] = below(queries.to_urge(kind, it.key, on), unit)
            cases = list(rows.select_related("unit").order_by(Coalesce("stage_due_on", "due_on"), "pk")[:most])
            if cases:
                found.append(Overdue(kind, it.key, it.name, cases))
    return found


def batch_names(kind: CaseKind, unit: Unit) -> list[str]:
    """The batches in which cases of the kind below the unit are listed."""
    rows = below(Case.objects.filter(kind=kind.key), unit).exclude(batch="")
    return list(rows.order_by("batch").values_list("batch", flat=True).distinct())


def unlisted(kind: CaseKind, unit: Unit, on: date, *, stage: str = "") -> QuerySet[Case]:
    """Cases that may be listed in a batch: worked on, and in none yet; the soonest due first. `stage`: only those in it."""
    rows = below(queries.open_on(on).filter(kind=kind.key, batch="", suspended_on=None), unit)
    rows = rows.filter(stage=stage) if stage else rows
    return rows.select_related("unit").order_by(Coalesce("stage_due_on", "due_on", FAR), "pk")
