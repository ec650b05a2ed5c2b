"""Whether a case may pass: what the gates of its kind ask for, each refusal in its own branch."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q

from hangshi.cases.models import Case
from hangshi.packs.models import CaseKind
from hangshi.packs.work import Gate, Transition
from hangshi.refusal import Refused
from hangshi.registry.tree import in_force


@dataclass(frozen=True)
class Mover:
    """Who moves a case: the permissions held over its unit, and the person and the units they are or speak for."""

    permissions: frozenset[str] = frozenset()
    person_id: int | None = None
    unit_ids: frozenset[int] = field(default=frozenset())


NOBODY = Mover()


def moves_from(kind: CaseKind, stage: str) -> list[Transition]:
    """The moves that the kind allows out of a stage, in its order; without declared ones, forward by one and back to any earlier."""
    if kind.transitions:
        return [move for move in kind.transitions if stage in move.leave]
    order = [it.key for it in kind.stages]
    at = order.index(stage)
    if stage in kind.closing:
        return []
    enters = [*order[at + 1 : at + 2], *order[:at]]
    return [Transition(leave=(stage,), enter=enter) for enter in enters]


def is_forward(kind: CaseKind, before: str, after: str) -> bool:
    order = [it.key for it in kind.stages]
    return order.index(after) > order.index(before)


def check_gates(kind: CaseKind, case: Case, *, to: str, on: date, note: str, by: Mover | None, permit: str) -> None:
    """The move's own gate, and going forward also that of the stage the case leaves. Raises `Refused`."""
    move = next(it for it in moves_from(kind, case.stage) if it.enter == to)
    _check_gate(kind, case, move, on, note, by or NOBODY, permit)
    if is_forward(kind, case.stage, to):
        stage = next(it for it in kind.stages if it.key == case.stage)
        _check_gate(kind, case, stage, on, note, by or NOBODY, permit)


def _check_gate(kind: CaseKind, case: Case, gate: Gate, on: date, note: str, by: Mover, permit: str) -> None:
    _check_mover(kind, case, gate, on, by)
    if gate.approval and permit != gate.approval:
        raise Refused("case.approval", f"“{case.title}”须先经审批，并以审批通过的内容办理。")
    if gate.note and not note.strip():
        raise Refused("case.note", "这一步须填写说明。")
    if missing := missing_evidence(kind, case, gate.evidence):
        raise Refused("case.evidence", f"还缺少：{'、'.join(missing)}。补齐后再进入下一阶段。")
    if missing := [kind.fields[key].name for key in gate.fields if key not in case.extra]:
        raise Refused("case.fields", f"还没有填写：{'、'.join(missing)}。")
    if missing := missing_seats(kind, case, gate.team, on):
        raise Refused("case.team", f"还没有落实：{'、'.join(missing)}。落实后再进入下一阶段。")
    if gate.measures:
        _check_measures(case, gate.measures)


def _check_mover(kind: CaseKind, case: Case, gate: Gate, on: date, by: Mover) -> None:
    if not gate.permission and not gate.seats:
        return
    if gate.permission and gate.permission in by.permissions:
        return
    if gate.seats and _sits(case, gate.seats, on, by):
        return
    who = "、".join(kind.seats[key].name for key in gate.seats) or "有相应权限的上级"
    raise Refused("case.mover", f"这一步由{who}办理，您不能办理。")


def _sits(case: Case, seats: Iterable[str], on: date, by: Mover) -> bool:
    own = Q(unit__in=by.unit_ids) if by.person_id is None else Q(unit__in=by.unit_ids) | Q(person=by.person_id)
    return case.seats.filter(in_force(on), own, seat__in=seats).exists()


def missing_evidence(kind: CaseKind, case: Case, wanted: Iterable[str]) -> list[str]:
    """The names of the evidence that is not filed yet."""
    wanted = list(wanted)
    filed = set(case.evidences.filter(evidence__in=wanted).values_list("evidence", flat=True)) if wanted else set()
    return [kind.evidence[key] for key in wanted if key not in filed]


def missing_seats(kind: CaseKind, case: Case, wanted: Iterable[str], on: date) -> list[str]:
    """The names of the seats that nobody holds on that day."""
    wanted = list(wanted)
    held = set(case.seats.filter(in_force(on), seat__in=wanted).values_list("seat", flat=True)) if wanted else set()
    return [kind.seats[key].name for key in wanted if key not in held]


def _check_measures(case: Case, wanted: str) -> None:
    said = case.measures.aggregate(
        planned=Count("pk"),
        done=Count("pk", filter=Q(done_on__isnull=False)),
        checked=Count("pk", filter=Q(checked_on__gte=F("done_on"))),
    )
    if not said["planned"]:
        raise Refused("case.measures", "还没有一条措施，请先逐条写明措施、责任人和期限。")
    if wanted in ("done", "checked") and said["done"] < said["planned"]:
        raise Refused("case.measures_open", f"还有{said['planned'] - said['done']}条措施没有完成。")
    if wanted == "checked" and said["checked"] < said["planned"]:
        raise Refused("case.measures_unchecked", f"还有{said['planned'] - said['checked']}条措施没有回访。")
