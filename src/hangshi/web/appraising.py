"""A sheet as the page shows it: each point with where it comes from, and what the reader may still put on it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hangshi.appraisals.models import Mark, Round, Sheet
from hangshi.appraisals.queries import outcome_of, scheme_of
from hangshi.appraisals.scoring import Part
from hangshi.packs.schemes import Criterion
from hangshi.web import jinja, words

BY = {"indicator": "指标", "ledger": "台账", "reviewers": "评议", "residents": "测评", "checklist": "清单"}
NATURE = {"outcome": "看实效", "activity": "看次数", "duty": "看职责"}
COMBINE = {"mean": "取平均", "median": "取中位数", "trimmed": "去掉一个最高、一个最低后取平均"}
MISSING = {"wait": "缺数据时等待补齐，不当作零分", "zero": "没有时得零分", "out": "没有时不计此项，其余折算"}
SHOWN = ("shown", "fixed", "used")


@dataclass(frozen=True)
class Ask:
    """What may be put on a criterion: `stance`, and part → its name and what stands there now."""

    stance: str
    label: str
    parts: list[tuple[str, str, str]]
    yes_no: bool = False
    note: bool = False


@dataclass(frozen=True)
class Line:
    """`said`: what the points rest on, each with the address of its rows, where it has one."""

    criterion: Criterion
    heading: str
    how: str
    part: Part | None
    said: list[tuple[str, str]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)


def rule(it: Criterion) -> str:
    """How the criterion is scored, in a sentence."""
    match it.by:
        case "indicator" | "ledger":
            name = words.pack().indicators[it.indicator].name if it.indicator in words.pack().indicators else ""
            said = f"{name or words.label('entry', it.book)}：" + "，".join(
                f"{k.at:f} 得 {k.percent:f}%" for k in it.curve
            )
            how = said + ("，分档" if it.shape == "steps" else "，中间按比例")
        case "reviewers":
            how = f"至少 {it.least} 人评分（0 至 100），{COMBINE[it.combine]}"
        case "residents":
            how = f"至少 {it.least} 人测评：" + "，".join(f"{c.name} {c.percent:f}%" for c in it.choices.values())
        case _:
            how = "逐条核查：" + "；".join(f"{line.name}（{line.points:f}）" for line in it.items.values())
    if it.elements:
        how += "。反向评价：" + "；".join(f"{e.name} 每次扣 {e.points:f}" for e in it.elements.values())
    return f"{how}。{MISSING[it.missing]}"


def open_to(sheet: Sheet, unit_id: int, person: int | None) -> bool:
    """Points are hidden from the appraised until they are shown to them; those who appraise see them at once."""
    appraised = person == sheet.person_id if sheet.person_id is not None else unit_id == sheet.unit_id
    return sheet.round.state in SHOWN or not appraised


def lines(sheet: Sheet, *, permissions: frozenset[str], unit_id: int, person: int | None, account: int) -> list[Line]:
    """Criterion by criterion, in the order of the scheme."""
    _, edition = scheme_of(sheet.round)
    headings = {it.key: it.name for it in edition.headings}
    marks = _marks(sheet)
    visible = open_to(sheet, unit_id, person)
    parts = {part.key: part for part in outcome_of(sheet).parts} if visible else {}
    own = not open_to(
        Sheet(round=Round(state="open"), unit_id=sheet.unit_id, person_id=sheet.person_id), unit_id, person
    )
    return [
        Line(
            it,
            headings.get(it.heading, ""),
            rule(it),
            parts.get(it.key),
            said(it, sheet, marks[it.key]) if visible else [],
            _asks(it, sheet.round.state, marks[it.key], permissions, own, account),
        )
        for it in edition.criteria
    ]


def _marks(sheet: Sheet) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = defaultdict(list)
    for it in sheet.marks.order_by("stance", "part", "value", "pk"):
        found[it.criterion].append(it)
    return found


def said(it: Criterion, sheet: Sheet, marks: list[Mark]) -> list[tuple[str, str]]:
    """The frozen figure with the way to its rows, or what people put there; who gave which mark is not told."""
    round_, frozen = sheet.round, sheet.inputs.get(it.key, {})
    told: list[tuple[str, str]] = []
    if it.by == "indicator":
        address = jinja.url("indicator", it.indicator, unit=sheet.unit_id, from_=round_.first, to=round_.last)
        told.append(
            (f"冻结的数值 {_number(frozen.get('value'))}" if round_.computed_on else "计算时从指标取数", address)
        )
    if it.by == "ledger":
        address = jinja.url("records", "entries", unit=sheet.unit_id, kind=it.book)
        told.append(
            (f"期内入账合计 {_number(frozen.get('value'))}" if round_.computed_on else "计算时从台账取数", address)
        )
    reviews = [f"{mark.value.normalize():f}" for mark in marks if mark.stance == "review"]
    if reviews:
        told.append((f"{len(reviews)} 人评分：{'、'.join(reviews)}", ""))
    order = {part: place for place, part in enumerate((*it.items, *it.choices, *it.elements))}
    for mark in sorted(marks, key=lambda mark: (mark.stance, order.get(mark.part, 0))):
        name = _part_name(it, mark)
        if mark.stance in ("check", "self"):
            who = "核查" if mark.stance == "check" else "自评"
            told.append((f"{who}：{name}{'，符合' if mark.value else '，不符合'}{_noted(mark)}", ""))
        elif mark.stance == "residents":
            told.append((f"{name} {int(mark.value)} 人", ""))
        elif mark.stance == "element" and mark.value:
            told.append((f"反向评价：{name} {int(mark.value)} 次{_noted(mark)}", ""))
    return told


def _noted(mark: Mark) -> str:
    return f"（{mark.note}）" if mark.note else ""


def _number(value: str | None) -> str:
    return "无记录" if value is None else words.number(Decimal(value))


def _part_name(it: Criterion, mark: Mark) -> str:
    families: Mapping[str, Mapping[str, Any]] = {"residents": it.choices, "element": it.elements}
    found = families.get(mark.stance, it.items).get(mark.part)
    return str(found.name) if found else ""


def _asks(
    it: Criterion, state: str, marks: list[Mark], permissions: frozenset[str], own: bool, account: int
) -> list[Ask]:
    """What the reader may put there now."""
    known = {(mark.stance, mark.part): f"{mark.value.normalize():f}" for mark in marks if mark.stance != "review"}
    mine = next((f"{m.value.normalize():f}" for m in marks if m.stance == "review" and m.reviewer == account), "")

    def parts(stance: str, named: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        return [(key, part.name, known.get((stance, key), "")) for key, part in named.items()]

    if state == "open" and it.by == "checklist" and "appraisals.report" in permissions:
        return [Ask("self", "自评", parts("self", it.items), yes_no=True, note=True)]
    if state != "checking" or own or "appraisals.write" not in permissions:
        return []
    asks = {
        "checklist": Ask("check", "核查", parts("check", it.items), yes_no=True, note=True),
        "reviewers": Ask("review", "我的评分", [("", "评分（0 至 100）", mine)]),
        "residents": Ask("residents", "测评人数", parts("residents", it.choices)),
    }
    found = [asks[it.by]] if it.by in asks else []
    if it.elements:
        found.append(Ask("element", "反向评价要素（次数）", parts("element", it.elements), note=True))
    return found
