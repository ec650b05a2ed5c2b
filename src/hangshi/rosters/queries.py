"""Reads of lists, their rows and findings, in the reader's scope."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hangshi.access import keyring
from hangshi.packs.rosters import Roster as Kind
from hangshi.packs.rosters import RosterRule
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper
from hangshi.rosters.models import Finding, Roster, Row


def below(unit: Unit) -> "QuerySet[Roster]":
    """Lists compared at the unit or below it, the latest first. A list of a unit above is not shown, though it may name people here."""
    found = Roster.objects.filter(path__gte=unit.path, path__lt=upper(unit.path))
    return found.select_related("unit").order_by("-pk")


@dataclass(frozen=True)
class Tally:
    """What a rule found: all, and how many of them have a clue, still open or closed."""

    key: str
    rule: RosterRule
    found: int
    clues: int
    closed: int


def tallies(roster: Roster, kind: Kind) -> list[Tally]:
    """Every rule of the kind in its order, also those that found nothing; of an erased list as it stood on its last day."""
    if roster.state == "erased":
        kept = [roster.counts.get(it, {}) for it in ("found", "clues", "closed")]
        return [Tally(key, rule, *(said.get(key, 0) for said in kept)) for key, rule in kind.rules.items()]
    rows = Finding.objects.filter(roster=roster).values_list("rule")
    rows = rows.annotate(n=Count("pk"), clues=Count("case"), ended=Count("pk", filter=Q(case__closed_on__isnull=False)))
    counted = {row[0]: row[1:] for row in rows}
    return [Tally(key, rule, *counted.get(key, (0, 0, 0))) for key, rule in kind.rules.items()]


def findings(roster: Roster, rule: str) -> "QuerySet[Finding]":
    """In the order of places; never in one of persons."""
    found = Finding.objects.filter(roster=roster, rule=rule).select_related(
        "unit", "person", "household", "case", "row"
    )
    return found.order_by("path", "household_id", "pk")


def rows(roster: Roster, state: str) -> "QuerySet[Row]":
    return Row.objects.filter(roster=roster, state=state).select_related("person__unit").order_by("n")


def before(roster: Roster) -> Roster | None:
    """The list of the same kind that was compared at the same unit the last time, erased or not."""
    same = Roster.objects.filter(unit=roster.unit_id, kind=roster.kind, state__in=["compared", "erased"])
    earlier = Q(as_of__lt=roster.as_of) | Q(as_of=roster.as_of, pk__lt=roster.pk)
    return same.filter(earlier).order_by("-as_of", "-pk").first()


def come(roster: Roster, earlier: Roster) -> "QuerySet[Row]":
    """Rows of persons that the earlier list did not have."""
    return _only(roster, earlier)


def gone(roster: Roster, earlier: Roster) -> "QuerySet[Row]":
    """Rows of the earlier list of persons that this one no longer has."""
    return _only(earlier, roster)


def _only(one: Roster, other: Roster) -> "QuerySet[Row]":
    """One row for a person; who may be on the other list is not told apart."""
    there = Row.objects.filter(roster=other, person=OuterRef("person"), state__in=["matched", "possible"])
    again = Row.objects.filter(roster=one, person=OuterRef("person"), state="matched", n__lt=OuterRef("n"))
    return rows(one, "matched").exclude(Exists(there)).exclude(Exists(again))


def said(shown: Iterable[Row]) -> dict[int, dict[str, Any]]:
    """Row → what the list says of it, opened; rows with nothing kept are missing. To be noted in the log before it is shown."""
    return {row.pk: json.loads(keyring.unseal(row.sealed, bound=bound(row.pk))) for row in shown if row.sealed}


def bound(row: int) -> bytes:
    return f"roster_row:{row}".encode()
