"""What a check may say, one rule a test; the good one has no problem at all."""

import pytest

from hangshi.packs import check, load

PACK = '[pack]\nname = "示例"\nneeds = ["base"]\n'
GOOD = """
[check.village_team]
name = "村有工作队"
of = "units"
of_where = "kind = 'village'"
subject = "unit_id"
has = { fact = "duties", where = "kind = 'team_member'", measure = "count(*)", by = "unit_id", time = "as_of" }
bound = "least"
amount = [{ since = 2017-01-01, amount = 1 }]
sentence = "只有{has}，应有{needs}"
todo = "派人。"
source = "示例县〔2020〕3号"
"""


@pytest.fixture
def problems(tmp_path):
    """The rule numbers that a changed pack breaks, each with the key where it stands."""

    def found(old: str = "", new: str = "", more: str = "") -> list[tuple[str, str]]:
        assert old in GOOD
        folder = tmp_path / "example"
        folder.mkdir(exist_ok=True)
        (folder / "pack.toml").write_text(PACK, "utf-8")
        (folder / "checks.toml").write_text(GOOD.replace(old, new) + more, "utf-8")
        return [(it.code, it.key) for it in check(folder)]

    return found


def test_a_good_check_has_no_problem(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("kind = 'team_member'", "knid = 'team_member'", "P204", "check.village_team.has.where"),
        ("kind = 'village'", "kind = 'vilage'", "P211", "check.village_team.of_where"),
        ('"count(*)"', '"avg(bearer)"', "P205", "check.village_team.has.measure"),
        ('of = "units"', 'of = "unitz"', "P201", "check.village_team.of"),
        ('of = "units"', 'of = "activities"', "P209", "check.village_team.of"),
        ('by = "unit_id"', 'by = "kind"', "P601", "check.village_team.has.by"),
        ('subject = "unit_id"', 'subject = "household"', "P601", "check.village_team.subject"),
        ('amount = [{ since = 2017-01-01, amount = 1 }]\n', "", "P603", "check.village_team"),
        ("amount = [", 'standard = "no_such"\namount = [', "P603", "check.village_team.standard"),
        ("amount = 1 }]", "amount = 1 }, { since = 2016-01-01, amount = 2 }]", "P603", "check.village_team.amount.1.since"),
        ('time = "as_of" }', 'time = "within" }', "P605", "check.village_team.every"),
        ("{needs}", "{name}", "P606", "check.village_team.sentence"),
    ],
)  # fmt: skip
def test_a_fault_is_named_where_it_stands(problems, old, new, code, key):
    assert (code, key) in problems(old, new)


def test_years_are_from_a_date_and_have_a_bound(problems):
    has = GOOD.split("has = ")[1].split("\n")[0]
    without = f'has = {has}\nbound = "least"\namount = [{{ since = 2017-01-01, amount = 1 }}]'
    assert problems(without, 'years = { column = "since", most = 3 }') == []
    assert problems(without, 'years = { column = "kind", most = 3 }') == [("P604", "check.village_team.years.column")]
    assert problems(without, 'years = { column = "since" }') == [("P604", "check.village_team.years")]


def test_below_is_for_units_only(problems):
    assert problems('by = "unit_id"', 'by = "below"') == []


def test_two_checks_that_cannot_both_be_kept_are_reported(problems):
    other = GOOD.replace("village_team", "village_team_most").replace('"least"', '"most"').replace("村有", "村至多")
    assert problems(more=other) == []
    more = other.replace("2017-01-01, amount = 1", "2018-01-01, amount = 0")
    assert problems(more=more) == [("P607", "check.village_team")]


def test_shipped_checks_cite_their_source():
    assert [key for key, it in load("base", "ankang").checks.items() if not it.source] == []
