"""收益分配: proposed, approved or not, paid, undone; what each act asks and carries out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hangshi.packs.books import Distribution
from hangshi.registry.signing import Signer
from hangshi.shares import dividends, queries
from hangshi.shares.dividends import Asked
from hangshi.shares.models import Dividend
from hangshi.web import words
from hangshi.web.acts import shares
from hangshi.web.acts.shape import Said
from hangshi.web.fields import Field

RATE = "rate_"


@dataclass(frozen=True)
class Act:
    """`state`: of the dividend it is offered for."""

    title: str
    state: str
    fields: Callable[[Dividend, date], list[Field]]
    run: Callable[[Dividend, Signer, Said], object]
    tells: str = ""
    grave: bool = False


def rule(dividend: Dividend) -> Distribution:
    return words.pack().distributions[dividend.rule]


def new_fields(asked: shares.Asked) -> list[Field]:
    year = asked.today.year - 1
    reserves = [
        Field(
            f"{RATE}{it.key}",
            f"{it.name}（%）",
            "decimal",
            hint=f"按章程，不低于{it.least}%" if it.least else "按章程，没有的不填",
        )
        for it in asked.rule.reserves
    ]
    return [
        Field("year", "年度", "int", True, initial=year),
        Field("amount", "决定分配的数额（元）", "decimal", True, "不能多于这一年账上的收入减成本费用"),
        *reserves,
        Field(
            "record_day",
            "股权登记日",
            "date",
            True,
            "按这一天的股份分配",
            initial=date(year, 12, 31),
            latest=asked.today,
        ),
        shares.meeting_field(asked),
        Field("day", "提出日期", "date", True, initial=asked.today, latest=asked.today),
        Field("note", "说明"),
    ]


def proposed(asked: shares.Asked, by: Signer, said: Said) -> Dividend:
    rates = {it.key: said[f"{RATE}{it.key}"] or Decimal(0) for it in asked.rule.reserves}
    what = Asked(said["year"], said["record_day"], said["amount"], rates, said["note"])
    return dividends.propose(asked.unit, asked.rule, what, activity=asked.meeting(said), by=by, on=said["day"])


def _day(today: date, label: str = "日期") -> Field:
    return Field("day", label, "date", True, initial=today, latest=today)


def _reason(dividend: Dividend, today: date) -> list[Field]:
    return [_day(today), Field("reason", "理由", required=True, longest=200)]


def _approve(dividend: Dividend, by: Signer, said: Said) -> object:
    due = words.pack().kinds.entry[rule(dividend).due]
    return dividends.approve(dividend, rule(dividend), due, by=by, on=said["day"])


def _decline(dividend: Dividend, by: Signer, said: Said) -> object:
    return dividends.decline(dividend, reason=said["reason"], by=by, on=said["day"])


def _pay_fields(dividend: Dividend, today: date) -> list[Field]:
    waiting = queries.unpaid(queries.parts(dividend))
    names = {
        str(it.pk): f"{it.holder.household.head}（{it.holder.household.number}）{words.number(it.amount, 2)}元"
        for it in waiting
        if it.holder is not None
    }
    return [
        Field("parts", "发放给哪些户", "several", True, choices=names),
        _day(today, "发放日期"),
        Field("note", "批次或凭证号", required=True, hint="如“第1批，转账凭证12号”", longest=200),
    ]


def _pay(dividend: Dividend, by: Signer, said: Said) -> object:
    paid = words.pack().kinds.entry[rule(dividend).paid]
    parts = [int(it) for it in said["parts"]]
    return dividends.pay(dividend, paid, parts=parts, note=said["note"], by=by, on=said["day"])


def _undo(dividend: Dividend, by: Signer, said: Said) -> object:
    return dividends.undo(dividend, reason=said["reason"], by=by, on=said["day"])


ACTS = {
    "approve": Act(
        "审核通过，逐户入账", "proposed", lambda dividend, today: [_day(today)], _approve,
        "核对无误后逐户记入应付分红。提出方案的人不能审核。",
    ),
    "decline": Act("不予通过", "proposed", _reason, _decline, "没有入账；改好以后另行提出。"),
    "pay": Act("登记发放", "posted", _pay_fields, _pay, "已经发到户的逐户勾选；没有勾选的留在未发放清单上。"),
    "undo": Act(
        "冲销分配", "posted", _reason, _undo, "各户应付的一笔都冲销，另行提出；已经发放的，先在各户的台账上冲销。",
    ),
}  # fmt: skip
