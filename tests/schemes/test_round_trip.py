"""Form → TOML → form: what is shown and saved unchanged is the same scheme, whatever it says; comments stay."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hangshi.packs.beside import cut
from hangshi.packs.loader import stacked
from hangshi.packs.schemes import Criterion, Edition, Scheme
from hangshi.schemes.reading import read
from hangshi.schemes.writing import Writing, begun
from hangshi.web.scheme_form import criterion_data, criterion_inputs, scheme_data, scheme_inputs

MADE = stacked("base", "ankang", "nanpiao", "baoshan", "shifan", "jiuquan").whole.made
SHIPPED = {str(key[1]): (it, document) for key, (it, document) in MADE.items() if isinstance(it, Scheme)}
DAY = date(2021, 3, 4)
NUMBERS = st.decimals(0, 1000, places=2).map(lambda it: it.normalize() + 0)
WORDS = st.text("甲乙丙丁“”\"'=#[]{}\\,.a1 ", min_size=1, max_size=12).map(str.strip).filter(bool)


def keyed(prefix, part, **sizes):
    return st.lists(part, **sizes).map(lambda parts: {f"{prefix}{at}": it for at, it in enumerate(parts)})


NAMED = {"name": WORDS}
SOURCES = {
    "reviewers": {"least": st.integers(1, 9), "combine": st.sampled_from(["mean", "median", "trimmed"])},
    "residents": {"choices": keyed("c", st.fixed_dictionaries(NAMED | {"percent": NUMBERS}), min_size=1, max_size=3)},
    "checklist": {"items": keyed("i", st.fixed_dictionaries(NAMED | {"points": NUMBERS}), min_size=1, max_size=4)},
    "indicator": {
        "indicator": st.just("theme_days"),
        "shape": st.sampled_from(["linear", "steps"]),
        "curve": st.lists(st.fixed_dictionaries({"at": NUMBERS, "percent": NUMBERS}), min_size=1, max_size=3),
    },
}
ELEMENTS = keyed("e", st.fixed_dictionaries(NAMED | {"item": st.sampled_from(["", "i0"]), "points": NUMBERS}), max_size=2)  # fmt: skip


@st.composite
def criteria(draw):
    by = draw(st.sampled_from(sorted(SOURCES)))
    said = {
        "name": draw(WORDS), "weight": draw(NUMBERS), "by": by, "nature": draw(st.sampled_from(["outcome", "activity", "duty"])),
        "missing": draw(st.sampled_from(["wait", "zero", "out"])), "elements": draw(ELEMENTS),
        "most_deducted": draw(st.none() | NUMBERS), "evidence": tuple(draw(st.lists(WORDS, max_size=2))),
    }  # fmt: skip
    return said | {name: draw(part) for name, part in SOURCES[by].items()}


@st.composite
def schemes(draw):
    drawn = draw(st.lists(criteria(), min_size=1, max_size=4))
    grades = [{"key": f"g{at}", "name": draw(WORDS), "least": draw(NUMBERS)} for at in range(draw(st.integers(1, 3)))]
    edition = {
        "since": DAY, "criteria": [it | {"key": f"k{at}"} for at, it in enumerate(drawn)], "grades": grades,
        "vetoes": draw(keyed("v", WORDS, max_size=2)),
    }  # fmt: skip
    said = {"key": "five_outcomes", "name": draw(WORDS), "source": draw(WORDS), "unit_kinds": ("village",)}
    return Scheme.model_validate(said | {"editions": [Edition.model_validate(edition)]})


def saved_unchanged(text: str, scheme: Scheme) -> Scheme:
    """Every form of the draft, shown as it is and sent back."""
    writing = Writing(text)
    of_scheme, of_edition = scheme_data(scheme_inputs(scheme))
    writing.put_scheme(of_scheme)
    writing.put_edition(of_edition)
    for it in scheme.editions[0].criteria:
        typed = criterion_inputs(it)
        writing.put_criterion(it.key, criterion_data(typed, it.key))
        assert typed.errors == {}
    reading = read(writing.text)
    assert reading.scheme is not None, reading.problems
    return reading.scheme


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_every_shipped_scheme_is_the_same_after_its_forms(key):
    scheme, document = SHIPPED[key]
    text = begun(cut(document, ("scheme", key)), since=DAY, place=len(scheme.editions) - 1)
    expected = scheme.model_copy(update={"editions": [scheme.editions[-1].model_copy(update={"since": DAY})]})
    assert saved_unchanged(text, expected) == expected


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_what_was_not_changed_keeps_its_letters(key):
    scheme, document = SHIPPED[key]
    text = begun(cut(document, ("scheme", key)), since=DAY, place=len(scheme.editions) - 1)
    writing = Writing(text)
    for it in scheme.editions[-1].criteria:
        writing.put_criterion(it.key, criterion_data(criterion_inputs(it), it.key))
    assert writing.text == text


@given(schemes())
@settings(max_examples=60, deadline=None)
def test_any_scheme_written_through_the_forms_reads_the_same(scheme):
    _, document = SHIPPED["five_outcomes"]
    text = begun(cut(document, ("scheme", "five_outcomes")), since=DAY, place=0)
    writing = Writing(text)
    for old in ("cadres", "policy", "disputes", "growth"):
        writing.take_out(old)
    for it in scheme.editions[0].criteria:
        writing.put_criterion(it.key, criterion_data(criterion_inputs(it), it.key))
    writing.take_out("benefit")
    of_scheme, of_edition = scheme_data(scheme_inputs(scheme))
    writing.put_scheme(of_scheme | {"unit_kinds": list(scheme.unit_kinds)})
    writing.put_edition(of_edition)
    again = read(writing.text).scheme
    assert again == scheme
    assert saved_unchanged(writing.text, again) == scheme


def test_comments_and_order_stay_when_one_thing_is_changed():
    text = """# 东县的办法
[scheme.five_outcomes]
name = "五看"          # 简称
unit_kinds = ["village"]
source = "东县〔2018〕3号"
[[scheme.five_outcomes.editions]]
since = 2018-06-01
grades = [{ key = "all", name = "都算", least = 0 }]
# 第一项
[[scheme.five_outcomes.editions.criteria]]
key = "a"
name = "甲"
weight = 60            # 会议定的
nature = "outcome"
by = "reviewers"
# 第二项
[[scheme.five_outcomes.editions.criteria]]
key = "b"
name = "乙"
weight = 40
nature = "outcome"
by = "reviewers"
"""
    writing = Writing(text)
    writing.weigh({"a": Decimal("62.5")})
    assert writing.text == text.replace("weight = 60 ", "weight = 62.5 ")


def test_a_criterion_is_moved_and_taken_out():
    _, document = SHIPPED["five_outcomes"]
    text = begun(cut(document, ("scheme", "five_outcomes")), since=DAY, place=0)

    def order(writing: Writing) -> list[str]:
        scheme = read(writing.text).scheme
        return [it.key for it in scheme.editions[0].criteria] if scheme else []

    writing = Writing(text)
    writing.shift("policy", -1)
    assert order(writing) == ["policy", "cadres", "disputes", "growth", "benefit"]
    writing.shift("policy", -1)  # at the end it stays
    writing.shift("growth", 1)
    assert order(writing) == ["policy", "cadres", "disputes", "benefit", "growth"]
    writing.take_out("disputes")
    assert order(Writing(writing.text)) == ["policy", "cadres", "benefit", "growth"]


def test_a_criterion_that_asks_something_else_drops_what_it_asked_before():
    criterion = Criterion.model_validate(
        {"key": "a", "name": "甲", "weight": 10, "nature": "duty", "by": "checklist", "items": {"x": {"name": "子项"}}}
    )
    typed = criterion_inputs(criterion)
    typed.said = dict(typed.said) | {"by": ["reviewers"], "least": ["3"]}
    assert criterion_data(typed, "a") == {
        "key": "a", "name": "甲", "weight": 10, "nature": "duty", "by": "reviewers", "least": 3,
    }  # fmt: skip
