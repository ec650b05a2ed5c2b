"""Schemes: their parts fit together, outcomes outweigh counts, and nobody is shamed."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from hangshi.packs.rules.formalism import CHECK_IN, PHOTO, RANKING, SCORE, TRACK
from hangshi.packs.rules.register import Book, Fault, rule
from hangshi.packs.schemes import FULL, Criterion, Edition, Scheme
from hangshi.packs.shapes import did_you_mean

OWN = {  # what a source needs, and all that it may have
    "indicator": (("indicator", "curve"), ("indicator", "curve")),
    "ledger": (("book", "curve"), ("book", "curve")),
    "reviewers": ((), ()),
    "residents": (("choices",), ("choices",)),
    "checklist": (("items",), ("items",)),
}
SOURCED = ("indicator", "book", "curve", "choices", "items")


def editions(it: Scheme) -> Iterator[tuple[str, Edition]]:
    return ((f"editions.{number}", edition) for number, edition in enumerate(it.editions))


def criteria(it: Scheme) -> Iterator[tuple[str, Criterion]]:
    for at, edition in editions(it):
        for number, criterion in enumerate(edition.criteria):
            yield f"{at}.criteria.{number}", criterion


def twice(keys: Iterable[str]) -> Iterator[int]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key in seen:
            yield number
        seen.add(key)


@rule(Scheme)
def editions_follow_one_another(it: Scheme, book: Book) -> Iterator[Fault]:
    """P701. Editions stand in the order of their first days; within one, keys are their own."""
    for number, (earlier, later) in enumerate(pairwise(it.editions), 1):
        if later.since <= earlier.since:
            yield Fault(f"editions.{number}.since", "P701", f"首日要逐版递增：{later.since} 不晚于 {earlier.since}")
    for at, edition in editions(it):
        for name in ("headings", "criteria", "grades"):
            for number in twice(part.key for part in getattr(edition, name)):
                yield Fault(f"{at}.{name}.{number}.key", "P701", "同一版里键不能重复")


@rule(Scheme)
def weights_add_up(it: Scheme, book: Book) -> Iterator[Fault]:
    """P702. The weights are above zero and make 100 together."""
    for at, criterion in criteria(it):
        if criterion.weight <= 0:
            yield Fault(f"{at}.weight", "P702", "分值要大于零")
    for at, edition in editions(it):
        total = sum(criterion.weight for criterion in edition.criteria)
        if total != FULL:
            yield Fault(at, "P702", f"各项分值合计应为 {FULL}，现为 {total}")


@rule(Scheme)
def sources_are_whole(it: Scheme, book: Book) -> Iterator[Fault]:
    """P703. A criterion says all that its source needs and nothing of another's; indicators and books exist."""
    for at, criterion in criteria(it):
        needed, allowed = OWN[criterion.by]
        for name in SOURCED:
            if name in needed and not getattr(criterion, name):
                yield Fault(at, "P703", f"按 {criterion.by} 计分，缺少“{name}”")
            elif name not in allowed and getattr(criterion, name):
                yield Fault(f"{at}.{name}", "P703", f"按 {criterion.by} 计分，不写“{name}”")
        for name, section, known in _named(criterion, book):
            yield Fault(f"{at}.{name}", "P703", f"没有“{section}”{did_you_mean(section, known)}")


def _named(criterion: Criterion, book: Book) -> Iterator[tuple[str, str, set[str]]]:
    if criterion.indicator and not book.has("indicator", criterion.indicator):
        yield "indicator", criterion.indicator, book.names("indicator")
    if criterion.book and not book.has("kind", "entry", criterion.book):
        yield "book", criterion.book, book.names("kind", "entry")


@rule(Scheme)
def curves_are_curves(it: Scheme, book: Book) -> Iterator[Fault]:
    """P704. Values rise from knot to knot and percents lie between 0 and 100; a line needs two knots."""
    for at, criterion in criteria(it):
        for number, (earlier, later) in enumerate(pairwise(criterion.curve), 1):
            if later.at <= earlier.at:
                yield Fault(f"{at}.curve.{number}.at", "P704", f"取值要逐点递增：{later.at} 不大于 {earlier.at}")
        percents = [("curve", str(number), knot.percent) for number, knot in enumerate(criterion.curve)]
        percents += [("choices", key, choice.percent) for key, choice in criterion.choices.items()]
        for name, key, percent in percents:
            if not 0 <= percent <= FULL:
                yield Fault(f"{at}.{name}.{key}.percent", "P704", "得分率应在 0 至 100 之间")
        if criterion.shape == "linear" and len(criterion.curve) == 1:
            yield Fault(f"{at}.curve", "P704", '折线至少要有两个点；分档的写 shape = "steps"')


@rule(Scheme)
def deductions_hang_on_items(it: Scheme, book: Book) -> Iterator[Fault]:
    """P705. An element counts against a line that exists; its points, and those of a line, are above zero."""
    for at, criterion in criteria(it):
        for key, element in criterion.elements.items():
            if element.item and element.item not in criterion.items:
                known = did_you_mean(element.item, criterion.items)
                yield Fault(f"{at}.elements.{key}.item", "P705", f"没有子项“{element.item}”{known}")
        parts = [("elements", key, element.points) for key, element in criterion.elements.items()]
        parts += [("items", key, item.points) for key, item in criterion.items.items()]
        for name, key, points in parts:
            if points <= 0:
                yield Fault(f"{at}.{name}.{key}.points", "P705", "分值要大于零")
        if criterion.most_deducted is not None and not criterion.elements:
            yield Fault(f"{at}.most_deducted", "P705", "没有反向评价要素，不写扣分上限")


@rule(Scheme)
def headings_are_used(it: Scheme, book: Book) -> Iterator[Fault]:
    """P706. A criterion's heading exists, a heading has criteria, and its cap is above zero."""
    for at, edition in editions(it):
        known = {heading.key for heading in edition.headings}
        used = {criterion.heading for criterion in edition.criteria}
        for number, criterion in enumerate(edition.criteria):
            if criterion.heading and criterion.heading not in known:
                hint = did_you_mean(criterion.heading, known)
                yield Fault(f"{at}.criteria.{number}.heading", "P706", f"没有大项“{criterion.heading}”{hint}")
        for number, heading in enumerate(edition.headings):
            if heading.key not in used:
                yield Fault(f"{at}.headings.{number}", "P706", f"大项“{heading.name}”下没有子项")
            if heading.cap is not None and heading.cap <= 0:
                yield Fault(f"{at}.headings.{number}.cap", "P706", "封顶分要大于零")


@rule(Scheme)
def every_total_has_a_grade(it: Scheme, book: Book) -> Iterator[Fault]:
    """P707. Grades go down, and the last one begins at 0."""
    for at, edition in editions(it):
        for number, (higher, lower) in enumerate(pairwise(edition.grades), 1):
            if lower.least >= higher.least:
                yield Fault(f"{at}.grades.{number}.least", "P707", "等次要从高到低排列")
        if edition.grades[-1].least != 0:
            yield Fault(
                f"{at}.grades.{len(edition.grades) - 1}.least", "P707", "最后一个等次要从 0 分起，否则有的得分没有等次"
            )


@rule(Scheme)
def outcomes_outweigh_counts(it: Scheme, book: Book) -> Iterator[Fault]:
    """P708. How often something was held never weighs more than what came of it, but on a ground that is written down."""
    for at, edition in editions(it):
        weight = {
            nature: sum((part.weight for part in edition.criteria if part.nature == nature), Decimal(0))
            for nature in ("activity", "outcome")
        }
        if weight["activity"] > weight["outcome"] and not it.counts_ground.strip():
            said = f"看次数的分值（{weight['activity']}）高于看实效的分值（{weight['outcome']}）"
            yield Fault(at, "P708", f"{said}；确有规定的，写明 counts_ground")


@rule(Scheme)
def persons_are_not_compared(it: Scheme, book: Book) -> Iterator[Fault]:
    """P709. A scheme about persons has no peers and no last place; figures of a unit are not counted as a person's."""
    if it.subject != "person":
        return
    if it.peers != "all" or it.within:
        yield Fault("peers" if it.peers != "all" else "within", "P709", "对个人的考评不分组比较、不排名")
    for at, criterion in criteria(it):
        if criterion.by == "indicator":
            yield Fault(f"{at}.by", "P709", "单位的指标不能记到个人头上；个人用台账、评议或清单")
    for at, edition in editions(it):
        for number, grade in enumerate(edition.grades):
            if RANKING.search(grade.name):
                yield Fault(f"{at}.grades.{number}.name", "P709", "不许给个人排名、设末位")


@rule(Scheme)
def no_points_for_traces(it: Scheme, book: Book) -> Iterator[Fault]:
    """P710. Signing in, photos, tracks and the use of software earn nothing and cost nothing."""
    for at, criterion in criteria(it):
        words = [("name", criterion.name), *((f"items.{key}.name", item.name) for key, item in criterion.items.items())]
        words += [(f"elements.{key}.name", element.name) for key, element in criterion.elements.items()]
        for field, said in words:
            if any(banned.search(said) for banned in (CHECK_IN, PHOTO, TRACK, SCORE)):
                yield Fault(f"{at}.{field}", "P710", "签到打卡、拍照留痕、定位轨迹、使用软件的次数和时长不得计分")


@rule(Scheme)
def effects_name_what_exists(it: Scheme, book: Book) -> Iterator[Fault]:
    """P711. Effects follow from grades of every edition; a pay rise has its book, its duty and its standard."""
    for number, effect in enumerate(it.effects):
        for place, grade in enumerate(effect.grades):
            if any(grade not in {known.key for known in edition.grades} for edition in it.editions):
                yield Fault(f"effects.{number}.grades.{place}", "P711", f"有的版本没有等次“{grade}”")
        if bool(effect.rises) != (effect.book is not None):
            yield Fault(f"effects.{number}", "P711", "有报酬上浮（rises）就要写记入的账目（book），没有就不写")
        if effect.book and not book.has("kind", "entry", effect.book):
            yield Fault(f"effects.{number}.book", "P711", f"没有账目“{effect.book}”")
        for place, rise in enumerate(effect.rises):
            if not book.has("kind", "duty", rise.duty):
                yield Fault(f"effects.{number}.rises.{place}.duty", "P711", f"没有责任类别“{rise.duty}”")
            if not book.has("standard", rise.standard):
                yield Fault(f"effects.{number}.rises.{place}.standard", "P711", f"没有标准“{rise.standard}”")


@rule(Scheme)
def subjects_are_units_of_the_pack(it: Scheme, book: Book) -> Iterator[Fault]:
    """P712. The kinds of unit exist; persons are appraised in their branch, who alone sees them."""
    known = book.names("kind", "unit")
    named = [(f"unit_kinds.{number}", kind) for number, kind in enumerate(it.unit_kinds)]
    for field, kind in [*named, *([("within", it.within)] if it.within else [])]:
        if kind not in known:
            yield Fault(field, "P712", f"没有单位类别“{kind}”{did_you_mean(kind, known)}")
    if not it.unit_kinds or (it.subject == "person" and it.unit_kinds != ("branch",)):
        yield Fault("unit_kinds", "P712", "写明考评哪类单位；对个人的考评只在党支部内进行")
