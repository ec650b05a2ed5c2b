"""Reads of study: composable and lazy, always under the caller's scope."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from hangshi.study.models import Intent, ListItem, Material, ReadingList, Trainee

Row = TypeVar("Row", Material, ReadingList)


def readable(*, on: date, learner: str = "") -> "QuerySet[Material]":
    """Published and in its days; with `learner`, what is meant for that class or for everybody. Newest first."""
    return _meant_for(_in_days(Material.objects.filter(state="published"), on), learner)


def lists(*, on: date, learner: str = "") -> "QuerySet[ReadingList]":
    """Those of the day, newest first."""
    return _meant_for(_in_days(ReadingList.objects.all(), on), learner)


def held(path: str) -> "QuerySet[Material]":
    """All that is published, drafted or withdrawn from that very unit."""
    return Material.objects.filter(path=path).order_by("-pk")


def lines(of: Sequence[ReadingList]) -> "QuerySet[ListItem]":
    """Their published materials in order; one that was withdrawn has left the list."""
    found = ListItem.objects.filter(list__in=of, material__state="published")
    return found.select_related("material").order_by("number")


def intents(*, person: int | None = None, branch: int | None = None) -> "QuerySet[Intent]":
    """Of a member, or of all members of a branch; without either, none. What is not done yet first."""
    if person is None and branch is None:
        return Intent.objects.none()
    found = Intent.objects.filter(person=person) if person is not None else Intent.objects.filter(unit=branch)
    return found.select_related("material").order_by("done_on", "due", "pk")


def classes_of(person: int) -> "QuerySet[Trainee]":
    """What somebody was trained in, the latest first."""
    return Trainee.objects.filter(person=person, state="present").select_related("training").order_by("-day", "-pk")


def _in_days(rows: "QuerySet[Row]", on: date) -> "QuerySet[Row]":
    return rows.filter(Q(until=None) | Q(until__gte=on), since__lte=on).order_by("-since", "-pk")


def _meant_for(rows: "QuerySet[Row]", learner: str) -> "QuerySet[Row]":
    return rows.filter(Q(learners=[]) | Q(learners__contains=[learner])) if learner else rows
