"""Whose desk it is: the reader of an inbox, the one who signs an approval, and how their rows are put in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from hangshi.activities.reviews import NAMES
from hangshi.approvals.delegation import signer as signer_of
from hangshi.approvals.services import STATES
from hangshi.notices.inbox import Item, Reader
from hangshi.registry.signing import Signer
from hangshi.web import words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import holds

PLACES = {"approval": "approval", "returned": "approval", "plan": "plan"}
REGISTERS = {"case": "cases", "activity": "activities", "review": "activities"}
FAMILIES = {"case": "case", "activity": "activity", "review": "activity", "plan": "activity"}
ASKS = {
    "approval": "审批",
    "returned": "退回给您",
    "case": "办理",
    "activity": "更正",
    "review": "审核",
    "plan": "登记或取消",
}
ANSWERS = {"approved": "同意", "refused": "不同意", "returned": "退回", "handed": "转办"}


@dataclass(frozen=True)
class Line:
    """A row of an inbox as it is shown; `late`: its day has passed."""

    ask: str
    title: str
    address: str
    kind: str
    unit: str
    on: date | None
    state: str
    late: bool


def signer(request: PersonRequest) -> Signer:
    return signer_of(request.account, request.grant, request.permissions)


def hidden(request: PersonRequest) -> tuple[str, ...]:
    """The kinds of case that are closed to the reader."""
    return () if holds(request.grant.role, "cases.restricted") else tuple(words.restricted("case"))


def reader(request: PersonRequest) -> Reader:
    return Reader(signer(request), request.grant.unit_id, hidden(request))


def lines(found: list[Item], *, today: date) -> list[Line]:
    return [
        Line(
            ASKS[it.what],
            it.title or kind_name(it.what, it.kind),
            address(it.what, it.pk),
            kind_name(it.what, it.kind),
            it.unit,
            it.on,
            state(it),
            bool(it.on and it.on < today),
        )
        for it in found
    ]


def address(what: str, pk: int) -> str:
    if what in PLACES:
        return reverse(PLACES[what], args=[pk])
    return reverse("record", args=[REGISTERS[what], pk])


def kind_name(what: str, kind: str) -> str:
    if what in FAMILIES:
        return words.label(FAMILIES[what], kind)
    flow: Any = words.pack().approvals.get(kind)
    return flow.name if flow else kind


def state(it: Item) -> str:
    if it.what == "case":
        return words.stage_name(it.kind, it.state)
    return {"activity": NAMES, "review": NAMES, "plan": {"planned": "已计划", "noticed": "已通知"}}.get(
        it.what, STATES | ANSWERS
    ).get(it.state, it.state)
