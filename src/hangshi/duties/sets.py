"""Required sets: whoever bears a duty bears it for one unit of each part at least (四联系)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hangshi.duties.models import Duty
from hangshi.duties.queries import on_day
from hangshi.packs.work import RequiredSet


@dataclass(frozen=True)
class Held:
    """What one bearer holds of a set: part → names of the units, empty where the part is missing."""

    bearer: int
    parts: Mapping[str, list[str]]

    @property
    def lacking(self) -> list[str]:
        """The keys of the parts that are missing, in the order of the set."""
        return [key for key, names in self.parts.items() if not names]


def held(it: RequiredSet, day: date, duties: "QuerySet[Duty] | None" = None) -> list[Held]:
    """Everybody who bears the duty of the set on that day among the duties given, in the order of their ids.

    Only what the caller sees counts: a contact point outside the scope looks like a missing one.
    """
    rows = on_day(day, duties).filter(kind=it.duty, bearer__isnull=False)
    if it.roles:
        rows = rows.filter(role__in=it.roles)
    found: dict[int, dict[str, list[str]]] = {}
    for bearer, kind, name in rows.order_by("bearer_id", "path").values_list(
        "bearer_id", "target_unit__kind", "target_unit__name"
    ):
        parts = found.setdefault(bearer, {key: [] for key in it.parts})
        for key, part in it.parts.items():
            if kind in part.unit_kinds:
                parts[key].append(name)
    return [Held(bearer, parts) for bearer, parts in found.items()]
