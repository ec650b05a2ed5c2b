"""Reads of rounds and sheets, always in the caller's scope, and the scheme as a round keeps it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Q, QuerySet

from hangshi.appraisals.models import Honour, Objection, Round, Sheet
from hangshi.appraisals.scoring import Outcome, Part
from hangshi.packs.schemes import Criterion, Edition, Scheme
from hangshi.registry.models import Unit


def scheme_of(round_: Round) -> tuple[Scheme, Edition]:
    """The scheme and its edition as they were when the round began; a later change of the pack does not reach it."""
    scheme = Scheme.model_validate_json(round_.definition)
    return scheme, scheme.editions[-1]


def criterion_of(edition: Edition, key: str) -> Criterion | None:
    return next((it for it in edition.criteria if it.key == key), None)


def rounds(unit: Unit) -> "QuerySet[Round]":
    """Those of the unit and below it, the latest first."""
    below = Q(path__gte=unit.path, path__lt=unit.path[:-1] + "0")
    return Round.objects.filter(below | Q(unit_id=unit.pk)).order_by("-opened_on", "-pk")


def sheets(round_: Round) -> "QuerySet[Sheet]":
    """In the order of the tree: persons are never listed by their points."""
    return Sheet.objects.filter(round=round_).order_by("path", "person_id", "pk")


def best_first(round_: Round) -> "QuerySet[Sheet]":
    """Units by peers and rank; those without a total and those vetoed come last. Empty for a round about persons."""
    return Sheet.objects.filter(round=round_, person=None).order_by("peers", "rank", "path")


def outcome_of(sheet: Sheet) -> Outcome:
    """What was computed, read back."""
    parts = [
        Part(
            it["key"],
            it["state"],
            Fraction(it["percent"]),
            *(Decimal(it[name]) for name in ("points", "low", "high", "deducted")),
        )
        for it in sheet.parts
    ]
    return Outcome(parts, sheet.total, sheet.low, sheet.high, sheet.grade, sheet.vetoed)


def neighbours(sheet: Sheet) -> "tuple[Sheet | None, Sheet | None]":
    """The peers right above and right below by points; none beside a person."""
    if sheet.person_id is not None or sheet.rank is None:
        return None, None
    peers = Sheet.objects.filter(round_id=sheet.round_id, person=None, peers=sheet.peers, rank__isnull=False)
    above = peers.filter(total__gt=sheet.total).order_by("total", "pk").first()
    below = peers.filter(total__lt=sheet.total).order_by("-total", "pk").first()
    return above, below


def waiting(round_: Round) -> int:
    """How many sheets still lack an input, as last computed."""
    return Sheet.objects.filter(round=round_, total=None).count()


def grades(round_: Round) -> dict[str, int]:
    """Grade → how many; the empty key are those that wait."""
    found = Sheet.objects.filter(round=round_).values_list("grade").annotate(n=Count("pk"))
    return dict(found.order_by())


def open_objections(round_: Round) -> "QuerySet[Objection]":
    return Objection.objects.filter(sheet__round=round_, upheld=None).order_by("day", "pk")


def objections_until(round_: Round, scheme: Scheme) -> date | None:
    """The last day on which one may object; None where nothing was shown yet."""
    return round_.shown_on + timedelta(days=scheme.objection_days) if round_.shown_on else None


@dataclass(frozen=True)
class Coverage:
    """How many of `whole` units hold the honour on a day, and the share in percent, not rounded; None of none."""

    held: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.held) * 100 / self.whole if self.whole else None


def holding(name: str, unit: Unit, *, on: date) -> "QuerySet[Honour]":
    """The honours of that name held on the day by units below this one; the first and the last day count."""
    held = Honour.objects.filter(name=name, sheet__person=None, since__lte=on, until__gte=on)
    return held.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "0")


def coverage(name: str, kinds: Collection[str], unit: Unit, *, on: date) -> Coverage:
    """累计达标率: units that hold it on the day among all of those kinds that exist then; a unit that passed twice counts once."""
    living = Unit.objects.filter(Q(until=None) | Q(until__gte=on), since__lte=on, kind__in=kinds)
    whole = living.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "0")
    held = holding(name, unit, on=on).filter(sheet__unit__in=whole).values("sheet__unit").distinct().count()
    return Coverage(held, whole.count())
