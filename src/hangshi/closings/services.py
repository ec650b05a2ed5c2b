"""Closing and reopening of periods. What was kept at a closing is never changed."""

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, QuerySet

from hangshi.access.append import spoken
from hangshi.closings.locks import LOCK
from hangshi.closings.models import Closing, Kept
from hangshi.closings.periods import said
from hangshi.indicators import queries
from hangshi.indicators.definitions import definitions_of
from hangshi.indicators.queries import Period
from hangshi.ledger.models import Entry
from hangshi.refusal import Refused
from hangshi.registry.models import Unit, UnitLink
from hangshi.registry.signing import collided, sign
from hangshi.registry.tree import upper

SIXTH = Decimal("0.000001")


@transaction.atomic
def close(unit: Unit, length: str, period: Period, *, on: date, actor: int | None) -> Closing:
    """Close the period for the unit and all below it, and keep the figures of the unit and of those right below it.

    Waits for those who are writing; who writes later is refused by the database. Raises `Refused`.
    """
    sign(actor)
    _alone()
    check_may_close(unit, length, period, on=on)
    try:
        with spoken(), transaction.atomic():
            closing = Closing.objects.create(
                unit=unit,
                path=unit.path,
                length=length,
                first=period.first,
                last=period.last,
                closed_on=on,
                closed_by=actor,
                seen=Entry.objects.aggregate(it=Max("pk"))["it"] or 0,
            )
    except IntegrityError as error:
        raise collided(error, Refused("closing.closed", "本期已经结账。")) from error
    kept = [Kept(closing=closing, **it) for it in figures(unit, period)]
    Kept.objects.bulk_create(kept, batch_size=2000)
    closing.digest = digest(closing, kept)
    closing.save(update_fields=["digest"])
    return closing


def check_may_close(unit: Unit, length: str, period: Period, *, on: date) -> None:
    if period.last >= on:
        raise Refused("closing.early", f"{said(length, period)}还没有结束，{period.last}以后才能结账。")
    above = covering(unit, period).exclude(unit=unit).select_related("unit").first()
    if above is not None:
        raise Refused("closing.above", f"上级“{above.unit}”已经结了这一期的账，不用再结。")
    if covering(unit, period).exists():
        raise Refused("closing.closed", "本期已经结账。")


def covering(unit: Unit, period: Period) -> "QuerySet[Closing]":
    """The closings in force, of the unit or one above it, that hold the whole period; as far as the reader sees them."""
    above = [int(part) for part in unit.path.split("/") if part]
    return Closing.objects.filter(
        unit__in=above, reopened_on=None, first__lte=period.first, last__gte=period.last
    ).order_by("path")


@transaction.atomic
def reopen(closing: Closing, *, on: date, reason: str, actor: int | None) -> Closing:
    """Let the period be written to again. Its kept figures stay, with who reopened it, when and why. Raises `Refused`."""
    sign(actor)
    _alone()
    closing = Closing.objects.select_for_update(of=("self",)).select_related("unit").get(pk=closing.pk)
    check_may_reopen(closing, reason=reason)
    closing.reopened_on, closing.reopened_by, closing.reason = on, actor, reason.strip()
    closing.save(update_fields=["reopened_on", "reopened_by", "reason"])
    return closing


def check_may_reopen(closing: Closing, *, reason: str) -> None:
    if closing.reopened_on is not None:
        raise Refused("closing.reopened", f"这一期已于{closing.reopened_on}重新打开。")
    above = [int(part) for part in closing.path.split("/") if part]
    overlapping = Closing.objects.filter(
        unit__in=above, reopened_on=None, first__lte=closing.last, last__gte=closing.first
    )
    other = overlapping.exclude(pk=closing.pk).select_related("unit").order_by("path").first()
    if other is not None:
        raise Refused(
            "closing.held",
            f"“{other.unit}”{said(other.length, Period(other.first, other.last))}的账还结着，请先由其重新打开。",
        )
    if not reason.strip():
        raise Refused("closing.reason", "重新打开须说明理由。")


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def figures(unit: Unit, period: Period) -> list[dict[str, object]]:
    """Every figure of the packs at the unit, and those that there is something to say of at the units right below it."""
    pack = queries.pack()
    keys, definitions = list(pack.indicators), definitions_of(pack)
    own = queries.values(keys, unit, period)
    below = Unit.objects.filter(path__gt=unit.path, path__lt=upper(unit.path))
    below = below.filter(pk__in=UnitLink.objects.filter(parent=unit, line="place").values("unit"))
    paths = dict(below.values_list("pk", "path"))
    spread = queries.everywhere(keys, unit, period) if paths else {}
    found = []
    for key in keys:
        said_of = {unit.pk: own[key].value} | {it: raw for it, raw in spread.get(key, {}).items() if it in paths}
        version = definitions.version(key)
        for pk, value in sorted(said_of.items()):
            path = paths.get(pk, unit.path)
            found.append({"unit_id": pk, "path": path, "indicator": key, "version": version, "value": exact(value)})
    return found


def exact(value: Decimal | int | None) -> Decimal | None:
    """As it is kept: six decimals, half to even."""
    return None if value is None else Decimal(value).quantize(SIXTH)


def digest(closing: Closing, kept: Iterable[Kept]) -> str:
    """SHA-256 over the period and the kept figures in the order of unit and indicator: changed by one digit, it differs."""
    lines = sorted((it.unit_id, it.indicator, it.version, "" if it.value is None else f"{it.value:.6f}") for it in kept)
    text = "\n".join("|".join(map(str, line)) for line in lines)
    return hashlib.sha256(f"{closing.unit_id}|{closing.first}|{closing.last}\n{text}".encode()).hexdigest()
