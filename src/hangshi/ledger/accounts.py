"""Reads of points accounts: who has one at a unit, what is shown, what waits for whom, an account line by line. Never by balance."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce

from hangshi.ledger.models import Entry, PointProposal
from hangshi.ledger.points import Subject, account, of
from hangshi.ledger.queries import NOTHING
from hangshi.packs.models import EntryKind
from hangshi.registry.models import Household, Membership, Person, Succession, Unit
from hangshi.registry.tree import in_force


def members(unit: Unit, on: date) -> "QuerySet[Membership]":
    """Of the unit itself, where it is a branch."""
    return Membership.objects.filter(in_force(on), unit=unit.pk)


def people_of(unit: Unit, on: date) -> "QuerySet[Person]":
    """Those who live at the unit, and where it is a branch its members: whose accounts are kept there."""
    return Person.objects.filter(Q(unit=unit.pk) | Q(pk__in=members(unit, on).values("person")))


def at(unit: Unit, on: date) -> "QuerySet[PointProposal]":
    """What was proposed for those whose accounts are kept at the unit."""
    merged = Succession.objects.filter(successor=unit.pk, how="merge").values("unit")
    theirs = Q(unit=unit.pk) | Q(unit__in=merged) | Q(person__in=members(unit, on).values("person"))
    return PointProposal.objects.filter(theirs).select_related("person", "household")


def holders(kind: EntryKind, unit: Unit, on: date) -> "QuerySet[Any]":
    """Who has an account at the unit, by name, each with `balance`, `waiting` (points proposed and not decided on) and their `branch`."""
    # Any: what is annotated is beyond the Django plugin of mypy.
    people: QuerySet[Any] = (
        Household.objects.filter(unit=unit.pk) if kind.subject == "household" else people_of(unit, on)
    )
    mine = {"kind": kind.key, kind.subject: OuterRef("pk"), "path__startswith": OuterRef("path")}
    entries, proposed = Entry.objects.filter(**mine), PointProposal.objects.filter(**mine)
    found: QuerySet[Any] = people.filter(Exists(entries) | Exists(proposed)).annotate(
        balance=Coalesce(Subquery(entries.order_by().values("kind").annotate(n=Sum("amount")).values("n")), NOTHING),
        waiting=Coalesce(
            Subquery(proposed.filter(state="shown").order_by().values("kind").annotate(n=Count("pk")).values("n")), 0
        ),
    )
    if kind.subject == "household":
        return found.order_by("head", "pk")
    branch = Membership.objects.filter(in_force(on), person=OuterRef("pk")).values("unit__name")[:1]
    found = found.annotate(branch=Subquery(branch))
    return found.order_by("name", "pk")


def notice(kind: EntryKind, unit: Unit, on: date) -> "QuerySet[PointProposal]":
    """What is shown to the public on that day, by name. What is taken off is told to whom it concerns and stands on no list."""
    shown = at(unit, on).filter(kind=kind.key, state="shown", amount__gt=0, proposed_on__lte=on, shown_until__gte=on)
    return shown.order_by("person__name", "household__head", "pk")


def undecided(unit: Unit, on: date) -> "QuerySet[PointProposal]":
    """Shown to the end, without an open appeal: to be posted or declined, the earliest first."""
    due = at(unit, on).filter(state="shown", shown_until__lt=on).exclude(appealed_on__isnull=False, answered_on=None)
    return due.order_by("shown_until", "pk")


def unanswered(unit: Unit, on: date) -> "QuerySet[PointProposal]":
    """With an appeal that waits for an answer, the earliest first."""
    return at(unit, on).filter(appealed_on__isnull=False, answered_on=None).order_by("appealed_on", "pk")


def of_subject(kind: str, subject: Subject) -> "QuerySet[PointProposal]":
    """All that was proposed for them, the latest first."""
    return PointProposal.objects.filter(kind=kind, **of(subject)).order_by("-proposed_on", "-pk")


@dataclass(frozen=True)
class Line:
    """An entry of the account, what the account holds after it, and the proposal that it came from or undoes."""

    entry: Entry
    run: Any
    proposal: PointProposal | None


def running(kind: str, subject: Subject) -> "QuerySet[Any]":
    """The account, the latest first, each with `run`: what it holds after the entry."""
    order = [F("day").asc(), F("pk").asc()]
    return account(kind, subject).annotate(run=Window(Sum("amount"), order_by=order)).order_by("-day", "-pk")


def lines(entries: "list[Any]") -> list[Line]:
    """The entries of `running` with their grounds, in one more query."""
    behind = PointProposal.objects.filter(entry__in=[it.reverses_id or it.pk for it in entries])
    by_entry = {it.entry_id: it for it in behind}
    return [Line(it, it.run, by_entry.get(it.reverses_id or it.pk)) for it in entries]
