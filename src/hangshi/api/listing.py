"""Lists and single records: the pages' own registers and filters, a page at a time by cursor."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from hangshi.api import cursors
from hangshi.api.asks import Paged
from hangshi.api.queries import Caller
from hangshi.api.shapes import (
    ActivityRow,
    CaseRow,
    DutyRow,
    EntryRow,
    HouseholdRow,
    MembershipRow,
    PersonRow,
    Row,
    UnitRow,
)
from hangshi.packs.models import Definition
from hangshi.refusal import Refused
from hangshi.registry.models import HouseholdStatus, Unit
from hangshi.registry.tree import in_force
from hangshi.web import lists, period, places, words
from hangshi.web.registers import REGISTERS

Rows = QuerySet[Any]
RESTRICTED, PERSONAL = "cases.restricted", "people.restricted"
SHAPES: dict[str, type[Row]] = {
    "units": UnitRow,
    "persons": PersonRow,
    "households": HouseholdRow,
    "members": MembershipRow,
    "duties": DutyRow,
    "activities": ActivityRow,
    "cases": CaseRow,
    "entries": EntryRow,
}


def unit_of(caller: Caller, pk: int | None) -> Unit:
    """The unit asked for, else the caller's own. Outside the scope there is none."""
    return caller.unit if pk is None else places.of(pk, caller.unit)


def one(rows: "QuerySet[Model] | Rows", pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def page(caller: Caller, key: str, asked: Paged) -> dict[str, Any]:
    """The items after the cursor, and the cursor of what follows."""
    unit, filters = unit_of(caller, asked.unit), asked.filters()
    rows = _shown(caller, key, filters, unit)
    question = filters | {"of": key, "unit": unit.pk}
    if asked.cursor is not None:
        rows = rows.filter(pk__gt=cursors.read(asked.cursor, question))
    items = SHAPES[key].of(rows.order_by("pk")[: asked.limit + 1], restricted=caller.may(PERSONAL))
    more = len(items) > asked.limit
    items = items[: asked.limit]
    return {"items": items, "next": cursors.written(items[-1]["id"], question) if more else None}


def record(caller: Caller, key: str, pk: int) -> dict[str, Any]:
    """One record as a list shows it. Outside the scope, or of a kind closed to the caller, there is none."""
    found = SHAPES[key].of(
        _shown(caller, key, {}, caller.unit).filter(pk=pk).order_by("pk"), restricted=caller.may(PERSONAL)
    )
    if not found:
        raise Http404
    return found[0]


def stored(caller: Caller, key: str, pk: int) -> Any:
    """The row itself, for a service to work on; found as `record` finds it."""
    return one(_rows(caller, key, {}, caller.unit), pk)


def _rows(caller: Caller, key: str, filters: dict[str, str], unit: Unit) -> Rows:
    asked = lists.Asked(REGISTERS[key], unit, filters)
    return lists.records(asked, restricted=caller.may(RESTRICTED))


def _shown(caller: Caller, key: str, filters: dict[str, str], unit: Unit) -> Rows:
    return ADDED.get(key, _as_it_is)(_rows(caller, key, filters, unit), period.today(caller.units))


def _as_it_is(rows: Rows, day: date) -> Rows:
    return rows


def _with_status(rows: Rows, day: date) -> Rows:
    stood = HouseholdStatus.objects.filter(in_force(day), household=OuterRef("pk"))
    shown: Rows = rows.annotate(status_now=Subquery(stood.values("status")[:1]))
    return shown


def _with_home_and_identified(rows: Rows, day: date) -> Rows:
    has_number = models.ExpressionWrapper(~Q(id_index=None), output_field=models.BooleanField())
    # Not by a join: a member's home may lie out of the sight of the Party line, and the member must not vanish with it.
    home = Subquery(Unit.objects.filter(pk=OuterRef("unit_id")).values("name")[:1])
    shown: Rows = rows.annotate(has_number=has_number, home_name=home)
    return shown


ADDED: dict[str, Callable[[Rows, date], Rows]] = {"households": _with_status, "persons": _with_home_and_identified}


def kind(family: str, key: str) -> Any:
    """The kind that the packs define. Raises `Refused` for another key: what is not understood is refused."""
    found: Definition | None = words.pack().kinds.family(family).get(key)
    if found is None:
        raise Refused("kind.unknown", f"没有“{key}”这个类别。")
    return found
