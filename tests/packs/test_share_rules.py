"""Kinds of share and the distribution of earnings as a pack may say them; each fault alone, by its number."""

import pytest

from tests.packs.conftest import SaidOf

SHARE = """
[kind.share.{key}]
name = "股种"
holder = "{holder}"
statuses = [{statuses}]
source = "某村章程"
"""
BOOKS = """
[kind.entry.owed]
name = "应付"
unit = "yuan"
subject = "household"
{more}
source = "某村章程"
[kind.entry.mine]
name = "收入"
unit = "yuan"
source = "某村章程"
[kind.activity.assembly]
name = "大会"
attendance = "counted"
source = "某村章程"
"""
DISTRIBUTION = """
[distribution.year]
name = "分配"
of = [{of}]
income = [{income}]
costs = [{costs}]
due = "{due}"
paid = "{paid}"
reserves = [{reserves}]
meetings = [{meetings}]
source = "某村章程"
"""


def share(holder: str = "household", statuses: str = "") -> str:
    return SHARE.format(key="land", holder=holder, statuses=statuses)


def year(more: str = "", **said: str) -> str:
    good = {"of": '"village"', "income": '"mine"', "costs": "", "due": "owed", "paid": "owed", "reserves": ""}
    return BOOKS.format(more=more) + DISTRIBUTION.format(**good | {"meetings": '"assembly"'} | said)


def reserve(least: str, key: str = "fund") -> str:
    return f'{{ key = "{key}", name = "公积公益金", least = {least} }}'


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (share(), []),
        (share(statuses='"registered"'), []),
        (share(statuses='"registred"'), ["P810"]),
        (share("collective"), []),
        (share("collective", '"registered"'), ["P810"]),
        (share("person"), ["P113"]),
        (year(), []),
        (year(of='"vilage"'), ["P811"]),
        (year(of=""), ["P811"]),
        (year(income='"mines"'), ["P811"]),
        (year(income=""), ["P811"]),
        (year(costs='"cost"'), ["P811"]),
        (year(meetings='"assemblies"'), ["P811"]),
        (year(meetings=""), ["P811"]),
        (year(due="mine"), ["P811"]),  # of a unit, not of households
        (year(paid="none"), ["P811"]),
        (year('once_a = "year"'), ["P811", "P811"]),
        (year(reserves=reserve("10")), []),
        (year(reserves=reserve("-1")), ["P812"]),
        (year(reserves=reserve("100")), ["P812"]),
        (year(reserves=f"{reserve('1')}, {reserve('1')}"), ["P812"]),
        (year(reserves=f"{reserve('60')}, {reserve('39.9', 'welfare')}"), []),
    ],
)
def test_what_is_wrong_with_shares_and_their_distribution(codes_of: SaidOf, text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes
