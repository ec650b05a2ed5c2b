"""What a scheme may say, one rule a test; the good one has no problem at all."""

import pytest

from hangshi.packs import check, load

PACK = '[pack]\nname = "示例"\nneeds = ["base"]\n'
GOOD = """
[scheme.village_index]
name = "村级考评"
unit_kinds = ["village"]
within = "county"
source = "示例县〔2020〕3号"
effects = [{ name = "红旗村", grades = ["good"], months = 12, quota = 3 }]

[[scheme.village_index.editions]]
since = 2020-01-01
headings = [{ key = "effect", name = "实效", cap = 60 }]
grades = [{ key = "good", name = "好", least = 80 }, { key = "rest", name = "一般", least = 0 }]

[[scheme.village_index.editions.criteria]]
key = "income"
name = "集体经济收入"
heading = "effect"
weight = 60
nature = "outcome"
by = "indicator"
indicator = "collective_income_yuan"
curve = [{ at = 0, percent = 0 }, { at = 50000, percent = 100 }]

[[scheme.village_index.editions.criteria]]
key = "meetings"
name = "会议"
weight = 40
nature = "activity"
by = "checklist"
items = { held = { name = "按期召开" }, told = { name = "结果公开" } }
elements = { late = { name = "无故不开", item = "held", points = 2 } }
"""


@pytest.fixture
def problems(tmp_path):
    """The rule numbers that a changed pack breaks, each with the key where it stands below the scheme."""

    def found(old: str = "", new: str = "") -> list[tuple[str, str]]:
        assert old in GOOD
        folder = tmp_path / "example"
        folder.mkdir(exist_ok=True)
        (folder / "pack.toml").write_text(PACK, "utf-8")
        (folder / "schemes.toml").write_text(GOOD.replace(old, new, 1), "utf-8")
        return [(it.code, it.key.removeprefix("scheme.village_index.")) for it in check(folder)]

    return found


def test_a_good_scheme_has_no_problem(problems):
    assert problems() == []


FIRST = "editions.0.criteria.0"
SECOND = "editions.0.criteria.1"


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('key = "meetings"', 'key = "income"', "P701", f"{SECOND}.key"),
        ("weight = 60", "weight = 59", "P702", "editions.0"),
        ('indicator = "collective_income_yuan"\n', "", "P703", FIRST),
        ('"collective_income_yuan"', '"collective_income"', "P703", f"{FIRST}.indicator"),
        ('by = "checklist"', 'by = "checklist"\nindicator = "visits"', "P703", f"{SECOND}.indicator"),
        ("at = 50000", "at = 0", "P704", f"{FIRST}.curve.1.at"),
        ("at = 50000, percent = 100", "at = 50000, percent = 101", "P704", f"{FIRST}.curve.1.percent"),
        (", { at = 50000, percent = 100 }", "", "P704", f"{FIRST}.curve"),
        ('item = "held"', 'item = "hold"', "P705", f"{SECOND}.elements.late.item"),
        ("points = 2", "points = 0", "P705", f"{SECOND}.elements.late.points"),
        ('heading = "effect"', 'heading = "effects"', "P706", f"{FIRST}.heading"),
        ("cap = 60", "cap = 0", "P706", "editions.0.headings.0.cap"),
        ("least = 0", "least = 10", "P707", "editions.0.grades.1.least"),
        ("least = 80", "least = 0", "P707", "editions.0.grades.1.least"),
        ("按期召开", "按期签到", "P710", f"{SECOND}.items.held.name"),
        ("结果公开", "会议照片", "P710", f"{SECOND}.items.told.name"),
        ("无故不开", "在线时长不足", "P710", f"{SECOND}.elements.late.name"),
        ('grades = ["good"]', 'grades = ["best"]', "P711", "effects.0.grades.0"),
        ("quota = 3", 'quota = 3, book = "benefit"', "P711", "effects.0"),
        (
            "quota = 3",
            'rises = [{ duty = "pairing", standard = "nothing" }], book = "benefit"',
            "P711",
            "effects.0.rises.0.standard",
        ),
        ('within = "county"', 'within = "country"', "P712", "within"),
        ('unit_kinds = ["village"]', "unit_kinds = []", "P712", "unit_kinds"),
        ("村级考评", "村干部排名", "P404", "name"),
        ('source = "示例县〔2020〕3号"', 'source = ""', "P301", "source"),
        ('nature = "outcome"', 'nature = "result"', "P113", f"{FIRST}.nature"),
    ],
)
def test_each_rule_names_the_key_at_fault(problems, old, new, code, key):
    assert (code, key) in problems(old, new)


def test_counts_of_meetings_do_not_outweigh_what_came_of_them_but_on_a_ground(problems):
    heavier = 'weight = 60\nnature = "activity"'
    assert problems('weight = 60\nnature = "outcome"', heavier) == [("P708", "editions.0")]
    allowed = 'source = "示例县〔2020〕3号"\ncounts_ground = "示例法规第八条"'
    assert problems('weight = 60\nnature = "outcome"', 'weight = 60\nnature = "duty"') == [("P708", "editions.0")]
    assert problems('source = "示例县〔2020〕3号"', allowed) == []


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('within = "county"', 'subject = "person"', {"P709", "P712"}),  # by a unit's figure, outside a branch
        (
            'unit_kinds = ["village"]\nwithin = "county"',
            'unit_kinds = ["branch"]\nsubject = "person"\nwithin = "county"',
            {"P709"},
        ),
        (
            'unit_kinds = ["village"]\nwithin = "county"',
            'unit_kinds = ["branch"]\nsubject = "person"\npeers = "kind"',
            {"P709"},
        ),
    ],
)
def test_persons_are_not_compared(problems, old, new, codes):
    assert {code for code, _ in problems(old, new)} == codes


def test_an_edition_begins_after_the_one_before(problems):
    later = GOOD[GOOD.index("[[scheme.village_index.editions]]") :]
    assert ("P701", "editions.1.since") in problems(
        "[[scheme.village_index.editions]]", later + "\n[[scheme.village_index.editions]]"
    )


def test_the_edition_in_force_is_the_last_that_has_begun():
    scheme = load("base").schemes["fortress_index"]
    first = scheme.editions[0]
    assert (scheme.edition(first.since), scheme.edition(first.since.replace(year=2016))) == (first, None)


def test_the_shipped_schemes_weigh_outcomes_above_counts():
    for scheme in load("base", "ankang").schemes.values():
        for edition in scheme.editions:
            weight = {
                nature: sum(it.weight for it in edition.criteria if it.nature == nature)
                for nature in ("activity", "outcome")
            }
            assert weight["activity"] <= weight["outcome"], scheme.key


def test_a_list_of_nine_headings_49_items_and_73_elements_holds(problems):
    """The structure of the county list of 责任清单; one item may have several elements."""
    criteria = []
    for heading in range(9):
        items = range(heading, 49, 9)
        elements = range(heading, 73, 9)
        lines = ", ".join(f'i{n} = {{ name = "第{n}子项" }}' for n in items)
        against = ", ".join(
            f'e{n} = {{ name = "第{n}要素", item = "i{items[k % len(items)]}", points = 1 }}'
            for k, n in enumerate(elements)
        )
        criteria.append(
            f'[[scheme.village_index.editions.criteria]]\nkey = "h{heading}"\nname = "第{heading}大项"\nweight = {12 if heading == 0 else 11}\n'
            f'nature = "duty"\nby = "checklist"\nitems = {{ {lines} }}\nelements = {{ {against} }}\n'
        )
    start = GOOD.index("[[scheme.village_index.editions.criteria]]")
    no_heading = "".join(criteria)
    body = GOOD[start:]
    assert [it for it in problems(body, no_heading) if it[0] != "P706"] == []
