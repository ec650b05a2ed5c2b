"""What the last round would have come to by a draft: computed from its frozen inputs, written nowhere."""

from dataclasses import dataclass
from decimal import Decimal

from hangshi.appraisals import compute
from hangshi.appraisals.models import Round, Sheet
from hangshi.appraisals.queries import scheme_of, sheets
from hangshi.appraisals.scoring import Outcome
from hangshi.packs.schemes import Edition, Scheme
from hangshi.registry.models import Unit


@dataclass(frozen=True)
class Moved:
    """A unit as it stood and as it would stand; a rank None: without a total, or vetoed. `by`: places gained (above 0) or lost."""

    sheet: Sheet
    before: Decimal | None
    after: Decimal | None
    grade_before: str
    grade_after: str
    rank_before: int | None
    rank_after: int | None

    @property
    def by(self) -> int:
        return (self.rank_before or 0) - (self.rank_after or 0) if self.rank_before and self.rank_after else 0


@dataclass(frozen=True)
class Preview:
    """`without`: names of criteria that the round has no input for; they are left out and the others stand for the full marks.

    `units` in the order they would have; empty for a round about persons, who are not compared: for them only `grades` says how many
    there were and would be.
    """

    round: Round
    without: list[str]
    units: list[Moved]
    grades: list[tuple[str, int, int]]

    @property
    def moved(self) -> int:
        return sum(it.by != 0 for it in self.units)


def last_round(key: str, unit: Unit) -> Round | None:
    """The latest round of the scheme that has been computed at the unit or below it."""
    below = Round.objects.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "0", scheme=key)
    return below.exclude(computed_on=None).order_by("-last", "-pk").first()


def preview(scheme: Scheme, round_: Round) -> Preview:
    """The round's peers stay as they were, whatever the draft says of them."""
    found = list(sheets(round_).select_related("unit"))
    frozen = {it.pk: it.inputs for it in found}
    edition, without = _known(scheme.editions[0], found)
    made = compute.outcomes(scheme, edition, found, frozen)
    units = [
        Moved(sheet, sheet.total, outcome.total, sheet.grade, outcome.grade, sheet.rank, place.rank if place else None)
        for sheet, (outcome, place) in zip(found, made, strict=True)
        if sheet.person_id is None
    ]
    units.sort(key=lambda it: (it.sheet.peers, it.rank_after is None, it.rank_after or 0, it.sheet.path))
    return Preview(round_, without, units, _grades(scheme_of(round_)[1], edition, found, [it for it, _ in made]))


def _known(edition: Edition, found: list[Sheet]) -> tuple[Edition, list[str]]:
    """The edition with those criteria left out that no sheet has an input for."""
    asked = {key for it in found for key, said in it.inputs.items() if said and key != "vetoes"}
    unknown = [it for it in edition.criteria if it.key not in asked and it.missing != "zero"]
    left = [it.model_copy(update={"missing": "out"}) if it in unknown else it for it in edition.criteria]
    return edition.model_copy(update={"criteria": left}), [it.name for it in unknown]


def _grades(before: Edition, after: Edition, found: list[Sheet], made: list[Outcome]) -> list[tuple[str, int, int]]:
    """Name of a grade → how many had it and would have it; the grades of the draft first."""
    names = {it.key: it.name for it in (*before.grades, *after.grades)}
    order = dict.fromkeys([*(it.key for it in after.grades), *(it.key for it in before.grades), ""])
    counted = [
        (names.get(key, "没有总分"), sum(it.grade == key for it in found), sum(it.grade == key for it in made))
        for key in order
    ]
    return [it for it in counted if it[1] or it[2]]
