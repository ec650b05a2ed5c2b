"""Every life cycle of every shipped pack: each move out of each stage, by each role, and what is refused.

What is expected is read from the packs' own files, in a few lines that know nothing of the code under test.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

import hangshi.packs
from hangshi.approvals import services as approvals
from hangshi.approvals.models import Approval, Task
from hangshi.cases import services as cases
from hangshi.cases.gates import Mover
from hangshi.cases.models import Case, Evidence, Measure, Seat, Step
from hangshi.packs import load
from hangshi.registry.signing import Signer
from tests.refusals import refusal_of

PLACES = ("ankang", "nanpiao", "baoshan", "jiuquan", "shifan")
PACK = load(*PLACES)
DAY, NEXT = date(2020, 6, 1), date(2020, 6, 2)
Said = dict[str, Any]


def said(*way: str) -> Iterator[tuple[str, Said]]:
    """The tables under “kind.case” or “approval”, as they are written in the files of all packs."""
    for file in sorted(Path(hangshi.packs.__file__).parent.glob("*/*.toml")):
        tables = tomllib.loads(file.read_text("utf-8"))
        for key in way:
            tables = tables.get(key, {})
        yield from tables.items()


CASES, FLOWS, ROLES = dict(said("kind", "case")), dict(said("approval")), dict(said("role"))
KINDS = sorted(key for key, it in CASES.items() if it.get("stages"))


def stages(it: Said) -> list[str]:
    return [stage["key"] for stage in it["stages"]]


def ends(it: Said) -> list[str]:
    return list(it.get("ends", stages(it)[-1:]))


def moves(it: Said) -> list[tuple[str, str, list[Said]]]:
    """(from, to, the tables whose gates stand in the way): the move's own, and forward also that of the stage that is left."""
    order = stages(it)
    declared = it.get("transitions") or [
        {"leave": [stage], "enter": enter}
        for at, stage in enumerate(order)
        if stage not in ends(it)
        for enter in (*order[at + 1 : at + 2], *order[:at])
    ]
    return [
        (
            leave,
            move["enter"],
            [move] + [it["stages"][order.index(leave)]] * (order.index(move["enter"]) > order.index(leave)),
        )
        for move in declared
        for leave in move["leave"]
    ]


def asked(gates: list[Said], what: str) -> Any:
    return next((gate[what] for gate in gates if gate.get(what)), None)


class Ready:
    """A case of the kind in a stage, with everything that any gate of it may ask for; attempts leave it as it is."""

    def __init__(self, key: str, stage: str, land: SimpleNamespace, people: SimpleNamespace) -> None:
        self.said, self.kind, self.people, self.land = CASES[key], PACK.kinds.case[key], people, land
        given: Said = {"path": land.bay.path}
        extra = dict.fromkeys(self.kind.fields, "1")
        self.case = Case.objects.create(
            kind=key, unit=land.bay, title="一件事", stage=stage, opened_on=DAY, extra=extra, **given
        )
        Step.objects.create(case=self.case, act="open", before="", after=stage, day=DAY, **given)
        for seat, it in self.said.get("seats", {}).items():
            bearer = {"person": people.li} if it["bearer"] == "person" else {"unit": land.county}
            Seat.objects.create(case=self.case, seat=seat, since=DAY, **bearer, **given)
        for evidence in self.said.get("evidence", {}):
            Evidence.objects.create(case=self.case, evidence=evidence, name="材料", day=DAY, **given)
        Measure.objects.create(
            case=self.case, text="措施", person=people.wang, done_on=DAY, result="做完", checked_on=DAY, **given
        )

    def attempt(self, to: str, by: Mover, *, note: str = "说明", permit: str = "") -> str | None:
        """The refusal of the move, or None; whatever it wrote is undone."""
        with transaction.atomic():
            given: Said = {"to": to, "on": NEXT, "actor": 7, "by": by, "note": note, "permit": permit}
            if to in ends(self.said):
                code = refusal_of(cases.close, self.kind, self.case, verdict="办好", **given)
            else:
                code = refusal_of(cases.move, self.kind, self.case, **given)
            if code is None:
                assert Case.objects.get(pk=self.case.pk).stage == to
            transaction.set_rollback(True)
        return code


ALL = frozenset(permission for role in ROLES.values() for permission in role["permissions"])


def boss(people: SimpleNamespace, land: SimpleNamespace) -> Mover:
    """Holds every permission and every seat."""
    return Mover(ALL, people.li.pk, frozenset({land.county.pk}))


@pytest.mark.parametrize("key", KINDS)
def test_each_move_is_made_by_those_whom_the_pack_names(
    key: str, land: SimpleNamespace, people: SimpleNamespace
) -> None:
    for leave, enter, gates in moves(CASES[key]):
        it, permit = Ready(key, leave, land, people), asked(gates, "approval") or ""
        for role, holds in ROLES.items():
            for sits in (False, True):
                by = Mover(
                    frozenset(holds["permissions"]), *((people.li.pk, frozenset({land.county.pk})) if sits else ())
                )
                open_to_them = all(
                    not (gate.get("permission") or gate.get("seats"))
                    or gate.get("permission") in holds["permissions"]
                    or (sits and bool(gate.get("seats")))
                    for gate in gates
                )
                found = it.attempt(enter, by, permit=permit)
                assert (leave, enter, role, sits, found) == (
                    leave,
                    enter,
                    role,
                    sits,
                    None if open_to_them else "case.mover",
                )


@pytest.mark.parametrize("key", KINDS)
def test_what_is_no_move_of_the_kind_is_refused_to_everybody(
    key: str, land: SimpleNamespace, people: SimpleNamespace
) -> None:
    known = {(leave, enter) for leave, enter, _ in moves(CASES[key])}
    for leave in stages(CASES[key]):
        it = Ready(key, leave, land, people)
        others = [enter for enter in stages(CASES[key]) if (leave, enter) not in known]
        if leave not in ends(CASES[key]):
            assert [enter for enter in others if it.attempt(enter, boss(people, land)) is None] == []


@pytest.mark.parametrize("key", KINDS)
def test_without_what_a_gate_asks_for_nobody_passes(key: str, land: SimpleNamespace, people: SimpleNamespace) -> None:
    for leave, enter, gates in moves(CASES[key]):
        permit = asked(gates, "approval") or ""
        for what, code in (
            ("evidence", "case.evidence"),
            ("fields", "case.fields"),
            ("measures", "case.measures"),
            ("team", "case.team"),
        ):
            if not asked(gates, what) or (what == "team" and any(gate.get("seats") for gate in gates)):
                continue
            it = Ready(key, leave, land, people)
            _take_away(it.case, what)
            assert (leave, enter, it.attempt(enter, boss(people, land), permit=permit)) == (leave, enter, code)
        if permit:
            assert Ready(key, leave, land, people).attempt(enter, boss(people, land)) == "case.approval"
        if asked(gates, "note"):
            without = Ready(key, leave, land, people).attempt(enter, boss(people, land), note="", permit=permit)
            assert without in ("case.note", "case.back")


def _take_away(case: Case, what: str) -> None:
    if what == "fields":
        Case.objects.filter(pk=case.pk).update(extra={})
    else:
        parts: dict[str, Any] = {"evidence": case.evidences, "measures": case.measures, "team": case.seats}
        parts[what].all().delete()


@pytest.mark.parametrize("key", KINDS)
def test_from_the_first_stage_an_end_can_be_reached(key: str) -> None:
    reached, ways = set(stages(CASES[key])[:1]), moves(CASES[key])
    reached |= {CASES[key]["reopens"]} if "reopens" in CASES[key] else set()  # from an end, by `course.reopen`
    for _ in ways:
        reached |= {enter for leave, enter, _ in ways if leave in reached}
    assert reached == set(stages(CASES[key]))


AUTHOR = Signer(1, person=101)


def asked_of(step: Said) -> frozenset[str]:
    """What somebody who signs in the step must hold."""
    return frozenset({step["permission"]} if step.get("permission") else ())


def submitted(key: str, land: SimpleNamespace) -> tuple[Approval, list[list[Signer]]]:
    """The flow asked of two signers a step."""
    steps = FLOWS[key]["steps"]
    signers = [
        [Signer(10 * at + n, person=1000 + 10 * at + n, permissions=asked_of(step)) for n in (1, 2)]
        for at, step in enumerate(steps, 1)
    ]
    approval = approvals.submit(
        PACK.approvals[key], unit=land.bay, source="case_file", source_id=1, title="一件事", digest="a" * 64,
        author=AUTHOR, signers=signers, on=DAY,
    )  # fmt: skip
    return approval, signers


def answer(key: str, approval: Approval, by: Signer, verdict: str = "approve", **given: str) -> str | None:
    flow = PACK.approvals[key]
    return refusal_of(approvals.decide, flow, approval, by=by, verdict=verdict, digest="a" * 64, on=NEXT, **given)


@pytest.mark.parametrize("key", sorted(FLOWS))
def test_each_flow_is_walked_by_its_signers_in_the_order_of_its_steps(key: str, land: SimpleNamespace) -> None:
    approval, signers = submitted(key, land)
    for step, group in zip(FLOWS[key]["steps"], signers, strict=True):
        later = [one for other in signers[signers.index(group) + 1 :] for one in other]
        for stranger in (AUTHOR, Signer(99, person=999, permissions=ALL), *later):
            assert answer(key, approval, stranger) is not None  # not theirs, or not yet
        if step["mode"] == "sequence":
            assert answer(key, approval, group[1]) is not None  # one after the other
        needed = group[:1] if step["mode"] == "any" else group
        assert [answer(key, approval, one) for one in needed] == [None] * len(needed)
        assert answer(key, approval, group[-1]) is not None  # answered, or no longer asked
    assert Approval.objects.get(pk=approval.pk).state == "approved"
    assert not Task.objects.filter(approval=approval, state="open").exists()


@pytest.mark.parametrize("key", sorted(FLOWS))
def test_each_step_is_signed_by_the_roles_that_the_pack_gives_it_to(key: str, land: SimpleNamespace) -> None:
    approval, signers = submitted(key, land)
    wanted = asked_of(FLOWS[key]["steps"][0])
    for role, it in ROLES.items():
        by = replace(signers[0][0], permissions=frozenset(it["permissions"]))
        with transaction.atomic():
            found = answer(key, approval, by)
            transaction.set_rollback(True)
        assert (role, found) == (role, None if wanted <= set(it["permissions"]) else "approval.permission")


@pytest.mark.parametrize("key", sorted(FLOWS))
def test_a_flow_is_refused_only_on_its_grounds_and_then_is_over(key: str, land: SimpleNamespace) -> None:
    approval, signers = submitted(key, land)
    first, grounds = signers[0], FLOWS[key].get("grounds", {})
    if grounds:
        assert answer(key, approval, first[0], "refuse", note="不宜") is not None  # an opinion is no ground
    ground = next(iter(grounds), "")
    assert answer(key, approval, first[0], "refuse", note="不宜", ground=ground) is None
    if FLOWS[key].get("hear_all"):
        assert Approval.objects.get(pk=approval.pk).state == "running"
        assert answer(key, approval, first[1]) is None
    if FLOWS[key]["steps"][0]["mode"] != "any" or FLOWS[key].get("hear_all"):
        assert Approval.objects.get(pk=approval.pk).state == "refused"


@pytest.mark.parametrize("key", sorted(FLOWS))
def test_what_is_returned_is_nobodys_turn(key: str, land: SimpleNamespace) -> None:
    approval, signers = submitted(key, land)
    assert answer(key, approval, signers[0][0], "return", note="材料不全") is None
    assert Approval.objects.get(pk=approval.pk).state == "returned"
    assert all(answer(key, approval, one) is not None for group in signers for one in group)


def test_the_files_and_the_loaded_packs_speak_of_the_same_kinds() -> None:
    assert (set(CASES), set(FLOWS), set(ROLES)) == (set(PACK.kinds.case), set(PACK.approvals), set(PACK.roles))
    assert len(KINDS) > 25
