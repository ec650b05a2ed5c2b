"""What somebody has open in cases passes to their successor: seats they hold, measures they have not done."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from hangshi.cases.models import Case, Measure, Seat
from hangshi.cases.parts import replace_seat
from hangshi.cases.services import leave_step, locked
from hangshi.packs.models import CaseKind
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import sign
from hangshi.registry.tree import ONE_DAY, upper


@dataclass(frozen=True)
class Open:
    """What is open in cases for somebody, below a unit."""

    seats: list[Seat]
    measures: list[Measure]


def open_of(person: int, unit: Unit, *, on: date) -> Open:
    """What the person with that id has in cases of the unit and of those below it that are not closed; seats that last beyond that day."""
    cases = Case.objects.filter(closed_on=None, path__gte=unit.path, path__lt=upper(unit.path))
    seats = Seat.objects.filter(Q(until=None) | Q(until__gt=on), case__in=cases, person=person)
    measures = Measure.objects.filter(case__in=cases, person=person, done_on=None)
    return Open(list(seats.select_related("case").order_by("pk")), list(measures.select_related("case").order_by("pk")))


@transaction.atomic
def pass_on(
    kinds: dict[str, CaseKind], person: int, to: Person, unit: Unit, *, last: date, note: str, actor: int | None
) -> Open:
    """The successor has them from the day after `last`; each case keeps a step with the note. Seats of a kind that no pack knows stay."""
    sign(actor)
    found = open_of(person, unit, on=last)
    for seat in found.seats:
        if seat.case.kind in kinds:
            replace_seat(kinds[seat.case.kind], seat, bearer=to, on=max(last, seat.since) + ONE_DAY, actor=actor)
    Measure.objects.filter(pk__in=[it.pk for it in found.measures]).update(person=to)
    for pk in sorted({it.case_id for it in (*found.seats, *found.measures)}):
        case = locked(Case(pk=pk))
        day = max(last, case.steps.latest("day", "pk").day)
        leave_step(case, "pass_on", case.stage, day, note, actor)
    return found
