"""What follows from a round: asked for, decided by others, held, withdrawn; what each act asks and carries out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hangshi.appraisals import effects
from hangshi.appraisals.models import Honour, Round
from hangshi.approvals import services as approving
from hangshi.approvals.asking import Candidate, asked
from hangshi.approvals.models import Approval
from hangshi.approvals.queries import of_record
from hangshi.packs.work import Approval as Flow
from hangshi.refusal import Refused
from hangshi.registry.signing import Signer
from hangshi.web import words
from hangshi.web.acts.approvals import over
from hangshi.web.acts.shape import Said, allowed
from hangshi.web.fields import Field


@dataclass(frozen=True)
class Asked:
    round: Round
    me: Signer
    today: date

    @property
    def flow(self) -> Flow:
        return words.pack().approvals[effects.FLOW]

    @property
    def approval(self) -> Approval | None:
        """The latest that was asked for the round."""
        return of_record(effects.SOURCE, self.round.pk).filter(kind=effects.FLOW).first()

    def signers(self) -> dict[str, Candidate]:
        wanted = self.flow.steps[0].permission
        return {str(it.account): it for it in over(self.round.unit, wanted) if it.account not in self.me.accounts}


@dataclass(frozen=True)
class Act:
    """`own`: only for where the round is run from; the others are for whoever is asked to sign."""

    title: str
    own: bool
    fields: Callable[[Asked], list[Field]]
    run: Callable[[Asked, Said], object]
    may: Callable[[Asked], bool]
    tells: str = ""


def _day(at: Asked, label: str = "日期") -> Field:
    return Field("day", label, "date", True, initial=at.today, latest=at.today)


def _ask_fields(at: Asked) -> list[Field]:
    names = {key: f"{it.name}（{it.where}，{words.role_name(it.role)}）" for key, it in at.signers().items()}
    return [Field("signers", at.flow.steps[0].name, "several", True, "所选的人中一人同意即通过", choices=names)]


def _ask(at: Asked, said: Said) -> object:
    known = at.signers()
    signers = [asked(known[it]) for it in said["signers"] if it in known]
    return effects.ask_approval(at.round, words.pack(), author=at.me, signers=[signers], on=at.today)


def _may_ask(at: Asked) -> bool:
    waits = Honour.objects.filter(sheet__round=at.round, state="proposed").exists()
    return waits and (at.approval is None or at.approval.state not in ("running", "returned"))


def _verdict(verdict: str) -> Callable[[Asked, Said], object]:
    def run(at: Asked, said: Said) -> object:
        if at.approval is None:
            raise Refused("approval.none", "还没有提交审定。")
        digest = effects.content_digest(at.round)
        given = {"by": at.me, "verdict": verdict, "digest": digest, "note": said["note"], "on": at.today}
        return approving.decide(at.flow, at.approval, **given)

    return run


def _may_decide(at: Asked) -> bool:
    approval = at.approval
    given = {"by": at.me, "verdict": "approve", "digest": effects.content_digest(at.round)}
    return approval is not None and allowed(approving.check_may_decide, at.flow, approval, **given)


def _hold_fields(at: Asked) -> list[Field]:
    proposed = Honour.objects.filter(sheet__round=at.round, state="proposed").select_related("sheet__unit")
    names = {
        str(it.pk): f"{it.name}：{it.sheet.person.name if it.sheet.person else it.sheet.unit.name}"
        for it in proposed.select_related("sheet__unit", "sheet__person").order_by("name", "path")
    }
    return [
        Field("honours", "授予哪些", "several", True, "没有选的仍是建议；超过名额不能授予", choices=names),
        Field("since", "从哪天起", "date", True, initial=at.today, hint="保持的月数由办法规定"),
    ]


def _hold(at: Asked, said: Said) -> object:
    chosen = Honour.objects.filter(sheet__round=at.round, pk__in=[int(it) for it in said["honours"]])
    by_name: dict[str, list[int]] = {}
    for name, sheet in chosen.order_by("name", "path").values_list("name", "sheet_id"):
        by_name.setdefault(name, []).append(sheet)
    for name, sheets in by_name.items():
        effects.hold(at.round, name, sheets=sheets, since=said["since"], actor=at.me.account)
    return at.round


def _may_hold(at: Asked) -> bool:
    approval = at.approval
    waits = Honour.objects.filter(sheet__round=at.round, state="proposed").exists()
    return waits and approval is not None and approval.state == "approved"


NOTE = Field("note", "意见", "area", longest=500)
ACTS = {
    "ask": Act("提交审定", True, _ask_fields, _ask, _may_ask, "名单和结果一并送审；审定以后有改动的，须重新送审。"),
    "agree": Act("同意", False, lambda at: [NOTE], _verdict("approve"), _may_decide),
    "refuse": Act(
        "不同意", False, lambda at: [Field("note", "理由", "area", True, longest=500)], _verdict("refuse"), _may_decide
    ),
    "hold": Act("授予", True, _hold_fields, _hold, _may_hold, "从所填的一天起保持；只有审定通过的才能授予。"),
}


def withdraw_fields(today: date) -> list[Field]:
    return [
        Field("day", "保持到哪天", "date", True, initial=today, hint="最后一天", latest=today),
        Field("reason", "撤销的理由", "area", True, longest=500),
    ]


def withdrawn(honour: Honour, actor: int, said: Said) -> Honour:
    return effects.withdraw(honour, on=said["day"], reason=said["reason"], actor=actor)
