"""When a case and its present stage are due."""

from collections.abc import Iterable
from datetime import date

from hangshi.calendar.days import Counted, deadline
from hangshi.cases.models import Case
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Stage


def due_after(stages: Iterable[Stage], on: date) -> Counted | None:
    """The day by which the stages are gone through, one after the other; None where none of them has a limit."""
    day, assumed, limited = on, set[int](), False
    for stage in stages:
        if stage.days:
            counted = deadline(day, stage.days, stage.counting)
            day, limited = counted.day, True
            assumed |= set(counted.assumed)
    return Counted(day, tuple(sorted(assumed))) if limited else None


def set_stage_due(kind: CaseKind, case: Case, on: date) -> None:
    """The present stage's own deadline, counted from the day it was entered; none once the case is closed."""
    stages = [stage for stage in kind.stages if stage.key == case.stage]
    due = None if case.closed_on else due_after(stages, on)
    case.stage_due_on = due.day if due else None
    case.due_assumed = case.due_assumed or bool(due and due.assumed)
