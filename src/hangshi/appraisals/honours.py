"""Flags and honours in one list: those that a round came to, and those that were registered as granted (duty kinds that are an `award`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, Q, QuerySet

from hangshi.appraisals.models import Honour
from hangshi.duties.models import Duty
from hangshi.packs.models import DutyKind, Pack
from hangshi.registry.models import Unit
from hangshi.registry.tree import in_force, upper

Row = TypeVar("Row", Honour, Duty)
STATES = {"proposed": "建议，待审定", "held": "保持", "withdrawn": "撤销"}


@dataclass(frozen=True)
class Award:
    """A sort of flag or honour. `held`: by how many on the day; `proposed`: how many wait for a decision. `quota` None: none is set.

    `key`: "round:" with the name in the scheme, or "duty:" with kind and role.
    """

    key: str
    name: str
    held: int
    proposed: int = 0
    quota: int | None = None


@dataclass(frozen=True)
class Granted:
    """One of them. `by`: the id of the unit that granted it, which may stand above one's scope. `how`: the round it was won in, or the ground that was registered; `ended`: why it was taken away or ended."""

    name: str
    unit: int
    to: str
    by: int | None
    since: date | None
    until: date | None
    state: str
    how: str
    round: int | None = None
    duty: int | None = None
    ended: str = ""


def award_kinds(pack: Pack) -> dict[str, DutyKind]:
    return {key: it for key, it in pack.kinds.duty.items() if it.award}


def awards(pack: Pack, unit: Unit, *, on: date) -> list[Award]:
    """Every sort of which one is held or proposed on the day at the unit or below; two statements."""
    return [*_of_rounds(pack, unit, on), *_registered(pack, unit, on)]


def _of_rounds(pack: Pack, unit: Unit, on: date) -> list[Award]:
    quotas = {it.name: it.quota for scheme in pack.schemes.values() for it in scheme.effects}
    held, proposed = Count("pk", filter=Q(since__lte=on, until__gte=on)), Count("pk", filter=Q(state="proposed"))
    found = _below(Honour.objects.all(), unit).values_list("name").annotate(held=held, proposed=proposed)
    return [
        Award(f"round:{name}", name, number, waiting, quotas.get(name))
        for name, number, waiting in found.order_by("name")
        if number or waiting
    ]


def _registered(pack: Pack, unit: Unit, on: date) -> list[Award]:
    kinds = award_kinds(pack)
    found = _below(Duty.objects.filter(in_force(on), kind__in=kinds), unit).values_list("kind", "role")
    sums = {(kind, role): number for kind, role, number in found.annotate(n=Count("pk")).order_by()}
    order = [(key, role) for key, it in kinds.items() for role in (*it.roles, "") if (key, role) in sums]
    return [Award(f"duty:{key}:{role}", _called(kinds[key], role), sums[key, role]) for key, role in order]


def _called(kind: DutyKind, role: str) -> str:
    return f"{kind.name}·{kind.roles[role]}" if role in kind.roles else kind.name


def granted_of(pack: Pack, award: str, unit: Unit, *, on: date | None) -> list[Granted]:
    """Who holds it on the day at the unit and below, in the order of the tree; `on` None: everybody who ever did. An unknown sort has none."""
    source, _, rest = award.partition(":")
    if source == "round":
        return _won(_below(Honour.objects.filter(name=rest), unit), on)
    kind, _, role = rest.partition(":")
    kinds = {key: it for key, it in award_kinds(pack).items() if key == kind}
    return _given(_below(Duty.objects.filter(kind__in=kinds, role=role), unit), kinds, on)


def history(pack: Pack, unit: Unit) -> list[Granted]:
    """All that the unit itself, its persons included, was ever granted, the latest first."""
    kinds = award_kinds(pack)
    own = _won(Honour.objects.filter(sheet__unit=unit), None)
    own += _given(Duty.objects.filter(unit=unit, kind__in=kinds), kinds, None)
    return sorted(own, key=lambda it: it.since or date.max, reverse=True)


def _won(found: "QuerySet[Honour]", on: date | None) -> list[Granted]:
    rows = found if on is None else found.filter(Q(since__lte=on, until__gte=on) | Q(state="proposed"))
    rows = rows.select_related("sheet__unit", "sheet__person", "sheet__round").order_by("path", "pk")
    return [
        Granted(
            name=it.name,
            unit=it.sheet.unit_id,
            to=it.sheet.person.name if it.sheet.person else it.sheet.unit.name,
            by=it.sheet.round.unit_id,
            since=it.since,
            until=it.until,
            state=STATES[it.state],
            how=it.sheet.round.title,
            round=it.sheet.round_id,
            ended=it.reason,
        )
        for it in rows
    ]


def _given(found: "QuerySet[Duty]", kinds: Mapping[str, DutyKind], on: date | None) -> list[Granted]:
    rows = found if on is None else found.filter(in_force(on))
    rows = rows.select_related("target_unit", "target_person").order_by("path", "since", "pk")
    return [
        Granted(
            name=it.extra.get("title") or _called(kinds[it.kind], it.role),
            unit=it.unit_id,
            to=str(it.target_person or it.target_unit or ""),
            by=it.bearer_unit_id,
            since=it.since,
            until=it.until,
            state=STATES["held"],
            how="，".join(filter(None, (it.extra.get("ground"), it.extra.get("document")))),
            duty=it.pk,
            ended=kinds[it.kind].end_reasons.get(it.end_reason, it.end_reason),
        )
        for it in rows
    ]


def _below(rows: "QuerySet[Row]", unit: Unit) -> "QuerySet[Row]":
    return rows.filter(path__gte=unit.path, path__lt=upper(unit.path))
