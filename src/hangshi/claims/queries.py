"""Reads of confirmed bindings."""

from django.db.models import QuerySet

from hangshi.claims.models import ClaimBinding
from hangshi.registry.models import Unit


def bindings(unit: Unit, report_kind: str) -> QuerySet[ClaimBinding]:
    """Those that hold for the unit's reports of that kind."""
    return ClaimBinding.objects.filter(unit=unit, report_kind=report_kind)


def confirmed(unit: Unit, report_kind: str) -> dict[tuple[str, str], str]:
    """(subject, measure) → key of the definition that a person confirmed."""
    rows = bindings(unit, report_kind).values_list("subject", "measure", "definition")
    return {(subject, measure): key for subject, measure, key in rows}
