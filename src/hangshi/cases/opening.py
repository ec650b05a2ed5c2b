"""Many cases of one kind opened at once, each as `services.open_case` opens one, in a handful of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from hangshi.calendar.days import Counted
from hangshi.cases.models import Case, Seat, Step
from hangshi.cases.services import check_may_open
from hangshi.cases.terms import due_after
from hangshi.outbox.services import tell_all
from hangshi.packs.models import CaseKind
from hangshi.refusal import Refused
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import sign

BATCH = 2000


@dataclass(frozen=True)
class Opening:
    """One case to be opened; `due_on` as `open_case` takes it. `seats`: seat of the kind → the unit that has it from the first day on."""

    unit: Unit
    title: str
    ground: str = ""
    person: Person | None = None
    household: Household | None = None
    due_on: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    seats: Mapping[str, Unit] = field(default_factory=dict)


@transaction.atomic
def open_all(kind: CaseKind, openings: Sequence[Opening], *, on: date, actor: int | None) -> list[Case]:
    """The cases in the order asked. Raises `Refused` for the first that may not be opened, and then none is."""
    sign(actor)
    check_may_open_all(kind, openings, on=on)
    due, first = due_after(kind.stages, on), due_after(kind.stages[:1], on)
    cases = [
        Case(
            kind=kind.key, unit=it.unit, path=it.unit.path, title=it.title.strip(), ground=it.ground, person=it.person, household=it.household,
            opened_on=on, due_on=it.due_on or (due.day if due else None), due_assumed=_assumed(None if it.due_on else due, first),
            stage=kind.stages[0].key, stage_due_on=first.day if first else None, recorded_by=actor, extra=checked_extra(kind.fields, it.extra),
        )
        for it in openings
    ]  # fmt: skip
    Case.objects.bulk_create(cases, batch_size=BATCH)
    steps = (Step(case=it, path=it.path, act="open", after=it.stage, day=on, recorded_by=actor) for it in cases)
    Step.objects.bulk_create(steps, batch_size=BATCH)
    seats = (
        Seat(case=case, path=case.path, seat=seat, unit=unit, since=on, recorded_by=actor)
        for case, it in zip(cases, openings, strict=True)
        for seat, unit in it.seats.items()
    )
    Seat.objects.bulk_create(seats, batch_size=BATCH)
    tell_all("case.opened", cases, on=on, actor=actor)
    return cases


def _assumed(*counted: Counted | None) -> bool:
    return any(it is not None and it.assumed for it in counted)


def check_may_open_all(kind: CaseKind, openings: Sequence[Opening], *, on: date) -> None:
    """A kind of which a subject has one open case at a time is opened one by one: each is asked under a lock of its subject."""
    if kind.single:
        raise Refused("case.single", f"{kind.name}须逐件立项。")
    for it in openings:
        check_may_open(
            kind, unit=it.unit, title=it.title, on=on, ground=it.ground, person=it.person, household=it.household
        )
        for seat in it.seats:
            if seat not in kind.seats or kind.seats[seat].bearer != "unit":
                raise Refused("case.seat", f"{kind.name}没有由单位担任的“{seat}”席位。")
