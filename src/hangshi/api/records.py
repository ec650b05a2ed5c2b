"""The four rooms of records: duties, activities, cases, entries. Listed, opened, and written through the rooms' own services."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from ninja import Path, Query

from hangshi.activities import services as activities
from hangshi.api import listing
from hangshi.api.asks import (
    ClosingCase,
    DatedList,
    EndingDuty,
    MovingCase,
    NewActivity,
    NewCase,
    NewDuty,
    NewEntry,
    NewVisit,
    OpenList,
    Reversing,
    Subject,
)
from hangshi.api.calls import Call, reads, writes
from hangshi.api.listing import RESTRICTED, kind, one
from hangshi.api.shapes import (
    ActivityPage,
    ActivityRow,
    CasePage,
    CaseRow,
    DutyPage,
    DutyRow,
    EntryPage,
    EntryRow,
)
from hangshi.api.values import AddressId
from hangshi.cases import services as cases
from hangshi.cases.gates import Mover
from hangshi.cases.models import Case
from hangshi.duties import services as duties
from hangshi.ledger import services as ledger
from hangshi.packs.models import CaseKind
from hangshi.reactions import gates
from hangshi.refusal import Refused
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.queries import names_of
from hangshi.web import words

DUTIES, ACTIVITIES, CASES, ENTRIES = "责任", "活动", "事项", "台账"


def _unit(pk: int) -> Unit:
    found: Unit = one(Unit.objects.all(), pk)
    return found


def _person(pk: int | None) -> Person | None:
    return None if pk is None else one(Person.objects.select_related("unit"), pk)


def _anyone(pk: int | None) -> Person | None:
    """Somebody of the scope, or who may be named in it though their home is elsewhere, as a county cadre who visits."""
    if pk is None or (found := Person.objects.select_related("unit").filter(pk=pk).first()):
        return None if pk is None else found
    named = names_of([pk]).get(pk)
    if named is None:
        raise Http404
    return Person(pk=named.pk, name=named.name)


def _household(pk: int | None) -> Household | None:
    return None if pk is None else one(Household.objects.select_related("unit"), pk)


def _subject(said: Subject, person: Callable[[int | None], Person | None] = _person) -> Unit | Household | Person:
    """The one thing that is named. Raises `Refused` for none or several."""
    named = said.model_dump(exclude_none=True)
    if len(named) != 1:
        raise Refused("duty.subject", "请在 unit、household、person 中填写且只填写一项。")
    found = _household(said.household) or person(said.person)
    return found if found is not None else _unit(named["unit"])


@reads("/duties", "records.read", DutyPage, summary="责任列表", tag=DUTIES)
def list_duties(request: Call, asked: Query[OpenList]) -> dict[str, Any]:
    return listing.page(request.caller, "duties", asked)


@reads("/duties/{int:pk}", "records.read", DutyRow, summary="一项责任", tag=DUTIES)
def get_duty(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "duties", pk)


@writes("/duties", "duty.write", DutyRow, summary="派定责任", tag=DUTIES)
def assign_duty(request: Call, said: NewDuty) -> dict[str, Any]:
    bearer = _subject(said.bearer, person=_anyone)
    if isinstance(bearer, Household):
        raise Refused("duty.bearer", "责任人应是个人或单位，不能是户。")
    made = duties.assign(
        kind("duty", said.kind),
        bearer=bearer,
        target=_subject(said.target),
        on=said.on,
        actor=request.caller.account.pk,
        until=said.until,
        unit=None if said.unit is None else _unit(said.unit),
        role=said.role,
        extra=said.extra,
    )
    return listing.record(request.caller, "duties", made.pk)


@writes("/duties/{int:pk}/end", "duty.write", DutyRow, summary="终止责任", tag=DUTIES, makes=False)
def end_duty(request: Call, pk: Path[AddressId], said: EndingDuty) -> dict[str, Any]:
    duty = listing.stored(request.caller, "duties", pk)
    duties.end(kind("duty", duty.kind), duty, on=said.on, reason=said.reason, actor=request.caller.account.pk)
    return listing.record(request.caller, "duties", pk)


@reads("/activities", "records.read", ActivityPage, summary="活动列表", tag=ACTIVITIES)
def list_activities(request: Call, asked: Query[DatedList]) -> dict[str, Any]:
    return listing.page(request.caller, "activities", asked)


@reads("/activities/{int:pk}", "records.read", ActivityRow, summary="一次活动", tag=ACTIVITIES)
def get_activity(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "activities", pk)


@writes("/activities", "activity.write", ActivityRow, summary="登记活动", tag=ACTIVITIES)
def record_activity(request: Call, said: NewActivity) -> dict[str, Any]:
    made = activities.record(
        kind("activity", said.kind),
        unit=_unit(said.unit),
        on=said.on,
        actor=request.caller.account.pk,
        leader=_anyone(said.leader),
        household=_household(said.household),
        attendance={it.person: it.state for it in said.attendance},
        present=said.present,
        topic=said.topic,
        place=said.place,
        minutes=said.minutes,
        extra=said.extra,
    )
    return listing.record(request.caller, "activities", made.pk)


@writes("/visits", "visit.write", ActivityRow, summary="登记走访", tag=ACTIVITIES)
def record_visit(request: Call, said: NewVisit) -> dict[str, Any]:
    household = one(Household.objects.select_related("unit"), said.household)
    made = activities.record(
        kind("activity", "visit"),
        unit=household.unit,
        on=said.on,
        actor=request.caller.account.pk,
        leader=_anyone(said.leader),
        household=household,
        topic=said.topic,
        minutes=said.minutes,
        present=1,
    )
    return listing.record(request.caller, "activities", made.pk)


@reads("/cases", "records.read", CasePage, summary="事项列表", tag=CASES)
def list_cases(request: Call, asked: Query[OpenList]) -> dict[str, Any]:
    return listing.page(request.caller, "cases", asked)


@reads("/cases/{int:pk}", "records.read", CaseRow, summary="一个事项", tag=CASES)
def get_case(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "cases", pk)


@writes("/cases", "case.write", CaseRow, summary="立项", tag=CASES)
def open_case(request: Call, said: NewCase) -> dict[str, Any]:
    of = kind("case", said.kind)
    if of.restricted and not request.caller.may(RESTRICTED):
        raise Refused("case.restricted", f"{of.name}属限制类事项，令牌没有“查看限制类事项”的权限。")
    made = cases.open_case(
        of,
        unit=_unit(said.unit),
        title=said.title,
        on=said.on,
        actor=request.caller.account.pk,
        ground=said.ground,
        person=_person(said.person),
        household=_household(said.household),
        due_on=said.due_on,
        extra=said.extra,
    )
    return listing.record(request.caller, "cases", made.pk)


@writes("/cases/{int:pk}/move", "case.write", CaseRow, summary="事项流转", tag=CASES, makes=False)
def move_case(request: Call, pk: Path[AddressId], said: MovingCase) -> dict[str, Any]:
    case = listing.stored(request.caller, "cases", pk)
    cases.move(kind("case", case.kind), case, to=said.to, on=said.on, actor=request.caller.account.pk, note=said.note)
    return listing.record(request.caller, "cases", pk)


@writes("/cases/{int:pk}/close", "case.write", CaseRow, summary="事项办结", tag=CASES, makes=False)
def close_case(request: Call, pk: Path[AddressId], said: ClosingCase) -> dict[str, Any]:
    case = listing.stored(request.caller, "cases", pk)
    _step(request, case, said, to=_end(kind("case", case.kind), said.to), verdict=said.verdict)
    return listing.record(request.caller, "cases", pk)


def _end(of: CaseKind, said: str) -> str:
    """The stage that ends the case: the one said, or the only one there is. Raises `Refused`."""
    if said in of.closing:
        return said
    if said or len(of.closing) != 1:
        names = [stage.name for stage in of.stages if stage.key in of.closing]
        raise Refused("case.end", f"请选择怎样办结：{'、'.join(names)}。")
    return of.closing[0]


def _step(request: Call, case: Case, said: MovingCase | ClosingCase, *, to: str, verdict: str = "") -> None:
    """Through the gates of the stage, as whoever the token's owner is, with what the token may."""
    caller = request.caller
    by = Mover(caller.permissions, caller.account.person_id, frozenset({caller.grant.unit_id}))
    gates.move_case(
        words.pack(), case, to=to, on=said.on, actor=caller.account.pk, note=said.note, verdict=verdict, by=by
    )


@reads("/entries", "records.read", EntryPage, summary="台账列表", tag=ENTRIES)
def list_entries(request: Call, asked: Query[DatedList]) -> dict[str, Any]:
    return listing.page(request.caller, "entries", asked)


@reads("/entries/{int:pk}", "records.read", EntryRow, summary="一笔台账", tag=ENTRIES)
def get_entry(request: Call, pk: Path[AddressId]) -> dict[str, Any]:
    return listing.record(request.caller, "entries", pk)


@writes("/entries", "entry.write", EntryRow, summary="入账", tag=ENTRIES)
def book_entry(request: Call, said: NewEntry) -> dict[str, Any]:
    made = ledger.book(
        kind("entry", said.kind),
        unit=_unit(said.unit),
        amount=said.amount,
        on=said.on,
        actor=request.caller.account.pk,
        source=said.source,
        since=said.since,
        until=said.until,
        household=_household(said.household),
        person=_person(said.person),
        note=said.note,
        extra=said.extra,
    )
    return listing.record(request.caller, "entries", made.pk)


@writes("/entries/{int:pk}/reverse", "entry.write", EntryRow, summary="冲销", tag=ENTRIES)
def reverse_entry(request: Call, pk: Path[AddressId], said: Reversing) -> dict[str, Any]:
    entry = listing.stored(request.caller, "entries", pk)
    made = ledger.reverse(entry, on=said.on, reason=said.reason, actor=request.caller.account.pk)
    return listing.record(request.caller, "entries", made.pk)
