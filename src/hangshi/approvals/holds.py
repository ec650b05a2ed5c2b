"""Rules that hold a post or a person in place: which one refuses, its source, and the day from which it would allow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hangshi.calendar.days import months_after
from hangshi.packs.work import Hold
from hangshi.refusal import Refused
from hangshi.registry.models import Unit


@dataclass(frozen=True)
class Asked:
    """The change that is asked for: of which kind of case, which post of which unit, and on what ground.

    `entered_on`: when the person was taken on; `basis`: the document behind the ground.
    """

    kind: str
    unit: Unit
    post: str = ""
    ground: str = ""
    basis: str = ""
    entered_on: date | None = None


@dataclass(frozen=True)
class Held:
    """A rule that does not allow it yet. `free_from`: the first day on which it would; None while that day is not known."""

    hold: Hold
    free_from: date | None
    reason: str

    @property
    def sentence(self) -> str:
        when = f"自{self.free_from}起方可办理" if self.free_from else "可办理的日期目前不能确定"
        exceptions = "、".join(self.hold.exceptions.values())
        lawful = f"；确有{exceptions}情形的，写明情形和依据文件后可以办理" if exceptions else ""
        return f"按“{self.hold.name}”，{self.reason}，{when}{lawful}。依据：{self.hold.source}"


def held(holds: Iterable[Hold], asked: Asked, *, on: date) -> list[Held]:
    """Every rule that does not allow it on that day, in the pack's order; a lawful exception with its basis lifts a rule."""
    return [found for hold in holds if _applies(hold, asked) for found in _held(hold, asked, on)]


def check_may_adjust(holds: Iterable[Hold], asked: Asked, *, on: date) -> None:
    """Raises `Refused` with every rule that does not allow it."""
    holds = [hold for hold in holds if _applies(hold, asked)]
    if any(asked.ground in hold.exceptions for hold in holds) and not asked.basis.strip():
        raise Refused("hold.basis", "按例外情形办理的，须写明依据的文件。")
    if found := held(holds, asked, on=on):
        raise Refused("hold.held", "\n".join(it.sentence for it in found))


def _applies(hold: Hold, asked: Asked) -> bool:
    return (
        asked.kind in hold.kinds
        and (not hold.posts or asked.post in hold.posts)
        and (not hold.unit_kinds or asked.unit.kind in hold.unit_kinds)
    )


def _held(hold: Hold, asked: Asked, on: date) -> Iterable[Held]:
    if asked.ground in hold.exceptions and asked.basis.strip():
        return
    started, reason = _clock(hold, asked)
    if not reason:
        return
    free_from = months_after(started, hold.months) if started else None
    if free_from is None or on < free_from:
        yield Held(hold, free_from, reason)


def _clock(hold: Hold, asked: Asked) -> tuple[date | None, str]:
    """The day the clock started, if it has, and what it says; nothing to say where the rule does not touch the case."""
    if hold.clock == "entered":
        if asked.entered_on is None:
            return None, "没有填写录用（选派）到任日期"
        return asked.entered_on, f"{asked.entered_on}到任，{_span(hold.months)}"
    said = asked.unit.extra.get("delisted_on")
    if said:
        delisted = date.fromisoformat(said)
        return delisted, f"“{asked.unit}”{delisted}脱贫出列，{_span(hold.months)}"
    if asked.unit.extra.get("poor"):
        return None, f"“{asked.unit}”尚未脱贫出列"
    return None, ""


def _span(months: int) -> str:
    if months == 0:
        return "此前不调整"
    if months == 6:
        return "应满半年"
    return f"应满{months // 12}年" if months % 12 == 0 else f"应满{months}个月"
