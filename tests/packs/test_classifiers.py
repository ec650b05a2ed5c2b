"""量词: what stands after a number is a word by which such things are counted."""

import pytest

from hangshi import packs
from hangshi.web import words
from tests.packs.conftest import SaidOf

INDICATOR = """
[indicator.a]
name = "甲"
fact = "activities"
measure = "count(*)"
time = "within"
unit = "{unit}"
classifier = "{classifier}"
empty = "zero"
source = "试验"
"""


@pytest.mark.parametrize(
    ("unit", "classifier", "codes"),
    [
        ("item", "次", []),
        ("item", "支", []),
        ("person", "名", []),
        ("household", "户", []),
        ("item", "", []),
        ("item", "户", ["P219"]),
        ("household", "个", ["P219"]),
        ("person", "次", ["P219"]),
        ("yuan", "元", ["P219"]),
    ],
)
def test_a_classifier_fits_the_unit(codes_of: SaidOf, unit: str, classifier: str, codes: list[str]) -> None:
    assert codes_of(INDICATOR.format(unit=unit, classifier=classifier)) == codes


@pytest.mark.parametrize(
    ("key", "measure"),
    [
        ("visits", "次"),
        ("attendances", "人次"),
        ("work_teams", "支"),
        ("gift_surveys", "份"),
        ("branches", "个"),
        ("members", "人"),
        ("households_visited", "户"),
        ("land_mu", "亩"),
    ],
)
def test_a_page_counts_things_as_people_count_them(key: str, measure: str) -> None:
    assert words.measure(packs.load("base", "ankang").indicators[key]) == measure


def test_the_word_is_no_part_of_the_definition(codes_of: SaidOf) -> None:
    pack = packs.load("base")
    plain = pack.indicators["visits"].model_copy(update={"classifier": ""})
    other = pack.model_copy(update={"indicators": pack.indicators | {"visits": plain}})
    assert other.definition_version("visits") == pack.definition_version("visits")
