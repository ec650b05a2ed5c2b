"""Dividends: proposed from the books and the register, approved by another person, posted household by household, paid, undone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.db import IntegrityError, transaction

from hangshi.activities.models import Activity
from hangshi.ledger import services as ledger
from hangshi.ledger.services import Booking
from hangshi.packs.books import Distribution
from hangshi.packs.models import EntryKind
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer, collided, sign
from hangshi.shares import queries
from hangshi.shares.dividing import CENT, divide
from hangshi.shares.models import Dividend, Part
from hangshi.shares.register import check_resolved

STATES = {"proposed": "待审核", "posted": "已入账", "declined": "未通过", "reversed": "已冲销"}
COLLECTIVE = 0  # among holders' numbers


@dataclass(frozen=True)
class Asked:
    """What the meeting decided: of the earnings of `year`, `amount` yuan; `rates`: reserve → percent of it, by shares of `record_day`."""

    year: int
    record_day: date
    amount: Decimal
    rates: Mapping[str, Decimal]
    note: str = ""


@transaction.atomic
def propose(unit: Unit, rule: Distribution, asked: Asked, *, activity: Activity, by: Signer, on: date) -> Dividend:
    """Work out what each holder gets, to the fen; nothing is posted yet. Raises `Refused`; one waits at a time."""
    sign(by.account)
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    check_may_propose(unit, rule, asked, activity=activity, on=on)
    income, costs = queries.earned(unit, rule, asked.year)
    reserves = reserved(rule, asked.amount, asked.rates)
    pool = asked.amount - sum(reserves.values())
    shares = _shares(unit, asked.record_day)
    dividend = Dividend(
        unit=unit,
        path=unit.path,
        year=asked.year,
        rule=rule.key,
        record_day=asked.record_day,
        activity=activity,
        income=income,
        costs=costs,
        amount=asked.amount,
        reserves={key: str(it) for key, it in reserves.items()},
        pool=pool,
        shares=sum(shares.values(), Decimal(0)),
        note=asked.note.strip(),
        proposed_on=on,
        proposed_by=by.account,
        accounts=sorted(by.accounts),
        persons=sorted(by.persons),
    )
    try:
        with transaction.atomic():
            dividend.save(force_insert=True)
    except IntegrityError as error:
        waits = Refused("dividend.waits", "还有一个分配方案等待审核，请先办结。")
        raise collided(error, waits) from error
    amounts = divide(pool, shares)
    Part.objects.bulk_create(
        Part(dividend=dividend, path=unit.path, holder_id=key or None, shares=shares[key], amount=amounts[key])
        for key in shares
    )
    return dividend


def check_may_propose(unit: Unit, rule: Distribution, asked: Asked, *, activity: Activity, on: date) -> None:
    check_resolved(unit, rule, activity, on=on)
    if not 1990 <= asked.year <= on.year or asked.record_day > on:
        raise Refused("dividend.dates", "年度和股权登记日不能在今天以后。")
    if not asked.amount.is_finite() or asked.amount <= 0 or asked.amount != asked.amount.quantize(CENT):
        raise Refused("dividend.amount", "决定分配的数额必须大于零，最多两位小数。")
    income, costs = queries.earned(unit, rule, asked.year)
    left = income - costs - queries.distributed(unit, asked.year)
    if asked.amount > left:
        raise Refused(
            "dividend.earnings",
            f"{asked.year}年账上收入{income}元，成本费用{costs}元，可以分配的还有{left}元，不够分配{asked.amount}元。",
        )
    for reserve in rule.reserves:
        if asked.rates.get(reserve.key, Decimal(0)) < reserve.least:
            raise Refused("dividend.reserve", f"{reserve.name}不能低于{reserve.least}%。")
    if any(it < 0 for it in asked.rates.values()) or sum(asked.rates.values()) >= 100:
        raise Refused("dividend.reserve", "提留的比例不能为负，合计要小于100%。")
    if not _shares(unit, asked.record_day):
        raise Refused("dividend.nobody", f"{asked.record_day}没有人持股，没有可以据以分红的股份。")


def reserved(rule: Distribution, amount: Decimal, rates: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Reserve → yuan, rounded half up to the fen."""
    given = {it.key: rates.get(it.key, Decimal(0)) for it in rule.reserves}
    return {key: (amount * rate / 100).quantize(CENT, ROUND_HALF_UP) for key, rate in given.items()}


def _shares(unit: Unit, day: date) -> dict[int, Decimal]:
    """The number of each holder (0: the collective itself) → its shares of all kinds."""
    return {it.holder.pk if it.holder else COLLECTIVE: it.shares for it in queries.held(unit, on=day)}


@transaction.atomic
def approve(dividend: Dividend, rule: Distribution, due: EntryKind, *, by: Signer, on: date) -> Dividend:
    """Post what is due to each household, on the day `on`. `due`: the book of the rule. Raises `Refused`; somebody else must have proposed it."""
    sign(by.account)
    dividend = _locked(dividend)
    check_may_approve(dividend, rule, by=by, on=on)
    parts = [it for it in queries.parts(dividend).select_related("holder__household__unit") if it.amount]
    note = f"{dividend.year}年度收益分配"
    entries = ledger.book_all(due, _bookings(parts, note), on=on, actor=by.account)
    for part, entry in zip(parts, entries, strict=True):
        part.entry = entry
    Part.objects.bulk_update(parts, ["entry"])
    return _decided(dividend, "posted", by=by, on=on)


def check_may_approve(dividend: Dividend, rule: Distribution, *, by: Signer, on: date) -> None:
    _check_decides(dividend, by=by, on=on)
    if queries.earned(dividend.unit, rule, dividend.year) != (dividend.income, dividend.costs):
        raise Refused("dividend.changed", f"提出以后，{dividend.year}年的收入或成本有变动，请不予通过，重新提出。")
    parts = dividend.parts.values_list("holder_id", "shares")
    if {holder or COLLECTIVE: shares for holder, shares in parts} != _shares(dividend.unit, dividend.record_day):
        raise Refused("dividend.changed", f"提出以后，{dividend.record_day}的股份有变动，请不予通过，重新提出。")


@transaction.atomic
def decline(dividend: Dividend, *, reason: str, by: Signer, on: date) -> Dividend:
    """Nothing is posted; another may be proposed. Who proposed it may take it back. Raises `Refused`."""
    sign(by.account)
    dividend = _locked(dividend)
    _check_waits(dividend, on=on)
    _check_reason(reason)
    dividend.reason = reason.strip()
    return _decided(dividend, "declined", by=by, on=on)


@transaction.atomic
def pay(
    dividend: Dividend, paid: EntryKind, *, parts: Collection[int] | None, note: str, by: Signer, on: date
) -> list[Part]:
    """Book that these parts were paid, all unpaid ones if `parts` is None. `paid`: the book of the rule. Raises `Refused`."""
    sign(by.account)
    dividend = _locked(dividend)
    waiting = queries.unpaid(queries.parts(dividend)).select_related("holder__household__unit")
    chosen = list(waiting if parts is None else waiting.filter(pk__in=parts))
    check_may_pay(dividend, chosen, note=note, on=on)
    entries = ledger.book_all(paid, _bookings(chosen, note.strip()), on=on, actor=by.account)
    for part, entry in zip(chosen, entries, strict=True):
        part.payment = entry
    Part.objects.bulk_update(chosen, ["payment"])
    return chosen


def check_may_pay(dividend: Dividend, chosen: Sequence[Part], *, note: str, on: date) -> None:
    if dividend.state != "posted" or dividend.decided_on is None:
        raise Refused("dividend.state", f"分配方案{STATES[dividend.state]}，不能发放。")
    if not chosen:
        raise Refused("dividend.paid", "没有选出还没有发放的户。")
    if on < dividend.decided_on:
        raise Refused("dividend.dates", f"发放日期不能早于入账日期{dividend.decided_on}。")
    if not note.strip():
        raise Refused("dividend.note", "请写明发放的批次或凭证号。")


@transaction.atomic
def undo(dividend: Dividend, *, reason: str, by: Signer, on: date) -> Dividend:
    """冲销: every amount that is due is reversed on the day `on`; what was paid has to be reversed first. Raises `Refused`."""
    sign(by.account)
    dividend = _locked(dividend)
    check_may_undo(dividend, reason=reason)
    entries = [it.entry for it in queries.parts(dividend) if it.entry is not None]
    ledger.reverse_all(entries, on=on, reason=reason, actor=by.account)
    dividend.state, dividend.reason = "reversed", reason.strip()
    dividend.save(update_fields=["state", "reason"])
    return dividend


def check_may_undo(dividend: Dividend, *, reason: str) -> None:
    if dividend.state != "posted":
        raise Refused("dividend.state", f"分配方案{STATES[dividend.state]}，没有可以冲销的。")
    if paid := queries.paid(queries.parts(dividend)).count():
        raise Refused("dividend.paid", f"已经发放{paid}户，请先在各户的台账上冲销已付的一笔。")
    _check_reason(reason)


def per_share(dividend: Dividend) -> Decimal:
    """Yuan a share, rounded down to the fen."""
    return (dividend.pool / dividend.shares).quantize(CENT, ROUND_FLOOR)


def plain(part: Part, each: Decimal) -> Decimal:
    """Shares times the amount of one, rounded down to the fen: the rest of the part is of the remainder."""
    return (part.shares * each).quantize(CENT, ROUND_FLOOR)


def _bookings(parts: Sequence[Part], note: str) -> list[Booking]:
    return [Booking(it.holder.household, it.amount, note) for it in parts if it.holder is not None]


def _check_decides(dividend: Dividend, *, by: Signer, on: date) -> None:
    _check_waits(dividend, on=on)
    if by.accounts & set(dividend.accounts) or by.persons & set(dividend.persons):
        raise Refused("dividend.own", "提出方案的人不能审核，代办、委托也不行；请由另一人办理。")


def _check_waits(dividend: Dividend, *, on: date) -> None:
    if dividend.state != "proposed":
        raise Refused("dividend.state", f"分配方案{STATES[dividend.state]}，不能再审核。")
    if on < dividend.proposed_on:
        raise Refused("dividend.dates", f"审核日期不能早于提出日期{dividend.proposed_on}。")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("dividend.reason", "请写明理由。")


def _decided(dividend: Dividend, state: str, *, by: Signer, on: date) -> Dividend:
    dividend.state, dividend.decided_on, dividend.decided_by = state, on, by.account
    dividend.save(update_fields=["state", "decided_on", "decided_by", "reason"])
    return dividend


def _locked(dividend: Dividend) -> Dividend:
    return Dividend.objects.select_for_update(of=("self",)).select_related("unit").get(pk=dividend.pk)
