"""Reads of the ledger: composable and lazy, always under the caller's scope."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Window

from hangshi.ledger.models import Entry
from hangshi.registry.models import Unit
from hangshi.registry.tree import in_force, upper

NOTHING = Decimal("0.00")


def booked(first: date, last: date, *, kind: str) -> "QuerySet[Entry]":
    """The entries of the days from `first` to `last`, both included, reversals among them."""
    return Entry.objects.filter(kind=kind, day__range=(first, last))


def standing_on(day: date, *, kind: str) -> "QuerySet[Entry]":
    """The amounts in force on that day; a reversal stands as long as what it undoes, so that their sum is nothing."""
    return Entry.objects.filter(in_force(day), kind=kind)


def terms(kind: str, unit: Unit, *, on: date) -> "QuerySet[Any]":
    """The contracts in force on that day at the unit and below, the soonest to end first; what was undone and what undoes it is left out.

    Their sum is that of `standing_on`. `twin`: the number of an earlier one of the same household and amount that is in force as well, as
    where a renewal was booked anew instead of by `services.renew`; None where there is none, or no household is named.
    """
    # Any: what is annotated is beyond the Django plugin of mypy.
    standing = standing_on(on, kind=kind).filter(reverses=None, reversal=None)
    same = standing.filter(household=OuterRef("household"), amount=OuterRef("amount"), pk__lt=OuterRef("pk"))
    found = below(standing, unit).select_related("unit", "household")
    found = found.annotate(twin=Subquery(same.order_by("-pk").values("pk")[:1]))
    return found.order_by(F("until").asc(nulls_last=True), "pk")


def total(entries: "QuerySet[Entry]") -> Decimal:
    """The sum in the kind's measure, reversals taken off; of no entries it is 0.00."""
    return entries.aggregate(it=Sum("amount"))["it"] or NOTHING


def below(entries: "QuerySet[Entry]", unit: Unit) -> "QuerySet[Entry]":
    """Those of the unit and all below it."""
    return entries.filter(path__gte=unit.path, path__lt=upper(unit.path))


@dataclass(frozen=True)
class Account:
    """A book at a unit over some days: what was there before the first, what came and went, what is there after the last."""

    before: Decimal
    came: Decimal
    went: Decimal
    after: Decimal


def account(kind: str, unit: Unit, first: date, last: date) -> Account:
    """`came` are the positive amounts, `went` the negative (reversals), both as they are booked: before + came + went = after."""
    entries = below(Entry.objects.filter(kind=kind, day__lte=last), unit)
    within = Q(day__gte=first)
    said = entries.aggregate(
        before=Sum("amount", filter=~within),
        came=Sum("amount", filter=within & Q(amount__gt=0)),
        went=Sum("amount", filter=within & Q(amount__lt=0)),
    )
    before, came, went = (said[name] or NOTHING for name in ("before", "came", "went"))
    return Account(before, came, went, before + came + went)


def running(kind: str, unit: Unit, first: date, last: date) -> "QuerySet[Any]":
    """The entries of those days in their order, each with `run`: what they add up to, itself included, since the first of the days."""
    # Any: what is annotated is beyond the Django plugin of mypy.
    entries = below(booked(first, last, kind=kind), unit).select_related("unit")
    order = [F("day").asc(), F("pk").asc()]
    return entries.annotate(run=Window(Sum("amount"), order_by=order)).order_by("day", "pk")


def books(unit: Unit, first: date, last: date) -> dict[str, Decimal]:
    """Kind → what was booked at the unit and below it on those days; a kind without entries is left out."""
    found = below(Entry.objects.filter(day__range=(first, last)), unit).values_list("kind")
    return dict(found.annotate(it=Sum("amount")).order_by())


def corrections(unit: Unit) -> "QuerySet[Entry]":
    """The corrections (更正、补记) at the unit and below it, the latest first, with what they undo."""
    found = below(Entry.objects.filter(corrected_on__isnull=False), unit)
    return found.select_related("unit", "reverses").order_by("-corrected_on", "-pk")
