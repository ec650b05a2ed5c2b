"""Reads of reports: the units a report speaks of, and what was issued."""

from django.db.models import QuerySet

from hangshi.packs.models import Pack
from hangshi.registry.models import Unit
from hangshi.registry.queries import below, children_on
from hangshi.reports.models import Issue
from hangshi.reports.numbers import Desk


def places(pack: Pack) -> list[str]:
    """The kinds of unit that are places."""
    return [key for key, it in pack.kinds.unit.items() if it.group == "place"]


def children(desk: Desk) -> list[Unit]:
    """The places right below the unit on the day the figures roll up to."""
    day = desk.tree or desk.period.last
    return list(children_on(desk.unit, "place", day).filter(kind__in=places(desk.pack)).order_by("code", "pk"))


def issued(unit: Unit) -> QuerySet[Issue]:
    """By the unit and all below it, the latest first."""
    return Issue.objects.filter(unit__in=below(unit)).select_related("unit").order_by("-issued_at", "-pk")
