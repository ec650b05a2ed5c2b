"""What one edition of a scheme says otherwise than another, in sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangshi.packs.schemes import Criterion, Edition, Scheme
from hangshi.schemes import queries
from hangshi.schemes.models import Draft
from hangshi.web import words
from hangshi.web.appraising import BY, COMBINE, MISSING, NATURE
from hangshi.web.scheme_form import text

PEERS = {"all": "全部一起比", "kind": "同类单位比", "field": "同领域比"}
SHAPES = {"linear": "中间按比例", "steps": "分档"}


@dataclass(frozen=True)
class Change:
    """`what`: the part of the scheme; `said`: how it is changed."""

    what: str
    said: str


def changes(before: Scheme, after: Scheme) -> list[Change]:
    """In the order of the page: the scheme, its frame, its criteria. Both have one edition that counts: the last. Empty: nothing but the first day."""
    old, new = before.editions[-1], after.editions[-1]
    return [
        *_scheme(before, after),
        *_named("大项", {it.key: it for it in old.headings}, {it.key: it for it in new.headings}, _heading),
        *_named("等次", {it.key: it for it in old.grades}, {it.key: it for it in new.grades}, _grade),
        *_vetoes(old, new),
        *_criteria(old, new),
    ]


def since_in_force(draft: Draft, on: date) -> list[Change]:
    """What the draft says otherwise than the scheme in force on the day at its unit; all of it is new where there is none."""
    before = queries.in_force(words.pack(), draft.key, draft.unit, on=on)
    after = queries.scheme_of(draft)
    return changes(before, after) if before and after else []


def _scheme(before: Scheme, after: Scheme) -> Iterator[Change]:
    told: dict[str, tuple[str, Callable[[Any], str]]] = {
        "name": ("名称", str),
        "source": ("依据", str),
        "doc": ("说明", str),
        "unit_kinds": ("考评哪类单位", lambda it: "、".join(words.label("unit", kind) for kind in it)),
        "peers": ("和谁比", lambda it: PEERS[it]),
        "within": ("在哪一级范围内比", lambda it: words.label("unit", it)),
        "places": ("小数位", str),
        "objection_days": ("异议期（天）", str),
        "counts_ground": ("看次数的分值较高的依据", str),
        "effects": ("结果运用", lambda it: "、".join(effect.name for effect in it)),
    }
    for name, (what, say) in told.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(what, _from_to(say(old), say(new)))


def _from_to(old: str, new: str) -> str:
    if not old:
        return f"写上“{new}”"
    return f"由“{old}”改为“{new}”" if new else f"删去“{old}”"


def _named(what: str, old: Mapping[str, Any], new: Mapping[str, Any], say: Callable[[Any], str]) -> Iterator[Change]:
    """By key: what is new, what is gone, what is said otherwise."""
    for key, it in new.items():
        if key not in old:
            yield Change(what, f"增加“{say(it)}”")
        elif old[key] != it:
            yield Change(what, f"“{say(old[key])}”改为“{say(it)}”")
    for key, it in old.items():
        if key not in new:
            yield Change(what, f"删去“{say(it)}”")


def _heading(it: Any) -> str:
    return f"{it.name}，封顶 {text(it.cap)} 分" if it.cap is not None else str(it.name)


def _grade(it: Any) -> str:
    return f"{it.name}（{text(it.least)} 分起）"


def _vetoes(old: Edition, new: Edition) -> Iterator[Change]:
    return _named("一票否决", old.vetoes, new.vetoes, str)


def _criteria(old: Edition, new: Edition) -> Iterator[Change]:
    before, after = ({it.key: it for it in edition.criteria} for edition in (old, new))
    for key, it in after.items():
        if key not in before:
            yield Change(it.name, f"新增，{text(it.weight)} 分，{BY[it.by]}，{NATURE[it.nature]}")
        else:
            for said in _criterion(before[key], it, old, new):
                yield Change(it.name, said)
    for key, it in before.items():
        if key not in after:
            yield Change(it.name, f"取消（原 {text(it.weight)} 分）")
    if _moved(old, new):
        yield Change("各项的次序", "改为" + "、".join(it.name for it in new.criteria))


def _moved(old: Edition, new: Edition) -> bool:
    """Whether those that are in both stand in another order."""
    both = {it.key for it in old.criteria} & {it.key for it in new.criteria}
    orders = [[it.key for it in edition.criteria if it.key in both] for edition in (old, new)]
    return orders[0] != orders[1]


def _criterion(old: Criterion, new: Criterion, was: Edition, now: Edition) -> Iterator[str]:
    headings = ({it.key: it.name for it in edition.headings} for edition in (was, now))
    of_old, of_new = headings
    pairs: Sequence[tuple[str, str, str]] = [
        ("名称", old.name, new.name),
        ("大项", of_old.get(old.heading, ""), of_new.get(new.heading, "")),
        ("分值", text(old.weight), text(new.weight)),
        ("看什么", NATURE[old.nature], NATURE[new.nature]),
        ("计分来源", BY[old.by], BY[new.by]),
        ("指标", indicator_name(old.indicator), indicator_name(new.indicator)),
        ("账目", words.label("entry", old.book), words.label("entry", new.book)),
        ("计分曲线", curve(old), curve(new)),
        ("至少几人", text(old.least), text(new.least)),
        ("合成方法", COMBINE[old.combine], COMBINE[new.combine]),
        ("没有数据时", MISSING[old.missing], MISSING[new.missing]),
        ("扣分上限", text(old.most_deducted), text(new.most_deducted)),
        ("佐证", "、".join(old.evidence), "、".join(new.evidence)),
    ]
    yield from (f"{what}{_from_to(one, other)}" for what, one, other in pairs if one != other)
    parts: list[tuple[str, Mapping[str, Any], Mapping[str, Any], Callable[[Any], str]]] = [
        ("答案", old.choices, new.choices, lambda it: f"{it.name} {text(it.percent)}%"),
        ("子项", old.items, new.items, lambda it: f"{it.name}（{text(it.points)}）"),
        ("反向评价要素", old.elements, new.elements, lambda it: f"{it.name} 每次扣 {text(it.points)}"),
    ]
    for what, one, other, say in parts:
        yield from (f"{what}{change.said}" for change in _named(what, one, other, say))


def curve(it: Criterion) -> str:
    if not it.curve:
        return ""
    return "，".join(f"{text(knot.at)} 得 {text(knot.percent)}%" for knot in it.curve) + f"（{SHAPES[it.shape]}）"


def indicator_name(key: str | None) -> str:
    found = words.pack().indicators.get(key or "")
    return found.name if found else key or ""
