"""The pay sheet of a month: drawn, approved by another person over its digest, posted; a line is corrected by reversal."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hangshi.access.append import spoken
from hangshi.appraisals.models import Raise
from hangshi.flagpay.due import Due, digest, unpaid
from hangshi.flagpay.models import PaySheet
from hangshi.ledger import services as ledger
from hangshi.ledger.models import Entry
from hangshi.packs.models import Pack
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import Signer, collided, sign

STATES = {"drawn": "待审核", "approved": "已审核，待入账", "posted": "已入账", "cancelled": "已作废"}


@transaction.atomic
def draw(pack: Pack, unit: Unit, *, month: date, on: date, by: Signer) -> PaySheet:
    """Draw the sheet of what was not paid yet for the month. Raises `Refused`; a unit has one open sheet a month."""
    sign(by.account)
    lines = unpaid(pack, unit, [month])
    check_may_draw(lines, month=month, on=on)
    sheet = PaySheet(
        unit=unit,
        path=unit.path,
        month=month,
        lines=[it.content for it in lines],
        digest=digest(lines),
        total=sum((it.amount or Decimal(0) for it in lines), Decimal(0)),
        drawn_on=on,
        drawn_by=by.account,
        accounts=sorted(by.accounts),
        persons=sorted(by.persons),
    )
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("pay.open", f"{sheet}已经有一张没有办完的表，请先办完或作废。")) from error
    return sheet


def check_may_draw(lines: Sequence[Due], *, month: date, on: date) -> None:
    if month.day != 1 or on < month:
        raise Refused("pay.month", "月份还没有开始，不能制表。")
    if not lines:
        raise Refused("pay.nothing", f"{month:%Y年%m月}没有应付而未入账的红旗报酬。")
    if missing := sorted({it.flag for it in lines if it.amount is None}):
        raise Refused("pay.no_rate", f"{'、'.join(missing)}在{month}没有生效的标准，不能制表。")
    _homes(lines)


def _homes(lines: Sequence[Due]) -> dict[int, Person]:
    """Everybody on the lines, whose entries stand where they do. Raises `Refused` where somebody is registered out of sight."""
    wanted = {it.person for it in lines}
    found = {it.pk: it for it in Person.objects.filter(pk__in=wanted).select_related("unit")}
    if outside := wanted - found.keys():
        places = sorted({it.village for it in lines if it.person in outside})
        raise Refused("pay.outside", f"{'、'.join(places)}有{len(outside)}名任职人员登记在别处，请由上级单位制表。")
    return found


@transaction.atomic
def approve(pack: Pack, sheet: PaySheet, *, seen: str, on: date, by: Signer) -> PaySheet:
    """`seen`: the digest of the sheet as the approver read it. Raises `Refused`."""
    sign(by.account)
    sheet = _locked(sheet)
    check_may_approve(sheet, by=by)
    if seen != sheet.digest:
        raise Refused("pay.changed", "这张表和您看到的不同，请重新打开以后再审核。")
    _check_stands(pack, sheet)
    sheet.state, sheet.approved_on, sheet.approved_by = "approved", on, by.account
    sheet.save(update_fields=["state", "approved_on", "approved_by"])
    return sheet


def check_may_approve(sheet: PaySheet, *, by: Signer) -> None:
    if sheet.state != "drawn":
        raise Refused("pay.state", f"这张表{STATES[sheet.state]}，不能审核。")
    if by.accounts & set(sheet.accounts) or by.persons & set(sheet.persons):
        raise Refused("pay.own", "制表人不能审核自己制的表，代办、委托也不行。")


def _check_stands(pack: Pack, sheet: PaySheet) -> list[Due]:
    """What is to be paid now, which is what the sheet says. Raises `Refused` where flags, posts or standards changed meanwhile."""
    lines = unpaid(pack, sheet.unit, [sheet.month])
    if any(it.amount is None for it in lines) or digest(lines) != sheet.digest:
        raise Refused("pay.changed", "制表以后红旗、任职、标准或者入账有变动，请作废这张表，重新制表。")
    return lines


@transaction.atomic
def post(pack: Pack, sheet: PaySheet, *, on: date, by: Signer) -> PaySheet:
    """Book every line as an entry with its ground, in the book that the scheme names. Raises `Refused`, and then nothing is booked."""
    sign(by.account)
    sheet = _locked(sheet)
    check_may_post(sheet, on=on)
    lines = _check_stands(pack, sheet)
    entries = _entries(pack, lines, on, by.account)
    paths = dict(Unit.objects.filter(pk__in={it.unit for it in lines}).values_list("pk", "path"))
    try:
        with spoken(), transaction.atomic():
            booked = Entry.objects.bulk_create(entries)
            _undone(lines).delete()  # a flag, a person and a month have one; the earlier stays in the history
            Raise.objects.bulk_create(
                Raise(honour_id=it.honour, path=paths[it.unit], person_id=it.person, month=it.month, entry=entry)
                for it, entry in zip(lines, booked, strict=True)
            )
    except IntegrityError as error:
        raise collided(error, Refused("pay.changed", "其中有的已经由别人入账，请重新制表。")) from error
    sheet.state, sheet.posted_on, sheet.posted_by = "posted", on, by.account
    sheet.save(update_fields=["state", "posted_on", "posted_by"])
    return sheet


def check_may_post(sheet: PaySheet, *, on: date) -> None:
    if sheet.state != "approved":
        raise Refused("pay.state", f"这张表{STATES[sheet.state]}，不能入账。")
    if sheet.approved_on is not None and on < sheet.approved_on:
        raise Refused("pay.day", f"入账日期不能早于审核日期{sheet.approved_on}。")


def _entries(pack: Pack, lines: Sequence[Due], on: date, actor: int) -> list[Entry]:
    homes, made = _homes(lines), []
    for it in lines:
        person, kind, amount = homes[it.person], pack.kinds.entry[it.book], it.amount or Decimal(0)
        ledger.check_may_book(kind, unit=person.unit, amount=amount, on=on, person=person)
        made.append(
            Entry(
                kind=kind.key,
                unit=person.unit,
                path=person.unit.path,
                day=on,
                amount=amount,
                person=person,
                note=ground(it)[:200],
                recorded_by=actor,
            )
        )
    return made


def _undone(lines: Sequence[Due]) -> "QuerySet[Raise]":
    """Of these lines what was posted before and reversed since."""
    months, honours = {it.month for it in lines}, {it.honour for it in lines}
    return Raise.objects.filter(month__in=months, honour__in=honours, entry__reversal__isnull=False)


def ground(it: Due) -> str:
    """Why it is paid, as it stands on the entry."""
    return f"{it.month:%Y年%m月}报酬上浮：{it.village}{it.flag}（{it.since}至{it.until}），依据{it.source}"


@transaction.atomic
def cancel(sheet: PaySheet, *, reason: str, by: Signer) -> PaySheet:
    """作废 before it is posted, for the reason said. Raises `Refused`."""
    sign(by.account)
    sheet = _locked(sheet)
    check_may_cancel(sheet, reason=reason)
    sheet.state, sheet.reason = "cancelled", reason.strip()[:200]
    sheet.save(update_fields=["state", "reason"])
    return sheet


def check_may_cancel(sheet: PaySheet, *, reason: str) -> None:
    if sheet.state not in ("drawn", "approved"):
        raise Refused("pay.state", f"这张表{STATES[sheet.state]}，不能作废；已入账的逐笔冲销。")
    if not reason.strip():
        raise Refused("pay.reason", "作废须说明理由。")


@transaction.atomic
def reverse(raised: Raise, *, reason: str, on: date, actor: int | None) -> Entry:
    """Undo a line that was posted; it is due again, and the next sheet of the month has it where it still holds. Raises `Refused`."""
    return ledger.reverse(raised.entry, on=on, reason=reason, actor=actor)


def _locked(sheet: PaySheet) -> PaySheet:
    return PaySheet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=sheet.pk)
