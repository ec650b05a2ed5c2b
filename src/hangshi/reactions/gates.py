"""Cases that need an approval: submitted as they stand, and moved on only while what was approved is what is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hangshi.approvals import holds, queries
from hangshi.approvals import services as approvals
from hangshi.approvals.content import digest_of, fields_of
from hangshi.approvals.models import Approval
from hangshi.cases import services as cases
from hangshi.cases.gates import Mover, moves_from
from hangshi.cases.models import Case
from hangshi.packs.models import CaseKind, Pack
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer

TABLE = Case._meta.db_table
TO_BE_TYPED = "…"  # stands for the note and the verdict, which are asked for when the move is made


@dataclass(frozen=True)
class Option:
    """A move that the kind allows from here. `refusal` is the sentence that says what is missing; empty: it may be made now."""

    to: str
    name: str
    closes: bool
    approval: str
    refusal: str


APPROVED = ("id", "kind", "unit", "person", "household", "title", "ground", "extra")


def content_digest(case: Case) -> str:
    """Of what an approval of the case is about: its subject, title, ground and fields, its measures and its evidence. Not its stage."""
    content = fields_of(case, APPROVED)
    content["measures"] = list(case.measures.order_by("pk").values_list("text", "person", "unit", "due_on"))
    content["evidence"] = list(case.evidences.order_by("pk").values_list("evidence", "name", "sha256"))
    return digest_of(content)


@transaction.atomic
def submit_case(
    pack: Pack, case: Case, *, to: str, author: Signer, signers: Sequence[Sequence[Signer]], on: date
) -> Approval:
    """Ask for the approval that the move to the stage `to` needs. Raises `Refused`, first of all where a hold does not allow it."""
    case = cases.locked(case)
    flow = _flow(pack, case, to)
    cases.check_workable(case, on)
    check_may_adjust(pack, case, on=on)
    return approvals.submit(
        pack.approvals[flow],
        unit=case.unit,
        source=TABLE,
        source_id=case.pk,
        title=case.title,
        digest=content_digest(case),
        author=author,
        signers=signers,
        on=on,
    )


@transaction.atomic
def move_case(
    pack: Pack,
    case: Case,
    *,
    to: str,
    on: date,
    actor: int | None,
    note: str = "",
    verdict: str = "",
    by: Mover | None = None,
    revision: int | None = None,
) -> Case:
    """Move or close a case of any kind: through a gate that asks for approval only with one that holds. Raises `Refused`."""
    case = cases.locked(case)
    kind = pack.kinds.case[case.kind]
    permit = check_permit(pack, case, to=to, on=on)
    if to in kind.closing:
        return cases.close(
            kind, case, to=to, verdict=verdict, on=on, actor=actor, note=note, by=by, revision=revision, permit=permit
        )
    return cases.move(kind, case, to=to, on=on, actor=actor, note=note, by=by, revision=revision, permit=permit)


def options(pack: Pack, case: Case, *, on: date, by: Mover | None = None) -> list[Option]:
    """What can be done with the case next, in the order of its kind: the buttons of its page, and why one is not pressed yet."""
    kind = pack.kinds.case[case.kind]
    names = {stage.key: stage.name for stage in kind.stages}
    if case.stage not in names:
        return []
    return [
        Option(
            to=move.enter,
            name=move.name or names[move.enter],
            closes=move.enter in kind.closing,
            approval=_asked(kind, case, move.enter),
            refusal=_refusal(pack, case, move.enter, on, by),
        )
        for move in moves_from(kind, case.stage)
    ]


def _refusal(pack: Pack, case: Case, to: str, on: date, by: Mover | None) -> str:
    kind = pack.kinds.case[case.kind]
    try:
        permit = check_permit(pack, case, to=to, on=on)
        if to in kind.closing:
            cases.check_may_close(kind, case, to=to, verdict=TO_BE_TYPED, note=TO_BE_TYPED, on=on, by=by, permit=permit)
        else:
            cases.check_may_move(kind, case, to=to, note=TO_BE_TYPED, on=on, by=by, permit=permit)
    except Refused as refused:
        return refused.sentence
    return ""


def check_permit(pack: Pack, case: Case, *, to: str, on: date) -> str:
    """The flow that lets the case, as it stands, go to the stage; empty where none is needed. Raises `Refused`."""
    flow = _asked(pack.kinds.case[case.kind], case, to)
    if flow:
        check_may_adjust(pack, case, on=on)
        queries.check_holds(flow, TABLE, case.pk, digest=content_digest(case))
    return flow


def check_may_adjust(pack: Pack, case: Case, *, on: date) -> None:
    """Raises `Refused` where a rule of the pack still holds the post or the person: which, why, and until when."""
    entered = case.extra.get("entered_on")
    asked = holds.Asked(
        kind=case.kind,
        unit=case.unit,
        post=case.extra.get("post", ""),
        ground=case.ground,
        basis=case.extra.get("basis", ""),
        entered_on=date.fromisoformat(entered) if entered else None,
    )
    holds.check_may_adjust(pack.holds.values(), asked, on=on)


def _asked(kind: CaseKind, case: Case, to: str) -> str:
    """The approval that the move's gate asks for, or going forward that of the stage."""
    move = next((it for it in moves_from(kind, case.stage) if it.enter == to), None)
    stage = next(it for it in kind.stages if it.key == case.stage)
    return (move.approval or stage.approval) if move else ""


def _flow(pack: Pack, case: Case, to: str) -> str:
    kind = pack.kinds.case[case.kind]
    if flow := _asked(kind, case, to):
        return flow
    raise Refused("case.no_approval", f"“{case.title}”现在没有需要报批的下一步。")
