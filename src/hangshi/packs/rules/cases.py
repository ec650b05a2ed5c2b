"""Kinds of case: their moves lead somewhere, and a gate asks only for what the kind has."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hangshi.packs.models import CaseKind
from hangshi.packs.permissions import PERMISSIONS
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.shapes import did_you_mean
from hangshi.packs.work import Approval, Gate


def gates(it: CaseKind) -> Iterator[tuple[str, Gate]]:
    """Where each gate stands in the definition, and the gate."""
    for family in ("stages", "transitions"):
        for number, gate in enumerate(getattr(it, family)):
            yield f"{family}.{number}", gate


def unknown(at: str, names: tuple[str, ...], known: Any, what: str, code: str) -> Iterator[Fault]:
    for number, name in enumerate(names):
        if name not in known:
            yield Fault(f"{at}.{number}", code, f"没有{what}“{name}”{did_you_mean(name, known)}")


@rule(CaseKind)
def gates_ask_for_what_there_is(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P360. Evidence, fields and seats that a gate asks for are those of the kind."""
    for at, gate in gates(it):
        yield from unknown(f"{at}.evidence", gate.evidence, it.evidence, "证据", "P360")
        yield from unknown(f"{at}.fields", gate.fields, it.fields, "字段", "P360")
        yield from unknown(f"{at}.team", gate.team, it.seats, "席位", "P360")
        yield from unknown(f"{at}.seats", gate.seats, it.seats, "席位", "P360")


@rule(CaseKind)
def moves_join_stages(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P361. A move leaves and enters stages of the kind; so do `ends` and `reopens`; nothing leaves a stage that ends the case."""
    known = {stage.key for stage in it.stages}
    yield from unknown("ends", it.ends, known, "阶段", "P361")
    if it.reopens and (it.reopens not in known or it.reopens in it.closing):
        yield Fault("reopens", "P361", f"“{it.reopens}”不是可以退回办理的阶段")
    for number, move in enumerate(it.transitions):
        yield from unknown(f"transitions.{number}.leave", move.leave, known, "阶段", "P361")
        yield from unknown(f"transitions.{number}.enter", (move.enter,), known, "阶段", "P361")
        for leave in move.leave:
            if leave in it.closing:
                yield Fault(f"transitions.{number}.leave", "P361", f"“{leave}”已经办结，不能再往下走")


@rule(CaseKind)
def every_stage_can_be_reached(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P362. Where moves are declared, every stage is reached from the first one, and each can get to an end."""
    if not it.transitions or not it.stages:
        return
    moves = [(leave, move.enter) for move in it.transitions for leave in move.leave]
    reached = closure({it.stages[0].key, it.reopens or it.stages[0].key}, moves)
    ending = closure(set(it.closing), [(enter, leave) for leave, enter in moves])
    for number, stage in enumerate(it.stages):
        if stage.key not in reached:
            yield Fault(f"stages.{number}", "P362", f"没有一步能走到“{stage.name}”")
        if stage.key not in ending:
            yield Fault(f"stages.{number}", "P362", f"从“{stage.name}”走不到办结")


def closure(start: set[str], moves: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    for _ in moves:
        reached |= {enter for leave, enter in moves if leave in reached}
    return reached


@rule(CaseKind)
def escalations_rise(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P363. Each escalation comes later than the one before it, under its own key."""
    for number, (earlier, later) in enumerate(pairwise(it.escalations), 1):
        if later.after <= earlier.after or later.key == earlier.key:
            yield Fault(f"escalations.{number}", "P363", f"“{later.name}”应晚于“{earlier.name}”")


@rule(CaseKind)
def catalogues_are_dated(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P364. Two catalogues of the same day do not speak of the same kind of unit."""
    for number, later in enumerate(it.catalogues):
        for earlier in it.catalogues[:number]:
            same = not earlier.unit_kinds or not later.unit_kinds or set(earlier.unit_kinds) & set(later.unit_kinds)
            if earlier.since == later.since and same:
                yield Fault(
                    f"catalogues.{number}.since", "P364", f"同一天（{later.since}）有两份情形目录，不知用哪一份"
                )


@rule(CaseKind)
def groups_hold_grounds(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P367. The types of a catalogue hold its grounds, each ground once and every one of them."""
    for number, catalogue in enumerate(it.catalogues):
        held = [key for keys in catalogue.groups.values() for key in keys]
        if catalogue.groups and sorted(held) != sorted(catalogue.grounds):
            odd = sorted(set(held) ^ set(catalogue.grounds)) or sorted(key for key in held if held.count(key) > 1)
            yield Fault(f"catalogues.{number}.groups", "P367", f"类型与情形对不上：{'、'.join(dict.fromkeys(odd))}")


@rule(CaseKind)
def approvals_exist(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P365. A gate's approval is a flow that is defined."""
    known = book.names("approval")
    for at, gate in gates(it):
        if gate.approval and gate.approval not in known:
            yield Fault(f"{at}.approval", "P365", f"没有审批流程“{gate.approval}”{did_you_mean(gate.approval, known)}")


def unheld(at: str, permission: str) -> Iterator[Fault]:
    if permission and permission not in PERMISSIONS:
        yield Fault(f"{at}.permission", "P366", f"没有权限“{permission}”{did_you_mean(permission, PERMISSIONS)}")


@rule(CaseKind)
def movers_permission_exists(it: CaseKind, book: Book) -> Iterator[Fault]:
    """P366. Who may move a case is said by a permission of the closed list: one that is unknown nobody would hold."""
    for at, gate in gates(it):
        yield from unheld(at, gate.permission)


@rule(Approval)
def signers_permission_exists(it: Approval, book: Book) -> Iterator[Fault]:
    """P366. So is who may sign."""
    for number, step in enumerate(it.steps):
        yield from unheld(f"steps.{number}", step.permission)
