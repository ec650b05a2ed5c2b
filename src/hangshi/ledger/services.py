"""Amounts booked, and undone by a counter-entry; an entry itself is never edited."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from hangshi.access.append import spoken
from hangshi.ledger.models import Entry
from hangshi.packs.models import EntryKind
from hangshi.refusal import Refused
from hangshi.registry.fields import checked_extra
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.signing import collided, sign

CENT = Decimal("0.01")
ONE_DAY = timedelta(days=1)


@transaction.atomic
def book(
    kind: EntryKind,
    *,
    unit: Unit,
    amount: Decimal | int,
    on: date,
    actor: int | None,
    source: str = "",
    since: date | None = None,
    until: date | None = None,
    household: Household | None = None,
    person: Person | None = None,
    note: str = "",
    extra: Mapping[str, Any] | None = None,
    corrected_on: date | None = None,
) -> Entry:
    """Book the amount, in the kind's measure, on that day; a standing one is in force from `since` to `until`. Raises `Refused`.

    `corrected_on`: the later day on which something left out of a closed period is added to it (补记); `note` then says why.
    """
    sign(actor)
    if corrected_on is not None:
        check_may_correct(on, on=corrected_on, reason=note)
    if kind.once_a:  # two writers of the same amount wait for each other here
        subject: Model = household or person or unit
        type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    check_may_book(
        kind,
        unit=unit,
        amount=amount,
        on=on,
        source=source,
        since=since,
        until=until,
        household=household,
        person=person,
    )
    with spoken():
        return Entry.objects.create(
            kind=kind.key,
            unit=unit,
            path=unit.path,
            day=on,
            since=since,
            until=until,
            amount=amount,
            source=source,
            household=household,
            person=person,
            note=note,
            corrected_on=corrected_on,
            recorded_by=actor,
            extra=checked_extra(kind.fields, extra or {}),
        )


@dataclass(frozen=True)
class Booking:
    """One of many amounts booked together: of whom, how much, and what is said of it."""

    household: Household
    amount: Decimal
    note: str = ""


@transaction.atomic
def book_all(kind: EntryKind, bookings: Sequence[Booking], *, on: date, actor: int | None) -> list[Entry]:
    """Book amounts of households on one day, each at the household's own unit, in one statement; in their order. Raises `Refused`, and then nothing is booked.

    Not for a kind that is booked once a period, which each household would have to be asked for.
    """
    sign(actor)
    if kind.once_a:
        raise Refused("entry.one_by_one", f"{kind.name}每期只入一次，须逐笔入账。")
    for it in bookings:
        check_may_book(kind, unit=it.household.unit, amount=it.amount, on=on, household=it.household)
    with spoken():
        return Entry.objects.bulk_create(
            Entry(
                kind=kind.key,
                unit=it.household.unit,
                path=it.household.unit.path,
                day=on,
                amount=it.amount,
                household=it.household,
                note=it.note[:200],
                recorded_by=actor,
            )
            for it in bookings
        )


def check_may_book(
    kind: EntryKind,
    *,
    unit: Unit,
    amount: Decimal | int,
    on: date,
    source: str = "",
    since: date | None = None,
    until: date | None = None,
    household: Household | None = None,
    person: Person | None = None,
) -> None:
    if kind.shown_days:
        raise Refused("entry.shown_first", f"{kind.name}先公示、后入账，请到“积分”页上提出。")
    check_stands(unit, on=on)
    check_amount(amount)
    if kind.standing != (since is not None) or (until is not None and (since is None or until < since)):
        raise Refused(
            "entry.dates", f"{kind.name}的起止日期不对。" if kind.standing else f"{kind.name}按日入账，不填起止日期。"
        )
    if (kind.subject == "household" and household is None) or (kind.subject == "person" and person is None):
        raise Refused("entry.subject", f"{kind.name}必须填写{'户' if kind.subject == 'household' else '人员'}。")
    if any(it is not None and it.unit_id != unit.pk for it in (household, person)):
        raise Refused("entry.subject_unit", f"所填的户或人员不属于“{unit}”。")
    if kind.sources and source not in kind.sources:
        raise Refused("entry.source", f"请从{'、'.join(kind.sources.values())}中选择来源。")
    if kind.once_a:
        said = Entry.objects.filter(
            kind=kind.key, unit=unit, household=household, person=person, reverses=None, reversal=None
        )
        if said.filter(day__range=_span(kind.once_a, on)).exists():
            raise Refused("entry.once", f"{kind.name}本期已经入账；要更正，请先冲销再重新入账。")


def check_stands(unit: Unit, *, on: date) -> None:
    if on < unit.since or (unit.until is not None and on > unit.until):
        raise Refused("entry.unit_ended", f"“{unit}”在{on}不在存续期内。")


def check_amount(amount: Decimal | int) -> None:
    amount = Decimal(amount)
    if not amount.is_finite() or amount <= 0:
        raise Refused("entry.amount", "数额必须大于零；要撤销已入账的数额，请冲销。")
    if amount != amount.quantize(CENT):
        raise Refused("entry.cents", "数额最多两位小数。")


def _span(length: str, on: date) -> tuple[date, date]:
    """The first and the last day of the month, half-year or year that holds the day."""
    months = {"month": 1, "half_year": 6, "year": 12}[length]
    first = on.replace(month=(on.month - 1) // months * months + 1, day=1)
    last = first.month + months - 1
    return first, date(on.year, last, monthrange(on.year, last)[1])


@transaction.atomic
def reverse(entry: Entry, *, on: date, reason: str, actor: int | None) -> Entry:
    """Book the negative amount that undoes the entry, on the day `on`. Raises `Refused`; an entry is reversed once."""
    sign(actor)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    check_may_reverse(entry, on=on, reason=reason)
    return _counter(entry, day=on, reason=reason, actor=actor)


@transaction.atomic
def reverse_all(entries: Sequence[Entry], *, on: date, reason: str, actor: int | None) -> list[Entry]:
    """Undo those of the entries that are not undone yet, on the day `on`, in one statement. Raises `Refused`, and then nothing is undone."""
    sign(actor)
    locked = Entry.objects.select_for_update(of=("self",)).filter(pk__in=[it.pk for it in entries]).order_by("pk")
    found = list(locked.select_related("unit"))
    undone = set(Entry.objects.filter(reverses__in=found).values_list("reverses_id", flat=True))
    left = [it for it in found if it.pk not in undone]
    for it in left:
        _check_undoes(it, on=on, reason=reason)
    with spoken():
        return Entry.objects.bulk_create(_opposite(it, day=on, reason=reason, actor=actor) for it in left)


@transaction.atomic
def correct(
    kind: EntryKind, entry: Entry, *, amount: Decimal | int | None, on: date, reason: str, actor: int | None
) -> Entry:
    """Undo the entry and book the right amount in its place, both on the entry's own day: the earlier period changes, and shows it (更正).

    `amount` None: there should have been none. Returns the last entry written. Raises `Refused`; what was booked stays to be seen.
    """
    sign(actor)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("unit", "household", "person").get(pk=entry.pk)
    check_may_correct(entry.day, on=on, reason=reason)
    check_may_reverse(entry, on=on, reason=reason)
    back = _counter(entry, day=entry.day, reason=reason, actor=actor, corrected_on=on)
    if amount is None:
        return back
    return book(
        kind,
        unit=entry.unit,
        amount=amount,
        on=entry.day,
        actor=actor,
        source=entry.source,
        since=entry.since,
        until=entry.until,
        household=entry.household,
        person=entry.person,
        note=reason.strip(),
        extra=entry.extra,
        corrected_on=on,
    )


@transaction.atomic
def renew(
    kind: EntryKind,
    entry: Entry,
    *,
    since: date,
    until: date | None,
    amount: Decimal | int,
    on: date,
    reason: str,
    actor: int | None,
) -> Entry:
    """Renew an amount in force (a contract) from `since` on; the earlier one ends the day before, so that no day counts both.

    The earlier entry stays: it is undone and booked anew with its shorter term, as a correction made on the day `on`. Raises `Refused`.
    """
    sign(actor)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("unit", "household", "person").get(pk=entry.pk)
    check_may_renew(kind, entry, since=since)
    said: dict[str, Any] = {
        "source": entry.source,
        "household": entry.household,
        "person": entry.person,
        "actor": actor,
    }
    if entry.until is None or entry.until >= since:
        check_may_correct(entry.day, on=on, reason=reason)
        check_may_reverse(entry, on=on, reason=reason)
        _counter(entry, day=entry.day, reason=reason, actor=actor, corrected_on=on)
        book(
            kind, unit=entry.unit, amount=entry.amount, on=entry.day, since=entry.since, until=since - ONE_DAY,
            note=reason.strip(), extra=entry.extra, corrected_on=on, **said,
        )  # fmt: skip
    note = f"续第{entry.pk}号：{reason.strip()}"[:200]
    return book(
        kind, unit=entry.unit, amount=amount, on=on, since=since, until=until, note=note, extra=entry.extra, **said
    )


def check_may_renew(kind: EntryKind, entry: Entry, *, since: date) -> None:
    if not kind.standing or entry.since is None:
        raise Refused("entry.not_standing", f"{kind.name}不是有起止日期的账目，不能续签。")
    if entry.reverses_id is not None or Entry.objects.filter(reverses=entry).exists():
        raise Refused("entry.reversed", "此笔已经冲销。")
    if since <= entry.since:
        raise Refused("entry.dates", f"续签的生效日应晚于原来的生效日{entry.since}。")


def _counter(entry: Entry, *, day: date, reason: str, actor: int | None, corrected_on: date | None = None) -> Entry:
    """The entry that undoes another; of two writers at once the database lets one through."""
    counter = _opposite(entry, day=day, reason=reason, actor=actor, corrected_on=corrected_on)
    try:
        with spoken(), transaction.atomic():
            counter.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("entry.reversed", "此笔已经冲销。")) from error
    return counter


def _opposite(entry: Entry, *, day: date, reason: str, actor: int | None, corrected_on: date | None = None) -> Entry:
    """What undoes the entry, not yet written."""
    return Entry(
        kind=entry.kind,
        unit=entry.unit,
        path=entry.path,
        day=day,
        since=entry.since,
        until=entry.until,
        amount=-entry.amount,
        source=entry.source,
        household_id=entry.household_id,
        person_id=entry.person_id,
        reverses=entry,
        note=reason.strip(),
        corrected_on=corrected_on,
        recorded_by=actor,
        extra=entry.extra,
    )


def check_may_reverse(entry: Entry, *, on: date, reason: str) -> None:
    if Entry.objects.filter(reverses=entry).exists():
        raise Refused("entry.reversed", "此笔已经冲销。")
    _check_undoes(entry, on=on, reason=reason)


def _check_undoes(entry: Entry, *, on: date, reason: str) -> None:
    """What can be said of the entry itself."""
    if entry.reverses_id is not None:
        raise Refused("entry.reversal", "冲销分录本身不能再冲销，请重新入账。")
    if on < entry.day:
        raise Refused("entry.dates", f"冲销日期不能早于入账日期{entry.day}。")
    if not reason.strip():
        raise Refused("entry.reason", "冲销须说明理由。")


def check_may_correct(day: date, *, on: date, reason: str) -> None:
    """`day` is the one corrected, `on` the one on which it is done."""
    if on < day:
        raise Refused("entry.dates", f"更正日期不能早于所更正的日期{day}。")
    if not reason.strip():
        raise Refused("entry.reason", "更正、补记须说明理由。")
