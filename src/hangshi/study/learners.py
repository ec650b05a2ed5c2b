"""Whom a class of learners means, in the words of the pack and in persons of a place."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from hangshi.packs.models import LearnerKind
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.tree import upper

COVERAGE = """
    SELECT count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM study_trainee t JOIN study_training k ON k.id = t.training_id
        WHERE t.person_id = l.person_id AND t.state = 'present' AND t.day BETWEEN %s AND %s AND k.kind = %s))
    FROM study_learners(%s::jsonb, %s, %s, %s) l"""
SOURCES = ("categories", "cadres", "duties")
WIDE = "committee"  # a unit of this kind speaks to all of the place that it stands in


def check_learners(learners: Sequence[str], kinds: Mapping[str, LearnerKind], *, some: bool = False) -> None:
    """`some`: an empty list is refused, for then nobody would be meant. Raises `Refused`."""
    if unknown := [key for key in learners if key not in kinds]:
        raise Refused("study.learners", f"没有“{unknown[0]}”这类学习对象。")
    if some and not learners:
        raise Refused("study.nobody", "请至少选一类学习对象。")


def rule_of(learners: Sequence[str], kinds: Mapping[str, LearnerKind]) -> dict[str, list[str]]:
    """What the classes mean today, to be kept with what is opened for them. Raises `Refused`."""
    check_learners(learners, kinds, some=True)
    return {name: sorted({word for key in learners for word in getattr(kinds[key], name)}) for name in SOURCES}


def reach(unit: Unit) -> str:
    """The path of the place that a unit speaks to."""
    if unit.kind != WIDE:
        return str(unit.path)
    return str(unit.path).rstrip("/").rpartition("/")[0] + "/"


def meant(rule: Mapping[str, list[str]], path: str, *, on: date) -> dict[int, tuple[int, str]]:
    """The persons whom the rule means at and below `path` on the day, each with the unit they learn with and its path.

    Only those in the caller's scope.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, unit_id, path FROM study_learners(%s::jsonb, %s, %s, %s)",
            [json.dumps(dict(rule)), path, upper(path), on],
        )
        return {person: (unit, at) for person, unit, at in cursor.fetchall()}


def coverage(
    rule: Mapping[str, list[str]], path: str, *, on: date, kind: str, first: date, last: date
) -> tuple[int, int]:
    """How many the rule means at and below `path` on the day, and how many of them were there in a class of the kind that ended in
    the days from `first` to `last`, both included; a person counts once however often they were trained."""
    with connection.cursor() as cursor:
        cursor.execute(COVERAGE, [first, last, kind, json.dumps(dict(rule)), path, upper(path), on])
        should, trained = cursor.fetchone()
    return int(should), int(trained)
