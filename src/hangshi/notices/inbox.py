"""待办, 已办, 我发起的: read from the records themselves, one statement each, under the caller's scope."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Least

from hangshi.activities import queries as activities
from hangshi.activities.models import Activity, Plan, Review
from hangshi.approvals import queries as approvals
from hangshi.approvals.models import Approval, Task
from hangshi.cases import queries as cases
from hangshi.cases.models import Case, Step
from hangshi.registry.signing import Signer

REVIEWED_WITHIN = 60
Rows = QuerySet[Any, tuple[Any, ...]]


@dataclass(frozen=True)
class Item:
    """`what` says which page opens it and why it is here; `kind` is a key of the pack; `on` the day it is due, was done or begun."""

    what: str
    pk: int
    kind: str
    title: str
    unit: str
    on: date | None
    state: str


@dataclass(frozen=True)
class Reader:
    """Whose inbox: the account as it signs, the unit of the grant it acts under, and the kinds of case closed to it."""

    signer: Signer
    unit: int
    hidden: Collection[str] = ()


def todo(reader: Reader, *, on: date) -> Rows:
    """What waits for the reader on that day, the soonest due first, what has no day last.

    Approvals in which it is their turn, or that came back to them; open cases of theirs; activities sent back to them; their plans that
    should have been held and are neither recorded nor called off.
    """
    me = reader.signer.account
    waiting = _rows(
        shown(approvals.waiting_for(reader.signer), reader.hidden), "approval", "kind", "title", state="state"
    )
    back = _rows(
        shown(Approval.objects.filter(author=me, state="returned"), reader.hidden),
        "returned",
        "kind",
        "title",
        state="state",
    )
    mine = cases.mine(on, person=reader.signer.person, units=[reader.unit], account=me)
    open_cases = _rows(
        mine.filter(suspended_on=None).exclude(kind__in=reader.hidden),
        "case",
        "kind",
        "title",
        Least("due_on", "stage_due_on"),
        state="stage",
    )
    sent_back = Activity.objects.filter(recorded_by=me, state="sent_back")
    past = Plan.objects.filter(recorded_by=me, day__lt=on, state__in=("planned", "noticed"))
    parts = [
        back,
        open_cases,
        _rows(sent_back, "activity", "kind", "topic", F("day"), state="state"),
        _rows(past, "plan", "kind", "topic", F("day"), state="state"),
    ]
    return waiting.union(*parts, all=True).order_by(F("day_").asc(nulls_last=True), "what", "pk_")


def to_review(reader: Reader, *, on: date) -> Rows:
    """Activities of the last `REVIEWED_WITHIN` days up to that day which wait for somebody else than who recorded them, the latest first.

    Visits to households are not reviewed one by one.
    """
    recent = activities.to_review().filter(day__range=(on - timedelta(days=REVIEWED_WITHIN), on), household=None)
    others = recent.exclude(recorded_by=reader.signer.account)
    return _rows(others, "review", "kind", "topic", F("day"), state="state").order_by("-day_", "-pk_")


def done(reader: Reader) -> Rows:
    """What the reader did, the latest first: moves of cases, answers in approvals, reviews of activities."""
    me = reader.signer.account
    steps = Step.objects.filter(recorded_by=me).exclude(case__kind__in=reader.hidden)
    answers = Task.objects.filter(decided_by=me, approval__in=shown(Approval.objects.all(), reader.hidden))
    reviews = Review.objects.filter(recorded_by=me)
    moved = _rows(steps, "case", "case__kind", "case__title", F("day"), state="after", pk="case_id", unit="case__unit")
    answered = _rows(
        answers, "approval", "approval__kind", "approval__title", F("decided_on"), state="state", pk="approval_id",
        unit="approval__unit",
    )  # fmt: skip
    reviewed = _rows(
        reviews, "activity", "activity__kind", "activity__topic", F("day"), state="after", pk="activity_id",
        unit="activity__unit",
    )  # fmt: skip
    return moved.union(answered, reviewed, all=True).order_by("-day_", "-pk_")


def started(reader: Reader) -> Rows:
    """The cases that the reader opened and the approvals they asked for, the latest first."""
    me = reader.signer.account
    opened = Case.objects.filter(recorded_by=me).exclude(kind__in=reader.hidden)
    asked = shown(approvals.submitted_by(me), reader.hidden)
    return (
        _rows(opened, "case", "kind", "title", F("opened_on"), state="stage")
        .union(_rows(asked, "approval", "kind", "title", F("opened_on"), state="state"), all=True)
        .order_by("-day_", "-pk_")
    )


def shown(rows: QuerySet[Approval], hidden: Collection[str]) -> QuerySet[Approval]:
    """Without those of cases whose kind is closed to the reader: their titles name people."""
    closed = Case.objects.filter(pk=OuterRef("source_id"), kind__in=hidden)
    return rows.exclude(Exists(closed), source=Case._meta.db_table) if hidden else rows


def items(rows: Iterable[tuple[Any, ...]]) -> list[Item]:
    return [Item(*row) for row in rows]


def _rows(
    rows: QuerySet[Any],
    what: str,
    kind: str,
    title: str,
    day: Any = None,
    *,
    state: str,
    pk: str = "pk",
    unit: str = "unit",
) -> Rows:
    """Seven columns of one shape, so that rows of several tables make one list."""
    columns: dict[str, Any] = {
        "what": Value(what, CharField()),
        "pk_": F(pk),
        "kind_": Cast(kind, CharField()),
        "title_": Cast(title, CharField()),
        "unit_": Coalesce(Cast(f"{unit}__name", CharField()), Value("")),
        "day_": Cast(day if day is not None else Value(None), DateField()),
        "state_": Cast(state, CharField()),
    }
    made: Rows = rows.order_by().annotate(**columns).values_list(*columns)
    return made
