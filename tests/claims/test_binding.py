"""Which definition a number means: by name, alias, unit of measure and the words around it; a person's word comes first."""

import pytest

from hangshi.claims import binding
from hangshi.claims.extract import extract
from hangshi.packs.models import Indicator, Pack, Standard


def indicator(key: str, name: str, unit: str, *aliases: str) -> Indicator:
    return Indicator(
        key=key, name=name, unit=unit, aliases=aliases, fact="f", measure="count(*)", time="as_of", empty="zero"
    )


PACK = Pack(
    indicators={
        it.key: it
        for it in (
            indicator("members", "党员数", "person", "党员"),
            indicator("secretaries", "在任第一书记人数", "person", "第一书记"),
            indicator("recalled", "召回第一书记人数", "person", "第一书记召回"),
            indicator("paired", "结对帮扶户数", "household", "结对贫困户"),
            indicator("organ", "机关党员数", "person", "机关党员"),
            indicator("bearers", "结对帮扶干部人数", "person", "结对机关党员"),
            indicator("branches", "党支部数", "item", "支部数"),
            indicator("rural", "农村党支部数", "item"),
            indicator("urban", "城镇党支部数", "item"),
        )
    },
    standards={"fund": Standard(key="fund", name="培训经费下限", unit="yuan", bound="least", per="每名党员每年")},
)


def bound(text: str, confirmed: dict[tuple[str, str], str] | None = None) -> str | None:
    claim, *_ = extract(text)
    chosen = binding.sure(binding.candidates(claim, text, PACK, confirmed or {}))
    return chosen and chosen.key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("全市共有党员1470名。", "members"),
        ("全市有在任第一书记13名。", "secretaries"),
        ("召回第一书记3名。", "recalled"),  # the verb beside the number makes it another definition
        ("机关党员有340名。", "organ"),
        ("340名机关党员与贫困户结对帮扶。", "bearers"),
        ("共结对帮扶贫困户626户。", "paired"),
        ("党支部64个。", "branches"),
        ("农村党支部29个。", "rural"),
        ("监测对象30户。", None),  # nothing is called so
        ("按每人100元的标准安排培训经费。", "fund"),
    ],
)
def test_a_number_means_the_definition_that_says_most_of_its_words(text, key):
    assert bound(text) == key


def test_the_unit_of_measure_must_agree():
    [claim] = extract("全市共有党员1470户。")
    assert [it.key for it in binding.candidates(claim, "全市共有党员1470户。", PACK, {})] == []


def test_two_that_are_equally_like_are_left_to_a_person():
    text = "乡村党支部29个，两类党支部35个。"
    *_, claim = extract(text)
    found = binding.candidates(
        claim, text, Pack(indicators={key: PACK.indicators[key] for key in ("rural", "urban")}), {}
    )
    assert sorted(it.key for it in found) == ["rural", "urban"]
    assert binding.sure(found) is None


def test_what_a_person_confirmed_stands_alone():
    assert bound("监测对象30户。", {("监测对象", "household"): "paired"}) == "paired"
    assert bound("监测对象30户。", {("监测对象", "person"): "members"}) is None  # confirmed for another measure
    assert bound("监测对象30户。", {("监测对象", "household"): "gone"}) is None  # the definition is no longer there


def test_each_candidate_says_why():
    [claim] = extract("召回第一书记3名。")
    first = binding.candidates(claim, "召回第一书记3名。", PACK, {})[0]
    assert first.reasons == ("“召回第一书记人数”与“第一书记”同在一句，名称的字都在", "计量单位相同")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("党员", "党员", 1.0), ("党员", "户", 0.0), ("村", "村", 1.0), ("", "", 0.0), ("农村党员", "党员", 0.5)],
)
def test_likeness_of_names(one, other, alike):
    assert binding.dice(one, other) == alike
