"""Telephone checks: those drawn are called and asked a few questions; what they say is counted and never shown by person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction

from hangshi.packs.work import Survey
from hangshi.planning.models import Call, Draw
from hangshi.refusal import Refused
from hangshi.registry.signing import collided, sign

OUTCOMES = {"answered": "接通并回答", "declined": "接通，不愿回答", "unreached": "没有接通"}

LEAST = 3  # who answered in a place, before its answers are shown


@transaction.atomic
def record_call(
    draw: Draw,
    survey: Survey,
    *,
    key: str,
    outcome: str,
    answers: Mapping[str, str],
    on: date,
    actor: int | None,
) -> Call:
    """One of those drawn was called that day. `answers`: question → choice; a question that is not there was declined.

    Somebody not reached may be called again: that call replaces the first. Raises `Refused`.
    """
    sign(actor)
    check_may_record(draw, survey, key=key, outcome=outcome, answers=answers, on=on)
    said = {name: answers.get(name, "") for name in survey.questions} if outcome == "answered" else {}
    given = {"day": on, "outcome": outcome, "answers": said, "recorded_by": actor}
    again = Call.objects.select_for_update().filter(draw=draw, survey=survey.key, key=key, outcome="unreached").first()
    if again is not None:
        for name, value in given.items():
            setattr(again, name, value)
        again.save(update_fields=list(given))
        return again
    group = next(str(group) for item, group, _ in draw.frame["items"] if item == key)
    try:
        with transaction.atomic():
            return Call.objects.create(draw=draw, path=draw.path, survey=survey.key, key=key, group=group, **given)
    except IntegrityError as error:
        raise collided(error, Refused("call.twice", "已经登记过与这个人的通话，每人只登记一次。")) from error


def check_may_record(
    draw: Draw, survey: Survey, *, key: str, outcome: str, answers: Mapping[str, str], on: date
) -> None:
    if draw.kind != "sample" or draw.drawn_on is None or draw.result is None:
        raise Refused("call.undrawn", f"“{draw}”还没有抽取，抽取以后再打电话。")
    if key not in draw.result["drawn"]:
        raise Refused("call.other", "只问抽中的人；这个人没有抽中。")
    if on < draw.drawn_on:
        raise Refused("call.dates", f"通话日期不能早于抽取日期{draw.drawn_on}。")
    if outcome not in OUTCOMES:
        raise Refused("call.outcome", f"通话结果只能是{'、'.join(OUTCOMES.values())}。")
    if outcome != "answered" and answers:
        raise Refused("call.answers", f"{OUTCOMES[outcome]}的，不填回答。")
    for name, choice in answers.items():
        if name not in survey.questions or choice not in survey.questions[name].choices:
            raise Refused("call.choice", "回答请从所列的选项中选择。")
    if outcome == "answered" and not answers:
        raise Refused("call.empty", "一个问题也没有答的，通话结果选“接通，不愿回答”。")


@dataclass(frozen=True)
class Result:
    """What a group said: calls by outcome, and for each question its choices with how many chose them ("": would not say).

    `tells_on`: so few answered that the numbers would show what one person said, here or as the difference of the others.
    """

    group: str
    outcomes: Mapping[str, int]
    answers: Mapping[str, Mapping[str, int]]
    tells_on: bool


def results(draw: Draw, survey: Survey) -> list[Result]:
    """By group in the order of their keys; first all together, under the empty key."""
    calls = list(Call.objects.filter(draw=draw, survey=survey.key).order_by("pk"))
    groups = [_result(group, survey, calls) for group in sorted({it.group for it in calls})]
    hidden = sum(it.outcomes.get("answered", 0) for it in groups if it.tells_on)
    every = _result("", survey, calls)
    return [replace(every, tells_on=every.tells_on or 0 < hidden < LEAST), *groups]


def _result(group: str, survey: Survey, calls: list[Call]) -> Result:
    """Of the group; an empty one means all."""
    mine = [it for it in calls if group in ("", it.group)]
    outcomes = Counter(it.outcome for it in mine)
    answers = {name: Counter(it.answers[name] for it in mine if name in it.answers) for name in survey.questions}
    return Result(group, outcomes, answers, outcomes["answered"] < LEAST)
