"""Units: listed, opened, and changed on a day."""

from typing import Any

from ninja import Path, Query

from hangshi.api import listing
from hangshi.api.asks import Ending, Merging, Moving, NewUnit, Renaming, UnitList
from hangshi.api.calls import Call, reads, writes
from hangshi.api.listing import PERSONAL, kind, one, unit_of
from hangshi.api.shapes import UnitPage, UnitRow
from hangshi.api.values import AddressId, Day
from hangshi.registry import services, tree
from hangshi.registry.models import Unit
from hangshi.web import period

TAG = "单位"
LISTED = 500


@reads("/units", "records.read", UnitPage, summary="单位列表", tag=TAG)
def list_units(request: Call, asked: Query[UnitList]) -> dict[str, Any]:
    return listing.page(request.caller, "units", asked)


@reads("/units/{int:pk}", "records.read", UnitRow, summary="一个单位", tag=TAG)
def get_unit(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "units", pk)


@reads("/units/{int:pk}/children", "records.read", list[UnitRow], summary="某日的直接下级", tag=TAG)
def list_unit_children(request: Call, pk: Path[AddressId], on: Query[Day | None] = None) -> list[dict[str, Any]]:
    unit = unit_of(request.caller, pk)
    day = on or period.today(request.caller.units)
    return UnitRow.of(
        tree.children_on(unit, tree.PLACE, day).order_by("kind", "code", "pk")[:LISTED],
        restricted=request.caller.may(PERSONAL),
    )


@writes("/units", "unit.write", UnitRow, summary="设立单位", tag=TAG)
def create_unit(request: Call, said: NewUnit) -> dict[str, Any]:
    unit = services.create(
        kind("unit", said.kind),
        name=said.name,
        parent=one(Unit.objects.all(), said.parent),
        on=said.on,
        actor=request.caller.account.pk,
        code=said.code,
        extra=said.extra,
    )
    return listing.record(request.caller, "units", unit.pk)


@writes("/units/{int:pk}/rename", "unit.write", UnitRow, summary="单位更名", tag=TAG, makes=False)
def rename_unit(request: Call, pk: Path[AddressId], said: Renaming) -> dict[str, Any]:
    actor = request.caller.account.pk
    services.rename(unit_of(request.caller, pk), name=said.name, on=said.on, actor=actor, code=said.code)
    return listing.record(request.caller, "units", pk)


@writes("/units/{int:pk}/move", "unit.write", UnitRow, summary="移动单位", tag=TAG, makes=False)
def move_unit(request: Call, pk: Path[AddressId], said: Moving) -> dict[str, Any]:
    parent = one(Unit.objects.all(), said.parent)
    actor = request.caller.account.pk
    services.move(unit_of(request.caller, pk), parent=parent, on=said.on, actor=actor, line=said.line)
    return listing.record(request.caller, "units", pk)


@writes("/units/{int:pk}/merge", "unit.write", UnitRow, summary="并入另一单位", tag=TAG, makes=False)
def merge_unit(request: Call, pk: Path[AddressId], said: Merging) -> dict[str, Any]:
    into = one(Unit.objects.all(), said.into)
    services.merge([unit_of(request.caller, pk)], into=into, on=said.on, actor=request.caller.account.pk)
    return listing.record(request.caller, "units", into.pk)


@writes("/units/{int:pk}/close", "unit.write", UnitRow, summary="撤销单位", tag=TAG, makes=False)
def close_unit(request: Call, pk: Path[AddressId], said: Ending) -> dict[str, Any]:
    services.close(unit_of(request.caller, pk), on=said.on, actor=request.caller.account.pk)
    return listing.record(request.caller, "units", pk)
