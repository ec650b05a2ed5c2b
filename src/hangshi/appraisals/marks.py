"""What people put on a sheet: their own ticks, checked ticks, reviewers' marks, residents' answers, elements found, vetoes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from hangshi.appraisals.locks import wait_for
from hangshi.appraisals.models import Mark, Round, Sheet
from hangshi.appraisals.queries import criterion_of, scheme_of
from hangshi.packs.schemes import FULL, Criterion, Edition
from hangshi.refusal import Refused
from hangshi.registry.signing import sign

SOURCE = {"self": "checklist", "check": "checklist", "review": "reviewers", "residents": "residents"}
STANCES = {
    "self": "自评",
    "check": "核查",
    "review": "评议",
    "residents": "测评",
    "element": "反向评价",
    "veto": "一票否决",
}


@dataclass(frozen=True)
class By:
    """Who marks: the account, the unit it acts at, and the person behind it, where known."""

    account: int | None
    unit: int | None = None
    person: int | None = None


@transaction.atomic
def put(
    sheet: Sheet, *, criterion: str, stance: str, values: Mapping[str, Decimal | int], by: By, on: date, note: str = ""
) -> list[Mark]:
    """Put the values (part → value; "" is the criterion itself) on the sheet, in place of what stood there. Raises `Refused`.

    A reviewer has one mark; ticks, counts and elements are the sheet's own. What was there before is kept as an earlier version.
    """
    sign(by.account)
    round_ = Round.objects.get(pk=sheet.round_id)
    wait_for(round_, alone=False)
    round_.refresh_from_db()
    said = {part: Decimal(value) for part, value in values.items()}
    check_may_put(round_, sheet, criterion=criterion, stance=stance, values=said, by=by, on=on, note=note)
    reviewer = by.account if stance == "review" else None
    return [
        Mark.objects.update_or_create(
            sheet=sheet,
            criterion=criterion,
            part=part,
            stance=stance,
            reviewer=reviewer,
            defaults={"value": value, "note": note.strip(), "day": on, "path": sheet.path, "recorded_by": by.account},
        )[0]
        for part, value in said.items()
    ]


def check_may_put(
    round_: Round,
    sheet: Sheet,
    *,
    criterion: str,
    stance: str,
    values: Mapping[str, Decimal],
    by: By,
    on: date,
    note: str = "",
) -> None:
    wanted = "open" if stance == "self" else "checking"
    if stance not in STANCES or round_.state != wanted:
        raise Refused("appraisal.closed", "自评在自评阶段填，核查、评议和扣分在核查阶段填；现在不能填。")
    if on < round_.opened_on:
        raise Refused("appraisal.day", f"日期不能早于启动日期{round_.opened_on}。")
    edition = scheme_of(round_)[1]
    if stance != "self":
        check_not_own(sheet, by, stance)
    _check_values(_allowed(edition, criterion, stance), stance, values)
    if stance in ("element", "veto") and any(values.values()) and not note.strip():
        raise Refused("appraisal.ground", "扣分和一票否决须写明依据。")


def check_not_own(sheet: Sheet, by: By, stance: str) -> None:
    """Nobody checks or reviews the unit they act for, or themselves, or what they reported."""
    if sheet.person_id is None and by.unit == sheet.unit_id:
        raise Refused("appraisal.own", "不能给自己所在的单位核查、评分。")
    if sheet.person_id is not None and by.person == sheet.person_id:
        raise Refused("appraisal.own", "不能给自己核查、评分。")
    reported = sheet.marks.filter(stance="self", recorded_by=by.account)
    if stance == "check" and sheet.person_id is None and by.account is not None and reported.exists():
        raise Refused("appraisal.own", "自评是您填的，须由别人核查。")


def _allowed(edition: Edition, key: str, stance: str) -> Mapping[str, object]:
    """The parts that may be marked so."""
    if stance == "veto":
        return edition.vetoes
    criterion = criterion_of(edition, key)
    if criterion is None or SOURCE.get(stance, criterion.by) != criterion.by:
        raise Refused("appraisal.criterion", "这个项目不是这样计分的。")
    return _parts(criterion, stance)


def _parts(criterion: Criterion, stance: str) -> Mapping[str, object]:
    by: dict[str, Mapping[str, object]] = {
        "review": {"": None},
        "residents": criterion.choices,
        "element": criterion.elements,
    }
    return by.get(stance, criterion.items)


def _check_values(parts: Mapping[str, object], stance: str, values: Mapping[str, Decimal]) -> None:
    if not values:
        raise Refused("appraisal.empty", "没有填任何一项，没有保存。")
    for part, value in values.items():
        if part not in parts:
            raise Refused("appraisal.part", "这个项目里没有这一项。")
        if not value.is_finite() or value < 0:
            raise Refused("appraisal.value", "应填零或大于零的数。")
        if stance == "review" and (value > FULL or value != value.quantize(Decimal("0.01"))):
            raise Refused("appraisal.value", "评分应在 0 至 100 之间，最多两位小数。")
        if stance != "review" and (value != int(value) or value > 1_000_000):
            raise Refused("appraisal.value", "票数和次数应填整数。")
        if stance in ("self", "check", "veto") and value > 1:
            raise Refused("appraisal.value", "这一项只能选是或否。")
