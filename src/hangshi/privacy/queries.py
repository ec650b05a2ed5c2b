"""Reads of the privacy room."""

from django.db.models import QuerySet

from hangshi.privacy.models import Reveal


def reveals_of(account: int) -> "QuerySet[Reveal]":
    """Those the account asked for, the latest first."""
    return Reveal.objects.filter(account_id=account).order_by("-id")
