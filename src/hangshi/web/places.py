"""Units of a page: the one its address names, and what is due there."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from hangshi.cases.models import Case
from hangshi.indicators import queries
from hangshi.registry.models import Unit, UnitLink
from hangshi.web import words
from hangshi.web.lists import below
from hangshi.web.period import Days


def asked(query: QueryDict, own: Unit) -> Unit:
    """The unit of `?unit=`, else one's own. Outside the scope there is none: 404."""
    text = query.get("unit", "")
    if not text or text == str(own.pk):
        return own
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return of(int(text), own)


def of(pk: int, own: Unit) -> Unit:
    """The unit, read along the line by which its reader sees it. Outside the scope there is none: 404."""
    found = get_object_or_404(Unit, pk=pk)
    found.line, found.whole = own.line, own.whole and pk == own.pk
    return found


def above(unit: Unit) -> QuerySet[Unit]:
    """The visible units from the top down to this one."""
    return Unit.objects.filter(pk__in=[int(part) for part in unit.path.split("/") if part]).order_by("path")


def figures(unit: Unit, days: Days) -> dict[str, queries.Value]:
    """Every indicator of the packs at the unit: stocks on the last day, flows over the days."""
    return queries.values(list(words.pack().indicators), unit, days.period)


def overdue(unit: Unit, *, on: date, limit: int = 6) -> QuerySet[Case]:
    """Open cases whose term has passed on that day; restricted kinds are left out."""
    cases = below(Case.objects.select_related("unit"), unit).filter(closed_on=None, due_on__lt=on)
    return cases.exclude(kind__in=words.restricted("case")).order_by("due_on")[:limit]


def children(key: str, unit: Unit, days: Days) -> list[tuple[Unit, queries.Value]]:
    """The units right below, largest figure first; those that are no place only where they have one."""
    kinds = words.places()
    below_it = set(UnitLink.objects.filter(parent=unit).values_list("unit__kind", flat=True))
    found = queries.children(key, unit, days.period, kinds=below_it)  # so that not every village below is read
    shown = [(child, value) for child, value in found if child.kind in kinds or value.value]
    return sorted(shown, key=lambda pair: (pair[0].kind not in kinds, pair[1].value is None, -(pair[1].value or 0)))
