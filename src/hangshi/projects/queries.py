"""Reads of projects: composable and lazy, always under the caller's scope."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from hangshi.projects.models import STEPS, Line, Project
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper


def projects(unit: Unit) -> "QuerySet[Any]":
    """Those of the unit and below, open ones first, the latest first, each with its sum at every step (`budget`, `allocated`, …)."""
    # Any: what is annotated is beyond the Django plugin of mypy.
    found = Project.objects.filter(path__gte=unit.path, path__lt=upper(unit.path)).select_related("unit")
    zero = Decimal("0.00")
    summed = {it: Coalesce(Sum("lines__amount", filter=Q(lines__step=it)), zero) for it in STEPS if it != "accepted"}
    return found.annotate(**summed).order_by("-closed_on", "-opened_on", "-pk")


def lines(project: Project) -> "QuerySet[Line]":
    """In the order of their days, then as they were booked."""
    return project.lines.order_by("day", "pk")
