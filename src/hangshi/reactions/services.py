"""Events answered: each in one transaction with everything it causes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from hangshi.access.append import spoken
from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities.models import Activity, Attendance
from hangshi.approvals.models import Approval
from hangshi.cases import services as cases
from hangshi.cases.models import Case, Seat
from hangshi.duties import services as duties
from hangshi.duties.models import Duty
from hangshi.ledger import points, terms
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry, PointProposal
from hangshi.outbox import services as outbox
from hangshi.outbox.models import Event
from hangshi.packs.models import Definition, Pack
from hangshi.packs.work import Reaction
from hangshi.reactions.models import Done
from hangshi.refusal import Refused
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.reach import reach_of, roots
from hangshi.registry.tree import in_force

Source = Activity | Case | Approval | Duty
SOURCES: dict[str, type[Source]] = {"activity": Activity, "case_file": Case, "approval": Approval, "duty": Duty}


@dataclass(frozen=True)
class Ran:
    """How many events were answered."""

    events: int


@dataclass(frozen=True)
class Happening:
    """An event with the record it tells of, and the unit, person and household that the record is about."""

    event: Event
    record: Source
    unit: Unit
    person: Person | None
    household: Household | None


def run(pack: Pack, *, most: int = 1000) -> Ran:
    """Answer waiting events as the installation itself, each in a transaction of its own, until none waits or `most` are answered.

    What fails for a reason that is no refusal leaves its event waiting and is raised.
    """
    for number in range(most):
        with acting(EVERYTHING):
            if not answer_next(pack):
                return Ran(number)
    return Ran(most)


def answer_next(pack: Pack) -> bool:
    """Answer the oldest waiting event in the caller's transaction; False where none waits.

    An event that no reaction listens to is forgotten.
    """
    event = outbox.take()
    if event is None:
        return False
    wanted = _wanted(pack, event)
    for reaction in wanted:
        happening = _happening(event)
        if _concerns(reaction, happening.record):
            _answer(pack, reaction, happening)
    if wanted:
        outbox.done(event)
    else:
        event.delete()
    return True


def _wanted(pack: Pack, event: Event) -> list[Reaction]:
    """The reactions that listen to the event where it happened: those of a place's pack hold in its place."""
    listening = [it for it in pack.reactions.values() if it.on == event.topic and event.kind in it.kinds]
    if not any(f"reaction.{it.key}" in pack.places for it in listening):
        return listening
    standing = roots(pack)
    return [it for it in listening if reach_of(pack, f"reaction.{it.key}", standing).holds(event.path)]


def _happening(event: Event) -> Happening:
    record = SOURCES[event.source]._default_manager.select_related("unit").get(pk=event.source_id)
    match record:
        case Activity():
            return Happening(event, record, record.unit, record.leader, record.household)
        case Case():
            return Happening(event, record, record.unit, record.person, record.household)
        case Duty():
            return Happening(event, record, record.target_unit or record.unit, record.bearer, record.household)
        case Approval():
            return Happening(event, record, record.unit, None, None)


def _concerns(reaction: Reaction, record: Source) -> bool:
    """Whether the field that the reaction looks at is filled, and not with no; and the case ended in a stage that it listens to."""
    if reaction.ends and isinstance(record, Case) and record.stage not in reaction.ends:
        return False
    return not reaction.when or record.extra.get(reaction.when) not in (None, "", False)


def _answer(pack: Pack, reaction: Reaction, happening: Happening) -> None:
    if reaction.do == "open_case":
        _once(reaction, happening, 0, lambda: _open_case(pack, reaction, happening))
    elif reaction.do == "assign_duty":
        _once(reaction, happening, 0, lambda: _assign(pack, reaction, happening))
    elif not reaction.each:
        _once(reaction, happening, 0, _booking(pack, reaction, happening, happening.unit, happening.person))
    else:
        for person in _present(happening.record):
            _once(reaction, happening, person.pk, _booking(pack, reaction, happening, person.unit, person))


def _booking(
    pack: Pack, reaction: Reaction, happening: Happening, unit: Unit, person: Person | None
) -> Callable[[], Entry | PointProposal]:
    """An entry at the unit; of a points account only the proposal, which is shown first."""
    kind = pack.kinds.entry[reaction.entry]
    if not kind.shown_days:
        return lambda: _book(pack, reaction, happening, unit, person)
    subject = happening.household if kind.subject == "household" else person
    return lambda: _propose(pack, reaction, happening, subject)


def _present(record: Source) -> Iterator[Person]:
    there = Attendance.objects.filter(activity_id=record.pk, state="present") if isinstance(record, Activity) else ()
    ids = [it.person_id for it in there]
    yield from Person.objects.filter(pk__in=ids).select_related("unit").order_by("pk")


def _once(
    reaction: Reaction, happening: Happening, part: int, act: Callable[[], Case | Entry | Duty | PointProposal]
) -> None:
    """Do it unless it was done for this source row; a refusal undoes what was begun and is kept in its place."""
    event = happening.event
    key = {"reaction": reaction.key, "source": event.source, "source_id": event.source_id, "part": part}
    if Done.objects.filter(**key).exists():
        return
    done = Done(**key, path=event.path, day=event.day)
    try:
        with spoken(), transaction.atomic():  # a closed period refuses it like any other rule
            caused = act()
        done.caused, done.caused_id = caused._meta.db_table, caused.pk
    except Refused as refused:
        done.sentence = refused.sentence
    done.save(force_insert=True)


def _open_case(pack: Pack, reaction: Reaction, happening: Happening) -> Case:
    kind, event = pack.kinds.case[reaction.case], happening.event
    return cases.open_case(
        kind,
        unit=happening.unit,
        title=reaction.title.replace("{unit}", str(happening.unit)).replace("{kind}", _kind_name(pack, event)),
        ground=reaction.ground,
        on=event.day,
        actor=event.told_by,
        person=happening.person if kind.subject == "person" else None,
        household=happening.household if kind.subject == "household" else None,
        note=_why(pack, reaction, event),
    )


def _assign(pack: Pack, reaction: Reaction, happening: Happening) -> Duty:
    kind, event, case = pack.kinds.duty[reaction.duty], happening.event, happening.record
    seat = (
        Seat.objects.filter(in_force(event.day), case_id=case.pk, seat=reaction.seat).select_related("person").first()
    )
    if seat is None or seat.person is None:
        raise Refused("reaction.seat", f"“{case}”的席位上没有人，没有派{kind.name}。")
    return duties.assign(
        kind,
        bearer=seat.person,
        target=happening.unit,
        on=event.day,
        role=case.extra.get(reaction.role, ""),
        actor=event.told_by,
    )


def _book(pack: Pack, reaction: Reaction, happening: Happening, unit: Unit, person: Person | None) -> Entry:
    kind, event = pack.kinds.entry[reaction.entry], happening.event
    return ledger.book(
        kind,
        unit=unit,
        amount=reaction.amount or Decimal(0),
        on=event.day,
        actor=event.told_by,
        person=person if kind.subject == "person" else None,
        household=happening.household if kind.subject == "household" else None,
        note=_why(pack, reaction, event),
    )


def _propose(pack: Pack, reaction: Reaction, happening: Happening, subject: Person | Household | None) -> PointProposal:
    event = happening.event
    if subject is None:
        raise Refused("reaction.subject", f"这条记录没有写明是谁，没有提出{pack.kinds.entry[reaction.entry].name}。")
    return points.propose(
        terms.at(pack, reaction.entry, subject.path),
        subject=subject,
        points=points.Given(reaction.amount or Decimal(0), _why(pack, reaction, event)),
        on=event.day,
        actor=event.told_by,
        cause=f"{event.source}:{event.source_id}",
    )


def _why(pack: Pack, reaction: Reaction, event: Event) -> str:
    return f"按“{reaction.name}”由{event.day}的{_kind_name(pack, event)}（编号{event.source_id}）自动产生"


def _kind_name(pack: Pack, event: Event) -> str:
    families: dict[str, Mapping[str, Definition]] = {
        "activity": pack.kinds.activity,
        "case_file": pack.kinds.case,
        "duty": pack.kinds.duty,
        "approval": pack.approvals,
    }
    return families[event.source][event.kind].name
