"""审批: what can be answered, and submitting a case for it. The rules are in approvals and in reactions.gates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hangshi.access import roles
from hangshi.approvals import services
from hangshi.approvals import signers as handing
from hangshi.approvals.asking import Candidate, asked, candidates
from hangshi.approvals.models import Approval
from hangshi.cases.models import Case
from hangshi.demands import approving
from hangshi.demands.models import Demand
from hangshi.packs.work import Approval as Flow
from hangshi.packs.work import ApprovalStep
from hangshi.reactions import gates
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer
from hangshi.schemes import queries as schemes
from hangshi.schemes.models import Draft
from hangshi.web import words
from hangshi.web.acts.shape import Act, Said, Scene, allowed
from hangshi.web.fields import Field

NOTE = Field("note", "意见", "area", longest=500)
MODES = {"all": "所选的人都同意才通过", "any": "所选的人中一人同意即通过", "sequence": "所选的人逐个审批"}


@dataclass(frozen=True)
class Desk:
    """An approval before the one who may answer it, with the record that it is about: a case, the draft of a scheme or a demanded form.

    All None: the record is out of sight, and nothing can be agreed to unseen.
    """

    approval: Approval
    flow: Flow
    case: Case | None
    me: Signer
    today: date
    draft: Draft | None = None
    demand: Demand | None = None

    @property
    def seen(self) -> bool:
        return self.case is not None or self.draft is not None or self.demand is not None

    @property
    def digest(self) -> str:
        """Of the content as it is now."""
        if self.draft:
            return schemes.content_digest(self.draft)
        if self.demand:
            return approving.content_digest(self.demand)
        return gates.content_digest(self.case) if self.case else ""

    @property
    def changed(self) -> bool:
        return self.digest != self.approval.digest

    @property
    def permission(self) -> str:
        step = self.flow.steps[self.approval.step]
        return step.permission


@dataclass(frozen=True)
class Answer:
    """Something done with an approval."""

    title: str
    icon: str
    fields: Callable[[Desk], list[Field]]
    run: Callable[[Desk, Said], Approval]
    may: Callable[[Desk], bool]
    tells: str = ""


def _verdict(verdict: str) -> Callable[[Desk, Said], Approval]:
    def run(at: Desk, said: Said) -> Approval:
        return services.decide(
            at.flow,
            at.approval,
            by=at.me,
            verdict=verdict,
            digest=at.digest if verdict != "return" else at.approval.digest,
            note=said.get("note") or "",
            ground=said.get("ground") or "",
            on=at.today,
        )

    return run


def _may_answer(verdict: str) -> Callable[[Desk], bool]:
    def may(at: Desk) -> bool:
        ground = next(iter(at.flow.grounds), "")
        digest = at.digest if verdict != "return" else at.approval.digest
        given = {"by": at.me, "verdict": verdict, "digest": digest, "note": "-", "ground": ground}
        return allowed(services.check_may_decide, at.flow, at.approval, **given)

    return may


def _refusing(at: Desk) -> list[Field]:
    if at.flow.grounds:
        return [Field("ground", "法定情形", "choice", True, choices=at.flow.grounds), NOTE]
    return [Field("note", "理由", "area", True, longest=500)]


def over(unit: Unit, permission: str) -> list[Candidate]:
    """The accounts over the unit whose role holds the permission; without one, whoever may write cases there."""
    wanted = permission or "case.write"
    return candidates(unit, [key for key, it in roles.pack().roles.items() if wanted in it.permissions])


def named(found: list[Candidate]) -> dict[str, str]:
    """Account → how it is offered."""
    return {str(it.account): f"{it.name}（{it.where}，{words.role_name(it.role)}）" for it in found}


def _handing(at: Desk) -> list[Field]:
    others = [it for it in over(at.approval.unit, at.permission) if it.account != at.me.account]
    return [
        Field("to", "交给谁", "choice", True, choices=named(others)),
        Field("note", "理由", "area", True, longest=300),
    ]


def _other(at: Desk, said: Said) -> Signer:
    found = next((it for it in over(at.approval.unit, at.permission) if str(it.account) == said["to"]), None)
    if found is None:
        raise Refused("approval.signer_gone", "所选的人现在不能审批此事，请另选。")
    return asked(found)


def _hand(at: Desk, said: Said) -> Approval:
    return handing.hand_over(at.approval, by=at.me, to=_other(at, said), reason=said["note"], on=at.today)


def _add(at: Desk, said: Said) -> Approval:
    return handing.ask_also(at.flow, at.approval, by=at.me, other=_other(at, said), reason=said["note"], on=at.today)


def _has_turn(at: Desk) -> bool:
    return allowed(services.open_task, at.approval, at.me) and allowed(services.check_not_author, at.approval, at.me)


def _withdraw(at: Desk, said: Said) -> Approval:
    return services.withdraw(at.approval, by=at.me, reason=said["note"], on=at.today)


def _resubmit(at: Desk, said: Said) -> Approval:
    if not at.seen:
        raise Refused("approval.unseen", "审批的事项不在您的范围内，不能重新提交。")
    return services.resubmit(at.flow, at.approval, by=at.me, digest=at.digest, on=at.today, note=said["note"])


def _mine(*states: str) -> Callable[[Desk], bool]:
    return lambda at: at.approval.author == at.me.account and at.approval.state in states


def _reason(at: Desk) -> list[Field]:
    return [Field("note", "理由", "area", True, longest=300)]


ACTS = {
    "approve": Answer("同意", "check", lambda at: [NOTE], _verdict("approve"), _may_answer("approve")),
    "refuse": Answer("不同意", "x", _refusing, _verdict("refuse"), _may_answer("refuse")),
    "return": Answer(
        "退回", "arrow-back-up", _reason, _verdict("return"), _may_answer("return"), "退回以后由提交人修改，再重新提交。"
    ),
    "ask_also": Answer("加签", "user-plus", _handing, _add, _has_turn, "加签的人也同意，这一环节才通过。"),
    "hand_over": Answer("转办", "send", _handing, _hand, _has_turn, "转办以后由对方审批，您不再审批这一环节。"),
    "resubmit": Answer("重新提交", "refresh", lambda at: [NOTE], _resubmit, _mine("returned"), "按现在的内容，从第一个环节重新审批。"),
    "withdraw": Answer("撤回", "arrow-back-up", _reason, _withdraw, _mine("running", "returned")),
}  # fmt: skip


@transaction.atomic
def answered(it: Answer, at: Desk, said: Said) -> Approval:
    """Carry it out; a demand follows its approval at once."""
    approval = it.run(at, said)
    if at.demand:
        approving.settle(at.demand, approval, on=at.today)
    return approval


def offered(at: Desk) -> list[tuple[str, Answer]]:
    """What this person may do with it now, the likeliest first."""
    return [(key, it) for key, it in ACTS.items() if it.may(at)]


def _wanting(scene: Scene) -> gates.Option | None:
    """The first move of the case that asks for an approval and cannot be made without."""
    found = gates.options(words.pack(), scene.record, on=scene.today)
    return next((it for it in found if it.approval and it.refusal), None)


def _may_submit(scene: Scene) -> bool:
    case = scene.record
    if case.closed_on or case.suspended_on or case.kind not in words.pack().kinds.case:
        return False
    open_ones = Approval.objects.filter(source=gates.TABLE, source_id=case.pk, state__in=("running", "returned"))
    return _wanting(scene) is not None and not open_ones.exists()


def _signer_fields(scene: Scene) -> list[Field]:
    wanted = _wanting(scene)
    if wanted is None:
        return []
    flow = words.pack().approvals[wanted.approval]
    return [
        signer_field(number, step, [it for it in over(scene.record.unit, step.permission) if it.account != scene.actor])
        for number, step in enumerate(flow.steps)
    ]


def signer_field(number: int, step: ApprovalStep, known: list[Candidate]) -> Field:
    """Who is asked in the step of that number, among those who may be."""
    return Field(f"step{number}", step.name, "several", True, MODES[step.mode], choices=named(known))


def _submit(scene: Scene, said: Said) -> Approval:
    wanted = _wanting(scene)
    if wanted is None:
        raise Refused("case.no_approval", f"“{scene.record.title}”现在没有需要报批的下一步。")
    signers = []
    for number, step in enumerate(words.pack().approvals[wanted.approval].steps):
        known = {str(it.account): asked(it) for it in over(scene.record.unit, step.permission)}
        signers.append([known[key] for key in said[f"step{number}"] if key in known])
    author = scene.signer() if scene.signer else Signer(account=scene.actor, person=scene.person)
    return gates.submit_case(words.pack(), scene.record, to=wanted.to, author=author, signers=signers, on=scene.today)


def _tells(scene: Scene) -> str:
    wanted = _wanting(scene)
    if wanted is None:
        return ""
    flow = words.pack().approvals[wanted.approval]
    return f"转入“{wanted.name}”须经{flow.name}。审批期间内容有改动的，审批作废。"


SUBMIT = Act("submit", "cases", "提交审批", "case.write", _signer_fields, _submit, _may_submit, "send", _tells)
