"""Points taken out for something (兑换): never more than the balance, never more than there is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import IntegerField, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from hangshi.access.append import spoken
from hangshi.ledger import services
from hangshi.ledger.models import Entry
from hangshi.ledger.points import REDEEMED, Subject, balance, check_account, check_home, of
from hangshi.packs.models import EntryKind
from hangshi.refusal import Refused
from hangshi.registry.signing import sign


@dataclass(frozen=True)
class Wanted:
    """`amount` points for `what`; where it comes from the pack's list, `count` pieces of `reward`."""

    amount: Decimal
    what: str
    reward: str = ""
    count: int = 1


def wanted(
    kind: EntryKind, *, reward: str = "", count: int = 1, amount: Decimal | int | None = None, what: str = ""
) -> Wanted:
    """From the pack's list where it has one, else in words. Raises `Refused` for what is not on the list."""
    if not kind.rewards:
        return Wanted(Decimal(amount or 0), what.strip())
    said = kind.rewards.get(reward)
    if said is None or count < 1:
        raise Refused("points.reward", "请从兑换清单中选择，数量至少为1。")
    return Wanted(said.points * count, f"{said.name}×{count}" if count > 1 else said.name, reward, count)


@transaction.atomic
def redeem(kind: EntryKind, *, subject: Subject, wants: Wanted, on: date, actor: int | None) -> Entry:
    """Take points out; of two at once the second sees the first. Raises `Refused`."""
    sign(actor)
    _one_at_a_time(kind, subject)
    check_may_redeem(kind, subject=subject, wants=wants, on=on)
    listed: dict[str, Any] = {"reward": wants.reward, "count": wants.count} if wants.reward else {}
    with spoken():
        return Entry.objects.create(
            kind=kind.key,
            unit_id=subject.unit_id,
            path=subject.path,
            day=on,
            amount=-wants.amount,
            source=REDEEMED,
            note=wants.what[:200],
            recorded_by=actor,
            extra=listed,
            **of(subject),
        )


def _one_at_a_time(kind: EntryKind, subject: Subject) -> None:
    """Whoever redeems at the unit waits here: the stock is the unit's, the balance the subject's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"points:{kind.key}", subject.unit_id]
        )


def check_may_redeem(kind: EntryKind, *, subject: Subject, wants: Wanted, on: date) -> None:
    check_account(kind, subject)
    services.check_amount(wants.amount)
    check_home(subject, on=on)
    if not wants.what:
        raise Refused("points.what", "请写明兑换了什么。")
    if (there := balance(kind.key, subject)) < wants.amount:
        raise Refused("points.balance", f"账户里有{there:f}分，不够兑换{wants.amount:f}分。")
    stock = left(kind, subject.unit_id).get(wants.reward)
    if stock is not None and stock < wants.count:
        raise Refused("points.stock", f"“{kind.rewards[wants.reward].name}”还剩{stock}份，不够{wants.count}份。")


def redemptions(kind: str, unit_id: int) -> "QuerySet[Entry]":
    """What was taken out at the unit and not given back."""
    return Entry.objects.filter(kind=kind, unit=unit_id, source=REDEEMED, reverses=None, reversal=None)


def left(kind: EntryKind, unit_id: int) -> dict[str, int]:
    """Reward → how many are left at the unit; one without a stock is left out."""
    taken = redemptions(kind.key, unit_id).values_list("extra__reward")
    counts = dict(taken.annotate(n=Sum(Cast(KT("extra__count"), IntegerField()))).order_by())
    return {key: it.stock - (counts.get(key) or 0) for key, it in kind.rewards.items() if it.stock is not None}


@transaction.atomic
def give_back(entry: Entry, *, on: date, reason: str, actor: int | None) -> Entry:
    """Undo a redemption: the points and the piece are there again. Raises `Refused`."""
    if entry.source != REDEEMED:
        raise Refused("points.no_redemption", "这一笔不是兑换。")
    return services.reverse(entry, on=on, reason=reason, actor=actor)
