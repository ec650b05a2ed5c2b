"""股份: decided, allotted, kept, passed on, returned; what each act asks and carries out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hangshi.activities.models import Activity
from hangshi.packs.books import Distribution, ShareKind
from hangshi.refusal import Refused
from hangshi.registry.models import Household, Unit
from hangshi.shares import queries, register
from hangshi.shares.models import GROUNDS, Change
from hangshi.web import words
from hangshi.web.acts.shape import Said
from hangshi.web.fields import Field

MOST = 2000  # households in one allotment
LONGEST = 60_000


@dataclass(frozen=True)
class Asked:
    """A collective, its rule, and the meetings that may be named."""

    unit: Unit
    rule: Distribution
    today: date

    def meetings(self) -> dict[str, str]:
        found = queries.resolutions(self.unit, self.rule)[:50]
        return {str(it.pk): f"{it.day} {it.topic or words.label('activity', it.kind)}" for it in found}

    def meeting(self, said: Said) -> Activity:
        return queries.resolutions(self.unit, self.rule).get(pk=int(said["activity"]))


@dataclass(frozen=True)
class Act:
    title: str
    fields: Callable[[Asked], list[Field]]
    run: Callable[[Asked, int, Said], Change]
    tells: str = ""


def kinds(holder: str) -> dict[str, str]:
    return {key: it.name for key, it in words.pack().kinds.share.items() if it.holder == holder}


def _kind(said: Said) -> ShareKind:
    return words.pack().kinds.share[said["kind"]]


def meeting_field(asked: Asked) -> Field:
    hint = "只列本集体议题写有决议的会议；没有的，先登记会议"
    return Field("activity", "依据的会议", "choice", True, hint, choices=asked.meetings())


def _common(asked: Asked, *, meeting: bool, note: str = "") -> list[Field]:
    last = [Field("day", "日期", "date", True, initial=asked.today, latest=asked.today)]
    return [*([meeting_field(asked)] if meeting else []), *last, Field("note", "说明", required=not meeting, hint=note)]


def _kind_field(holder: str) -> Field:
    return Field("kind", "股种", "choice", True, choices=kinds(holder))


def _decide_fields(asked: Asked) -> list[Field]:
    now = queries.decided(asked.unit, on=asked.today)
    return [Field("total", "总股数", "decimal", True, f"现在是{now}股"), *_common(asked, meeting=True)]


def _given(said: Said, actor: int) -> dict[str, Any]:
    return {"note": said["note"], "on": said["day"], "actor": actor}


def _decide(asked: Asked, actor: int, said: Said) -> Change:
    meeting = asked.meeting(said)
    return register.decide(asked.unit, asked.rule, total=said["total"], activity=meeting, **_given(said, actor))


def _allot_fields(asked: Asked) -> list[Field]:
    hint = "一户一行：户编号、股数、村民小组（可以不写），中间空格或制表符；可以从表格里整列复制过来"
    return [
        _kind_field("household"),
        Field("lines", "配给哪些户", "area", True, hint, longest=LONGEST),
        *_common(asked, meeting=True),
    ]


def _allot(asked: Asked, actor: int, said: Said) -> Change:
    given, groups = allotment(asked.unit, said["lines"])
    return register.allot(
        asked.unit,
        asked.rule,
        _kind(said),
        given,
        groups=groups,
        activity=asked.meeting(said),
        **_given(said, actor),
    )


def allotment(unit: Unit, text: str) -> tuple[dict[Household, Decimal], dict[Household, str]]:
    """Household → shares, and household → group where it is written. Raises `Refused` with the number of the line."""
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST:
        raise Refused("shares.many", f"一次最多{MOST}户，现有{len(lines)}行，请分次登记。")
    known = queries.households(unit, [parts[0] for _, parts in lines])
    given: dict[Household, Decimal] = {}
    groups: dict[Household, str] = {}
    for number, parts in lines:
        household, shares = _line(number, parts, known)
        if household in given:
            raise Refused("shares.twice", f"第{number}行：{parts[0]}写了两次；没有登记。")
        given[household] = shares
        if len(parts) > 2:
            groups[household] = parts[2][:40]
    return given, groups


def _line(number: int, parts: Sequence[str], known: dict[str, Household]) -> tuple[Household, Decimal]:
    if len(parts) not in (2, 3):
        raise Refused(
            "shares.line", f"第{number}行应写户编号、股数，后面可以写村民小组：“{' '.join(parts)}”；没有登记。"
        )
    if parts[0] not in known:
        raise Refused("shares.household", f"第{number}行：您的范围内没有编号为“{parts[0]}”的户；没有登记。")
    try:
        return known[parts[0]], Decimal(parts[1])
    except InvalidOperation:
        raise Refused("shares.line", f"第{number}行：“{parts[1]}”不是股数；没有登记。") from None


def _keep_fields(asked: Asked) -> list[Field]:
    return [_kind_field("collective"), Field("shares", "股数", "decimal", True), *_common(asked, meeting=True)]


def _keep(asked: Asked, actor: int, said: Said) -> Change:
    kind, meeting = _kind(said), asked.meeting(said)
    given = _given(said, actor)
    return register.keep(asked.unit, asked.rule, kind, shares=said["shares"], activity=meeting, **given)


def _pass_on_fields(asked: Asked) -> list[Field]:
    grounds = {key: GROUNDS[key] for key in register.PASSED_ON}
    return [
        Field("ground", "事由", "choice", True, choices=grounds),
        _kind_field("household"),
        Field("giver", "出让（被继承）的户", "household", True),
        Field("taker", "受让（继承）的户", "household", True),
        Field("group", "受让户的村民小组", longest=40),
        Field("shares", "股数", "decimal", True),
        *_common(asked, meeting=False, note="转让协议、公证书、村委会证明等的名称和日期"),
    ]


def _pass_on(asked: Asked, actor: int, said: Said) -> Change:
    given = {name: said[name] for name in ("giver", "taker", "shares", "ground", "group")}
    return register.pass_on(asked.unit, _kind(said), **given, **_given(said, actor))


def _withdraw_fields(asked: Asked) -> list[Field]:
    return [
        _kind_field("household"),
        Field("household", "退回的户", "household", True),
        Field("shares", "股数", "decimal", True),
        *_common(asked, meeting=True),
    ]


def _withdraw(asked: Asked, actor: int, said: Said) -> Change:
    given = {"household": said["household"], "shares": said["shares"], "activity": asked.meeting(said)}
    return register.withdraw(asked.unit, asked.rule, _kind(said), **given, **_given(said, actor))


ACTS = {
    "decide": Act("确定总股数", _decide_fields, _decide, "写改了以后一共多少股；配出的合计任何一天都不能超过它。"),
    "keep": Act("设集体股", _keep_fields, _keep, "集体股由集体持有，分红时它的一份留在集体。"),
    "allot": Act("配股", _allot_fields, _allot, "股份量化到户；以后户内人口增减，股份不变。"),
    "pass": Act("转让、继承、赠与", _pass_on_fields, _pass_on, "从一户转到另一户，总股数不变。"),
    "withdraw": Act("退回集体", _withdraw_fields, _withdraw, "退回的股份不再属于任何户，总股数不变，可以另行配给。"),
}


def undo_fields(today: date) -> list[Field]:
    return [
        Field("day", "冲销日期", "date", True, initial=today, latest=today),
        Field("reason", "理由", required=True, longest=200),
    ]


def undone(change: Change, actor: int, said: Said) -> Change:
    return register.reverse(change, reason=said["reason"], on=said["day"], actor=actor)
