"""Every quantity that a report states, with its place in the raw text, its role, its interval and what it counts."""

from dataclasses import replace

from hangshi.claims import context, exclusions, roles, subjects
from hangshi.claims.clean import Cleaned, clean
from hangshi.claims.hedges import Interval
from hangshi.claims.masks import masks
from hangshi.claims.quantities import Quantity, quantities
from hangshi.claims.table import Claim


def extract(raw: str) -> list[Claim]:
    """The claims of a text, in its order. Deterministic; time grows with the length of the text."""
    cleaned = clean(raw)
    text = cleaned.text
    hidden = masks(text)
    spoken = roles.without_titles(text, hidden.titles)
    planned = roles.planned(text)
    memory = subjects.Memory()
    found: list[Claim] = []
    before: tuple[int, str] = (-1, "")
    for it in quantities(text):
        unit = it.unit or exclusions.unit_by_noun(text, it)
        if unit and not exclusions.excluded(text, it, hidden):
            named = subjects.subject(text, it, unit, memory)
            if it.word == "口" and not text[named[0] : named[1]].endswith(("人", "户", "家", "人口")):
                unit = "item"  # 池5口
            role = roles.role(spoken, it, text[named[0] : named[1]], before, planned)
            before = it.end, role
            found.append(_claim(cleaned, it, unit, role, named))
    return found


def _claim(cleaned: Cleaned, it: Quantity, unit: str, role: str, named: subjects.Span) -> Claim:
    text = cleaned.text
    sentence = roles.sentence_start(text, it.start)
    start, end = cleaned.span(it.start, it.end)
    amount = _amount(it)
    return Claim(
        start, end, cleaned.raw[start:end], role,
        amount.low, amount.low_open, amount.high, amount.high_open, unit,
        cleaned.copied(*named), cleaned.copied(*context.scope(text, it.start, sentence)), cleaned.copied(*context.period(text, it.start, sentence)),
    )  # fmt: skip


def _amount(it: Quantity) -> Interval:
    if it.interval.low is None:
        return replace(it.interval, low_open=False)
    return it.interval
