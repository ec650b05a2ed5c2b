"""Reads of imports: an account sees its own."""

from django.db.models import QuerySet

from hangshi.intake.models import Intake, Source
from hangshi.registry.models import Unit


def of_account(account: int) -> "QuerySet[Intake]":
    """The latest first."""
    return Intake.objects.filter(account_id=account).select_related("unit").order_by("-pk")


def remembered(unit: Unit, target: str, source: str) -> dict[str, str]:
    """How the source's columns were matched the last time; empty where it is new."""
    found = Source.objects.filter(unit=unit, target=target, name=source).values_list("mapping", flat=True).first()
    return dict(found or {})


def sources(unit: Unit) -> list[str]:
    return sorted(set(Source.objects.filter(unit=unit).values_list("name", flat=True)))
