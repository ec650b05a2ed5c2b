"""The long steps of a hand-off, done by the worker as the asker."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from hangshi.access.roles import pack
from hangshi.access.scope import EVERYTHING, acting
from hangshi.handoff import answers, services
from hangshi.handoff.models import Handoff, Receipt
from hangshi.jobs.kinds import Answer, Teller, each_minute, work
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer

UNREAD = timedelta(days=1)  # a receipt is read by a job within minutes, or it was no use


def said_of(by: Signer) -> dict[str, Any]:
    """The signer as plain JSON, for the worker to act as: without permissions, which the page has asked."""
    return asdict(by) | {"permissions": [], "acts_for": [said_of(it) for it in by.acts_for]}


def signer(said: Mapping[str, Any]) -> Signer:
    return Signer(said["account"], said["person"], acts_for=tuple(signer(it) for it in said["acts_for"]))


@work("handoff.make")
def make(teller: Teller, *, account: int, upper: str, unit: int, day: str, on: str, again: bool, by: Any) -> Answer:
    found = Unit.objects.filter(pk=unit).first()
    if found is None or upper not in pack().uppers:
        raise Refused("handoff.unknown", "找不到这个单位或模板，没有拟制。")
    made = services.make(
        pack(), pack().uppers[upper], found, day=date.fromisoformat(day), on=date.fromisoformat(on), by=signer(by),
        again=again, tell=teller.tell,
    )  # fmt: skip
    said = "，".join(
        f"{name} {made.counts.get(act, 0):,}" for act, name in (("new", "新增"), ("changed", "变更"), ("ended", "减少"))
    )
    return _answer(made, f"已拟好：{said}。还没有上报，请另一位有导出权限的人审核。")


@work("handoff.send")
def send(teller: Teller, *, account: int, handoff: int, on: str, by: Any) -> Answer:
    today, day = (
        timezone.localdate(),
        date.fromisoformat(on),
    )  # the day of a demonstration stands still, a disk does not
    done = services.send(pack(), _found(handoff), on=day, by=signer(by), stored_on=today, tell=teller.tell)
    return _answer(done, f"已生成上报文件，共 {services.going(done.counts):,} 行，保存至 {done.kept_until}。")


@work("handoff.answer")
def answer(teller: Teller, *, account: int, handoff: int, receipt: int, on: str, by: Any) -> Answer:
    found = Receipt.objects.filter(pk=receipt, handoff=_found(handoff)).select_related("handoff").first()
    if found is None:
        raise Refused("receipt.unknown", "找不到这份回执。")
    done = answers.answer(pack(), found, on=date.fromisoformat(on), by=signer(by), tell=teller.tell)
    said = done.counts
    return _answer(
        done.handoff,
        f"回执共 {said['rows']:,} 行：接收 {said['accepted']:,}，退回 {said['rejected']:,}，认不出 {said['unknown']:,}。",
    )


def _found(pk: int) -> Handoff:
    found = Handoff.objects.filter(pk=pk).first()
    if found is None:
        raise Refused("handoff.missing", "找不到这次上报。")
    return found


def _answer(handoff: Handoff, sentence: str) -> Answer:
    return {"href": f"/handoff/{handoff.pk}/", "sentence": sentence}


@each_minute
def forget() -> None:
    """Files that went out, and receipts, do not stay."""
    with acting(EVERYTHING):
        services.forget_old(timezone.localdate())
        answers.forget_unread(timezone.now() - UNREAD)
