"""Findings opened as clues 线索: a case in which a person looks into it. The only thing a comparison ever leads to."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from hangshi.cases.opening import Opening, open_all
from hangshi.cases.terms import due_after
from hangshi.packs.models import CaseKind, Pack
from hangshi.packs.rosters import Roster as Kind
from hangshi.packs.rosters import RosterRule
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import sign
from hangshi.rosters import findings, lists
from hangshi.rosters.models import Finding, Roster
from hangshi.rosters.services import locked

CHECKER = "checker"
MOST = 5000


@transaction.atomic
def open_clues(
    pack: Pack, roster: Roster, *, rule: str, chosen: Collection[int] | None, on: date, account: int | None
) -> int:
    """A clue for each of the `chosen` findings of the rule (None: for all) that has none; returns how many were opened.

    Nobody gets a second clue of one rule while the first is open, from whichever list it came. Raises `Refused`, and then none is opened.
    """
    sign(account)
    roster = locked(roster)
    kind = lists.kind_of(pack, roster.kind)
    check_may_open(kind, roster, rule=rule, chosen=chosen)
    waiting = Finding.objects.filter(roster=roster, rule=rule, case=None)
    waiting = waiting if chosen is None else waiting.filter(pk__in=chosen)
    if waiting.count() > MOST:
        raise Refused("clue.many", f"一次最多立{MOST:,}件线索，请按单位分次选择。没有立任何一件。")
    _lock_persons(waiting)
    findings.attach(kind, roster)
    found = list(waiting.select_related("unit", "person", "household").order_by("path", "pk"))
    cases = open_all(
        pack.kinds.case[kind.case],
        _openings(kind, roster, rule, found, due_on=_due(pack.kinds.case[kind.case], on)),
        on=on,
        actor=account,
    )
    for finding, case in zip(found, cases, strict=True):
        finding.case = case
    Finding.objects.bulk_update(found, ["case"], batch_size=1000)
    return len(cases)


def check_may_open(kind: Kind, roster: Roster, *, rule: str, chosen: Collection[int] | None) -> None:
    if roster.state != "compared":
        raise Refused("clue.state", "这份名单还没有比对，或已按期清除，不能立线索。")
    if rule not in kind.rules:
        raise Refused("clue.rule", "没有这条比对规则。")
    if chosen is not None and not chosen:
        raise Refused("clue.none", "请先勾选要核实的人，再立线索。")


def _lock_persons(waiting: "QuerySet[Finding]") -> None:
    """Two lists that find the same open one clue: the second waits here and then sees the first's."""
    list(
        Person.objects.select_for_update(of=("self",))
        .filter(pk__in=list(waiting.values_list("person_id", flat=True)))
        .order_by("pk")
        .values_list("pk")
    )


def _due(kind: CaseKind, on: date) -> date | None:
    """When its stages have run; an appeal has a term of its own."""
    counted = due_after((it for it in kind.stages if it.key != kind.reopens), on)
    return counted.day if counted else None


def _openings(kind: Kind, roster: Roster, rule: str, found: list[Finding], *, due_on: date | None) -> list[Opening]:
    said: RosterRule = kind.rules[rule]
    checkers = _checkers(roster, found)
    extra = {"roster": roster.pk, "rule": f"{kind.key}.{rule}", "todo": said.todo}
    return [
        Opening(
            unit=it.unit, title=f"待核实：{said.sentence}", ground=said.expects, person=it.person, household=it.household, due_on=due_on, extra=extra,
            seats={CHECKER: checkers.get(_below(roster, it.path), it.unit)},
        )
        for it in found
    ]  # fmt: skip


def _checkers(roster: Roster, found: list[Finding]) -> dict[int, Unit]:
    """The units right below the one that compares: a county's clue goes to the township."""
    return Unit.objects.in_bulk({_below(roster, it.path) for it in found})


def _below(roster: Roster, path: str) -> int:
    parts = path[len(roster.path) :].split("/")
    return int(parts[0]) if parts[0] else roster.unit_id
