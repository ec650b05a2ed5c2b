"""Kinds of outside list as a pack may say them; each fault alone, by its number."""

import pytest

from hangshi import packs
from tests.packs.conftest import SaidOf

ROSTER = """
[roster.trial]
name = "试验名单"
holder = "某局"
says = "某种情形"
basis = "履行法定职责所必需"
case = "{case}"
source = "某文件"
{more}
[roster.trial.rules.one]
name = "应在册"
sentence = "待核实的情形"
todo = "核实"
{rule}
"""
IN = 'expects = "in"\nof = "households"\nof_where = "status <> \'general\'"'
CASE = """
[kind.case.looked]
name = "核查"
subject = "{subject}"
grounds = {{ {grounds} }}
{reopens}
stages = [{{ key = "a", name = "甲"{days} }}, {{ key = "b", name = "乙" }}]
source = "某文件"
"""


def roster(rule: str = IN, case: str = "roster_clue", more: str = "") -> str:
    return ROSTER.format(rule=rule, case=case, more=more)


def looked(
    subject: str = "person", grounds: str = 'in = "应纳未纳"', reopens: str = 'reopens = "a"', days: str = ", days = 5"
) -> str:
    made = CASE.format(subject=subject, grounds=grounds, reopens=reopens, days=days)
    return made + roster(case="looked")


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (roster(), []),
        (roster('expects = "same"'), []),
        (roster('expects = "out"\nof = "members"\nsubject = "person"'), []),
        (roster('expects = "out"\nof = "duties"\nsubject = "bearer"'), []),
        (roster(IN + "\neach = true"), []),
        (roster('expects = "near"'), ["P113"]),
        # The set is a fragment like that of an indicator.
        (roster(IN.replace("status <>", "statu <>")), ["P204"]),
        (roster(IN.replace("'general'", "'generol'")), ["P211"]),
        (roster(IN.replace('"households"', '"household"')), ["P201"]),
        # A set where one is compared with, and only there.
        (roster('expects = "out"'), ["P621"]),
        (roster('expects = "same"\nof = "households"'), ["P621"]),
        (roster('expects = "out"\nof = "members"'), ["P621"]),  # members are persons, no households
        (roster('expects = "out"\nof = "members"\nsubject = "person"\neach = true'), ["P621"]),
        # A finding leads to a case that knows its outcome, has a term and can be contested.
        (roster(case="roster_clu"), ["P622"]),
        (looked(), []),
        (looked(subject="household"), ["P622"]),
        (looked(grounds='out = "应退未退"'), ["P622"]),
        (looked(reopens=""), ["P622"]),
        (looked(days=""), ["P622"]),
        (roster(more='[roster.trial.columns]\nborn = { name = "出生" }'), ["P623"]),
        (roster(more='[roster.trial.columns]\ngrade = { name = "等级" }'), []),
        (roster(more="keep = 400"), ["P113"]),
    ],
)  # fmt: skip
def test_each_fault_has_its_number(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def test_a_fault_of_a_set_stands_at_the_key_where_it_is_written(said_of: SaidOf) -> None:
    (said,) = said_of(roster(IN.replace("status <>", "statu <>")))
    assert said.endswith("P204 roster.trial.rules.one.of_where")


def test_every_shipped_rule_speaks_of_something_to_be_looked_into() -> None:
    """A finding is shown to many: its words say what two lists say, and judge nobody."""
    words = [rule.sentence for it in packs.load("base").rosters.values() for rule in it.rules.values()]
    assert len(words) == 12
    assert [it for it in words if any(hard in it for hard in ("骗", "违规", "违纪", "冒领", "隐瞒", "不符合"))] == []
