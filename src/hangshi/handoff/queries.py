"""Hand-offs of a unit and all below it, and the rows of one with who and where they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from hangshi.handoff.models import Handoff, Line
from hangshi.handoff.shaping import bits
from hangshi.packs.models import Pack
from hangshi.packs.uppers import Upper
from hangshi.registry.models import Household, Unit
from hangshi.registry.named import names_of


@dataclass(frozen=True)
class Told:
    """A row for a page. `name` and `unit` empty: out of sight; `columns`: those that changed, or are lacking."""

    line: Line
    name: str
    unit: str
    columns: tuple[str, ...]


def handoffs(unit: Unit) -> QuerySet[Handoff]:
    """The latest first."""
    below = Handoff.objects.filter(path__gte=unit.path, path__lt=f"{unit.path[:-1]}0")
    return below.select_related("unit").order_by("-pk")


def lines(handoff: Handoff, act: str) -> QuerySet[Line]:
    """Those of an act; of `rejected` those that came back."""
    found = handoff.lines.order_by("pk")
    return found.filter(answer="rejected") if act == "rejected" else found.filter(act=act)


def told(upper: Upper | None, found: Sequence[Line]) -> list[Told]:
    """Whose row each is, by a query for the names and one for the units. Without a template no columns are named."""
    subjects = {it.subject for it in found}
    names = {pk: it.name for pk, it in names_of(subjects).items()}
    if upper is not None and upper.handed.subject == "household":
        names = dict(Household.objects.filter(pk__in=subjects).values_list("pk", "head"))
    units = dict(Unit.objects.filter(pk__in={it.at_unit for it in found}).values_list("pk", "name"))
    called = [it.name for it in upper.compared] if upper is not None else []
    return [
        Told(
            it,
            names.get(it.subject, ""),
            units.get(it.at_unit, ""),
            tuple(called[i] for i in bits(it.columns) if i < len(called)),
        )
        for it in found
    ]


def offered(pack: Pack, unit: Unit) -> dict[str, Upper]:
    """The templates that the unit may hand on."""
    return {key: it for key, it in pack.uppers.items() if unit.kind in it.unit_kinds}
