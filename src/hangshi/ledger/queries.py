"""Reads of the ledger: composable and lazy, always under the caller's scope."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from hangshi.ledger.models import Entry
from hangshi.registry.tree import in_force


def booked(first: date, last: date, *, kind: str) -> "QuerySet[Entry]":
    """The entries of the days from `first` to `last`, both included, reversals among them."""
    return Entry.objects.filter(kind=kind, day__range=(first, last))


def standing_on(day: date, *, kind: str) -> "QuerySet[Entry]":
    """The amounts in force on that day; a reversal stands as long as what it undoes, so that their sum is nothing."""
    return Entry.objects.filter(in_force(day), kind=kind)


def total(entries: "QuerySet[Entry]") -> Decimal:
    """The sum in the kind's measure, reversals taken off; of no entries it is 0.00."""
    return entries.aggregate(it=Sum("amount"))["it"] or Decimal("0.00")
