"""积分: proposed for an item of the pack, posted, declined, appealed, answered, taken back, redeemed; one activity for all who came."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from hangshi.activities.models import Activity
from hangshi.ledger import accounts, appeals, points, rewards, terms
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs.models import EntryKind
from hangshi.packs.points import PointItem
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.registry.signing import Signer
from hangshi.web import words
from hangshi.web.acts.shape import Act, Said, Scene, allowed, day
from hangshi.web.fields import Field

REASON = Field("reason", "理由", "area", True, longest=200)


def worth(item: PointItem) -> str:
    return f"{item.name}（{item.points.normalize():+f}分）"


# What one does to an account.


def new_fields(scene: Scene, members: Iterable[Person] | None) -> list[Field]:
    """`members`: from whom to choose, where one sees no more of them than their names."""
    kind: EntryKind = scene.kind
    who = Field(
        "subject", "户" if kind.subject == "household" else "人员", kind.subject, True, hint="账户在本单位的户、人员"
    )
    if members is not None and kind.subject == "person":
        who = Field("subject", "党员", "choice", True, choices={str(it.pk): it.name for it in members})
    return [who, *_what(kind), Field("why", *_why(kind), longest=120), day(scene, "提出日期")]


def _why(kind: EntryKind) -> tuple[str, str, bool, str]:
    if kind.items:
        return "具体情况", "text", False, "时间、地点、做了什么；公示时一并列出"
    return "为什么记分", "text", True, ""


def _what(kind: EntryKind) -> list[Field]:
    if kind.items:
        return [Field("item", "积分项目", "choice", True, choices={key: worth(it) for key, it in kind.items.items()})]
    return [Field("amount", "分值", "decimal", True)]


def propose(scene: Scene, unit: Unit, said: Said) -> PointProposal:
    subject = _subject(scene, unit, said["subject"])
    wanted = points.given(scene.kind, item=said.get("item") or "", amount=said.get("amount"), why=said["why"] or "")
    return points.propose(scene.kind, subject=subject, points=wanted, on=said["day"], actor=scene.actor)


def _subject(scene: Scene, unit: Unit, said: Any) -> points.Subject:
    """Whose account is kept at the unit. Raises `Refused` for anybody else's."""
    subject: points.Subject = Person.objects.get(pk=int(said)) if isinstance(said, str) else said
    if kept_at(unit, subject, scene):
        return subject
    raise Refused("points.elsewhere", f"“{said}”的积分账户不在本单位，由其所在的村或支部提出。")


def kept_at(unit: Unit, subject: points.Subject, scene: Scene) -> bool:
    if subject.unit_id == unit.pk:
        return True
    return isinstance(subject, Person) and accounts.members(unit, scene.today).filter(person=subject).exists()


def redeem_fields(scene: Scene, left: dict[str, int]) -> list[Field]:
    kind: EntryKind = scene.kind
    if not kind.rewards:
        asked = [Field("amount", "兑换几分", "decimal", True), Field("what", "兑换了什么", required=True)]
    else:
        named = {
            key: f"{it.name}（{it.points.normalize():f}分{f'，还剩{left[key]}份' if key in left else ''}）"
            for key, it in kind.rewards.items()
        }
        asked = [Field("reward", "兑换", "choice", True, choices=named), Field("count", "数量", "int", True, initial=1)]
    return [*asked, day(scene, "兑换日期")]


def redeem(scene: Scene, subject: points.Subject, said: Said) -> Entry:
    wants = rewards.wanted(
        scene.kind,
        reward=said.get("reward") or "",
        count=said.get("count") or 1,
        amount=said.get("amount"),
        what=said.get("what") or "",
    )
    return rewards.redeem(scene.kind, subject=subject, wants=wants, on=said["day"], actor=scene.actor)


# What one does to a proposal.


def by(scene: Scene) -> Signer:
    """Who decides: as the person they are, though their grant should not say so, and for everybody they act for."""
    signer = scene.signer() if scene.signer else Signer(scene.actor)
    return replace(signer, person=signer.person or scene.person)


def _approve(scene: Scene, said: Said) -> PointProposal:
    return points.approve(scene.record, on=said["day"], by=by(scene))


def _decline(scene: Scene, said: Said) -> PointProposal:
    return points.decline(scene.record, reason=said["reason"], on=said["day"], by=by(scene))


def _take_back(scene: Scene, said: Said) -> PointProposal:
    return points.take_back(scene.record, reason=said["reason"], on=said["day"], by=by(scene))


def _appeal(scene: Scene, said: Said) -> PointProposal:
    return appeals.appeal(
        scene.kind,
        scene.record,
        text=said["text"],
        on=said["day"],
        heard=said.get("heard") or "",
        actor=scene.actor,
        person=scene.person,
    )


def _answer(scene: Scene, said: Said) -> PointProposal:
    return appeals.answer(
        scene.record, uphold=said["outcome"] == "uphold", text=said["reason"], on=said["day"], by=by(scene)
    )


def _appealable(scene: Scene, own: bool) -> bool:
    if appeals.is_own(scene.record, scene.person) != own:
        return False
    said = {"text": "-", "heard": "-", "on": scene.today, "person": scene.person}
    return allowed(appeals.check_may_appeal, scene.kind, scene.record, **said)


TEXT = Field("text", "申诉的内容", "area", True, longest=500)
HEARD = Field(
    "heard",
    "代记情况",
    required=True,
    longest=200,
    hint="本人何时、怎样提出（当面、电话），由谁代记；答复时一并告知本人",
)
OUTCOMES = {"uphold": "维持这笔积分", "take": "不记这笔积分"}
ACTS = {
    it.key: it
    for it in (
        Act(
            "approve", "points", "审核入账", "points.approve", lambda scene: [day(scene, "入账日期")], _approve,
            lambda scene: allowed(points.check_may_approve, scene.record, on=scene.today, by=by(scene)), "check",
            lambda scene: "入账以后计入余额；记错了的，还可以冲销。",
        ),
        Act(
            "answer", "points", "答复申诉", "points.approve",
            lambda scene: [Field("outcome", "答复", "choice", True, choices=OUTCOMES), REASON, day(scene, "答复日期")], _answer,
            lambda scene: allowed(appeals.check_may_answer, scene.record, text="-", by=by(scene)), "message",
            lambda scene: "由没有参与提出、审核、申诉的人答复。不记的，已经入账的会冲销；理由本人看得到。",
        ),
        Act(
            "appeal", "points", "提出申诉", "points.appeal", lambda scene: [TEXT, day(scene, "申诉日期")], _appeal,
            lambda scene: _appealable(scene, own=True), "message", lambda scene: "一笔积分申诉一次，由没有经办过的人答复。",
        ),
        Act(
            "appeal-for", "points", "代本人记申诉", "points.write", lambda scene: [TEXT, HEARD, day(scene, "申诉日期")], _appeal,
            lambda scene: _appealable(scene, own=False), "message", lambda scene: "只代记本人自己提出的申诉，照本人的意思写。",
        ),
        Act(
            "decline", "points", "不予入账", "points.approve", lambda scene: [REASON, day(scene, "审核日期")], _decline,
            lambda scene: allowed(points.check_may_decline, scene.record, reason="-", by=by(scene)), "x",
            lambda scene: "理由本人看得到。",
        ),
        Act(
            "take-back", "points", "冲销", "points.approve", lambda scene: [REASON, day(scene, "冲销日期")], _take_back,
            lambda scene: allowed(points.check_may_take_back, scene.record, by=by(scene)), "arrow-back-up",
            lambda scene: "记错了的才冲销：另记一笔相反的分，原来的一笔留着。",
        ),
    )
}  # fmt: skip


# For one activity, all who came.


def _accounts(scene: Scene) -> dict[str, EntryKind]:
    """Accounts of persons with something to give points for."""
    found = terms.accounts(words.pack(), scene.record.path)
    return {key: it for key, it in found.items() if it.subject == "person" and it.items}


def _came(scene: Scene) -> "QuerySet[Person]":
    """Who was there and has an account at one's own unit."""
    there = scene.record.attendances.filter(state="present").values("person")
    return accounts.people_of(Unit(pk=scene.own), scene.today).filter(pk__in=there)


def _activity_fields(scene: Scene) -> list[Field]:
    named = {
        f"{key}.{name}": f"{kind.name}：{worth(item)}"
        for key, kind in _accounts(scene).items()
        for name, item in kind.items.items()
        if item.points > 0
    }
    return [
        Field("item", "积分项目", "choice", True, choices=named),
        Field("why", "具体情况", longest=120, initial=scene.record.topic, hint="公示时一并列出"),
        day(scene, "提出日期"),
    ]


def _for_all(scene: Scene, said: Said) -> Activity:
    key, item = said["item"].split(".", 1)
    kind = _accounts(scene)[key]
    wanted = points.given(kind, item=item, why=said["why"])
    points.propose_all(
        kind, list(_came(scene)), points=wanted, on=said["day"], actor=scene.actor, cause=cause(scene.record)
    )
    return scene.record  # type: ignore[no-any-return]  # the activity: a scene does not say what its record is


def cause(activity: Activity) -> str:
    return f"{activity._meta.db_table}:{activity.pk}"


def _tells(scene: Scene) -> str:
    had = PointProposal.objects.filter(cause=cause(scene.record)).values("person").distinct().count()
    said = f"到会的人里有{_came(scene).count()}人的积分账户在本单位，逐人提出，公示期满由另一人审核入账。"
    return said + (f"其中{had}人已经为这次活动提出过，不会重复。" if had else "")


OF_ACTIVITY = Act(
    "points", "activities", "提出积分", "points.write", _activity_fields, _for_all,
    lambda scene: bool(_accounts(scene)) and _came(scene).exists(), "star", _tells,
)  # fmt: skip
